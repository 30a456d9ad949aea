//! A whole installation: clients → haproxy → three nodes → PostgreSQL, one of the nodes through pgbouncer.

use crate::haproxy::HaProxy;
use crate::load::Load;
use crate::pair::{DATABASE, Pair};
use futures_util::future::join_all;
use std::sync::Arc;
use tests::pgbouncer::PgBouncer;
use tests::postgres::free_port;
use tests::site::Site;
use tests::{Binary, Database};
use tokio::task::spawn_blocking;

/// Nodes. The last one reaches PostgreSQL through pgbouncer.
const NODES: usize = 3;

/// Connections of each node to its database at most.
const POOL: usize = 8;

/// More clients than there are connections.
pub(crate) const MORE_THAN_CONNECTIONS: usize = 2 * NODES * POOL;

/// pgbouncer's connections to PostgreSQL: fewer than the node has to pgbouncer.
const POOLED: u16 = 4;

/// Everything that runs.
pub(crate) struct World {
    pub(crate) pair: Pair,
    pub(crate) pooler: PgBouncer,
    pub(crate) proxy: HaProxy,
    nodes: Vec<Node>,
    /// Only for its folder.
    place: Arc<Database>,
    people: usize,
}

struct Node {
    port: u16,
    url: String,
    process: Option<Binary>,
}

impl World {
    /// Starts everything.
    pub(crate) async fn start() -> Self {
        let pair = Pair::start().await;
        let pooler = PgBouncer::start(pair.port(), POOLED).await;
        let node = |index| Node {
            port: free_port(),
            url: if index + 1 < NODES {
                pair.url()
            } else {
                format!("{}?pgbouncer=true", pooler.url(DATABASE))
            },
            process: None,
        };
        let mut world = Self {
            nodes: (0..NODES).map(node).collect(),
            proxy: HaProxy::start(&[]).await,
            pair,
            pooler,
            place: Database::empty(),
            people: 0,
        };
        world.start_nodes().await;
        let ports: Vec<_> = world.nodes.iter().map(|node| node.port).collect();
        world.proxy = HaProxy::start(&ports).await;
        world.proxy.until_all_are_ready().await;
        world
    }

    /// Starts the nodes, all at the same time.
    pub(crate) async fn start_nodes(&mut self) {
        let starting: Vec<_> = self.nodes.iter().map(|node| node.start(&self.place)).collect();
        let started = join_all(starting).await;
        for (node, process) in self.nodes.iter_mut().zip(started) {
            node.process = Some(process);
        }
    }

    /// Starts a node again, and waits until it is in use.
    pub(crate) async fn start_node(&mut self, index: usize) {
        let process = self.nodes[index].start(&self.place).await;
        self.nodes[index].process = Some(process);
        self.proxy.until_all_are_ready().await;
    }

    /// Kills a node (SIGKILL). What it was sent until its end was in flight on it.
    pub(crate) fn kill_node(&mut self, index: usize) {
        // Which waits for its end.
        drop(self.nodes[index].process.take());
    }

    /// Asks a node to stop (SIGTERM), and waits for its end.
    pub(crate) async fn stop_node(&mut self, index: usize) {
        let process = self.nodes[index].process.take().expect("a node that runs");
        process.terminate();
        let finished = spawn_blocking(|| process.finish()).await.expect("its end");
        assert_eq!(finished.status.code(), Some(0), "{finished:?}");
    }

    /// Asks all nodes to stop, and waits for their ends.
    pub(crate) async fn stop_nodes(&mut self) {
        for node in &self.nodes {
            node.process.as_ref().expect("a node that runs").terminate();
        }
        for index in 0..NODES {
            let process = self.nodes[index].process.take().expect("a node that runs");
            spawn_blocking(|| process.finish()).await.expect("its end");
        }
    }

    /// How many nodes there are.
    pub(crate) fn count(&self) -> usize {
        self.nodes.len()
    }

    /// What every node has logged.
    pub(crate) fn logs(&self) -> String {
        let logs = self.nodes.iter().enumerate().map(|(index, node)| {
            let log = node.process.as_ref().map(Binary::output).unwrap_or_default();
            let failures = log.lines().filter(|line| !line.contains("INFO"));
            let last: Vec<_> = failures.rev().take(15).collect();
            format!(
                "node {index}:\n{}\n",
                last.into_iter().rev().collect::<Vec<_>>().join("\n")
            )
        });
        logs.collect()
    }

    /// Sets so many new people to work, and waits until they are served.
    pub(crate) async fn load(&mut self, clients: usize) -> Load {
        let site = Site::new(self.proxy.address());
        let mut people = Vec::new();
        for _ in 0..clients {
            self.people += 1;
            people.push(site.register(&format!("person{}", self.people)).await);
        }
        let load = Load::start(people);
        load.until_steady().await;
        load
    }
}

impl Node {
    fn start(&self, place: &Arc<Database>) -> impl Future<Output = Binary> + use<> {
        let place = Arc::clone(place);
        let (url, port, pool) = (self.url.clone(), self.port.to_string(), POOL.to_string());
        let start = move || {
            let flags = [
                "--database-url",
                &url,
                "--port",
                &port,
                "--database-pool-size",
                &pool,
                "--database-wait",
                "2s",
                "--trusted-proxies",
                "127.0.0.1",
                "--drain-delay",
                "2s",
                "--database-statement-timeout",
                "5s",
            ];
            Binary::start(&place, &flags)
        };
        async { spawn_blocking(start).await.expect("a node that starts") }
    }
}
