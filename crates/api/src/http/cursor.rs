//! The `cursor` parameter of keyset pagination: where a page begins. Opaque to clients.

use crate::db::cursor::{Cursor, Key};
use crate::db::types::UtcTime;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shared::query::{Order, Sort};
use uuid::Uuid;

/// What a cursor of an order begins with. That of the plain list begins with an instant, whose first byte is none of these.
fn label(sort: Sort, order: Order) -> u8 {
    let place = Sort::ALL.iter().position(|other| *other == sort).unwrap_or_default();
    let place = u8::try_from(place).unwrap_or_default();
    0x80 | place << 1 | u8::from(order == Order::Ascending)
}

/// The cursor of newest-first orders, the plain list's and the trash's: the microseconds and the id.
pub(super) fn encode_newest(cursor: &Cursor<UtcTime>) -> String {
    let id: Uuid = cursor.id.into();
    URL_SAFE_NO_PAD.encode([cursor.key.micros().to_be_bytes().as_slice(), id.as_bytes()].concat())
}

/// Of every order but the plain list's: the label, the id, and the key, of which there may be none.
pub(super) fn encode(sort: Sort, order: Order, cursor: &Cursor) -> String {
    if let (Sort::Created, Order::Descending, Key::Time(key)) = (sort, order, &cursor.key) {
        return encode_newest(&Cursor {
            key: *key,
            id: cursor.id,
        });
    }
    let id: Uuid = cursor.id.into();
    let mut bytes = vec![label(sort, order)];
    bytes.extend_from_slice(id.as_bytes());
    match &cursor.key {
        Key::Nothing => {}
        Key::Number(number) => bytes.extend_from_slice(&number.to_be_bytes()),
        Key::Time(time) => bytes.extend_from_slice(&time.micros().to_be_bytes()),
        Key::Text(text) => bytes.extend_from_slice(text.as_bytes()),
    }
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The place that a cursor of this order stands for; `None` if it is none.
pub(super) fn decode(cursor: &str, sort: Sort, order: Order) -> Option<Cursor> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    if (sort, order) == (Sort::Created, Order::Descending) {
        let (micros, id) = bytes.split_first_chunk::<8>()?;
        return Some(Cursor {
            key: Key::Time(time(i64::from_be_bytes(*micros))?),
            id: Uuid::from_slice(id).ok()?.into(),
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
    Some(Cursor {
        key,
        id: Uuid::from_bytes(*id).into(),
    })
}

fn time(micros: i64) -> Option<UtcTime> {
    UtcTime::from_micros(micros).filter(|time| time.is_storable())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::db::task_row::Task;
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
                let cursor = encode(sort, order, &Cursor::behind(&task, sort));
                for (other, direction) in orders.clone() {
                    let place = decode(&cursor, other, direction);
                    if (sort, order) == (other, direction) {
                        let key = Key::of(&task, sort);
                        assert_eq!(place, Some(Cursor { key, id: task.id }));
                    } else {
                        assert_eq!(place, None, "{sort:?} {order:?} as {other:?} {direction:?}");
                    }
                }
            }
        }
    }
}
