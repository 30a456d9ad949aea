//! TLS to PostgreSQL is verified wherever it is asked for.

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use std::path::PathBuf;
use std::sync::Arc;
use tests::binary::Finished;
use tests::postgres::Cluster;
use tests::{Ask, Binary, Database};

/// A cluster with a certificate for `localhost`, and the authority that vouches for it.
struct Secured {
    cluster: Cluster,
    authority: PathBuf,
    stranger: PathBuf,
    /// A folder for the server; its database is not used.
    own: Arc<Database>,
}

fn authority() -> (Issuer<'static, KeyPair>, String) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = params.self_signed(&key).unwrap().pem();
    (Issuer::new(params, key), certificate)
}

fn secured() -> Secured {
    let (issuer, certificate) = authority();
    let key = KeyPair::generate().unwrap();
    let server = CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    let cluster = Cluster::start(
        &[
            ("ssl", "on"),
            ("ssl_cert_file", "../server.crt"),
            ("ssl_key_file", "../server.key"),
        ],
        &[("server.crt", &server.pem()), ("server.key", &key.serialize_pem())],
    );
    let own = Database::empty();
    let write = |name: &str, text: &str| {
        let path = own.dir().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let (authority, stranger) = (
        write("authority.pem", &certificate),
        write("stranger.pem", &authority().1),
    );
    Secured {
        cluster,
        authority,
        stranger,
        own,
    }
}

impl Secured {
    fn start(&self, host: &str, query: &str) -> Result<Binary, Finished> {
        let url = format!("{}?{query}", self.cluster.url("postgres")).replace("127.0.0.1", host);
        Binary::run(&mut Binary::command(&self.own, &["--database-url", &url]))
    }

    #[track_caller]
    fn refuses(&self, host: &str, query: &str, reason: &str) {
        let finished = self.start(host, query).expect_err("it must not connect");
        assert!(finished.status.code().is_some_and(|code| code != 0), "{finished:?}");
        assert!(finished.output.contains(reason), "{query}: {finished:?}");
        assert!(!finished.output.contains("panicked"), "{finished:?}");
    }
}

mod postgres_only {
    use super::*;

    #[tokio::test]
    #[ignore = "only on PostgreSQL"]
    async fn tls_works_with_the_right_authority_and_is_refused_otherwise() {
        let secured = secured();
        let right = format!("sslrootcert={}", secured.authority.display());
        let wrong = format!("sslrootcert={}", secured.stranger.display());

        for mode in ["verify-full", "require"] {
            let server = secured
                .start("localhost", &format!("sslmode={mode}&{right}"))
                .expect("it starts");
            server.get(shared::paths::READY).ask().await.expect(200);
            let encrypted = secured.cluster.value::<i64>(
            "postgres",
            "SELECT COUNT(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl AND application_name = 'taskward'",
        );
            let plain = secured.cluster.value::<i64>(
            "postgres",
            "SELECT COUNT(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE NOT ssl AND application_name = 'taskward'",
        );
            assert!(encrypted > 0 && plain == 0, "{encrypted} with TLS, {plain} without");
            server.kill();
        }

        for mode in ["verify-full", "verify-ca", "require"] {
            // Nobody vouches for it: neither the system's authorities nor a strange one.
            secured.refuses("localhost", &format!("sslmode={mode}"), "certificate");
            secured.refuses("localhost", &format!("sslmode={mode}&{wrong}"), "certificate");
        }
        // The right authority vouches for another name.
        secured.refuses("127.0.0.1", &format!("sslmode=verify-full&{right}"), "certificate");
        // TLS that is only attempted protects nothing, and a typo is no TLS at all.
        for mode in ["prefer", "allow", "verify_full", ""] {
            secured.refuses("localhost", &format!("sslmode={mode}&{right}"), "sslmode");
        }
        secured.refuses("localhost", "sslmode=verify-full&sslrootcert=/nowhere.pem", "TLS");
        let _still_there = secured.start("localhost", "sslmode=disable").expect("it starts");
    }

    #[test]
    #[ignore = "only on PostgreSQL"]
    fn a_server_without_tls_is_refused_when_tls_is_asked_for() {
        let database = Database::empty();
        for mode in ["require", "verify-ca", "verify-full"] {
            let url = format!("{}?sslmode={mode}", database.direct_url());
            let finished = Binary::run(&mut Binary::command(&database, &["--database-url", &url]))
                .expect_err("it must not connect");
            assert!(finished.status.code().is_some_and(|code| code != 0), "{finished:?}");
            assert!(finished.output.contains("TLS"), "{finished:?}");
        }
    }
}
