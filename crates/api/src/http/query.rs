//! What of the list is asked for; keyset pagination: its `cursor`, and the `Link` to the next page (RFC 8288).

use crate::calendar::recurrence;
use crate::db::due;
use crate::db::search::fold;
use crate::db::selection::{Key, Late, Place, Selection};
use crate::db::tasks::{Position, Task};
use crate::db::types::{UserId, UtcTime};
use crate::http::error::ApiError;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Days;
use chrono_tz::Tz;
use shared::error::FieldError;
use shared::input::InputError;
use shared::query::{InList, OfParent, Order, Sort, TaskQuery};
use shared::rule::RuleViolation;
use std::future::{Ready, ready};
use uuid::Uuid;

/// Which part of the list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// From which place on; `None` is the beginning.
    pub after: Option<Position>,
    /// Tasks at most; `None` is all that there are.
    pub limit: Option<i64>,
}

/// Which tasks are asked for.
pub struct Asked {
    query: TaskQuery,
    /// How to find them.
    pub how: How,
}

/// How to find the tasks that are asked for.
pub enum How {
    /// They are the whole list, newest first, or a page of it.
    Plain(Page),
    /// They are some of it, or in another order.
    Selected(Box<Selection>),
}

impl Page {
    /// Rows to ask the database for: one more than the page has shows whether there is a next one.
    #[must_use]
    pub fn rows(&self) -> Option<i64> {
        self.limit.map(|limit| limit + 1)
    }

    /// Cuts `rows`, whose places are these, to this page. Gives the query of the next one, if there is one.
    #[must_use]
    pub fn cut(&self, rows: &mut Vec<Task>, place: impl Fn(&Task) -> Position) -> Option<String> {
        let limit = self.limit?;
        let size = usize::try_from(limit).unwrap_or(usize::MAX);
        if rows.len() <= size {
            return None;
        }
        rows.truncate(size);
        let Position { created_at, id } = place(rows.last()?);
        let id: Uuid = id.into();
        let cursor = URL_SAFE_NO_PAD.encode([created_at.micros().to_be_bytes().as_slice(), id.as_bytes()].concat());
        Some(format!("limit={limit}&cursor={cursor}"))
    }
}

impl Asked {
    /// Cuts `rows` to the page that was asked for. Gives the query of the next one, if there is one.
    #[must_use]
    pub fn cut(&self, rows: &mut Vec<Task>, owner: UserId) -> Option<String> {
        let size = usize::from(self.query.limit?);
        if rows.len() <= size {
            return None;
        }
        rows.truncate(size);
        let last = rows.last()?;
        let next = TaskQuery {
            cursor: Some(encode(self.query.sort, self.query.order(), last, owner)),
            ..self.query.clone()
        };
        Some(next.to_query_string())
    }
}

impl FromRequest for Page {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pairs = url::form_urlencoded::parse(request.query_string().as_bytes());
        let asked = asked(pairs.filter(|(name, _)| matches!(name.as_ref(), "limit" | "cursor")));
        ready(match asked {
            Ok(Asked {
                how: How::Plain(page), ..
            }) => Ok(page),
            Ok(_) => Err(InputError::Fields(vec![bad_cursor()]).into()),
            Err(fields) => Err(InputError::Fields(fields).into()),
        })
    }
}

impl FromRequest for Asked {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let asked = asked(url::form_urlencoded::parse(request.query_string().as_bytes()));
        ready(asked.map_err(|fields| InputError::Fields(fields).into()))
    }
}

fn asked<K: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (K, V)>) -> Result<Asked, Vec<FieldError>> {
    let (query, mut errors) = TaskQuery::read(pairs);
    let zone = match &query.time_zone {
        None => Some(Tz::UTC),
        Some(name) => recurrence::zone(name),
    };
    let zone = zone.unwrap_or_else(|| {
        errors.push(FieldError::new("time_zone", RuleViolation::NotZone));
        Tz::UTC
    });
    let plain = TaskQuery {
        limit: query.limit,
        cursor: query.cursor.clone(),
        time_zone: query.time_zone.clone(),
        ..TaskQuery::default()
    };
    let how = if query == plain {
        page(&query).map(How::Plain)
    } else {
        selection(&query, zone).map(|selection| How::Selected(Box::new(selection)))
    };
    // Whose order is not known, whose cursor is neither.
    let ordered = !errors
        .iter()
        .any(|error| matches!(error.field.as_str(), "sort" | "order" | "cursor"));
    match how {
        Some(how) if errors.is_empty() => return Ok(Asked { query, how }),
        None if ordered => errors.push(bad_cursor()),
        _ => {}
    }
    Err(errors)
}

/// `None` if the cursor is not one of this order's.
fn page(query: &TaskQuery) -> Option<Page> {
    let after = match &query.cursor {
        None => None,
        Some(cursor) => Some(position(&URL_SAFE_NO_PAD.decode(cursor).ok()?)?),
    };
    Some(Page {
        after,
        limit: query.limit.map(Into::into),
    })
}

/// `None` if the cursor is not one of this order's.
fn selection(query: &TaskQuery, zone: Tz) -> Option<Selection> {
    let after = match &query.cursor {
        None => None,
        Some(cursor) => Some(decode(cursor, query.sort, query.order())?),
    };
    let late = query.overdue.then(|| {
        let now = UtcTime::now();
        let today = recurrence::day_in(zone, now.into());
        let until = today.checked_add_days(Days::new(2)).unwrap_or(today);
        Late {
            today: due::begin_of(today),
            now,
            until: due::begin_of(until),
        }
    });
    Some(Selection {
        words: fold(query.q.as_deref().unwrap_or_default())
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
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
        sort: query.sort,
        order: query.order(),
        after,
        limit: query.limit.map(|limit| i64::from(limit) + 1),
    })
}

fn bad_cursor() -> FieldError {
    FieldError::new("cursor", RuleViolation::Cursor)
}

/// What a cursor of an order begins with. That of the plain list begins with an instant, whose first byte is none of these.
fn label(sort: Sort, order: Order) -> u8 {
    let place = Sort::ALL.iter().position(|other| *other == sort).unwrap_or_default();
    let place = u8::try_from(place).unwrap_or_default();
    0x80 | place << 1 | u8::from(order == Order::Ascending)
}

/// Opaque to clients. Of the plain list: the microseconds and the id. Of every other order: the label, the id, and the key,
/// of which there may be none.
fn encode(sort: Sort, order: Order, last: &Task, owner: UserId) -> String {
    let id: Uuid = last.id.into();
    if (sort, order) == (Sort::Created, Order::Descending) {
        return URL_SAFE_NO_PAD.encode([last.created_at.micros().to_be_bytes().as_slice(), id.as_bytes()].concat());
    }
    let mut bytes = vec![label(sort, order)];
    bytes.extend_from_slice(id.as_bytes());
    match Key::of(last, owner, sort) {
        Key::Nothing => {}
        Key::Number(number) => bytes.extend_from_slice(&number.to_be_bytes()),
        Key::Time(time) => bytes.extend_from_slice(&time.micros().to_be_bytes()),
        Key::Text(text) => bytes.extend_from_slice(text.as_bytes()),
    }
    URL_SAFE_NO_PAD.encode(bytes)
}

fn decode(cursor: &str, sort: Sort, order: Order) -> Option<Place> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    if (sort, order) == (Sort::Created, Order::Descending) {
        let Position { created_at, id } = position(&bytes)?;
        return Some(Place {
            key: Key::Time(created_at),
            id,
        });
    }
    let (first, rest) = bytes.split_first()?;
    let (id, key) = rest.split_first_chunk::<16>()?;
    let number = || Some(i64::from_be_bytes(key.try_into().ok()?));
    let key = match sort {
        _ if *first != label(sort, order) => return None,
        Sort::Due | Sort::Completed if key.is_empty() => Key::Nothing,
        Sort::Due => Key::Number(number()?),
        Sort::Priority => Key::Number(number().filter(|number| (0..=3).contains(number))?),
        Sort::Created | Sort::Updated | Sort::Completed => Key::Time(time(number()?)?),
        // No text of PostgreSQL's has a NUL.
        Sort::Title | Sort::Position => Key::Text(
            String::from_utf8(key.to_vec())
                .ok()
                .filter(|text| !text.contains('\0'))?,
        ),
    };
    Some(Place {
        key,
        id: Uuid::from_bytes(*id).into(),
    })
}

fn position(bytes: &[u8]) -> Option<Position> {
    let (micros, id) = bytes.split_first_chunk::<8>()?;
    Some(Position {
        created_at: time(i64::from_be_bytes(*micros))?,
        id: Uuid::from_slice(id).ok()?.into(),
    })
}

fn time(micros: i64) -> Option<UtcTime> {
    UtcTime::from_micros(micros).filter(|time| time.is_storable())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::db::types::TaskId;

    pub(crate) fn task() -> Task {
        Task {
            id: TaskId::generate(),
            title: "Mörk".to_owned(),
            description: None,
            completed: true,
            version: 1,
            created_at: UtcTime::now(),
            updated_at: UtcTime::now(),
            due_order: Some(202_611_302_400),
            due_zone: None,
            priority: 3,
            tags: "[]".to_owned(),
            list_id: None,
            position: "8".to_owned(),
            parent_id: None,
            subtasks_total: 0,
            subtasks_completed: 0,
            recurrence: None,
            completed_at: Some(UtcTime::now()),
            deleted_at: None,
        }
    }

    #[test]
    fn a_cursor_is_good_for_its_own_order_only() {
        let owner = UserId::generate();
        let with_nothing = Task {
            due_order: None,
            completed_at: None,
            ..task()
        };
        let orders = Sort::ALL
            .into_iter()
            .flat_map(|sort| [(sort, Order::Ascending), (sort, Order::Descending)]);
        for task in [task(), with_nothing] {
            for (sort, order) in orders.clone() {
                let cursor = encode(sort, order, &task, owner);
                for (other, direction) in orders.clone() {
                    let place = decode(&cursor, other, direction);
                    if (sort, order) == (other, direction) {
                        let key = Key::of(&task, owner, sort);
                        assert_eq!(place, Some(Place { key, id: task.id }));
                    } else {
                        assert_eq!(place, None, "{sort:?} {order:?} as {other:?} {direction:?}");
                    }
                }
            }
        }
    }

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
        assert!(matches!(plain.how, How::Plain(Page { limit: Some(200), .. })));
    }
}
