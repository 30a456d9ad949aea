//! The Better Auth server of `tests/better-auth`, as a process, and people who have accounts there.

use super::common::SECRET;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use tests::token::Token;
use tests::{PATIENCE, SetCookie};
use tokio::sync::Mutex;
use uuid::Uuid;

const MISSING: &str = "the real Better Auth server needs node 20 and npm: install them (`cargo xtask test` does so on \
    Debian and Ubuntu), or see tests/better-auth/README.md";

/// One process for all cases: each has its own people there.
static ISSUER: Mutex<Option<Arc<Issuer>>> = Mutex::const_new(None);

/// A running Better Auth server.
pub(super) struct Issuer {
    pub(super) url: String,
    process: std::sync::Mutex<Child>,
}

/// Somebody with an account and a session there.
pub(super) struct Member {
    issuer: Arc<Issuer>,
    client: Client,
    pub(super) id: String,
    pub(super) email: String,
    /// The cookie that caches the session, whole, whatever its name and number of parts.
    pub(super) cookies: Vec<SetCookie>,
    /// All cookies, as the member's browser sends them back.
    header: String,
}

/// The server, started for the first case that asks.
pub(super) async fn find() -> Arc<Issuer> {
    let mut issuer = ISSUER.lock().await;
    if let Some(issuer) = &*issuer {
        return Arc::clone(issuer);
    }
    let new = Arc::new(Issuer::start());
    *issuer = Some(Arc::clone(&new));
    new
}

/// Stops the server, after the last case.
pub(crate) fn leave() {
    drop(ISSUER.blocking_lock().take());
}

impl Issuer {
    fn start() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("better-auth");
        install(&folder);
        let mut child = Command::new("node")
            .arg("server.mjs")
            .current_dir(&folder)
            .env("BETTER_AUTH_SECRET", SECRET)
            .env_remove("BETTER_AUTH_SECRETS")
            // It ends when this closes, however the test process ends.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{MISSING} ({error})"));
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a line");
        // What it logs later must find a reader, or it dies of a broken pipe.
        thread::spawn(move || io::copy(&mut stdout, &mut io::stderr()));
        let ready: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{MISSING} ({line:?}: {error})"));
        Self {
            url: ready["url"].as_str().expect("its address").to_owned(),
            process: child.into(),
        }
    }

    /// Signs somebody up at the instance under this path.
    pub(super) async fn sign_up_at(self: &Arc<Self>, base: &str) -> Member {
        let email = format!("{}@example.test", Uuid::new_v4().simple());
        self.sign_up_as(base, &email, "Ada Example").await
    }

    /// Signs somebody up at the instance as it comes.
    pub(super) async fn sign_up(self: &Arc<Self>) -> Member {
        self.sign_up_at("/api/auth").await
    }

    pub(super) async fn sign_up_as(self: &Arc<Self>, base: &str, email: &str, name: &str) -> Member {
        let body = json!({"name": name, "email": email, "password": tests::person::PASSWORD});
        self.enter(&format!("{base}/sign-up/email"), email, &body).await
    }

    async fn enter(self: &Arc<Self>, path: &str, email: &str, body: &Value) -> Member {
        let client = Client::builder()
            .no_proxy()
            .timeout(PATIENCE)
            .build()
            .expect("a client");
        let request = client.post(format!("{}{path}", self.url)).header("origin", &self.url);
        let response = request.json(body).send().await.expect("Better Auth answers");
        assert!(response.status().is_success(), "{response:?}");
        let set: Vec<_> = response
            .headers()
            .get_all("set-cookie")
            .iter()
            .map(|field| set_cookie(field.to_str().expect("ASCII")))
            .filter(|cookie| !cookie.value.is_empty())
            .collect();
        let answer: Value = response.json().await.expect("JSON");
        Member {
            issuer: Arc::clone(self),
            client,
            id: answer["user"]["id"].as_str().expect("an id").to_owned(),
            email: email.to_owned(),
            header: set.iter().map(SetCookie::pair).collect::<Vec<_>>().join("; "),
            cookies: set
                .into_iter()
                .filter(|cookie| cookie.name.contains("session_data"))
                .collect(),
        }
    }

    /// What somebody without a session gets.
    pub(super) async fn get(&self, path: &str) -> (u16, String) {
        let client = Client::builder()
            .no_proxy()
            .timeout(PATIENCE)
            .build()
            .expect("a client");
        let response = client
            .get(format!("{}{path}", self.url))
            .send()
            .await
            .expect("Better Auth answers");
        (response.status().as_u16(), response.text().await.expect("text"))
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        let process = self.process.get_mut().expect("nobody panicked with it");
        drop(process.stdin.take());
        let _ = process.wait();
    }
}

impl Member {
    fn request(&self, request: RequestBuilder) -> RequestBuilder {
        request
            .header("cookie", &self.header)
            .header("origin", &self.issuer.url)
    }

    async fn get(&self, path: &str) -> Value {
        let request = self.client.get(format!("{}{path}", self.issuer.url));
        let response = self.request(request).send().await.expect("Better Auth answers");
        assert!(response.status().is_success(), "{path}: {response:?}");
        response.json().await.expect("JSON")
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Value {
        let request = self.client.post(format!("{}{path}", self.issuer.url)).json(body);
        let response = self.request(request).send().await.expect("Better Auth answers");
        assert!(response.status().is_success(), "{path}: {response:?}");
        response.json().await.unwrap_or_default()
    }

    /// The cached session: the JWT that the cookie holds.
    pub(super) fn cached_session(&self) -> String {
        self.cookies.iter().map(|cookie| cookie.value.as_str()).collect()
    }

    /// The token of the jwt plugin as it comes: `EdDSA`.
    pub(super) async fn published_token(&self) -> String {
        token(&self.get("/api/auth/token").await)
    }

    /// The token of the jwt plugin with a signer of the operator's own: HS256.
    pub(super) async fn custom_token(&self) -> String {
        token(&self.get("/api/auth-hs256/token").await)
    }

    /// A minimal token, as an application makes it.
    pub(super) async fn minimal_token(&self, query: &str) -> String {
        token(&self.get(&format!("/api/auth/minimal-token?{query}")).await)
    }

    /// Signs in once more: another session of the same person.
    pub(super) async fn sign_in(&self) -> Self {
        let body = json!({"email": self.email, "password": tests::person::PASSWORD});
        self.issuer.enter("/api/auth/sign-in/email", &self.email, &body).await
    }

    /// The tokens in the mails that were sent to the member, by what they are for.
    pub(super) async fn mails(&self) -> Vec<(String, String)> {
        let mails = self.get(&format!("/test/mail?email={}", self.email)).await;
        let mails = mails.as_array().expect("a list").iter();
        mails
            .map(|mail| {
                (
                    mail["kind"].to_string(),
                    mail["token"].as_str().unwrap_or_default().to_owned(),
                )
            })
            .collect()
    }

    /// Follows the link in the mail that proves the address, and signs in again: tokens made before do not know it.
    pub(super) async fn verify_email(&self) -> Self {
        let mails = self.mails().await;
        let (_, token) = mails
            .iter()
            .find(|(kind, _)| kind.contains("verify-email"))
            .expect("a mail");
        let (status, text) = self.issuer.get(&format!("/api/auth/verify-email?token={token}")).await;
        assert!(status < 400, "{text}");
        let verified = self.sign_in().await;
        let claims = Token::read(&verified.cached_session()).claims;
        assert_eq!(claims["user"]["emailVerified"], true, "{claims}");
        verified
    }
}

fn token(answer: &Value) -> String {
    answer["token"]
        .as_str()
        .unwrap_or_else(|| panic!("a token: {answer}"))
        .to_owned()
}

fn set_cookie(field: &str) -> SetCookie {
    let mut parts = field.split("; ");
    let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).expect("name=value");
    SetCookie {
        name: name.to_owned(),
        value: value.to_owned(),
        attributes: parts.map(str::to_owned).collect(),
    }
}

/// Installs what the server needs, as its lock file has it, if it is not there.
fn install(folder: &Path) {
    if folder.join("node_modules/better-auth/package.json").is_file() {
        return;
    }
    println!("installing Better Auth into {} (npm ci)", folder.display());
    let status = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .unwrap_or_else(|error| panic!("{MISSING} ({error})"));
    assert!(status.success(), "{MISSING} (npm ci: {status})");
}
