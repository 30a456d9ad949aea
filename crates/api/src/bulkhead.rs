//! The bulkhead around what takes long: how much of it is done at a time, and whose turn it is (fair queueing).
//!
//! A search through a hundred thousand tasks, or the reading of a file of megabytes, takes a core for a while. On a worker it would hold
//! up whoever else is served there, and a hundred of them at once would hold up everybody. So there are a few places for such work,
//! and one account has one of them at most: whoever asks for many things at once waits behind themselves.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinError, spawn_blocking};
use tokio::time::timeout;
use uuid::Uuid;

/// Requests of one account that are being worked on or wait, at most: an app that asks for all of its pages at once has fewer.
const REQUESTS: usize = 16;

/// Admits what takes long. Cloning it is cheap, and the clones share everything.
#[derive(Clone)]
pub struct Bulkhead {
    places: Arc<Semaphore>,
    /// Those that have requests here.
    accounts: Arc<Mutex<HashMap<Uuid, Account>>>,
    wait: Duration,
}

struct Account {
    turn: Arc<Semaphore>,
    requests: usize,
}

/// Why somebody is not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The account has too many requests here.
    #[error("too many long requests of one account")]
    TooMany,
    /// No place was free in time.
    #[error("no place for a long request was free in time")]
    Busy,
}

/// A place, until it is dropped. It belongs to whoever does the work, not to whoever waits for it: a client that hangs up must not
/// get another place while its work goes on.
pub struct Admission {
    _place: OwnedSemaphorePermit,
    _turn: OwnedSemaphorePermit,
    _counted: Counted,
}

impl Admission {
    /// Does this on a thread where it may block. The place is free again when it is done.
    ///
    /// # Errors
    /// If it panics.
    pub async fn run<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, JoinError> {
        let work = move || {
            let _admission = self;
            work()
        };
        spawn_blocking(work).await
    }
}

/// Counts a request among those of its account.
struct Counted {
    accounts: Arc<Mutex<HashMap<Uuid, Account>>>,
    account: Uuid,
}

impl Bulkhead {
    /// So many places. `wait` is how long somebody waits for one.
    #[must_use]
    pub fn new(places: NonZeroUsize, wait: Duration) -> Self {
        Self {
            places: Arc::new(Semaphore::new(places.get())),
            accounts: Arc::default(),
            wait,
        }
    }

    /// A place for something of this account's, in the order in which accounts have asked.
    ///
    /// # Errors
    /// If the account has too many requests here, or no place is free in time.
    pub async fn enter(&self, account: Uuid) -> Result<Admission, Refused> {
        let (turn, counted) = self.count(account)?;
        let admitted = async {
            // Neither semaphore is ever closed.
            let turn = turn.acquire_owned().await.ok()?;
            let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
            Some(Admission {
                _place: place,
                _turn: turn,
                _counted: counted,
            })
        };
        timeout(self.wait, admitted).await.ok().flatten().ok_or(Refused::Busy)
    }

    fn count(&self, account: Uuid) -> Result<(Arc<Semaphore>, Counted), Refused> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = accounts.entry(account).or_insert_with(|| Account {
            turn: Arc::new(Semaphore::new(1)),
            requests: 0,
        });
        if entry.requests == REQUESTS {
            return Err(Refused::TooMany);
        }
        entry.requests += 1;
        let counted = Counted {
            accounts: Arc::clone(&self.accounts),
            account,
        };
        Ok((Arc::clone(&entry.turn), counted))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = accounts.get_mut(&self.account) {
            entry.requests -= 1;
            if entry.requests == 0 {
                accounts.remove(&self.account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;
    use std::pin::pin;

    const ONE: NonZeroUsize = NonZeroUsize::MIN;
    const ADA: Uuid = Uuid::from_u128(1);
    const BOB: Uuid = Uuid::from_u128(2);

    #[tokio::test]
    async fn one_account_waits_behind_itself_and_not_in_front_of_others() {
        let bulkhead = Bulkhead::new(ONE, Duration::MAX);
        let first = bulkhead.enter(ADA).await.unwrap();
        let mut second = pin!(bulkhead.enter(ADA));
        let mut others = pin!(bulkhead.enter(BOB));
        assert!(second.as_mut().now_or_never().is_none());
        assert!(others.as_mut().now_or_never().is_none());
        drop(first);
        // Both have been woken, and the other account's has waited for the place for longer.
        let bobs = others.await.unwrap();
        assert!(second.as_mut().now_or_never().is_none());
        drop(bobs);
        second.await.unwrap();
    }

    #[tokio::test]
    async fn an_account_has_so_many_requests_and_others_have_theirs() {
        let bulkhead = Bulkhead::new(ONE, Duration::MAX);
        let mut waiting: Vec<_> = (0..REQUESTS).map(|_| Box::pin(bulkhead.enter(ADA))).collect();
        let mut admitted: Vec<_> = waiting
            .iter_mut()
            .filter_map(|request| request.as_mut().now_or_never())
            .collect();
        assert_eq!(admitted.len(), 1);
        assert_eq!(bulkhead.enter(ADA).await.err(), Some(Refused::TooMany));
        assert!(bulkhead.enter(BOB).now_or_never().is_none(), "waits");
        // Whoever gives up, or is done, makes room.
        waiting.clear();
        admitted.clear();
        drop(bulkhead.enter(ADA).await.unwrap());
        assert!(bulkhead.accounts.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let bulkhead = Bulkhead::new(ONE, Duration::ZERO);
        let _first = bulkhead.enter(ADA).await.unwrap();
        assert_eq!(bulkhead.enter(BOB).await.err(), Some(Refused::Busy));
    }
}
