//! What all of these share: the secret, and what a token opens.

use reqwest::RequestBuilder;
use tests::site::Site;
use tests::{Answer, Ask, assert_unauthorized};

/// The secret that the Better Auth server has, and that Taskward is told.
pub(super) const SECRET: &str = "dummy secret of the other issuer, 0123456789";

pub(super) const FLAGS: [&str; 2] = ["--better-auth-secret", SECRET];

pub(super) fn with_token(site: &Site, path: &str, token: &str) -> RequestBuilder {
    site.get(path).bearer_auth(token)
}

/// The tasks under the token's own id.
pub(super) async fn tasks(site: &Site, id: &str, token: &str) -> Answer {
    with_token(site, &shared::paths::tasks(id), token).ask().await
}

/// Neither the caller's own routes nor the tasks of any id are opened by the token.
pub(super) async fn assert_refused(site: &Site, id: &str, token: &str) {
    assert_unauthorized(&site.me_with(&format!("Bearer {token}")).await);
    assert_unauthorized(&tasks(site, id, token).await);
}
