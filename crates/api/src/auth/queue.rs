//! The queue of those whose password is to be hashed: few are at a time, and nobody's crowd keeps the others out.
//!
//! Known devices come first, then accounts at networks where they are known, then everybody else; in each class a site that has had
//! fewer turns of late comes before one that has had more. A full queue makes room for who comes before its last one.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// For so long the turns of a site count.
const WINDOW: Duration = Duration::from_mins(1);

/// Sites whose turns are counted at most; with more of them the counting starts afresh.
const SITES: usize = 4096;

/// How well who sends a password is known to its account; the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// By a device cookie.
    Device,
    /// By a network from which the account has been signed in to.
    Network,
    /// Not at all.
    Stranger,
}

/// There is no place for this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the password queue is full")]
pub struct Full;

/// A bounded queue, in front of few places to run in.
pub struct Queue {
    limit: usize,
    state: Mutex<State>,
}

/// A place in the queue, until it is dropped or somebody who comes first takes it.
pub struct Place {
    queue: Arc<Queue>,
    rank: Rank,
}

/// The order of service.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    standing: Standing,
    /// Of the same site before this one.
    turns: u32,
    arrival: u64,
}

struct State {
    /// How many more may run.
    free: usize,
    arrivals: u64,
    places: BTreeMap<Rank, Stage>,
    turns: HashMap<IpAddr, u32>,
    since: Instant,
}

/// How far somebody with a place has come.
enum Stage {
    Reserved,
    Waiting(oneshot::Sender<()>),
    Running,
    Ran,
}

impl Queue {
    /// `limit` may run or wait at a time, `running` of them run.
    #[must_use]
    pub fn new(limit: usize, running: usize) -> Arc<Self> {
        Arc::new(Self {
            limit,
            state: Mutex::new(State {
                free: running,
                arrivals: 0,
                places: BTreeMap::new(),
                turns: HashMap::new(),
                since: Instant::now(),
            }),
        })
    }

    /// How many run or wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.state().places.len()
    }

    /// How many may run or wait.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.limit
    }

    /// A place for somebody from `site`.
    ///
    /// # Errors
    /// If there is none.
    pub fn enter(self: &Arc<Self>, standing: Standing, site: IpAddr) -> Result<Place, Full> {
        let mut state = self.state();
        let turns = state.turns_of(site);
        let rank = Rank {
            standing,
            turns,
            arrival: state.arrivals,
        };
        let no_better = state.places.keys().filter(|other| other.standing >= standing).count();
        if no_better >= self.share(standing) || state.places.len() >= self.limit {
            state.make_room(rank)?;
        }
        state.arrivals += 1;
        state.turns.insert(site, turns.saturating_add(1));
        state.places.insert(rank, Stage::Reserved);
        Ok(Place {
            queue: Arc::clone(self),
            rank,
        })
    }

    /// How many places this standing and the lower ones have together: a quarter is kept for known networks and devices, and
    /// another one for devices.
    fn share(&self, standing: Standing) -> usize {
        match standing {
            Standing::Device => self.limit,
            Standing::Network => self.limit.saturating_mul(3).div_ceil(4),
            Standing::Stranger => self.limit.div_ceil(2),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn turns_of(&mut self, site: IpAddr) -> u32 {
        if self.since.elapsed() > WINDOW || self.turns.len() >= SITES {
            self.turns.clear();
            self.since = Instant::now();
        }
        self.turns.get(&site).copied().unwrap_or_default()
    }

    /// Takes the place of the last one, if `rank` comes before it for another reason than its arrival.
    fn make_room(&mut self, rank: Rank) -> Result<(), Full> {
        let mut waiting = self.places.iter().rev();
        let last = waiting.find(|(_, stage)| matches!(stage, Stage::Reserved | Stage::Waiting(_)));
        match last.map(|(last, _)| *last) {
            Some(last) if (last.standing, last.turns) > (rank.standing, rank.turns) => {
                // With its stage goes the sender: who waits for it learns that nothing will come.
                self.places.remove(&last);
                Ok(())
            }
            _ => Err(Full),
        }
    }

    /// Lets those run for whom there is room.
    fn dispatch(&mut self) {
        while self.free > 0 {
            let next = self
                .places
                .values_mut()
                .find(|stage| matches!(stage, Stage::Waiting(_)));
            let Some(stage) = next else { return };
            let Stage::Waiting(next) = std::mem::replace(stage, Stage::Running) else {
                return;
            };
            self.free -= 1;
            // Who has gone meanwhile gives the room back when its place is dropped.
            let _ = next.send(());
        }
    }
}

impl Place {
    /// Runs `work` when it is this one's turn.
    ///
    /// # Errors
    /// If somebody who comes first has taken the place.
    pub async fn run<T>(&self, work: impl Future<Output = T>) -> Result<T, Full> {
        self.wait().await?;
        let done = work.await;
        let mut state = self.queue.state();
        if let Some(stage) = state.places.get_mut(&self.rank) {
            *stage = Stage::Ran;
            state.free += 1;
            state.dispatch();
        }
        Ok(done)
    }

    async fn wait(&self) -> Result<(), Full> {
        let turn = {
            let mut state = self.queue.state();
            let (turn, waiting) = oneshot::channel();
            *state.places.get_mut(&self.rank).ok_or(Full)? = Stage::Waiting(turn);
            state.dispatch();
            waiting
        };
        turn.await.map_err(|_| Full)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.queue.state();
        if let Some(Stage::Running) = state.places.remove(&self.rank) {
            state.free += 1;
            state.dispatch();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::future::ready;
    use tokio::join;
    use tokio::task::yield_now;

    fn site(n: u8) -> IpAddr {
        [198, 51, n, 0].into()
    }

    #[test]
    fn a_full_queue_refuses_until_somebody_leaves_it() {
        let queue = Queue::new(1, 1);
        let first = queue.enter(Standing::Stranger, site(1)).unwrap();
        assert!(queue.enter(Standing::Stranger, site(1)).is_err());
        drop(first);
        assert!(queue.enter(Standing::Stranger, site(1)).is_ok());
        assert_eq!(queue.len(), 0);
    }

    #[test]
    fn places_are_kept_for_who_is_known() {
        let queue = Queue::new(8, 1);
        let enter = |standing, sites: std::ops::Range<u8>| {
            let places = sites.filter_map(|n| queue.enter(standing, site(n)).ok());
            places.collect::<Vec<_>>()
        };
        let strangers = enter(Standing::Stranger, 0..20);
        let networks = enter(Standing::Network, 20..40);
        let devices = enter(Standing::Device, 40..60);
        assert_eq!([strangers.len(), networks.len(), devices.len()], [4, 6, 8]);
        assert_eq!(queue.len(), 8, "the better ones took places of the others");
    }

    #[tokio::test]
    async fn a_site_with_fewer_turns_takes_the_place_of_one_with_more() {
        let queue = Queue::new(8, 1);
        let crowd: Vec<_> = (0..4)
            .map(|_| queue.enter(Standing::Stranger, site(1)).unwrap())
            .collect();
        assert!(queue.enter(Standing::Stranger, site(1)).is_err());
        let newcomer = queue.enter(Standing::Stranger, site(2)).unwrap();
        let served = [&crowd[0], &crowd[3], &newcomer].map(|place| place.run(ready(())));
        let [first, last, newcomer] = served;
        assert_eq!(join!(first, last, newcomer), (Ok(()), Err(Full), Ok(())));
    }

    #[tokio::test]
    async fn known_devices_are_served_first_and_known_networks_next() {
        let queue = Queue::new(8, 1);
        let enter = |standing, from| queue.enter(standing, site(from)).unwrap();
        let busy = enter(Standing::Stranger, 1);
        let stranger = enter(Standing::Stranger, 2);
        let (network, device) = (enter(Standing::Network, 3), enter(Standing::Device, 4));
        let order = RefCell::new(Vec::new());
        let serve = async |place: &Place, name| place.run(async { order.borrow_mut().push(name) }).await.unwrap();
        join!(
            busy.run(yield_now()),
            serve(&stranger, "stranger"),
            serve(&network, "network"),
            serve(&device, "device"),
        )
        .0
        .unwrap();
        assert_eq!(order.into_inner(), ["device", "network", "stranger"]);
    }

    #[tokio::test]
    async fn who_leaves_while_running_makes_room() {
        let queue = Queue::new(8, 1);
        let gone = queue.enter(Standing::Stranger, site(1)).unwrap();
        let next = queue.enter(Standing::Stranger, site(2)).unwrap();
        tokio::select! {
            biased;
            _ = gone.run(std::future::pending::<()>()) => unreachable!("it never ends"),
            () = yield_now() => {}
        }
        drop(gone);
        assert_eq!(next.run(ready(1)).await, Ok(1));
    }
}
