//! What people do in almost every test, as they do it: through the page.

use crate::page::Page;
use crate::target::{button, field, heading, link, testid};
use fantoccini::key::Key;
use serde_json::json;
use tests::Person;
use tests::person::PASSWORD;

impl Page {
    /// Makes an account with the tests' usual password.
    pub(crate) async fn sign_up(&self, email: &str) {
        self.open("/").await;
        self.arrives_at("/sign-in").await;
        self.click(link("Create an account")).await;
        self.fill(field("Email"), email).await;
        self.fill(field("Password"), PASSWORD).await;
        self.click(button("Create account")).await;
        self.arrives_at("/today").await;
        self.without_samples().await;
    }

    /// Takes the samples away that a new account begins with, and goes to the list of all tasks.
    pub(crate) async fn without_samples(&self) {
        self.click(button("Remove the samples")).await;
        self.loses(testid("samples")).await;
        self.click(button("Dismiss")).await;
        self.open("/tasks").await;
        self.sees(heading("A clear list")).await;
    }

    /// Signs in on the page that is there.
    pub(crate) async fn sign_in(&self, email: &str, password: &str) {
        self.fill(field("Email"), email).await;
        self.fill(field("Password"), password).await;
        self.click(button("Sign in")).await;
        self.sees(testid("account-menu")).await;
    }

    /// Comes to a page of the site and signs in there.
    pub(crate) async fn enter_at(&self, person: &Person, path: &str) {
        self.open(path).await;
        self.sees(heading("Sign in")).await;
        self.sign_in(&person.email, &person.password).await;
        self.arrives_at(path).await;
    }

    /// Comes to the list of all tasks and signs in.
    pub(crate) async fn enter(&self, person: &Person) {
        self.enter_at(person, "/tasks").await;
        self.sees(field("New task")).await;
    }

    /// Signs out by the menu.
    pub(crate) async fn sign_out(&self) {
        self.click(testid("account-menu")).await;
        self.click(button("Sign out")).await;
        self.arrives_at("/sign-in").await;
        self.sees(heading("Sign in")).await;
    }

    /// Deletes a task: by the button of its row, or where there is no mouse to point at that, by its details.
    pub(crate) async fn delete(&self, title: &str) {
        let has_mouse: bool = self
            .eval("return matchMedia('(hover: hover)').matches", json!([]))
            .await;
        if has_mouse {
            self.click(button(format!("Delete {title}"))).await;
        } else {
            self.click(button(format!("Edit {title}"))).await;
            self.click(button("Delete this task")).await;
        }
    }

    /// Adds a task, and waits until the server has it.
    pub(crate) async fn add(&self, title: &str) {
        self.fill(field("New task"), title).await;
        self.press(Key::Enter).await;
        self.has_saved(title).await;
    }
}
