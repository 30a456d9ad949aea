//! What of the list is asked for, and the query of the `Link` to the next page (RFC 8288).

use crate::calendar;
use crate::db::cursor::{Cursor, Key};
use crate::db::due;
use crate::db::search::fold;
use crate::db::selection::{Filter, Late, Selection};
use crate::db::task_row::Task;
use crate::db::types::UtcTime;
use crate::http::cursor;
use crate::http::error::ApiError;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use chrono::Days;
use chrono_tz::Tz;
use shared::field_error::FieldError;
use shared::input::InputError;
use shared::query::{InList, OfParent, TaskQuery};
use shared::rule::RuleViolation;
use std::future::{Ready, ready};

/// Which tasks are asked for.
pub struct ListRequest {
    query: TaskQuery,
    /// The same, for the database.
    pub selection: Selection,
}

/// Which page of the trash is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Where it begins; `None` is the beginning.
    pub after: Option<Cursor<UtcTime>>,
    /// Tasks at most; `None` is all that there are.
    pub limit: Option<i64>,
}

impl Page {
    /// Cuts `rows`, which are ordered by `key`, to this page: one more than it has shows that there is a next one. Gives the query of the next one, if there is one.
    #[must_use]
    pub fn cut(&self, rows: &mut Vec<Task>, key: impl Fn(&Task) -> UtcTime) -> Option<String> {
        let limit = self.limit?;
        let size = usize::try_from(limit).unwrap_or(usize::MAX);
        if rows.len() <= size {
            return None;
        }
        rows.truncate(size);
        let last = rows.last()?;
        let next = cursor::encode_newest(&Cursor {
            key: key(last),
            id: last.id,
        });
        Some(format!("limit={limit}&cursor={next}"))
    }
}

impl ListRequest {
    /// The query of the page that begins at this cursor.
    #[must_use]
    pub fn next(&self, next: &Cursor) -> String {
        let next = TaskQuery {
            cursor: Some(cursor::encode(self.query.sort, self.query.order(), next)),
            ..self.query.clone()
        };
        next.to_query_string()
    }
}

impl FromRequest for Page {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pairs = url::form_urlencoded::parse(request.query_string().as_bytes());
        let asked = asked(pairs.filter(|(name, _)| matches!(name.as_ref(), "limit" | "cursor")));
        ready(match asked.map(|asked| asked.selection) {
            Ok(Selection { after: None, limit, .. }) => Ok(Self { after: None, limit }),
            Ok(Selection {
                after: Some(Cursor {
                    key: Key::Time(key),
                    id,
                }),
                limit,
                ..
            }) => Ok(Self {
                after: Some(Cursor { key, id }),
                limit,
            }),
            Ok(_) => Err(InputError::Fields(vec![bad_cursor()]).into()),
            Err(fields) => Err(InputError::Fields(fields).into()),
        })
    }
}

impl FromRequest for ListRequest {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let asked = asked(url::form_urlencoded::parse(request.query_string().as_bytes()));
        ready(asked.map_err(|fields| InputError::Fields(fields).into()))
    }
}

fn asked<K: AsRef<str>, V: AsRef<str>>(
    pairs: impl IntoIterator<Item = (K, V)>,
) -> Result<ListRequest, Vec<FieldError>> {
    let (query, mut errors) = TaskQuery::read(pairs);
    let zone = match &query.time_zone {
        None => Some(Tz::UTC),
        Some(name) => calendar::zone(name),
    };
    let zone = zone.unwrap_or_else(|| {
        errors.push(FieldError::new("time_zone", RuleViolation::NotZone));
        Tz::UTC
    });
    let selection = selection(&query, zone);
    // Without a valid order the cursor cannot be checked.
    let ordered = !errors
        .iter()
        .any(|error| matches!(error.field.as_str(), "sort" | "order" | "cursor"));
    match selection {
        Some(selection) if errors.is_empty() => return Ok(ListRequest { query, selection }),
        None if ordered => errors.push(bad_cursor()),
        _ => {}
    }
    Err(errors)
}

/// `None` if the cursor is not one of this order's.
fn selection(query: &TaskQuery, zone: Tz) -> Option<Selection> {
    let after = match &query.cursor {
        None => None,
        Some(cursor) => Some(cursor::decode(cursor, query.sort, query.order())?),
    };
    let late = query.overdue.then(|| {
        let now = UtcTime::now();
        let today = calendar::day_in(zone, now.into());
        let until = today.checked_add_days(Days::new(2)).unwrap_or(today);
        Late {
            today: due::begin_of(today),
            now,
            until: due::begin_of(until),
        }
    });
    let filter = Filter {
        words: distinct(&fold(query.q.as_deref().unwrap_or_default())),
        completed: query.completed,
        priorities: query.priorities.iter().map(|priority| priority.get().into()).collect(),
        tags: query.tags.iter().map(|tag| fold(tag.as_str())).collect(),
        list: query.list.map(|list| match list {
            InList::Inbox => None,
            InList::List(id) => Some(id.into()),
        }),
        parent: query.parent.map(|parent| match parent {
            OfParent::None => None,
            OfParent::Task(id) => Some(id.into()),
        }),
        due_from: query.due_from.map(due::begin_of),
        due_to: query.due_to.map(due::end_of),
        late,
    };
    Some(Selection {
        filter: (filter != Filter::default()).then(|| Box::new(filter)),
        sort: query.sort,
        order: query.order(),
        after,
        limit: query.limit.map(Into::into),
    })
}

fn bad_cursor() -> FieldError {
    FieldError::new("cursor", RuleViolation::Cursor)
}

/// The words of a text, without those that are part of another one, which say nothing more.
fn distinct(text: &str) -> Vec<String> {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let mut distinct: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        if !distinct.iter().any(|other| other.contains(word)) {
            distinct.push(word.to_owned());
        }
    }
    distinct
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    #[test]
    fn wrong_values_are_named() {
        let read = |query: &str| asked(url::form_urlencoded::parse(query.as_bytes()));
        let wrong = |query: &str| {
            let errors = read(query).err().unwrap();
            errors.into_iter().map(|error| error.field).collect::<Vec<_>>()
        };
        assert_eq!(wrong("limit=x&cursor=x"), ["limit", "cursor"]);
        assert_eq!(wrong("sort=x&cursor=x"), ["sort"]);
        assert_eq!(wrong("cursor=x"), ["cursor"]);
        assert_eq!(
            wrong("cursor=x&sort=due&time_zone=Mars/Olympus"),
            ["time_zone", "cursor"]
        );
        let beyond = URL_SAFE_NO_PAD.encode([i64::MAX.to_be_bytes().as_slice(), &[0; 16]].concat());
        assert_eq!(wrong(&format!("cursor={beyond}")), ["cursor"]);
        let plain = read("limit=200&other=1").ok().unwrap();
        assert!(plain.selection.filter.is_none());
        assert_eq!(plain.selection.limit, Some(200));
    }
}
