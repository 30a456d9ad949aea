//! An iCalendar file cut into its components, so that they are read one after the other: a file of any number of them needs
//! no more memory than the largest, and whoever has read enough stops.

use super::lines::ContentLines;
use crate::transfer::import::Unreadable;
use crate::transfer::text;
use std::borrow::Cow;

/// Bytes of a component that are read at most: of pictures inside of a task, nothing would be kept.
const MAX_SIZE: usize = 1024 * 1024;

/// Lines of a component that are read at most.
const MAX_LINES: usize = 10_000;

/// What comes next in a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A calendar begins.
    Calendar,
    /// A line of the calendar itself.
    Property(String),
    /// A component of it, with all that is in it.
    Component(Component),
    /// The file ends within a calendar, or between two of its components.
    CutOff,
}

/// A component of a calendar.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Component {
    /// What it is, in capitals: `VTODO`.
    pub(super) kind: String,
    /// The line that it begins on.
    pub(super) line: u64,
    /// Its lines, unfolded, from `BEGIN` to `END`.
    pub(super) text: String,
    /// Whether its `END` is missing.
    pub(super) cut_off: bool,
    /// The properties that were too long to be read.
    pub(super) too_long: Vec<String>,
    lines: usize,
    depth: usize,
}

/// Goes through a file, component by component.
pub(super) struct Components<'a> {
    lines: ContentLines<'a>,
    /// A line that ended a component without being its end.
    again: Option<(u64, String)>,
    in_calendar: bool,
}

impl<'a> Components<'a> {
    pub(super) fn new(file: &'a [u8]) -> Self {
        Self {
            lines: ContentLines::new(file),
            again: None,
            in_calendar: false,
        }
    }

    /// What comes next.
    ///
    /// # Errors
    /// If a line is not UTF-8 text.
    pub(super) fn next(&mut self) -> Result<Option<Piece>, Unreadable> {
        while let Some((number, line)) = self.line()? {
            match boundary(&line) {
                Some((true, kind)) if kind == "VCALENDAR" => {
                    self.in_calendar = true;
                    return Ok(Some(Piece::Calendar));
                }
                Some((true, kind)) => return self.component(kind, number).map(Piece::Component).map(Some),
                Some((false, kind)) if kind == "VCALENDAR" => self.in_calendar = false,
                None if self.in_calendar => return Ok(Some(Piece::Property(line))),
                Some((false, _)) | None => {}
            }
        }
        if self.in_calendar {
            self.in_calendar = false;
            return Ok(Some(Piece::CutOff));
        }
        Ok(None)
    }

    fn component(&mut self, kind: String, line: u64) -> Result<Component, Unreadable> {
        let mut component = Component {
            line,
            depth: 1,
            ..Component::default()
        };
        component.push(&format!("BEGIN:{kind}"));
        component.kind = kind;
        while let Some((number, line)) = self.line()? {
            match boundary(&line) {
                // Only alarms and the like are in others: what comes here is the next one.
                Some((begins, kind)) if kind == "VCALENDAR" || begins && stands_alone(&kind) => {
                    self.again = Some((number, line));
                    break;
                }
                Some((true, _)) => component.depth += 1,
                Some((false, _)) => component.depth -= 1,
                None => {}
            }
            component.push(&line);
            if component.depth == 0 {
                return Ok(component);
            }
        }
        component.cut_off = true;
        let end = format!("END:{}\n", component.kind);
        component.text.push_str(&end);
        Ok(component)
    }

    fn line(&mut self) -> Result<Option<(u64, String)>, Unreadable> {
        if let Some(again) = self.again.take() {
            return Ok(Some(again));
        }
        let Some((number, line)) = self.lines.next() else {
            return Ok(None);
        };
        let line = String::from_utf8(line.into_owned());
        let line = line.map_err(|_| Unreadable("The file is not UTF-8 text".to_owned()))?;
        Ok(Some((number, line)))
    }
}

impl Component {
    fn push(&mut self, line: &str) {
        self.lines += 1;
        let is_boundary = boundary(line).is_some() && line.len() < 100;
        let fits = self.lines <= MAX_LINES && self.text.len() + line.len() < MAX_SIZE;
        if !fits && !is_boundary {
            let name = line.split([':', ';']).next().unwrap_or_default();
            let name = text::shortened(name, 40);
            if self.too_long.len() < 20 && !self.too_long.contains(&name) {
                self.too_long.push(name);
            }
            return;
        }
        // What is beyond this has no END that could be missed.
        if self.text.len() < 2 * MAX_SIZE {
            self.text.push_str(&without_negative_count(line));
            self.text.push('\n');
        }
    }
}

/// Some programs write a negative `COUNT` for a series without an end, of which the parser would take the absolute value.
fn without_negative_count(line: &str) -> Cow<'_, str> {
    let begins = |text: &str, start: &str| {
        text.get(..start.len())
            .is_some_and(|text| text.eq_ignore_ascii_case(start))
    };
    match line.split_once(':') {
        Some((name, rule)) if begins(name, "RRULE") => {
            let parts: Vec<_> = rule.split(';').filter(|part| !begins(part, "COUNT=-")).collect();
            Cow::Owned(format!("{name}:{}", parts.join(";")))
        }
        _ => Cow::Borrowed(line),
    }
}

/// Whether a component begins (or ends) on this line, and which.
fn boundary(line: &str) -> Option<(bool, String)> {
    let (word, kind) = line.split_once(':')?;
    let begins = word.eq_ignore_ascii_case("BEGIN");
    (begins || word.eq_ignore_ascii_case("END")).then(|| (begins, kind.trim().to_ascii_uppercase()))
}

fn stands_alone(kind: &str) -> bool {
    matches!(kind, "VTODO" | "VEVENT" | "VJOURNAL" | "VFREEBUSY" | "VTIMEZONE")
}
