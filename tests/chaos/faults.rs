//! What is done to the installation, and what that may cost.

use crate::figures::Figures;
use crate::load::Load;
use crate::world::{MORE_THAN_CONNECTIONS, World};
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    NodeKilled,
    NodeStopped,
    DatabasePaused,
    PoolFilled,
    ConnectionsCut,
    PoolerKilled,
    PrimaryKilled,
    PrimaryFrozen,
    EverythingRestarted,
}

impl Fault {
    /// All of them, in the order in which they are tried.
    pub(crate) const ALL: [Self; 9] = [
        Self::NodeKilled,
        Self::NodeStopped,
        Self::ConnectionsCut,
        Self::PoolerKilled,
        Self::PoolFilled,
        Self::DatabasePaused,
        Self::PrimaryKilled,
        Self::PrimaryFrozen,
        Self::EverythingRestarted,
    ];

    /// As a test is named.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NodeKilled => "a_killed_node_costs_only_what_was_in_flight_on_it",
            Self::NodeStopped => "a_node_that_is_told_to_stop_costs_nothing",
            Self::DatabasePaused => "a_paused_database_delays_and_breaks_nothing",
            Self::PoolFilled => "a_full_pool_is_a_clear_503_or_a_wait",
            Self::ConnectionsCut => "cut_connections_are_replaced_at_once",
            Self::PoolerKilled => "a_killed_pgbouncer_costs_nothing_for_long",
            Self::PrimaryKilled => "a_promoted_standby_takes_over_without_a_restart_of_any_node",
            Self::PrimaryFrozen => "a_primary_that_hangs_is_left_for_the_promoted_standby",
            Self::EverythingRestarted => "everything_restarted_is_as_before",
        }
    }

    /// For people.
    pub(crate) fn title(self, pause: Duration) -> String {
        match self {
            Self::NodeKilled => "a node is killed (SIGKILL), and started again".to_owned(),
            Self::NodeStopped => "a node is stopped (SIGTERM), and started again".to_owned(),
            Self::DatabasePaused => format!("the primary stands still for {} s", pause.as_secs()),
            Self::PoolFilled => format!("a lock that all writes wait for is held for {} s", pause.as_secs()),
            Self::ConnectionsCut => "all connections to the database are cut, five times".to_owned(),
            Self::PoolerKilled => "pgbouncer is killed, and started again".to_owned(),
            Self::PrimaryKilled => "the primary is killed, the standby promoted".to_owned(),
            Self::PrimaryFrozen => "the primary hangs, the standby is promoted".to_owned(),
            Self::EverythingRestarted => "everything is stopped and started".to_owned(),
        }
    }

    /// Clients at the same time.
    pub(crate) fn clients(self) -> usize {
        match self {
            Self::PoolFilled => MORE_THAN_CONNECTIONS,
            _ => 8,
        }
    }

    /// Does it, and sees to it that everything is there again. `pause` is how long what lasts does last. Gives the moment
    /// from which on whatever was killed was gone for good.
    pub(crate) async fn inject(self, world: &mut World, load: &Load, pause: Duration) -> Instant {
        let mut gone = Instant::now();
        match self {
            Self::NodeKilled => {
                // The last one is behind pgbouncer: the first is like all others.
                world.kill_node(0);
                gone = Instant::now();
                load.until_steady().await;
                world.start_node(0).await;
            }
            Self::NodeStopped => {
                for node in 0..world.count() {
                    world.stop_node(node).await;
                    world.start_node(node).await;
                }
            }
            Self::DatabasePaused => {
                world.pair.freeze();
                sleep(pause).await;
                world.pair.thaw();
            }
            Self::PoolFilled => {
                let client = world.pair.client(crate::pair::DATABASE).await;
                // Whoever writes waits for it.
                let lock = "BEGIN; LOCK TABLE tasks IN SHARE MODE";
                client.batch_execute(lock).await.expect("the lock");
                sleep(pause).await;
                client.batch_execute("COMMIT").await.expect("the lock's end");
            }
            Self::ConnectionsCut => {
                for _ in 0..5 {
                    let cut = world.pair.cut().await;
                    assert!(cut > 0, "there were connections");
                    load.until_steady().await;
                }
            }
            Self::PoolerKilled => {
                world.pooler.kill();
                load.until_steady().await;
                world.pooler.run().await;
            }
            Self::PrimaryKilled => {
                world.pair.kill();
                world.pair.promote().await;
                world.pooler.turn_to(world.pair.port());
            }
            Self::PrimaryFrozen => {
                world.pair.freeze();
                world.pair.promote().await;
                world.pooler.turn_to(world.pair.port());
            }
            Self::EverythingRestarted => {
                world.proxy.stop().await;
                world.stop_nodes().await;
                world.pooler.kill();
                world.pair.stop().await;
                world.pair.restart().await;
                world.pooler.run().await;
                world.start_nodes().await;
                world.proxy.run().await;
            }
        }
        gone
    }

    /// Puts back what the next fault needs, once the service has recovered.
    pub(crate) async fn repair(self, world: &mut World) {
        match self {
            Self::PrimaryKilled | Self::PrimaryFrozen => world.pair.add_standby().await,
            _ => {}
        }
        world.proxy.until_all_are_ready().await;
    }

    /// What it cost more than it may. That nothing is lost, and nothing hangs, holds for all of them.
    pub(crate) fn excess(self, figures: &Figures, pause: Duration, gone: Instant) -> Vec<String> {
        let mut excess = Vec::new();
        let mut at_most = |what: &str, is: Duration, limit: Duration| {
            if is > limit {
                excess.push(format!("{what}: {is:.1?}, and {limit:.1?} at most"));
            }
        };
        let seconds = Duration::from_secs;
        let limit = match self {
            Self::NodeKilled | Self::NodeStopped | Self::ConnectionsCut | Self::PoolerKilled => seconds(3),
            Self::DatabasePaused | Self::PoolFilled => pause + seconds(5),
            Self::PrimaryKilled => seconds(10),
            Self::PrimaryFrozen => seconds(25),
            Self::EverythingRestarted => seconds(30),
        };
        at_most("without service", figures.gap, limit);
        at_most("the slowest request", figures.slowest, seconds(30));
        match self {
            Self::NodeStopped if figures.failures() > 0 => {
                excess.push(format!("{} failed requests", figures.failures()));
            }
            Self::PoolFilled if figures.failures() == 0 => {
                excess.push("nobody was told to come back: the pools were not full".to_owned());
            }
            Self::NodeKilled => {
                let later = figures.failed.iter().filter(|event| event.started > gone);
                excess.extend(later.map(|event| format!("failed, and was not in flight: {event:?}")));
            }
            _ => {}
        }
        excess
    }
}
