//! A file that is written piece by piece, so that nobody has to have all of it in memory: its beginning, some tasks at a time, its
//! end.

use super::{csv, ical};
use chrono::{DateTime, Utc};
use shared::transfer::{Export, ExportedList, ExportedTask, FORMAT, VERSION};
use std::collections::HashMap;
use std::io;
use uuid::Uuid;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Our own: all that there is.
    Json,
    /// A table, for spreadsheets.
    Csv,
    /// For calendars.
    Ics,
}

/// A file that is being written.
pub struct Writer {
    format: Format,
    /// The names of the lists.
    lists: HashMap<Uuid, String>,
    empty: bool,
}

/// What is behind the tasks of an [`Export`].
const JSON_END: &str = "]}";

impl Writer {
    /// Begins a file. Gives what it begins with.
    ///
    /// # Errors
    /// Not for any export: the libraries cannot know that memory takes whatever it is given.
    pub fn begin(format: Format, now: DateTime<Utc>, lists: Vec<ExportedList>) -> io::Result<(Self, Vec<u8>)> {
        let names = lists.iter().map(|list| (list.list.id, list.list.name.clone()));
        let writer = Self {
            format,
            lists: names.collect(),
            empty: true,
        };
        let beginning = match format {
            Format::Json => {
                let mut beginning = serde_json::to_vec(&Export {
                    format: FORMAT.to_owned(),
                    version: VERSION,
                    exported_at: now,
                    lists,
                    tasks: Vec::new(),
                })?;
                beginning.truncate(beginning.len() - JSON_END.len());
                beginning
            }
            Format::Csv => csv::beginning()?,
            Format::Ics => ical::beginning().into_bytes(),
        };
        Ok((writer, beginning))
    }

    /// The next tasks. What is in the trash is in our own format only.
    ///
    /// # Errors
    /// Not for any task, as above.
    pub fn tasks(&mut self, tasks: &[ExportedTask]) -> io::Result<Vec<u8>> {
        let live = tasks.iter().filter(|task| task.task.deleted_at.is_none());
        match self.format {
            Format::Json => {
                let mut text = Vec::new();
                for task in tasks {
                    if !std::mem::take(&mut self.empty) {
                        text.push(b',');
                    }
                    serde_json::to_writer(&mut text, task)?;
                }
                Ok(text)
            }
            Format::Csv => csv::rows(live, &self.lists),
            Format::Ics => Ok(live
                .map(|task| ical::component(task, &self.lists))
                .collect::<String>()
                .into_bytes()),
        }
    }

    /// The end.
    #[must_use]
    pub fn end(self) -> Vec<u8> {
        match self.format {
            Format::Json => JSON_END.into(),
            Format::Csv => Vec::new(),
            Format::Ics => ical::END.into(),
        }
    }
}
