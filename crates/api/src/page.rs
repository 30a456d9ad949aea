//! Paging through the list: `limit`, `cursor`, and the `Link` to the next page (RFC 8288).

use crate::db::tasks::{Position, Task};
use crate::db::types::UtcTime;
use crate::error::ApiError;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shared::error::FieldError;
use shared::input::InputError;
use std::future::{Ready, ready};
use uuid::Uuid;

/// Tasks on a page at most.
pub const MAX_LIMIT: i64 = 200;

/// Which part of the list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// From which place on; `None` is the beginning.
    pub after: Option<Position>,
    /// Tasks at most; `None` is all that there are.
    pub limit: Option<i64>,
}

impl Page {
    /// Rows to ask the database for: one more than the page has shows whether there is a next one.
    #[must_use]
    pub fn rows(&self) -> Option<i64> {
        self.limit.map(|limit| limit + 1)
    }

    /// Cuts `rows` to this page. Gives the query of the next one, if there is one.
    #[must_use]
    pub fn cut(&self, rows: &mut Vec<Task>) -> Option<String> {
        let limit = self.limit?;
        let size = usize::try_from(limit).unwrap_or(usize::MAX);
        if rows.len() <= size {
            return None;
        }
        rows.truncate(size);
        let last = rows.last()?;
        let cursor = encode(Position {
            created_at: last.created_at,
            id: last.id,
        });
        Some(format!("limit={limit}&cursor={cursor}"))
    }
}

impl FromRequest for Page {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request.query_string()).map_err(|fields| InputError::Fields(fields).into()))
    }
}

fn parse(query: &str) -> Result<Page, Vec<FieldError>> {
    let mut page = Page {
        after: None,
        limit: None,
    };
    let mut errors = Vec::new();
    let mut wrong = |field: &str, message: &str| {
        errors.push(FieldError {
            field: field.to_owned(),
            message: message.to_owned(),
        });
    };
    for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match key.as_ref() {
            "limit" if page.limit.is_some() => wrong("limit", "must be given once"),
            "limit" => match value.parse() {
                Ok(limit) if (1..=MAX_LIMIT).contains(&limit) => page.limit = Some(limit),
                _ => wrong("limit", "must be a number from 1 to 200"),
            },
            "cursor" if page.after.is_some() => wrong("cursor", "must be given once"),
            "cursor" => match decode(&value) {
                Some(place) => page.after = Some(place),
                None => wrong("cursor", "must be one that a next link had"),
            },
            _ => {}
        }
    }
    if errors.is_empty() { Ok(page) } else { Err(errors) }
}

/// Opaque to clients: the microseconds and the id.
fn encode(place: Position) -> String {
    let id: Uuid = place.id.into();
    URL_SAFE_NO_PAD.encode([place.created_at.micros().to_be_bytes().as_slice(), id.as_bytes()].concat())
}

fn decode(cursor: &str) -> Option<Position> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (micros, id) = bytes.split_first_chunk::<8>()?;
    Some(Position {
        created_at: UtcTime::from_micros(i64::from_be_bytes(*micros)).filter(|time| time.is_storable())?,
        id: Uuid::from_slice(id).ok()?.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::types::TaskId;

    #[test]
    fn cursor_round_trips() {
        let place = Position {
            created_at: UtcTime::now(),
            id: TaskId::generate(),
        };
        assert_eq!(decode(&encode(place)), Some(place));
    }

    #[test]
    fn wrong_values_are_named() {
        let wrong = |query| {
            parse(query)
                .unwrap_err()
                .into_iter()
                .map(|error| error.field)
                .collect::<Vec<_>>()
        };
        for query in [
            "limit=0",
            "limit=201",
            "limit=-1",
            "limit=abc",
            "limit=",
            "limit=1&limit=2",
            "limit=1e2",
        ] {
            assert_eq!(wrong(query), ["limit"], "{query}");
        }
        assert_eq!(wrong("limit=x&cursor=x"), ["limit", "cursor"]);
        let beyond = URL_SAFE_NO_PAD.encode([i64::MAX.to_be_bytes().as_slice(), &[0; 16]].concat());
        assert_eq!(wrong(&format!("cursor={beyond}")), ["cursor"]);
        assert_eq!(parse("limit=200&other=1").unwrap().limit, Some(200));
    }
}
