//! haproxy in front of the nodes, configured as `docs/scaling.md` says.

use nix::sys::signal::Signal;
use std::net::SocketAddr;
use std::process::Command;
use tests::postgres::free_port;
use tests::service::{Folder, Service, until};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

/// The folder's file with the configuration.
const CONFIG: &str = "haproxy.cfg";

/// A running haproxy.
pub(crate) struct HaProxy {
    service: Option<Service>,
    folder: Folder,
    port: u16,
    nodes: Vec<u16>,
}

impl HaProxy {
    /// Starts it in front of the nodes on these ports of 127.0.0.1.
    pub(crate) async fn start(nodes: &[u16]) -> Self {
        let mut proxy = Self {
            service: None,
            folder: Folder::new(),
            port: free_port(),
            nodes: nodes.to_vec(),
        };
        let text = proxy.configuration();
        proxy.folder.write(CONFIG, &text);
        proxy.run().await;
        proxy
    }

    /// The address that clients use.
    pub(crate) fn address(&self) -> SocketAddr {
        ([127, 0, 0, 1], self.port).into()
    }

    /// Starts it, on the same port as before.
    pub(crate) async fn run(&mut self) {
        let mut command = Command::new("haproxy");
        command.arg("-db").arg("-f").arg(self.folder.path().join(CONFIG));
        let mut service = Service::start("haproxy", &mut command);
        service.until_it_listens(self.port).await;
        self.service = Some(service);
    }

    /// Stops it.
    pub(crate) async fn stop(&mut self) {
        if let Some(service) = self.service.take() {
            service.stop(Signal::SIGTERM).await;
        }
    }

    /// Waits until it holds every node for ready.
    pub(crate) async fn until_all_are_ready(&self) {
        until("haproxy finds every node ready", async || {
            let states = self.states().await;
            states.len() == self.nodes.len() && states.iter().all(|state| state == "UP")
        })
        .await;
    }

    /// What it holds each node for: `UP`, `DOWN`, or on the way from one to the other.
    async fn states(&self) -> Vec<String> {
        let Ok(mut socket) = UnixStream::connect(self.folder.path().join("stats")).await else {
            return Vec::new();
        };
        let mut answer = String::new();
        socket.write_all(b"show stat\n").await.expect("an order");
        socket.read_to_string(&mut answer).await.expect("an answer");
        let rows = answer.lines().map(|line| line.split(',').collect::<Vec<_>>());
        // pxname, svname, …, and in the 18th column the status.
        rows.filter(|row| row.first() == Some(&"ready") && row.get(1).is_some_and(|name| name.starts_with("node")))
            .filter_map(|row| row.get(17).map(|&status| status.to_owned()))
            .collect()
    }

    fn configuration(&self) -> String {
        let nodes = self.nodes.iter().enumerate();
        let servers: Vec<_> = nodes
            .map(|(index, port)| format!("    server node{index} 127.0.0.1:{port} check inter 500ms fall 2 rise 1"))
            .collect();
        format!(
            "\
global
    stats socket {stats} mode 600 level admin
defaults
    mode http
    timeout connect 1s
    timeout client 60s
    timeout server 40s
    timeout check 2s
    option forwardfor
    # A request goes to another node if this one cannot be reached, never once it has been sent.
    retries 3
    option redispatch 1
    retry-on conn-failure
    # Nor is it sent on a connection that the node may just be closing.
    option http-server-close
frontend site
    bind 127.0.0.1:{port}
    # While the database is away no node is ready; those that run say so in the API's own form, and serve the app.
    use_backend ready if {{ nbsrv(ready) gt 0 }}
    default_backend alive
backend ready
    balance roundrobin
    option httpchk GET /ready
{servers}
backend alive
    balance roundrobin
    option httpchk GET /health
{servers}
",
            stats = self.folder.join("stats"),
            port = self.port,
            servers = servers.join("\n"),
        )
    }
}
