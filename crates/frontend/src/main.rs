//! Taskward in the browser: a single-page app on the HTTP API that the workspace's server answers.

#![expect(
    unreachable_pub,
    reason = "nothing is outside of a binary: `pub` says what a module offers to the rest of the app"
)]

mod address;
mod api;
mod app;
mod browser;
mod dates;
mod history;
mod lazy;
mod model;
mod pages;
mod return_to;
mod session;
mod shell;
mod store;
mod tasks;
mod theme;
mod ui;
mod words;

fn main() {
    // What has panicked does not come to life again; a page that looks alive and is not would be worse than one that
    // says so.
    std::panic::set_hook(Box::new(|panic| {
        leptos::logging::error!("{panic}");
        browser::show_crash();
    }));
    leptos::mount::mount_to_body(app::App);
    browser::remove_boot_screen();
}
