//! Slowing down whoever guesses passwords, without locking out whom they guess at.
//!
//! Floods are held off in memory, per network. Wrong passwords are counted in the database, so that neither a restart
//! nor a second node gives anybody more tries: per account and network, per network, and per account. The last of these
//! does not count for networks from which the account has been signed in to before, and a device on which it has has a count
//! of its own and no other: an attacker elsewhere can make an account slow for strangers, but not for its owner.
//!
//! A stranger who has the right password must not wait for the guesses of others either: the first tries of a site at an account
//! are looked at however many others have failed there, until so many have that this is what a guesser lives on.

use super::device::Device;
use super::queue::Standing;
use crate::config::Config;
use crate::db::types::{Digest, UserId, UtcTime};
use crate::db::users::User;
use crate::db::{Conn, Db, DbError, failures, networks};
use crate::http::client::Client;
use crate::http::error::ApiError;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use uuid::Uuid;

/// The longest that a network has to wait after wrong passwords of its own for an account.
const LONGEST_DELAY: Duration = Duration::from_mins(15);

/// The longest that anybody has to wait for what others have got wrong.
const LONGEST_SHARED_DELAY: Duration = Duration::from_mins(1);

/// After so long without a further one, failures are forgotten; a device cookie that has had its tries is none for so long.
const MEMORY: Duration = Duration::from_hours(24);

/// A network is known for so long after a sign-in from there.
const KNOWN_FOR: Duration = Duration::from_hours(24 * 90);

/// How many times the tries of one person a whole network has: many people may share one address.
const PER_NETWORK: i64 = 20;

/// How many times the tries of one person all strangers together have at an account.
const PER_ACCOUNT: i64 = 10;

/// How many times the tries of one person strangers have failed at an account when nobody's first tries are excepted any more.
const PER_ACCOUNT_AT_MOST: i64 = 200;

/// Tries of a site at an account that do not wait for the failures of others: one, and one for who mistypes.
const FIRST_TRIES: i64 = 2;

/// Lines about refusals that a network may have at once.
const LINES: NonZeroU32 = NonZeroU32::new(10).unwrap();

/// After so many requests, the counts in memory of those who have been quiet since are dropped.
const SWEEP: usize = 10_000;

/// Rows that are forgotten in one go: others can write in between.
const PIECE: i64 = 1000;

/// Limits tries.
pub struct Throttle {
    tries: i64,
    credentials: Limiter<IpAddr>,
    devices: Limiter<Digest>,
    renewals: Limiter<IpAddr>,
    lines: Limiter<IpAddr>,
    left_out: AtomicUsize,
}

/// How well who sends a password is known to the account.
#[derive(Clone, Copy, Debug)]
pub enum Known {
    /// The account has been signed in to on this device.
    Device(Device),
    /// The account has been signed in to from this network.
    Network,
    /// Neither.
    Not,
}

/// A try that has been let through, and counts as a failure until it is said to be none.
#[must_use]
pub struct Try {
    /// In the order in which everybody counts, so that concurrent tries never wait for each other in a circle.
    counted: Vec<Counted>,
    keys: Keys,
    device: Option<Device>,
}

/// What the tries at an account from somewhere count as. The account's epoch is part of it: failures to guess an earlier password
/// prove nothing against the one that there is now.
#[derive(Clone, Copy)]
struct Keys {
    /// Of this account and network.
    own: Digest,
    /// Of this account and site.
    site: Digest,
    /// Of this network, whatever the account.
    network: Digest,
    /// Of this account, wherever strangers try from.
    account: Digest,
}

/// One failure that was counted ahead.
#[derive(Clone, Copy)]
struct Counted {
    key: Digest,
    /// Whether it brought about a delay.
    delayed: bool,
}

/// Why there may be no try.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("too many failures")]
    Until(UtcTime),
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Limits requests per key, and keeps nothing of those whose last one is long ago.
struct Limiter<K: Hash + Eq + Clone> {
    keyed: DefaultKeyedRateLimiter<K>,
    checked: AtomicUsize,
}

impl Known {
    /// The place in the queue that goes with it.
    #[must_use]
    pub fn standing(self) -> Standing {
        match self {
            Self::Device(_) => Standing::Device,
            Self::Network => Standing::Network,
            Self::Not => Standing::Stranger,
        }
    }
}

impl Keys {
    fn of(email: &str, epoch: i64, client: Client) -> Self {
        let epoch = epoch.to_string();
        Self {
            own: Digest::of(&["own", email, &epoch, &client.network().to_string()]),
            site: Digest::of(&["site", email, &epoch, &client.site().to_string()]),
            network: client.digest(),
            account: Digest::of(&["account", email, &epoch]),
        }
    }
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    fn new(per_minute: NonZeroU32) -> Self {
        Self::of(Quota::per_minute(per_minute))
    }

    fn of(quota: Quota) -> Self {
        Self {
            keyed: RateLimiter::keyed(quota),
            checked: AtomicUsize::new(0),
        }
    }

    fn check(&self, key: &K) -> Result<(), ApiError> {
        if self.checked.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.keyed.retain_recent();
        }
        self.keyed
            .check_key(key)
            .map_err(|refusal| ApiError::RateLimited(refusal.wait_time_from(DefaultClock::default().now())))
    }
}

impl Throttle {
    /// With the limits of the configuration.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            tries: config.sign_in_tries.into(),
            credentials: Limiter::new(config.sign_in_rate),
            // Beyond what its address has: enough for its owner, and little for who has many of them.
            devices: Limiter::new(NonZeroU32::new(config.sign_in_tries).unwrap_or(NonZeroU32::MIN)),
            renewals: Limiter::new(config.refresh_rate),
            lines: Limiter::of(Quota::per_second(NonZeroU32::MIN).allow_burst(LINES)),
            left_out: AtomicUsize::new(0),
        }
    }

    /// Lets a request with a password through, unless its network sends too many of them, and the device has none of its own left.
    ///
    /// # Errors
    /// 429 if so.
    pub fn admit_password(&self, client: Client, device: Option<Device>) -> Result<(), ApiError> {
        let refused = self.credentials.check(&client.network());
        match (refused, device) {
            (Err(_), Some(device)) => self.devices.check(&device.key()),
            (refused, _) => refused,
        }
    }

    /// Lets a renewal of a session through, unless its network sends too many of them.
    ///
    /// # Errors
    /// 429 if it does.
    pub fn admit_renewal(&self, client: Client) -> Result<(), ApiError> {
        self.renewals.check(&client.network())
    }

    /// Lets a line about a refusal into the log, with the number of those that were left out since the last one; `None` if the network has
    /// had its lines: one a second, and a few at once.
    pub fn admit_line(&self, client: Client) -> Option<usize> {
        if self.lines.check(&client.network()).is_ok() {
            return Some(self.left_out.swap(0, Ordering::Relaxed));
        }
        self.left_out.fetch_add(1, Ordering::Relaxed);
        None
    }

    /// How well the sender is known. A device on which too many wrong passwords were tried is not known as one.
    ///
    /// # Errors
    /// If the database cannot say.
    pub async fn recognise(
        &self,
        db: &Db,
        user: Option<&User>,
        client: Client,
        device: Option<Device>,
    ) -> Result<Known, DbError> {
        let (now, network) = (UtcTime::now(), client.digest());
        // Asked for an unknown email as well: it must take as long.
        let user_id = user.map_or_else(|| UserId::from(Uuid::nil()), |user| user.id);
        let since = now.before(KNOWN_FOR);
        if let Some(device) = device {
            let retry_at = db.read(async |conn| failures::find_retry_at(conn, device.key()).await);
            if retry_at.await?.is_none_or(|retry_at| retry_at <= now) {
                return Ok(Known::Device(device));
            }
        }
        let known = db
            .read(async |conn| networks::is_known(conn, user_id, network, since).await)
            .await?;
        Ok(if known { Known::Network } else { Known::Not })
    }

    /// Lets a try at the account of `email` through, and counts it as failed until it is said not to be.
    ///
    /// # Errors
    /// 429 if there have been too many failures; 503 if the database cannot say.
    pub async fn begin(&self, db: &Db, email: &str, epoch: i64, client: Client, known: Known) -> Result<Try, ApiError> {
        let (now, tries, keys) = (UtcTime::now(), self.tries, Keys::of(email, epoch, client));
        let counted = match known {
            Known::Device(device) => {
                db.transaction(async move |conn: &mut Conn| count_device(conn, device, tries, now).await)
                    .await
            }
            Known::Network => {
                db.transaction(async move |conn: &mut Conn| {
                    let own = count(conn, keys.own, tries, LONGEST_DELAY, now).await?;
                    Ok(vec![own, count_network(conn, keys, tries, now).await?])
                })
                .await
            }
            Known::Not => {
                db.transaction(async move |conn: &mut Conn| count_stranger(conn, keys, tries, now).await)
                    .await
            }
        };
        match counted {
            Ok(counted) => Ok(Try {
                counted,
                keys,
                device: match known {
                    Known::Device(device) => Some(device),
                    Known::Network | Known::Not => None,
                },
            }),
            Err(Refusal::Until(until)) => Err(ApiError::RateLimited(until.since(now))),
            Err(Refusal::Db(error)) => Err(error.into()),
        }
    }

    /// The password was right: what its failures of late seemed to prove is forgotten, and the network is known from now on. What
    /// the network has tried at other accounts, and other networks at this one, proves what it did.
    ///
    /// # Errors
    /// If the database cannot take it.
    pub async fn succeed(&self, db: &Db, attempt: Try, user: UserId) -> Result<(), DbError> {
        db.transaction(async move |conn: &mut Conn| {
            let Try { counted, keys, .. } = attempt;
            if let Some(device) = attempt.device {
                failures::clear(conn, device.key()).await?;
            }
            failures::clear(conn, keys.own).await?;
            failures::clear(conn, keys.site).await?;
            for shared in counted.iter().filter(|counted| counted.key == keys.network) {
                failures::take_back(conn, shared.key, shared.delayed).await?;
            }
            failures::clear(conn, keys.account).await?;
            networks::remember(conn, user, keys.network, UtcTime::now())
                .await
                .map_err(DbError::from)
        })
        .await
    }

    /// The password was not looked at.
    ///
    /// # Errors
    /// If the database cannot take it.
    pub async fn withdraw(&self, db: &Db, attempt: Try) -> Result<(), DbError> {
        db.transaction(async move |conn: &mut Conn| {
            for counted in attempt.counted {
                failures::take_back(conn, counted.key, counted.delayed).await?;
            }
            Ok(())
        })
        .await
    }

    /// Forgets what need not be remembered any more.
    ///
    /// # Errors
    /// If the database cannot.
    pub async fn purge(&self, db: &Db) -> Result<(), DbError> {
        self.credentials.keyed.retain_recent();
        self.devices.keyed.retain_recent();
        self.renewals.keyed.retain_recent();
        self.lines.keyed.retain_recent();
        let now = UtcTime::now();
        db.in_pieces(async move |conn: &mut Conn| failures::purge(conn, now.before(MEMORY), PIECE).await)
            .await?;
        db.in_pieces(async move |conn: &mut Conn| networks::purge(conn, now.before(KNOWN_FOR), PIECE).await)
            .await?;
        Ok(())
    }
}

/// Counts a try on a known device. With the last one that it has, it is known no more.
async fn count_device(conn: &mut Conn, device: Device, tries: i64, now: UtcTime) -> Result<Vec<Counted>, Refusal> {
    let key = device.key();
    let delayed = add(conn, key, now).await? >= tries;
    if delayed {
        wait(conn, key, now.after(MEMORY)).await?;
    }
    Ok(vec![Counted { key, delayed }])
}

/// Counts a try of somebody whom the account does not know.
async fn count_stranger(conn: &mut Conn, keys: Keys, tries: i64, now: UtcTime) -> Result<Vec<Counted>, Refusal> {
    let own = count(conn, keys.own, tries, LONGEST_DELAY, now).await?;
    let of_site = add(conn, keys.site, now).await?;
    let site = Counted {
        key: keys.site,
        delayed: false,
    };
    let network = count_network(conn, keys, tries, now).await?;
    let free = tries.saturating_mul(PER_ACCOUNT);
    let account = match count(conn, keys.account, free, LONGEST_SHARED_DELAY, now).await {
        Err(Refusal::Until(_)) if of_site <= FIRST_TRIES => {
            let most = tries.saturating_mul(PER_ACCOUNT_AT_MOST);
            let counted = failures::count_up_to(conn, keys.account, now, most).await;
            match counted.map_err(DbError::from)? {
                Some(_) => Counted {
                    key: keys.account,
                    delayed: false,
                },
                None => return Err(refusal(conn, keys.account, now).await),
            }
        }
        counted => counted?,
    };
    Ok(vec![own, site, network, account])
}

async fn count_network(conn: &mut Conn, keys: Keys, tries: i64, now: UtcTime) -> Result<Counted, Refusal> {
    let free = tries.saturating_mul(PER_NETWORK);
    count(conn, keys.network, free, LONGEST_SHARED_DELAY, now).await
}

/// Counts a try, of which `free` cost nothing, and each further one a longer wait.
async fn count(conn: &mut Conn, key: Digest, free: i64, longest: Duration, now: UtcTime) -> Result<Counted, Refusal> {
    let delay = delay(add(conn, key, now).await?, free, longest);
    let delayed = delay > Duration::ZERO;
    if delayed {
        wait(conn, key, now.after(delay)).await?;
    }
    Ok(Counted { key, delayed })
}

/// Adds one failure, and gives how many there are.
async fn add(conn: &mut Conn, key: Digest, now: UtcTime) -> Result<i64, Refusal> {
    let counted = failures::count(conn, key, now, now.before(MEMORY)).await;
    match counted.map_err(DbError::from)? {
        Some(count) => Ok(count),
        None => Err(refusal(conn, key, now).await),
    }
}

async fn wait(conn: &mut Conn, key: Digest, until: UtcTime) -> Result<(), DbError> {
    Ok(failures::delay(conn, key, until).await?)
}

async fn refusal(conn: &mut Conn, key: Digest, now: UtcTime) -> Refusal {
    match failures::find_retry_at(conn, key).await {
        Ok(until) => Refusal::Until(until.unwrap_or(now)),
        Err(error) => Refusal::Db(error.into()),
    }
}

/// How long there may be no further try after so many failures, `free` of which cost nothing: 1 s, 2 s, 4 s, …
fn delay(count: i64, free: i64, longest: Duration) -> Duration {
    match count.saturating_sub(free) {
        ..=0 => Duration::ZERO,
        over @ 1..=20 => Duration::from_secs(1 << (over - 1)).min(longest),
        _ => longest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delay_grows_from_the_first_failure_that_is_not_free() {
        let seconds = |count| delay(count, 5, LONGEST_DELAY).as_secs();
        assert_eq!(
            [seconds(1), seconds(5), seconds(6), seconds(7), seconds(10)],
            [0, 0, 1, 2, 16]
        );
        assert_eq!([seconds(16), seconds(40), seconds(i64::MAX)], [900, 900, 900]);
    }
}
