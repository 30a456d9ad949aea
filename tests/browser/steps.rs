//! What people do in almost every test, as they do it: through the page.

use crate::page::Page;
use crate::target::{button, field, heading, link, testid};
use fantoccini::key::Key;
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
        self.arrives_at("/tasks").await;
        self.sees(heading("Tasks")).await;
    }

    /// Signs in on the page that is there.
    pub(crate) async fn sign_in(&self, email: &str, password: &str) {
        self.fill(field("Email"), email).await;
        self.fill(field("Password"), password).await;
        self.click(button("Sign in")).await;
        self.sees(testid("account-menu")).await;
    }

    /// Comes to the site and signs in.
    pub(crate) async fn enter(&self, person: &Person) {
        self.open("/").await;
        self.arrives_at("/sign-in").await;
        self.sign_in(&person.email, &person.password).await;
        self.arrives_at("/tasks").await;
        self.sees(field("New task")).await;
    }

    /// Signs out by the menu.
    pub(crate) async fn sign_out(&self) {
        self.click(testid("account-menu")).await;
        self.click(button("Sign out")).await;
        self.arrives_at("/sign-in").await;
        self.sees(heading("Sign in")).await;
    }

    /// Adds a task, and waits until the server has it.
    pub(crate) async fn add(&self, title: &str) {
        self.fill(field("New task"), title).await;
        self.press(Key::Enter).await;
        self.has_saved(title).await;
    }
}
