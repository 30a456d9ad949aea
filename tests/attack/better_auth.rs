//! Tokens of a Better Auth server: the real one, on node, issues them; what it never would, is forged here.

mod cookies;
mod forgeries;
mod identity;
mod issuer;
mod keys;
mod published;
mod shapes;

use crate::case::Case;
use reqwest::RequestBuilder;
use tests::site::Site;
use tests::{Answer, Ask, assert_unauthorized};

pub(crate) use issuer::leave;

pub(crate) fn cases() -> Vec<Case> {
    [
        shapes::cases(),
        forgeries::cases(),
        cookies::cases(),
        identity::cases(),
        keys::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The secret that the Better Auth server has, and that Taskward is told.
const SECRET: &str = "dummy secret of the other issuer, 0123456789";

const FLAGS: [&str; 2] = ["--better-auth-secret", SECRET];

fn with_token(site: &Site, path: &str, token: &str) -> RequestBuilder {
    site.get(path).bearer_auth(token)
}

/// The tasks under the token's own id.
async fn tasks(site: &Site, id: &str, token: &str) -> Answer {
    with_token(site, &shared::paths::tasks(id), token).ask().await
}

/// Neither the caller's own routes nor the tasks of any id are opened by the token.
async fn assert_refused(site: &Site, id: &str, token: &str) {
    assert_unauthorized(&site.me_with(&format!("Bearer {token}")).await);
    assert_unauthorized(&tasks(site, id, token).await);
}
