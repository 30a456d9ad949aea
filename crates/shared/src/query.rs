//! The parameters of `GET /api/{user_id}/tasks`: which tasks, in which order, which part of them.

use crate::due::{Zone, parse_date};
use crate::field_error::FieldError;
use crate::priority::Priority;
use crate::rule::RuleViolation;
use crate::tags::{Tag, Tags};
use chrono::NaiveDate;
use std::collections::HashSet;
use std::fmt::Write as _;
use uuid::Uuid;

/// Which tasks, in which order, and which part of them. The default is all that are not in the trash, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskQuery {
    /// Words, each of which is somewhere in the title or the description, whatever their case.
    pub q: Option<String>,
    /// Only those that are done, or only those that are not.
    pub completed: Option<bool>,
    /// Only those of one of these priorities, if there are any.
    pub priorities: Vec<Priority>,
    /// Only those with all of these tags, whatever their case.
    pub tags: Vec<Tag>,
    /// Only those of a list, or of none.
    pub list: Option<InList>,
    /// Only subtasks of a task, or of none.
    pub parent: Option<OfParent>,
    /// Only those due on this day or later.
    pub due_from: Option<NaiveDate>,
    /// Only those due on this day or earlier.
    pub due_to: Option<NaiveDate>,
    /// Only those that are not done and are late.
    pub overdue: bool,
    /// The zone that says which day is today; UTC if it is not given.
    pub time_zone: Option<Zone>,
    /// By what they are ordered.
    pub sort: Sort,
    /// In which direction; `None` is the one that people expect ([`Sort::usual_order`]).
    pub order: Option<Order>,
    /// How many at most; `None` is all that there are.
    pub limit: Option<u16>,
    /// From where on, as the link to the next page has it.
    pub cursor: Option<String>,
}

/// Which list a task is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InList {
    /// None.
    Inbox,
    /// This one.
    List(Uuid),
}

/// Which task a task is a subtask of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfParent {
    /// None.
    None,
    /// This one.
    Task(Uuid),
}

/// By what tasks are ordered. Ties are broken by the id, which is by age.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// By when they are due: by day, then by the time on its zone's clocks; what is due on a day comes after what is due at
    /// a time of it. What is never due comes last, in either order.
    Due,
    /// By how much they matter.
    Priority,
    /// By the title, whatever its case.
    Title,
    /// By when they were added.
    #[default]
    Created,
    /// By when they were last changed.
    Updated,
    /// By the order that people make by hand.
    Position,
    /// By when they were done. What is not done comes last, in either order.
    Completed,
}

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// The smallest, or earliest, first.
    Ascending,
    /// The largest, or latest, first.
    Descending,
}

impl Sort {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Due,
        Self::Priority,
        Self::Title,
        Self::Created,
        Self::Updated,
        Self::Position,
        Self::Completed,
    ];

    /// The name, as in the query.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Priority => "priority",
            Self::Title => "title",
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Position => "position",
            Self::Completed => "completed",
        }
    }

    /// The direction that people expect.
    #[must_use]
    pub fn usual_order(self) -> Order {
        match self {
            Self::Due | Self::Title | Self::Position => Order::Ascending,
            Self::Priority | Self::Created | Self::Updated | Self::Completed => Order::Descending,
        }
    }
}

impl Order {
    /// The name, as in the query.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ascending => "asc",
            Self::Descending => "desc",
        }
    }
}

impl TaskQuery {
    /// Tasks on a page at most.
    pub const MAX_LIMIT: u16 = 200;

    /// Characters (code points) of `q` at most.
    pub const MAX_Q: usize = 200;

    /// The different words of `q` at most: each is looked for in every task.
    pub const MAX_WORDS: usize = 20;

    /// In which direction.
    #[must_use]
    pub fn order(&self) -> Order {
        self.order.unwrap_or_else(|| self.sort.usual_order())
    }

    /// Reads the parameters, decoded already. Those that are not known are ignored.
    ///
    /// # Errors
    /// Every parameter that is wrong, by its name.
    pub fn parse<K: AsRef<str>, V: AsRef<str>>(
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self, Vec<FieldError>> {
        let (query, errors) = Self::read(pairs);
        if errors.is_empty() { Ok(query) } else { Err(errors) }
    }

    /// As [`TaskQuery::parse`], with what could be read beside what is wrong, for who has more to find wrong with it.
    pub fn read<K: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (K, V)>) -> (Self, Vec<FieldError>) {
        let mut query = Self::default();
        let mut read = Reading::default();
        for (name, value) in pairs {
            query.take(&mut read, name.as_ref(), value.as_ref());
        }
        (query, read.errors)
    }

    fn take(&mut self, read: &mut Reading, name: &str, value: &str) {
        match name {
            "limit" => {
                let limit = value.parse().ok().filter(|limit| (1..=Self::MAX_LIMIT).contains(limit));
                read.once("limit", &mut self.limit, limit.ok_or(RuleViolation::PageSize));
            }
            "cursor" => read.once("cursor", &mut self.cursor, Ok(value.to_owned())),
            "q" => read.once("q", &mut self.q, words(value)),
            "completed" => read.once("completed", &mut self.completed, flag(value)),
            "priority" => match value
                .parse()
                .ok()
                .and_then(|number: u8| Priority::try_from(number).ok())
            {
                Some(priority) if self.priorities.contains(&priority) => {}
                Some(priority) => self.priorities.push(priority),
                None => read.wrong("priority", RuleViolation::Priority),
            },
            "tag" => match Tag::parse(value) {
                Ok(_) if self.tags.len() >= Tags::MAX => read.wrong("tag", RuleViolation::TooMany(Tags::MAX)),
                Ok(tag) => self.tags.push(tag),
                Err(violation) => read.wrong("tag", violation),
            },
            "list_id" => {
                let list = match value {
                    "inbox" => Ok(InList::Inbox),
                    id => id.parse().map(InList::List),
                };
                let list = list.map_err(|_| RuleViolation::NotOneOf("a UUID or inbox"));
                read.once("list_id", &mut self.list, list);
            }
            "parent_id" => {
                let parent = match value {
                    "none" => Ok(OfParent::None),
                    id => id.parse().map(OfParent::Task),
                };
                let parent = parent.map_err(|_| RuleViolation::NotOneOf("a UUID or none"));
                read.once("parent_id", &mut self.parent, parent);
            }
            "due_from" => read.once("due_from", &mut self.due_from, day(value)),
            "due_to" => read.once("due_to", &mut self.due_to, day(value)),
            "overdue" => {
                let mut overdue = None;
                read.once("overdue", &mut overdue, flag(value));
                self.overdue = overdue.unwrap_or_default();
            }
            "time_zone" => {
                let zone = Zone::parse(value).map_err(|_| RuleViolation::NotZone);
                read.once("time_zone", &mut self.time_zone, zone);
            }
            "sort" => {
                let sort = Sort::ALL.into_iter().find(|sort| sort.as_str() == value);
                let mut place = None;
                let choices = "one of due, priority, title, created, updated, position and completed";
                read.once("sort", &mut place, sort.ok_or(RuleViolation::NotOneOf(choices)));
                self.sort = place.unwrap_or_default();
            }
            "order" => {
                let order = [Order::Ascending, Order::Descending]
                    .into_iter()
                    .find(|order| order.as_str() == value);
                read.once(
                    "order",
                    &mut self.order,
                    order.ok_or(RuleViolation::NotOneOf("asc or desc")),
                );
            }
            _ => {}
        }
    }

    /// The parameters as they stand behind the `?` of a URL, percent-encoded; empty for the default.
    #[must_use]
    pub fn to_query_string(&self) -> String {
        let mut text = String::new();
        let mut add = |name: &str, value: &str| {
            if !text.is_empty() {
                text.push('&');
            }
            text.push_str(name);
            text.push('=');
            encode(&mut text, value);
        };
        if let Some(q) = &self.q {
            add("q", q);
        }
        if let Some(completed) = self.completed {
            add("completed", if completed { "true" } else { "false" });
        }
        for priority in &self.priorities {
            add("priority", &priority.get().to_string());
        }
        for tag in &self.tags {
            add("tag", tag.as_str());
        }
        match self.list {
            Some(InList::Inbox) => add("list_id", "inbox"),
            Some(InList::List(id)) => add("list_id", &id.to_string()),
            None => {}
        }
        match self.parent {
            Some(OfParent::None) => add("parent_id", "none"),
            Some(OfParent::Task(id)) => add("parent_id", &id.to_string()),
            None => {}
        }
        for (name, day) in [("due_from", self.due_from), ("due_to", self.due_to)] {
            if let Some(day) = day {
                add(name, &day.to_string());
            }
        }
        if self.overdue {
            add("overdue", "true");
        }
        if let Some(zone) = &self.time_zone {
            add("time_zone", zone.as_str());
        }
        if self.sort != Sort::default() {
            add("sort", self.sort.as_str());
        }
        if let Some(order) = self.order {
            add("order", order.as_str());
        }
        if let Some(limit) = self.limit {
            add("limit", &limit.to_string());
        }
        if let Some(cursor) = &self.cursor {
            add("cursor", cursor);
        }
        text
    }
}

/// The parameters seen so far.
#[derive(Default)]
struct Reading {
    seen: Vec<&'static str>,
    errors: Vec<FieldError>,
}

impl Reading {
    fn once<T>(&mut self, name: &'static str, place: &mut Option<T>, value: Result<T, RuleViolation>) {
        match value {
            _ if self.seen.contains(&name) => self.wrong(name, RuleViolation::Repeated),
            Ok(value) => *place = Some(value),
            Err(violation) => self.wrong(name, violation),
        }
        self.seen.push(name);
    }

    fn wrong(&mut self, name: &str, violation: RuleViolation) {
        self.errors.push(FieldError::new(name, violation));
    }
}

fn words(value: &str) -> Result<String, RuleViolation> {
    match value.trim() {
        "" => Err(RuleViolation::Empty),
        q if q.chars().count() > TaskQuery::MAX_Q => Err(RuleViolation::TooLong(TaskQuery::MAX_Q)),
        q if q.contains(|c: char| c.is_control() && !c.is_whitespace()) => Err(RuleViolation::Control),
        q if q.split_whitespace().collect::<HashSet<_>>().len() > TaskQuery::MAX_WORDS => {
            Err(RuleViolation::TooManyWords(TaskQuery::MAX_WORDS))
        }
        q => Ok(q.to_owned()),
    }
}

fn flag(value: &str) -> Result<bool, RuleViolation> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(RuleViolation::NotBool),
    }
}

fn day(value: &str) -> Result<NaiveDate, RuleViolation> {
    parse_date(value).ok_or(RuleViolation::NotDate)
}

/// RFC 3986 §2.1: whatever is not unreserved is escaped.
fn encode(text: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(pairs: &[(&str, &str)]) -> Vec<String> {
        let errors = TaskQuery::parse(pairs.iter().copied()).unwrap_err();
        errors.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn every_wrong_value_is_named() {
        for (name, value) in [
            ("limit", "0"),
            ("limit", "201"),
            ("limit", "-1"),
            ("limit", "1e2"),
            ("limit", ""),
            ("q", ""),
            ("q", " \t"),
            ("q", "a\0b"),
            ("q", &"x".repeat(201)),
            ("completed", "1"),
            ("completed", "TRUE"),
            ("priority", "4"),
            ("priority", "high"),
            ("tag", ""),
            ("tag", "a,b"),
            ("list_id", "none"),
            ("parent_id", "inbox"),
            ("due_from", "tomorrow"),
            ("due_to", "2026-02-30"),
            ("overdue", ""),
            ("time_zone", "+01:00"),
            ("sort", "random"),
            ("order", "up"),
        ] {
            assert_eq!(wrong(&[(name, value)]), [name], "{name}={value}");
        }
        for name in ["limit", "sort", "order", "q", "overdue"] {
            let value = match name {
                "limit" => "1",
                "sort" => "due",
                "order" => "asc",
                "overdue" => "true",
                _ => "milk",
            };
            assert_eq!(wrong(&[(name, value), (name, value)]), [name], "twice {name}");
        }
        assert_eq!(wrong(&[("limit", "x"), ("sort", "x")]), ["limit", "sort"]);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let id = Uuid::from_u128(7);
        let query = TaskQuery {
            q: Some("50% of_it & mörk=🥛".to_owned()),
            completed: Some(false),
            priorities: vec![Priority::High, Priority::None],
            tags: vec![Tag::parse("at home").unwrap()],
            list: Some(InList::Inbox),
            parent: Some(OfParent::Task(id)),
            due_from: NaiveDate::from_ymd_opt(2026, 11, 21),
            due_to: NaiveDate::from_ymd_opt(2026, 11, 30),
            overdue: true,
            time_zone: Some(Zone::parse("Etc/GMT+12").unwrap()),
            sort: Sort::Due,
            order: Some(Order::Descending),
            limit: Some(50),
            cursor: Some("abc-_".to_owned()),
        };
        let text = query.to_query_string();
        assert!(
            text.contains("q=50%25%20of_it%20%26%20m%C3%B6rk%3D%F0%9F%A5%9B"),
            "{text}"
        );
        let decoded = text.split('&').map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            (name.to_owned(), decode(value))
        });
        assert_eq!(TaskQuery::parse(decoded), Ok(query));
        assert_eq!(TaskQuery::default().to_query_string(), "");
    }

    fn decode(text: &str) -> String {
        let mut bytes = Vec::new();
        let mut rest = text.as_bytes();
        while let [first, tail @ ..] = rest {
            rest = match (first, tail) {
                (b'%', [high, low, tail @ ..]) => {
                    let hex = [*high, *low];
                    bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
                    tail
                }
                (byte, tail) => {
                    bytes.push(*byte);
                    tail
                }
            };
        }
        String::from_utf8(bytes).unwrap()
    }
}
