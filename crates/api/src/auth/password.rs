//! Password hashing: bcrypt over a keyed digest, on few threads, behind a bounded queue. The only user of bcrypt.

use super::queue::{Full, Place, Queue, Standing};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

/// The key of the digest. It is no secret: it makes the digests the product's own, so that digests which leaked elsewhere
/// cannot be tried against the hashes ("password shucking").
const DIGEST_KEY: &[u8] = b"taskward password digest, version 1";

/// A hash in bcrypt's own format, of a digest. Prints nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Takes what [`as_str`](Self::as_str) gave.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The hash as it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// More passwords are waiting than the queue takes.
    #[error(transparent)]
    QueueFull(#[from] Full),
    /// The library failed: a hash in the database that is none.
    #[error("bcrypt failed")]
    Bcrypt(#[from] bcrypt::BcryptError),
    /// The thread died.
    #[error("the hashing thread died")]
    Thread(#[from] tokio::task::JoinError),
}

/// What came of comparing a password with a hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is not the one.
    Wrong,
    /// It is the one.
    Right,
    /// It is the one, and its hash was made with a lower cost than today's: this is a new one.
    RightButOutdated(PasswordHash),
}

/// Hashes passwords, as many at a time as there are cores, so that requests which need no password stay fast.
#[derive(Clone)]
pub struct Hasher {
    cost: u32,
    queue: Arc<Queue>,
}

impl Hasher {
    /// `cost` is bcrypt's; `limit` is how many may be hashed or wait at a time.
    #[must_use]
    pub fn new(cost: u32, limit: usize) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            cost,
            queue: Queue::new(limit, cores),
        }
    }

    /// How many passwords are being hashed or wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// How many may be hashed or wait at a time.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.queue.capacity()
    }

    /// A place in the queue, for somebody who is known so well and comes from this site.
    ///
    /// # Errors
    /// If the queue is full.
    pub fn enter(&self, standing: Standing, site: IpAddr) -> Result<Turn, HashError> {
        Ok(Turn {
            cost: self.cost,
            place: self.queue.enter(standing, site)?,
        })
    }
}

/// A place in the queue.
pub struct Turn {
    cost: u32,
    place: Place,
}

impl Turn {
    /// The hash of a new password.
    ///
    /// # Errors
    /// If the library or the thread fails, or somebody who comes first has taken the place.
    pub async fn hash(&self, password: &str) -> Result<PasswordHash, HashError> {
        let (cost, digest) = (self.cost, digest(password));
        self.run(move || hash_digest(&digest, cost)).await
    }

    /// Whether `password` is the one that was hashed. `None` stands for the hash of an account that does not exist: the
    /// answer is the same as for a wrong password, and takes as long.
    ///
    /// # Errors
    /// If the hash is none, the thread fails, or somebody who comes first has taken the place.
    pub async fn verify(&self, password: &str, hash: Option<PasswordHash>) -> Result<Verdict, HashError> {
        let (cost, digest) = (self.cost, digest(password));
        self.run(move || {
            let Some(PasswordHash(hash)) = hash else {
                bcrypt::verify(digest, &unmatched(cost))?;
                return Ok(Verdict::Wrong);
            };
            let seen = hash.parse::<bcrypt::HashParts>()?.get_cost();
            if !bcrypt::verify(&digest, &hash)? {
                for rest in remaining(seen, cost) {
                    bcrypt::verify(&digest, &unmatched(rest))?;
                }
                return Ok(Verdict::Wrong);
            }
            if seen < cost {
                return hash_digest(&digest, cost).map(Verdict::RightButOutdated);
            }
            Ok(Verdict::Right)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        self.place.run(tokio::task::spawn_blocking(work)).await??
    }
}

/// 43 letters that stand for the whole password: bcrypt alone drops what is past byte 72 and stops at NUL.
fn digest(password: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(DIGEST_KEY).unwrap_or_else(|_| unreachable!("HMAC takes any key"));
    mac.update(password.as_bytes());
    STANDARD_NO_PAD.encode(mac.finalize().into_bytes())
}

fn hash_digest(digest: &str, cost: u32) -> Result<PasswordHash, HashError> {
    Ok(PasswordHash(bcrypt::non_truncating_hash(digest, cost)?))
}

/// The costs of what is hashed beside a hash of the cost `seen`, so that all of it takes as long as one of the cost `cost`, and a wrong
/// password does not tell an account with an old hash from one that is not there: each step doubles the work.
fn remaining(seen: u32, cost: u32) -> std::ops::Range<u32> {
    seen..cost.max(seen)
}

/// A well-formed hash that nobody knows a password for.
fn unmatched(cost: u32) -> String {
    format!("$2b${cost:02}$abcdefghijklmnopqrstuuGuQMKuMk7xgYPrOvg7DoBVYqKvYXyyi")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(cost: u32) -> Turn {
        let hasher = Hasher::new(cost, 8);
        hasher.enter(Standing::Device, [127, 0, 0, 1].into()).unwrap()
    }

    #[tokio::test]
    async fn every_byte_of_a_password_counts() {
        let long = "x".repeat(127);
        let hash = turn(4).hash(&format!("{long}a")).await.unwrap();
        let verify = |password: String, hash: &PasswordHash| {
            let hash = hash.clone();
            async move { turn(4).verify(&password, Some(hash)).await.unwrap() }
        };
        assert_eq!(verify(format!("{long}a"), &hash).await, Verdict::Right);
        assert_eq!(verify(format!("{long}b"), &hash).await, Verdict::Wrong);
        assert_eq!(verify(format!("{long}a "), &hash).await, Verdict::Wrong);
    }

    #[tokio::test]
    async fn hash_of_a_lower_cost_is_renewed() {
        let hash = turn(4).hash("correct horse").await.unwrap();
        let verdict = turn(5).verify("correct horse", Some(hash)).await.unwrap();
        let Verdict::RightButOutdated(renewed) = verdict else {
            panic!("{verdict:?}")
        };
        assert!(renewed.as_str().starts_with("$2b$05$"));
    }

    #[test]
    fn a_wrong_password_is_as_much_work_whatever_the_hash_has_cost() {
        let work = |seen: u32, cost: u32| (1_u64 << seen) + remaining(seen, cost).map(|rest| 1 << rest).sum::<u64>();
        for seen in 4..=12 {
            assert_eq!(work(seen, 12), 1 << 12, "{seen}");
        }
        // What has cost more than it does today is not undone.
        assert_eq!(work(13, 12), 1 << 13);
    }

    #[tokio::test]
    async fn no_account_reads_as_a_wrong_password() {
        assert_eq!(turn(4).verify("correct horse", None).await.unwrap(), Verdict::Wrong);
    }
}
