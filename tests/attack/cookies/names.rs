//! Cookies that a neighbour, a script or a plain-text connection could have planted.

use super::HTTPS;
use crate::case::{Case, cases};
use crate::ground;
use shared::error::ErrorCode;
use shared::paths;
use tests::{Ask, TestApp, assert_problem};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = cases![
        on_https_a_cookie_without_the_prefix_is_not_read,
        on_http_a_cookie_with_the_prefix_is_not_read,
        of_two_cookies_of_one_name_no_mixture_comes_out,
        a_planted_cookie_does_not_shadow_the_bound_one,
        an_escaped_name_does_not_get_past_the_prefix,
        many_cookies_do_no_harm,
        a_neighbours_odd_cookie_does_not_hide_the_session,
        a_cookie_in_two_headers_is_read_as_one_of_them,
    ];
    for (name, cookie) in [
        ("another_case", "Taskward_Session={value}"),
        ("a_space_in_the_name", "taskward session={value}"),
        ("a_prefix", "xtaskward_session={value}"),
        ("a_suffix", "taskward_sessionx={value}"),
        ("no_name", "={value}"),
        ("no_equals_sign", "taskward_session{value}"),
        ("a_comma_between", "theme=dark,taskward_session={value}"),
        ("inside_anothers_value", "theme=\"dark; x\"taskward_session={value}"),
        ("an_attribute_of_another", "$Version=1, taskward_session={value}"),
        ("secure_prefix", "__Secure-taskward_session={value}"),
        ("escaped_name", "taskward%5Fsession={value}"),
    ] {
        cases.push(Case::new(
            "attack::cookies",
            format!("names::{name}_is_not_read"),
            move || is_not_read(cookie),
        ));
    }
    cases
}

async fn is_not_read(cookie: &'static str) {
    let app = ground::plain().await;
    let ada = app.somebody().await;
    let value = ada.cookie.split_once('=').unwrap().1;
    let answer = app.refresh_with(&cookie.replace("{value}", value)).await;
    assert_problem(&answer, 401, ErrorCode::Unauthorized);
    app.refresh_with(&ada.cookie).await.expect(200);
}

async fn on_https_a_cookie_without_the_prefix_is_not_read() {
    let app = TestApp::spawn_with(&["--public-url", HTTPS]).await;
    let ada = app.register("ada").await;
    let value = ada.cookie.split_once('=').unwrap().1;
    let answer = app.refresh_with(&format!("taskward_session={value}")).await;
    assert_problem(&answer, 401, ErrorCode::Unauthorized);
    let logout = app
        .post(paths::LOGOUT)
        .header("cookie", format!("taskward_session={value}"));
    assert_problem(&logout.ask().await, 401, ErrorCode::Unauthorized);
    app.refresh_with(&format!("__Host-taskward_session={value}"))
        .await
        .expect(200);
}

async fn on_http_a_cookie_with_the_prefix_is_not_read() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let value = ada.cookie.split_once('=').unwrap().1;
    let answer = app.refresh_with(&format!("__Host-taskward_session={value}")).await;
    assert_problem(&answer, 401, ErrorCode::Unauthorized);
}

async fn of_two_cookies_of_one_name_no_mixture_comes_out() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let eve = app.register("eve").await;
    for cookies in [
        format!("{}; {}", ada.cookie, eve.cookie),
        format!("{}; {}", eve.cookie, ada.cookie),
        format!("{}; taskward_session=nonsense", ada.cookie),
        format!("taskward_session=nonsense; {}", ada.cookie),
    ] {
        let answer = app.refresh_with(&cookies).await;
        if answer.status == 401 {
            assert_eq!(answer.cookies(), []);
            continue;
        }
        // If one of them is taken, then for all of the answer.
        let answer = answer.expect(200);
        let id = answer.value()["user"]["id"].as_str().unwrap().to_owned();
        let bought = tests::token::Token::read(answer.value()["access_token"].as_str().unwrap());
        let renewed = tests::token::Token::read(&answer.session_cookie().value);
        assert_eq!((bought.text("sub"), renewed.text("sub")), (&*id, &*id));
        assert_eq!(bought.text("sid"), renewed.text("sid"));
        // The first one, as browsers send the more specific path's.
        let first = cookies.split("; ").next().unwrap();
        let first = tests::token::Token::read(first.split_once('=').unwrap().1);
        assert_eq!(first.text("sub"), id);
    }
}

async fn a_planted_cookie_does_not_shadow_the_bound_one() {
    // A neighbour can plant the name without the prefix, for a more specific path even; not the other one.
    let app = TestApp::spawn_with(&["--public-url", HTTPS]).await;
    let ada = app.register("ada").await;
    let eve = app.register("eve").await;
    let planted = eve.cookie.replace("__Host-", "");
    for cookies in [
        format!("{planted}; {}", ada.cookie),
        format!("{}; {planted}", ada.cookie),
    ] {
        let answer = app.refresh_with(&cookies).await.expect(200);
        assert_eq!(answer.value()["user"]["id"], ada.id.as_str());
    }
}

async fn an_escaped_name_does_not_get_past_the_prefix() {
    // A browser holds only the literal prefix to its rules. Whoever unescapes names lets any neighbour plant the cookie.
    let app = TestApp::spawn_with(&["--public-url", HTTPS]).await;
    let ada = app.register("ada").await;
    let eve = app.register("eve").await;
    let value = eve.cookie.split_once('=').unwrap().1;
    for name in [
        "__%48ost-taskward_session",
        "%5F_Host-taskward_session",
        "%5f%5fHost%2dtaskward_session",
        "__Host-taskward%5Fsession",
        "__host-taskward_session",
        " __Host-taskward_session%20",
    ] {
        let planted = format!("{name}={value}");
        let answer = app.refresh_with(&planted).await;
        assert_problem(&answer, 401, ErrorCode::Unauthorized);
        let answer = app.refresh_with(&format!("{planted}; {}", ada.cookie)).await;
        assert_eq!(answer.expect(200).value()["user"]["id"], ada.id.as_str(), "{name}");
    }
}

async fn many_cookies_do_no_harm() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let mut many: Vec<_> = (0..500).map(|index| format!("c{index}=x")).collect();
    many.push(ada.cookie.clone());
    app.refresh_with(&many.join("; ")).await.expect(200);
    for broken in [
        ";;;;",
        "=;=;=",
        "a=b=c",
        "\"",
        "a=\"b",
        "; taskward_session",
        "taskward_session=",
        "%=%",
    ] {
        let answer = app.refresh_with(broken).await;
        assert_problem(&answer, 401, ErrorCode::Unauthorized);
    }
    let bytes = reqwest::header::HeaderValue::from_bytes(b"taskward_session=\xff\xfe").unwrap();
    let answer = app.post(paths::REFRESH).header("cookie", bytes).ask().await;
    assert_problem(&answer, 401, ErrorCode::Unauthorized);
}

async fn a_neighbours_odd_cookie_does_not_hide_the_session() {
    // A neighbour can plant cookies beside ours, and must not be able to keep somebody from signing in by it.
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    for odd in [
        &b"a=caf\xc3\xa9"[..],
        b"a=\xff\xfe",
        b"\xc3\xa9=a",
        b"a=\"quoted; not closed",
        b"a=\x09b",
        b"=",
        b"no equals sign",
        b"a={\"json\":[1,2]}",
        b"%00=%ff",
    ] {
        for cookies in [
            [odd, b"; ", ada.cookie.as_bytes()].concat(),
            [ada.cookie.as_bytes(), b"; ", odd].concat(),
        ] {
            let value = reqwest::header::HeaderValue::from_bytes(&cookies).unwrap();
            let answer = app.post(paths::REFRESH).header("cookie", value).ask().await;
            assert_eq!(answer.status, 200, "{:?}: {answer:?}", String::from_utf8_lossy(odd));
        }
    }
}

async fn a_cookie_in_two_headers_is_read_as_one_of_them() {
    let app = TestApp::spawn().await;
    let ada = app.register("ada").await;
    let eve = app.register("eve").await;
    let request = app
        .post(paths::REFRESH)
        .header("cookie", &ada.cookie)
        .header("cookie", &eve.cookie);
    let answer = request.ask().await;
    if answer.status == 200 {
        let id = answer.value()["user"]["id"].as_str().unwrap().to_owned();
        assert_eq!(
            tests::token::Token::read(&answer.session_cookie().value).text("sub"),
            id
        );
    } else {
        assert_problem(&answer, 401, ErrorCode::Unauthorized);
    }
}
