//! Where to go after signing in. The address comes out of a link that anybody can write, so it is not trusted.

/// Where a signed-in person goes when nothing else is asked for.
pub const HOME: &str = "/today";

/// Where everybody signs in.
pub const SIGN_IN: &str = "/sign-in";

/// The pages that a person may be sent back to.
const PROTECTED: [&str; 8] = [
    HOME,
    "/upcoming",
    "/inbox",
    "/tasks",
    "/search",
    "/done",
    "/trash",
    "/account",
];

/// The pages that there are many of: one for each name behind these.
const NAMED: [&str; 2] = ["/lists/", "/tags/"];

/// The place that `next` names, if it is a protected page of this app, else [`HOME`].
pub fn after_sign_in(next: Option<&str>) -> &str {
    next.filter(|next| is_protected(next)).unwrap_or(HOME)
}

/// The sign-in page's address, remembering the place that was asked for. `encode` is the browser's own
/// `encodeURIComponent`.
pub fn sign_in_for(place: &str, encode: impl FnOnce(&str) -> String) -> String {
    if place == HOME || !is_protected(place) {
        SIGN_IN.to_owned()
    } else {
        format!("{SIGN_IN}?next={}", encode(place))
    }
}

/// An address from its path and its query, which the router hands out without the question mark.
pub fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

fn is_protected(place: &str) -> bool {
    let path = place.split(['?', '#']).next().unwrap_or_default();
    // Browsers read a backslash as a slash and drop control characters: neither has business in an address of ours.
    let tame = |c: char| !c.is_control() && !c.is_whitespace() && c != '\\';
    let is_named = || {
        let name = NAMED.iter().find_map(|prefix| path.strip_prefix(prefix));
        name.is_some_and(|name| !name.is_empty() && !name.contains(['/', '.']))
    };
    (PROTECTED.contains(&path) || is_named()) && place.chars().all(tame)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protected_pages_are_come_back_to() {
        assert_eq!(after_sign_in(Some("/account")), "/account");
        assert_eq!(after_sign_in(Some("/tasks?show=done#top")), "/tasks?show=done#top");
        assert_eq!(after_sign_in(Some("/tags/at%20home")), "/tags/at%20home");
        assert_eq!(after_sign_in(None), HOME);
    }

    #[test]
    fn foreign_and_odd_addresses_are_not() {
        for bad in [
            "",
            "/",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "https://evil.example/tasks",
            "javascript:alert(1)",
            "/tasks/../..//evil.example",
            "/tasks?\\evil",
            "/account?a\u{0}b",
            "/tasks#\n//evil",
            "/sign-in?next=/sign-in",
            shared::paths::LOGOUT,
            "tasks",
            "/lists/",
            "/lists/a/b",
            "/tags/../account",
            " /tasks",
        ] {
            assert_eq!(after_sign_in(Some(bad)), HOME, "{bad:?}");
        }
    }

    #[test]
    fn a_query_is_carried_on() {
        assert_eq!(with_query("/sign-up", "next=%2Faccount"), "/sign-up?next=%2Faccount");
        assert_eq!(with_query("/sign-up", ""), "/sign-up");
    }

    #[test]
    fn only_a_place_other_than_home_is_worth_a_parameter() {
        let encode = |place: &str| place.replace('/', "%2F");
        assert_eq!(sign_in_for(HOME, encode), "/sign-in");
        assert_eq!(sign_in_for("/account", encode), "/sign-in?next=%2Faccount");
        assert_eq!(sign_in_for("//evil.example", encode), "/sign-in");
    }
}
