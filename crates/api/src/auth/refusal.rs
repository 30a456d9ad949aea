//! Who was refused for what they are, or for where their request comes from: a line for each, as for the other authentication events
//! (ASVS 5.0 16.3.1, 16.3.2), and few of them for a flood.

use super::caller::bearer;
use super::session::cookie_value;
use crate::app::App;
use crate::audit::{self, Event};
use crate::http::error::ApiError;
use crate::http::extract::client;
use actix_web::HttpRequest;
use chrono::Utc;

/// Logs that `request` was refused, if it was so for its token, its cookie, or the site that has caused it. That nothing was sent to
/// be accepted is no event.
pub fn log(app: &App, request: &HttpRequest, failure: &ApiError) {
    let refused = matches!(
        failure,
        ApiError::Unauthorized { token_sent: true } | ApiError::Forbidden | ApiError::CrossSite
    );
    if !refused {
        return;
    }
    let Ok(client) = client(request) else { return };
    if let Some(left_out) = app.throttle().admit_line(client) {
        let who = account(app, request).unwrap_or_else(|| "unknown".to_owned());
        audit::refused(Event::Access, who, client, failure, left_out);
    }
}

/// The account that the token or the cookie is of, as far as it can tell by itself: its session may be what has ended.
fn account(app: &App, request: &HttpRequest) -> Option<String> {
    let now = Utc::now().timestamp();
    let token = bearer(request).ok().flatten();
    let of_token = token.and_then(|token| app.tokens().verify_access(token, now));
    of_token.map(|claims| claims.sub).or_else(|| {
        let cookie = cookie_value(request, app.config())?;
        app.tokens().verify_session(&cookie, now).map(|claims| claims.sub)
    })
}
