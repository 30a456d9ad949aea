//! Whose requests are measured: one account that is read, and as many as there are connections that are written to, each
//! with its tasks, among many others.

use super::cluster::Cluster;
use super::server::Server;
use super::wrk::CONNECTIONS;
use anyhow::{Context as _, Result};
use std::thread;

/// Tasks of each account.
pub(super) const TASKS: usize = 20;

/// Other accounts in the database, and as many tasks each.
pub(super) const OTHERS: u32 = 5_000;

const PASSWORD: &str = "correct horse battery staple";

/// Registrations under way at a time: each of them is mostly a password to hash.
const THREADS: usize = 4;

/// An account that has signed in.
pub(super) struct Person {
    pub(super) id: String,
    /// One of its tasks.
    pub(super) task: String,
    token: String,
}

impl Person {
    /// The email of the account of this number.
    pub(super) fn email(number: usize) -> String {
        format!("person-{number}@example.org")
    }

    /// What the account of this number signs in with.
    pub(super) fn credentials(number: usize) -> String {
        format!(r#"{{"email":"{}","password":"{PASSWORD}"}}"#, Self::email(number))
    }

    pub(super) fn tasks(&self) -> String {
        format!("/api/{}/tasks", self.id)
    }

    pub(super) fn authorization(&self) -> String {
        format!("Authorization: Bearer {}", self.token)
    }

    /// The same, but for the signature: as long, and never signed by anybody.
    pub(super) fn forged_authorization(&self) -> String {
        let (message, signature) = self.token.rsplit_once('.').unwrap_or((&self.token, ""));
        let forged: String = signature
            .char_indices()
            .map(|(at, letter)| match (at, letter) {
                (0, 'A') => 'B',
                (0, _) => 'A',
                _ => letter,
            })
            .collect();
        format!("Authorization: Bearer {message}.{forged}")
    }

    fn register(server: &Server, number: usize) -> Result<Self> {
        let answer = server.post("/api/auth/register", &[], &Self::credentials(number))?;
        let mut person = Self {
            id: member(&answer, "id")?,
            token: member(&answer, "access_token")?,
            task: String::new(),
        };
        for number in 0..TASKS {
            let body = format!(r#"{{"title":"Task {number}"}}"#);
            let answer = server.post(&person.tasks(), &[&person.authorization()], &body)?;
            person.task = member(&answer, "id")?;
        }
        Ok(person)
    }
}

/// Makes all of them.
pub(super) fn register(server: &Server) -> Result<Vec<Person>> {
    let count = CONNECTIONS as usize + 1;
    let some = |first: usize| -> Result<Vec<Person>> {
        let numbers = (first..count).step_by(THREADS);
        numbers.map(|number| Person::register(server, number)).collect()
    };
    let parts: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|first| scope.spawn(move || some(first))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect::<Result<_>>()
    })?;
    // In the order of their numbers: the threads took turns.
    let mut parts: Vec<_> = parts.into_iter().map(Vec::into_iter).collect();
    Ok((0..count)
        .filter_map(|number| parts.get_mut(number % THREADS)?.next())
        .collect())
}

/// Puts other people's rows into PostgreSQL, as a database in use has them.
pub(super) fn fill(cluster: &Cluster) -> Result<()> {
    cluster.sql(&format!(
        "INSERT INTO users (id, email, created_at) \
         SELECT gen_random_uuid(), 'other-' || n || '@example.org', '2025-01-01' FROM generate_series(1, {OTHERS}) n; \
         INSERT INTO tasks (owner_id, id, title, created_at, updated_at, search) \
         SELECT users.id, gen_random_uuid(), 'Task ' || n, '2025-01-01'::timestamptz + n * interval '1 second', '2025-01-02', \
         'task ' || n \
         FROM users, generate_series(1, {TASKS}) n WHERE users.password_hash IS NULL"
    ))?;
    // A statement of its own: it may not be part of a transaction.
    cluster.sql("VACUUM ANALYZE").map(drop)
}

/// The first text member of that name in a JSON answer of ours.
fn member(answer: &str, name: &str) -> Result<String> {
    answer
        .split_once(&format!("\"{name}\":\""))
        .and_then(|(_, rest)| rest.split('"').next())
        .map(str::to_owned)
        .with_context(|| format!("there is no `{name}` in the answer {answer}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forged_token_differs_in_its_signature_only() {
        let forged = |token: &str| {
            let person = Person {
                id: String::new(),
                task: String::new(),
                token: token.to_owned(),
            };
            person.forged_authorization()
        };
        assert_eq!(forged("a.b.cd"), "Authorization: Bearer a.b.Ad");
        assert_eq!(forged("a.b.Ad"), "Authorization: Bearer a.b.Bd");
    }

    #[test]
    fn members_are_found() {
        let answer = "HTTP/1.1 200 OK\r\n\r\n{\"id\":\"1\",\"user_id\":\"2\"}";
        assert_eq!(member(answer, "user_id").unwrap(), "2");
        assert_eq!(member(answer, "id").unwrap(), "1");
        assert!(member(answer, "name").is_err());
    }
}
