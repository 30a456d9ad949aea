//! Slowing down whoever guesses passwords, without locking out whom they guess at.
//!
//! Floods are held off in memory, per network. Wrong passwords are counted in the database, so that neither a restart
//! nor a second node gives anybody more tries: per account and network, per network, and per account. The last of these
//! does not count for networks from which the account has been signed in to before: an attacker elsewhere can make an
//! account slow for strangers, but not for its owner.

use crate::config::Config;
use crate::db::types::{Digest, UserId, UtcTime};
use crate::db::users::User;
use crate::db::{Conn, Db, DbError, failures, networks};
use crate::http::client::Client;
use crate::http::error::ApiError;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;
use uuid::Uuid;

/// The longest that anybody has to wait after a wrong password.
const LONGEST_DELAY: Duration = Duration::from_mins(15);

/// After so long without a further one, failures are forgotten.
const MEMORY: Duration = Duration::from_hours(24);

/// A network is known for so long after a sign-in from there.
const KNOWN_FOR: Duration = Duration::from_hours(24 * 90);

/// How many times the tries of one person a whole network has: many people may share one address.
const PER_NETWORK: i64 = 20;

/// How many times the tries of one person all strangers together have at an account.
const PER_ACCOUNT: i64 = 10;

/// Rows that are forgotten in one go: others can write in between.
const PIECE: i64 = 1000;

/// What is limited on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flood {
    /// Requests that carry a password.
    Credentials,
    /// Renewals of a session.
    Renewals,
}

/// Limits tries.
pub struct Throttle {
    tries: i64,
    credentials: DefaultKeyedRateLimiter<IpAddr>,
    renewals: DefaultKeyedRateLimiter<IpAddr>,
}

/// A try that has been let through, and counts as a failure until it is said to be none.
#[must_use]
pub struct Try {
    /// In the order in which everybody counts, so that concurrent tries never wait for each other in a circle.
    counted: Vec<Counted>,
    network: Digest,
}

/// One failure that was counted ahead.
struct Counted {
    key: Digest,
    /// Of this account and network; other keys are shared with other people.
    own: bool,
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

impl Throttle {
    /// With the limits of the configuration.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let limiter = |per_minute: NonZeroU32| RateLimiter::keyed(Quota::per_minute(per_minute));
        Self {
            tries: config.sign_in_tries.into(),
            credentials: limiter(config.sign_in_rate),
            renewals: limiter(config.refresh_rate),
        }
    }

    /// Lets the request through, unless its network sends too many of them.
    ///
    /// # Errors
    /// 429 if it does.
    pub fn admit(&self, flood: Flood, client: Client) -> Result<(), ApiError> {
        let limiter = match flood {
            Flood::Credentials => &self.credentials,
            Flood::Renewals => &self.renewals,
        };
        limiter
            .check_key(&client.network())
            .map_err(|refusal| ApiError::RateLimited(refusal.wait_time_from(DefaultClock::default().now())))
    }

    /// Lets a try at the account of `email` through, and counts it as failed until it is said not to be.
    ///
    /// # Errors
    /// 429 if there have been too many failures; 503 if the database cannot say.
    pub async fn begin(&self, db: &Db, email: &str, user: Option<&User>, client: Client) -> Result<Try, ApiError> {
        let (now, network) = (UtcTime::now(), client.digest());
        // Asked for an unknown email as well: it must take as long.
        let user_id = user.map_or_else(|| UserId::from(Uuid::nil()), |user| user.id);
        let since = now.before(KNOWN_FOR);
        let known = db
            .read(async |conn| networks::is_known(conn, user_id, network, since).await)
            .await?;

        let own = Digest::of(&["own", email, &client.network().to_string()]);
        let mut limits = vec![(own, self.tries), (network, self.tries.saturating_mul(PER_NETWORK))];
        if !known {
            limits.push((Digest::of(&["account", email]), self.tries.saturating_mul(PER_ACCOUNT)));
        }
        limits.sort_unstable_by_key(|(key, _)| Uuid::from(*key));
        let counted = db
            .transaction(async move |conn: &mut Conn| {
                let mut counted = Vec::new();
                for &(key, tries) in &limits {
                    let counted_now = failures::count(conn, key, now, now.before(MEMORY))
                        .await
                        .map_err(DbError::from)?;
                    let Some(count) = counted_now else {
                        let until = failures::find_retry_at(conn, key).await.map_err(DbError::from)?;
                        return Err(Refusal::Until(until.unwrap_or(now)));
                    };
                    let delay = delay(count, tries);
                    if delay > Duration::ZERO {
                        failures::delay(conn, key, now.after(delay))
                            .await
                            .map_err(DbError::from)?;
                    }
                    counted.push(Counted {
                        key,
                        own: key == own,
                        delayed: delay > Duration::ZERO,
                    });
                }
                Ok(counted)
            })
            .await;
        match counted {
            Ok(counted) => Ok(Try { counted, network }),
            Err(Refusal::Until(until)) => Err(ApiError::RateLimited(until.since(now))),
            Err(Refusal::Db(error)) => Err(error.into()),
        }
    }

    /// The password was right: the failures before it are forgotten, and the network is known from now on.
    ///
    /// # Errors
    /// If the database cannot take it.
    pub async fn succeed(&self, db: &Db, attempt: Try, user: UserId) -> Result<(), DbError> {
        db.transaction(async move |conn: &mut Conn| {
            for counted in attempt.counted {
                if counted.own {
                    failures::clear(conn, counted.key).await?;
                } else {
                    failures::take_back(conn, counted.key, counted.delayed).await?;
                }
            }
            networks::remember(conn, user, attempt.network, UtcTime::now())
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
        self.credentials.retain_recent();
        self.renewals.retain_recent();
        let now = UtcTime::now();
        db.in_pieces(async move |conn: &mut Conn| failures::purge(conn, now.before(MEMORY), PIECE).await)
            .await?;
        db.in_pieces(async move |conn: &mut Conn| networks::purge(conn, now.before(KNOWN_FOR), PIECE).await)
            .await?;
        Ok(())
    }
}

/// How long there may be no further try after so many failures, `free` of which cost nothing: 1 s, 2 s, 4 s, …
fn delay(count: i64, free: i64) -> Duration {
    match count.saturating_sub(free) {
        ..=0 => Duration::ZERO,
        over @ 1..=20 => Duration::from_secs(1 << (over - 1)).min(LONGEST_DELAY),
        _ => LONGEST_DELAY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delay_grows_from_the_first_failure_that_is_not_free() {
        let seconds = |count| delay(count, 5).as_secs();
        assert_eq!(
            [seconds(1), seconds(5), seconds(6), seconds(7), seconds(10)],
            [0, 0, 1, 2, 16]
        );
        assert_eq!([seconds(16), seconds(40), seconds(i64::MAX)], [900, 900, 900]);
    }
}
