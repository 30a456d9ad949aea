//! A server that nobody may ever call.

use std::io::ErrorKind;
use std::net::TcpListener;

/// Listens on this machine. Whoever was tricked into following an address that an attacker wrote connects to it.
pub(crate) struct Trap(TcpListener);

impl Trap {
    pub(crate) fn set() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener
            .set_nonblocking(true)
            .expect("a listener that does not make anybody wait");
        Self(listener)
    }

    /// The address that an attacker would write.
    pub(crate) fn url(&self) -> String {
        let address = self.0.local_addr().expect("an address");
        format!("http://{address}/keys.json")
    }

    #[track_caller]
    pub(crate) fn assert_untouched(&self) {
        match self.0.accept() {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            other => panic!("somebody followed the attacker's address: {other:?}"),
        }
    }
}
