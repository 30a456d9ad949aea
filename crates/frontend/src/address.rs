//! The address of each page of tasks.

use crate::browser;
use crate::model::views::View;

/// What the page at an address shows, if it shows tasks that are to be done.
pub fn view_at(path: &str) -> Option<View> {
    let named = |prefix| path.strip_prefix(prefix).filter(|name: &&str| !name.is_empty());
    match path {
        "/today" => Some(View::Today),
        "/upcoming" => Some(View::Upcoming),
        "/inbox" => Some(View::Inbox),
        "/tasks" => Some(View::All),
        _ => match named("/lists/") {
            Some(id) => id.parse().ok().map(View::List),
            None => named("/tags/").map(|tag| View::Tag(browser::fold(&decode(tag)))),
        },
    }
}

/// The address of the page.
pub fn path_of(view: &View) -> String {
    match view {
        View::Today => "/today".to_owned(),
        View::Upcoming => "/upcoming".to_owned(),
        View::Inbox => "/inbox".to_owned(),
        View::All => "/tasks".to_owned(),
        View::List(id) => format!("/lists/{id}"),
        View::Tag(tag) => format!("/tags/{}", encode(tag)),
    }
}

fn encode(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

fn decode(text: &str) -> String {
    js_sys::decode_uri_component(text).map_or_else(|_| text.to_owned(), String::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn an_address_is_a_page_and_a_page_has_an_address() {
        for (path, view) in [
            ("/today", View::Today),
            ("/tasks", View::All),
            (
                "/lists/00000000-0000-0000-0000-000000000005",
                View::List(Uuid::from_u128(5)),
            ),
        ] {
            assert_eq!(view_at(path), Some(view.clone()));
            assert_eq!(path_of(&view), path);
        }
        for path in ["/", "/lists/", "/lists/x", "/tags/", "/account", "/today/more"] {
            assert_eq!(view_at(path), None, "{path}");
        }
    }
}
