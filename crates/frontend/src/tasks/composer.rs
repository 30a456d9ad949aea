//! The line for a new task, on its page or over any other.

use super::quick_add::{Belongs, Grammar, ListName, NewTask, QuickAdd};
use crate::browser;
use crate::model::replica::{Content, Key};
use crate::model::views::View;
use crate::store::{COMPOSER_ID, TaskStore, check, use_tasks};
use crate::ui::boxed::memo;
use crate::words::quick_add;
use leptos::prelude::*;
use shared::priority::Priority;

/// The line for a new task at the top of a page.
#[component]
pub fn PageComposer(
    /// The page, which says what a task is that says nothing else.
    view: View,
) -> impl IntoView {
    view! { <Composer id=COMPOSER_ID popup_id="new-task-names" view=view on_done=Callback::new(|_| ())/> }
}

/// The line for a new task.
#[component]
pub fn Composer(
    /// The id of the line.
    id: &'static str,
    /// The id of what pops up at it.
    popup_id: &'static str,
    /// What the task is for.
    view: View,
    /// It is added.
    on_done: Callback<Key>,
) -> impl IntoView {
    let tasks = use_tasks();
    let placeholder = match &view {
        View::Today => quick_add::ADD_FOR_TODAY,
        View::Upcoming => quick_add::ADD_WITH_DATE,
        _ => quick_add::ADD,
    };
    let lists = memo(move || list_names(tasks));
    let tags = memo(move || {
        tasks
            .counts
            .with(|counts| counts.tags.iter().map(|(_, name, _)| name.clone()).collect::<Vec<_>>())
    });
    view! {
        <QuickAdd
            id
            popup_id
            draft=Signal::derive(move || tasks.drafts.new_task())
            error=tasks.composer_error
            placeholder=placeholder.to_owned()
            lists
            tags
            on_type=Callback::new(move |draft| tasks.set_composer(draft))
            on_add=Callback::new(move |task| add(tasks, &view, task, on_done))
        />
    }
}

/// The lists that tasks can be put into, the Inbox first.
pub fn list_names(tasks: TaskStore) -> Vec<ListName> {
    let inbox = ListName {
        id: None,
        name: "Inbox".to_owned(),
        color: String::new(),
    };
    let lists = tasks.lists.get().into_iter().filter(|list| !list.archived);
    let named = lists.map(|list| ListName {
        id: Some(list.id),
        name: list.name,
        color: list.color.as_str().to_owned(),
    });
    std::iter::once(inbox).chain(named).collect()
}

fn add(tasks: TaskStore, view: &View, task: NewTask, on_done: Callback<Key>) {
    let draft = tasks.drafts.new_task_now();
    let (title, description) = match check(&task.title, &task.description) {
        Ok(checked) => checked,
        Err(message) => {
            tasks.composer_error.set(Some(message));
            return;
        }
    };
    let here = tasks.preset_on(view);
    let mut content = Content {
        description: description.into_string(),
        due: task.due.or_else(|| here.due.filter(|_| task.recurrence.is_none())),
        recurrence: task.recurrence,
        priority: task
            .priority
            .and_then(|level| Priority::try_from(level).ok())
            .unwrap_or_default(),
        tags: here.tags,
        list_id: here.list_id,
        ..Content::new(title)
    };
    for tag in task.tags {
        if !content
            .tags
            .iter()
            .any(|other| browser::fold(other) == browser::fold(&tag))
        {
            content.tags.push(tag);
        }
    }
    // The field is free for the next one at once.
    tasks.set_composer(crate::model::draft::Draft::default());
    let done = move |key: Option<Key>| {
        if let Some(key) = key {
            on_done.try_run(key);
        }
    };
    match task.list {
        Belongs::Here => done(tasks.add(content, draft)),
        Belongs::To(list_id) => done(tasks.add(Content { list_id, ..content }, draft)),
        Belongs::ToNew(name) => tasks.add_to_list_named(&name, content, draft, done),
    }
}

/// Tries words from the tray again.
pub fn add_again(tasks: TaskStore, draft: &crate::model::draft::Draft, grammar: Grammar) {
    let Some(task) = untrack(|| NewTask::of(draft, &list_names(tasks), grammar)) else {
        return;
    };
    let Ok((title, description)) = check(&task.title, &task.description) else {
        return;
    };
    tasks.drafts.take_from_tray(draft);
    let content = Content {
        description: description.into_string(),
        due: task.due,
        recurrence: task.recurrence,
        priority: task
            .priority
            .and_then(|level| Priority::try_from(level).ok())
            .unwrap_or_default(),
        tags: task.tags,
        ..Content::new(title)
    };
    match task.list {
        Belongs::Here => {
            tasks.add(content, draft.clone());
        }
        Belongs::To(list_id) => {
            tasks.add(Content { list_id, ..content }, draft.clone());
        }
        Belongs::ToNew(name) => tasks.add_to_list_named(&name, content, draft.clone(), |_| ()),
    }
}
