//! Requests that another site makes a browser send, cookie included: by what the browser says about them, and what a
//! page could try to make of that.

use super::HTTPS;
use crate::case::{Case, cases};
use crate::ground;
use reqwest::{Method, RequestBuilder};
use shared::error::ErrorCode;
use shared::paths;
use tests::site::Site;
use tests::{Ask, Person, TestApp, assert_problem, assert_unauthorized_without_token};

/// What a browser says about a request: `Sec-Fetch-Site`, `Origin`; `{host}` is the server's own host and port.
type Said = (Option<&'static str>, Option<&'static str>);

const REFUSED: [(&str, Said); 26] = [
    ("another_site", (Some("cross-site"), None)),
    ("a_neighbouring_host", (Some("same-site"), None)),
    ("fetch_site_in_capitals", (Some("Same-Origin"), None)),
    ("fetch_site_empty", (Some(""), None)),
    ("fetch_site_nonsense", (Some("nonsense"), None)),
    ("fetch_site_two_values", (Some("same-origin, cross-site"), None)),
    ("fetch_site_quoted", (Some("\"same-origin\""), None)),
    (
        "fetch_site_against_the_origin",
        (Some("cross-site"), Some("http://{host}")),
    ),
    ("origin_null", (None, Some("null"))),
    ("origin_empty", (None, Some(""))),
    ("origin_nonsense", (None, Some("nonsense"))),
    ("origin_of_another_site", (None, Some("http://evil.example"))),
    (
        "origin_that_begins_like_ours",
        (None, Some("http://{host}.evil.example")),
    ),
    ("origin_that_ends_like_ours", (None, Some("http://evil-{host}"))),
    ("origin_with_ours_as_user", (None, Some("http://{host}@evil.example"))),
    (
        "origin_with_ours_as_user_and_password",
        (None, Some("http://a:{host}@evil.example")),
    ),
    (
        "origin_with_ours_in_its_path",
        (None, Some("http://evil.example/{host}")),
    ),
    (
        "origin_with_ours_in_its_query",
        (None, Some("http://evil.example?{host}")),
    ),
    (
        "origin_with_ours_behind_a_backslash",
        (None, Some("http://evil.example\\@{host}")),
    ),
    ("origin_of_another_port", (None, Some("http://127.0.0.1:1"))),
    ("origin_without_the_port", (None, Some("http://127.0.0.1"))),
    (
        "origin_of_another_name_of_this_machine",
        (None, Some("http://localhost:{port}")),
    ),
    ("origin_of_a_file", (None, Some("file://"))),
    (
        "origin_of_an_extension",
        (None, Some("chrome-extension://abcdefghijklmnop")),
    ),
    ("origin_of_data", (None, Some("data:text/html,x"))),
    ("two_origins", (None, Some("http://{host} http://evil.example"))),
];

const ACCEPTED: [(&str, Said); 5] = [
    ("the_site_itself", (Some("same-origin"), Some("http://{host}"))),
    ("a_click_of_the_user", (Some("none"), None)),
    ("the_site_itself_by_origin_alone", (None, Some("http://{host}"))),
    ("the_site_itself_by_fetch_site_alone", (Some("same-origin"), None)),
    ("no_browser", (None, None)),
];

/// Where the site is known to be [`HTTPS`].
const REFUSED_ON_HTTPS: [(&str, &str); 13] = [
    ("another_site", "https://evil.example"),
    ("the_same_host_on_http", "http://tasks.example.org"),
    ("another_port", "https://tasks.example.org:444"),
    ("the_parent_domain", "https://example.org"),
    ("a_neighbour", "https://other.example.org"),
    ("a_child", "https://evil.tasks.example.org"),
    ("a_longer_name", "https://evil-tasks.example.org"),
    ("a_longer_domain", "https://tasks.example.org.evil.example"),
    ("ours_as_user", "https://tasks.example.org@evil.example"),
    ("a_dot_behind", "https://tasks.example.org."),
    ("a_look_alike", "https://t\u{430}sks.example.org"),
    ("the_address_it_listens_on", "http://{host}"),
    ("null", "null"),
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = cases![
        a_refused_request_ends_nothing_and_renews_nothing,
        the_host_header_does_not_make_an_origin_ours,
        a_token_does_not_excuse_another_site,
        safe_methods_do_nothing,
    ];
    for (name, path) in [("refresh", paths::REFRESH), ("logout", paths::LOGOUT)] {
        let mut add =
            |kind: &str, case: &str, attack: fn(&'static str, Said, &'static [&'static str]) -> Attack, said, flags| {
                let name = format!("cross_site::{name}::{kind}::{case}");
                cases.push(Case::new("attack::cookies", name, move || attack(path, said, flags)));
            };
        for (case, said) in REFUSED {
            add("refuses", case, refused, said, &[]);
        }
        for (case, said) in ACCEPTED {
            add("accepts", case, accepted, said, &[]);
        }
        for (case, origin) in REFUSED_ON_HTTPS {
            add(
                "refuses_on_https",
                case,
                refused,
                (None, Some(origin)),
                &["--public-url", HTTPS],
            );
        }
        add(
            "accepts_on_https",
            "the_site_itself",
            accepted,
            (None, Some(HTTPS)),
            &["--public-url", HTTPS],
        );
    }
    cases
}

type Attack = std::pin::Pin<Box<dyn Future<Output = ()>>>;

fn request(app: &Site, ada: &Person, path: &str, (fetch_site, origin): Said) -> RequestBuilder {
    let mut request = app.post(path).header("cookie", &ada.cookie);
    if let Some(fetch_site) = fetch_site {
        request = request.header("sec-fetch-site", fetch_site);
    }
    if let Some(origin) = origin {
        let origin = origin
            .replace("{host}", &app.address.to_string())
            .replace("{port}", &app.address.port().to_string());
        request = request.header("origin", origin.as_bytes());
    }
    request
}

fn refused(path: &'static str, said: Said, flags: &'static [&'static str]) -> Attack {
    Box::pin(async move {
        let app = ground::with(flags).await;
        let ada = app.somebody().await;
        let answer = request(&app, &ada, path, said).ask().await;
        assert_problem(&answer, 403, ErrorCode::CrossSite);
        assert_eq!(answer.cookies(), []);
        // The page cannot read the answer either.
        assert_eq!(answer.header("access-control-allow-origin"), "");
        app.refresh_with(&ada.cookie).await.expect(200);
        app.me_with(&format!("Bearer {}", ada.token)).await.expect(200);
    })
}

fn accepted(path: &'static str, said: Said, flags: &'static [&'static str]) -> Attack {
    Box::pin(async move {
        let app = ground::with(flags).await;
        let ada = app.somebody().await;
        request(&app, &ada, path, said).ask().await.expect(200);
    })
}

async fn a_refused_request_ends_nothing_and_renews_nothing() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let known = app.post(paths::LOGOUT).header("sec-fetch-site", "cross-site");
    let known = known.header("cookie", &ada.cookie).ask().await;
    assert_problem(&known, 403, ErrorCode::CrossSite);
    // It is refused before the cookie is looked at: whether somebody is signed in does not show.
    let nobody = app.post(paths::LOGOUT).header("sec-fetch-site", "cross-site");
    let nobody = nobody.ask().await;
    assert_eq!(crate::compare::whole(&known), crate::compare::whole(&nobody));
    assert_eq!(app.database().count("signed_out_sessions"), 0);
}

async fn the_host_header_does_not_make_an_origin_ours() {
    let app = TestApp::spawn_with(&["--public-url", HTTPS]).await;
    let ada = app.register("ada").await;
    for (host, origin) in [
        ("evil.example", "http://evil.example"),
        ("evil.example", "https://evil.example"),
        ("tasks.example.org", "http://tasks.example.org"),
    ] {
        let request = app
            .post(paths::REFRESH)
            .header("cookie", &ada.cookie)
            .header("host", host)
            .header("x-forwarded-host", host)
            .header("origin", origin);
        assert_problem(&request.ask().await, 403, ErrorCode::CrossSite);
    }
}

async fn a_token_does_not_excuse_another_site() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let eve = app.register("eve").await;
    // A page that has a token of its own must not sign the victim out by it.
    let request = app
        .post(paths::LOGOUT)
        .bearer_auth(&eve.token)
        .header("cookie", &ada.cookie)
        .header("sec-fetch-site", "cross-site")
        .header("origin", "http://evil.example");
    assert_problem(&request.ask().await, 403, ErrorCode::CrossSite);
    app.refresh_with(&ada.cookie).await.expect(200);
}

async fn safe_methods_do_nothing() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for path in [
        paths::REFRESH,
        paths::LOGOUT,
        paths::LOGOUT_EVERYWHERE,
        paths::LOGIN,
        paths::REGISTER,
    ] {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE] {
            let request = app.request(method.clone(), path).header("cookie", &ada.cookie);
            let answer = request.ask().await;
            assert_eq!(answer.status, 405, "{method} {path}: {answer:?}");
            assert_eq!(answer.cookies(), []);
        }
    }
    // No navigation with a cookie changes anything: the routes that change something take a token.
    let answer = app.get(paths::ME).header("cookie", &ada.cookie).ask().await;
    assert_unauthorized_without_token(&answer);
    app.refresh_with(&ada.cookie).await.expect(200);
}
