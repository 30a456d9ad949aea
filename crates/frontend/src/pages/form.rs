//! What all forms have in common: a request at a time, and every error in its place.

use crate::api::Failure;
use crate::browser;
use crate::words::fields;
use leptos::html::Input;
use leptos::prelude::*;
use shared::error::ErrorCode;
use shared::rule::RuleViolation;

/// The state of a form.
#[derive(Clone, Copy)]
pub struct Form {
    /// A request is under way.
    pub busy: RwSignal<bool>,
    /// What is wrong, if it is no field's fault.
    pub alert: RwSignal<Option<String>>,
    /// At most one for each field: its name, and a whole sentence.
    errors: RwSignal<Vec<(String, String)>>,
    /// Its fields, in the order of the page: their names in requests, and their ids.
    fields: &'static [(&'static str, &'static str)],
}

impl Form {
    /// A form that nobody has sent yet. `fields` are the names of the request's members and the ids of their inputs.
    pub fn new(fields: &'static [(&'static str, &'static str)]) -> Self {
        Self {
            busy: RwSignal::new(false),
            alert: RwSignal::new(None),
            errors: RwSignal::new(Vec::new()),
            fields,
        }
    }

    /// What is wrong with a field.
    pub fn error(self, name: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.errors.with(|errors| {
                let error = errors.iter().find(|(field, _)| field == name);
                error.map(|(_, sentence)| sentence.clone())
            })
        })
    }

    /// Reads a field by its rule, and shows what is wrong with it.
    pub fn check<T>(self, name: &'static str, read: Result<T, RuleViolation>) -> Option<T> {
        match read {
            Ok(value) => {
                self.errors.update(|errors| errors.retain(|(field, _)| field != name));
                Some(value)
            }
            Err(violation) => {
                self.set_error(name, fields::advice(name, violation));
                None
            }
        }
    }

    /// Checks a field when the person leaves it. Whoever only passes by has not broken a rule.
    pub fn on_leave<T>(
        self,
        name: &'static str,
        read: impl Fn(&str) -> Result<T, RuleViolation> + Send + Sync + 'static,
    ) -> Callback<String> {
        Callback::new(move |text: String| {
            if !text.is_empty() {
                self.check(name, read(&text));
            }
        })
    }

    /// `true` if the form may be sent now; what was wrong before is forgotten.
    pub fn begin(self) -> bool {
        if self.busy.get_untracked() {
            return false;
        }
        self.alert.set(None);
        true
    }

    /// Puts the keyboard on the first field that is wrong.
    pub fn focus_first_error(self) {
        let first = self.errors.with_untracked(|errors| {
            let wrong = self
                .fields
                .iter()
                .find(|(name, _)| errors.iter().any(|(field, _)| field == name));
            wrong.map(|(_, id)| *id)
        });
        if let Some(id) = first {
            browser::focus(id);
        }
    }

    /// The request is done, for better or worse.
    pub fn end(self) {
        // The form may be gone by now.
        self.busy.try_set(false);
    }

    /// Shows a sentence beside a field, and puts the keyboard there.
    pub fn refuse(self, name: &'static str, sentence: &str) {
        self.set_error(name, sentence.to_owned());
        self.focus_first_error();
    }

    /// Shows why the request failed: beside the fields that the server names, else above the form.
    pub fn fail(self, failure: &Failure) {
        let (mine, others): (Vec<_>, Vec<_>) = failure
            .fields()
            .iter()
            .partition(|error| self.fields.iter().any(|(name, _)| *name == error.field));
        for error in &mine {
            self.set_error(&error.field, fields::refused(error));
        }
        if failure.code() == Some(ErrorCode::EmailExists) {
            self.refuse("email", &failure.sentence());
        } else if mine.is_empty() || !others.is_empty() {
            self.alert.set(Some(failure.sentence()));
        }
        self.focus_first_error();
    }

    fn set_error(self, name: &str, sentence: String) {
        self.errors.update(|errors| {
            errors.retain(|(field, _)| field != name);
            errors.push((name.to_owned(), sentence));
        });
    }
}

/// What stands in a field. Forms read it when they are sent and keep it nowhere.
pub fn text(node: NodeRef<Input>) -> String {
    node.get_untracked().map(|input| input.value()).unwrap_or_default()
}

/// Empties a field.
pub fn clear(node: NodeRef<Input>) {
    if let Some(input) = node.get_untracked() {
        input.set_value("");
    }
}
