//! The keys that another issuer publishes (RFC 7517), from the one address that the configuration names.

use super::keys::VerifyingKey;
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use url::Url;

/// Keys are asked for anew after so long.
const FRESH_FOR: Duration = Duration::from_hours(1);

/// Between two requests to the issuer lies at least so much: whoever sends keys' names at random causes no more.
const MIN_INTERVAL: Duration = Duration::from_secs(30);

/// How long the issuer may take to answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The answer's size at most (bytes).
const MAX_SIZE: u64 = 64 * 1024;

/// Keys at most.
const MAX_KEYS: usize = 32;

type Keys = HashMap<String, Arc<VerifyingKey>>;

/// The issuer's keys, kept for a while.
pub struct Jwks {
    url: Url,
    fetched: RwLock<Option<Fetched>>,
    /// When the issuer was last asked. Whoever asks holds the lock.
    asked: Mutex<Option<Instant>>,
}

struct Fetched {
    keys: Keys,
    at: Instant,
}

/// There are no keys, and there never were.
#[derive(Debug, thiserror::Error)]
#[error("the keys of the other issuer cannot be had")]
pub struct JwksError;

impl Jwks {
    /// Nothing is asked for before a key is needed.
    #[must_use]
    pub fn new(url: Url) -> Self {
        Self {
            url,
            fetched: RwLock::default(),
            asked: Mutex::default(),
        }
    }

    /// The key of that name, if the issuer has one. Requests that need the same answer wait for one; those whose key is
    /// there never wait.
    ///
    /// # Errors
    /// If no keys have ever been had.
    pub async fn find(&self, kid: &str) -> Result<Option<Arc<VerifyingKey>>, JwksError> {
        if let Some((key, is_fresh)) = self.look_up(kid) {
            match (key, is_fresh, self.asked.try_lock()) {
                (Some(key), false, Ok(mut asked)) => {
                    self.ask(&mut asked).await;
                    // A key that could not be renewed stays good: the issuer being away must sign nobody out.
                    return Ok(self.look_up(kid).map_or(Some(key), |(key, _)| key));
                }
                (Some(key), ..) => return Ok(Some(key)),
                (None, ..) => {}
            }
        }
        self.ask(&mut *self.asked.lock().await).await;
        self.look_up(kid).map(|(key, _)| key).ok_or(JwksError)
    }

    /// The key, if there is one, and whether what we have is recent. `None`: we have nothing.
    fn look_up(&self, kid: &str) -> Option<(Option<Arc<VerifyingKey>>, bool)> {
        let fetched = self.fetched.read().unwrap_or_else(PoisonError::into_inner);
        fetched
            .as_ref()
            .map(|fetched| (fetched.keys.get(kid).cloned(), fetched.at.elapsed() < FRESH_FOR))
    }

    /// Asks the issuer, unless it was asked a moment ago.
    async fn ask(&self, asked: &mut Option<Instant>) {
        if asked.is_some_and(|asked| asked.elapsed() < MIN_INTERVAL) {
            return;
        }
        *asked = Some(Instant::now());
        let url = self.url.clone();
        match tokio::task::spawn_blocking(move || fetch(&url)).await {
            Ok(Ok(keys)) => {
                let mut fetched = self.fetched.write().unwrap_or_else(PoisonError::into_inner);
                *fetched = Some(Fetched {
                    keys,
                    at: Instant::now(),
                });
            }
            Ok(Err(error)) => tracing::warn!(%error, "the keys of the other issuer cannot be had"),
            Err(error) => tracing::error!(%error, "the request for keys died"),
        }
    }
}

fn fetch(url: &Url) -> Result<Keys, ureq::Error> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .max_redirects(0)
        .build()
        .into();
    let body = agent
        .get(url.as_str())
        .call()?
        .body_mut()
        .with_config()
        .limit(MAX_SIZE)
        .read_to_vec()?;
    Ok(keys(&body))
}

/// A set of keys. Those that are not understood are to be ignored (RFC 7517 §5).
#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

/// What matters here of a key.
#[derive(Deserialize)]
struct Key {
    kid: String,
    kty: String,
    crv: String,
    x: String,
    r#use: Option<String>,
}

/// Those of an Ed25519 pair that are for signing, by their names.
fn keys(body: &[u8]) -> Keys {
    let set: KeySet = serde_json::from_slice(body).unwrap_or(KeySet { keys: Vec::new() });
    let known = set.keys.into_iter().take(MAX_KEYS).map(Key::deserialize);
    known
        .flatten()
        .filter(|key| key.kty == "OKP" && key.crv == "Ed25519" && matches!(key.r#use.as_deref(), None | Some("sig")))
        .filter_map(|key| Some((key.kid, Arc::new(VerifyingKey::from_ed25519(&key.x)?))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_named_ed25519_keys_for_signing_are_taken() {
        let key = r#""kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#;
        let named = |body: String| {
            let mut names: Vec<_> = keys(body.as_bytes()).into_keys().collect();
            names.sort();
            names
        };
        let short = r#""kty":"OKP","crv":"Ed25519","x":"AAAA""#;
        let body = format!(
            r#"{{"keys":[{{"kid":"a",{key}}},{{{key}}},{{"kid":"b","use":"enc",{key}}},
               {{"kid":"c","kty":"oct","k":"AAAA"}},{{"kid":"d","use":"sig","alg":"EdDSA",{key}}},
               {{"kid":"e",{short}}},{{"kid":6,{key}}},null]}}"#
        );
        assert_eq!(named(body), ["a", "d"]);
        assert!(named("<html>".to_owned()).is_empty());
    }
}
