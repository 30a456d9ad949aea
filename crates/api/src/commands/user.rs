//! `taskward user …`: what an operator must be able to do for, and against, an account.

use super::print::say;
use crate::audit::{self, Event};
use crate::auth::common;
use crate::auth::deletion;
use crate::auth::password::Hasher;
use crate::auth::queue::Standing;
use crate::config::Config;
use crate::db::maintenance::inspect;
use crate::db::types::{UserId, UtcTime};
use crate::db::users::{self, User};
use crate::db::{Conn, Db, DbError, Settings, identities};
use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SecondsFormat, Utc};
use clap::Subcommand;
use shared::text::{Email, Password};
use std::io::{self, BufRead as _, Read as _};
use std::net::Ipv4Addr;
use uuid::Uuid;

/// Accounts that are read at a time.
const PAGE: i64 = 500;

/// Bytes of a generated password: 144 bits, 24 letters.
const RANDOM: usize = 18;

/// Longer lines are no passwords (bytes).
const LONGEST_LINE: u64 = 4096;

/// What to do to accounts.
#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// List all accounts, the oldest first: when it was made, state, id, email
    List,
    /// Give an account a new password, and end all of its sessions
    ResetPassword {
        #[command(flatten)]
        account: Account,
        /// Read the password from the first line of standard input, instead of making one and printing it
        #[arg(long)]
        stdin: bool,
    },
    /// Keep an account out: nobody can sign in to it, and all of its sessions end
    Disable(Account),
    /// Let a disabled account in again
    Enable(Account),
    /// Delete an account with everything that is its, whether it has a password or not; nothing brings it back
    Delete {
        #[command(flatten)]
        account: Account,
        /// Really do so; without it, nothing happens
        #[arg(long)]
        yes: bool,
    },
}

/// Which account is meant.
#[derive(clap::Args, Debug)]
pub(super) struct Account {
    /// The account's email, or its id where several accounts have that email
    #[arg(value_name = "EMAIL")]
    account: String,
}

pub(super) async fn run(config: &Config, command: Command) -> anyhow::Result<()> {
    let db = connect(config).await?;
    match command {
        Command::List => list(&db).await,
        Command::ResetPassword { account, stdin } => {
            let done = reset_password(&db, config, &account, stdin).await;
            note(Event::ResetPassword, &account, done)
        }
        Command::Disable(account) => {
            let done = disable(&db, &account).await;
            note(Event::DisableAccount, &account, done)
        }
        Command::Enable(account) => {
            let done = enable(&db, &account).await;
            note(Event::EnableAccount, &account, done)
        }
        Command::Delete { account, yes } => {
            let done = delete(&db, &account, yes).await;
            note(Event::DeleteAccount, &account, done)
        }
    }
}

/// A connection, if the schema is this program's: looking after accounts is no reason to migrate.
async fn connect(config: &Config) -> anyhow::Result<Db> {
    config.check()?;
    let target = config.database()?;
    let inspection = inspect(&target).await?;
    if !inspection.pending.is_empty() || !inspection.unknown.is_empty() {
        bail!("the database's schema is not that of this version of Taskward: see `taskward check`");
    }
    let settings = Settings {
        pool_size: 1,
        workers: 1,
        wait: config.database_wait,
        statement_timeout: config.database_statement_timeout,
        long_read_timeout: config.database_long_read_timeout,
        bulkhead: config.bulkhead(),
    };
    Ok(Db::connect(&target, settings).await?)
}

fn note(event: Event, account: &Account, done: anyhow::Result<User>) -> anyhow::Result<()> {
    match done {
        Ok(user) => {
            audit::note_operator(event, format!("{} ({})", user.id, user.email), "success");
            Ok(())
        }
        Err(error) => {
            audit::note_operator(event, &account.account, "failure");
            Err(error)
        }
    }
}

async fn list(db: &Db) -> anyhow::Result<()> {
    let mut last = UserId::from(Uuid::nil());
    loop {
        let page = db.read(async |conn| users::list(conn, last, PAGE).await).await?;
        for user in &page {
            let made = DateTime::<Utc>::from(user.created_at).to_rfc3339_opts(SecondsFormat::Secs, true);
            say(format_args!("{made}  {:<11}  {}  {}", state(user), user.id, user.email))?;
        }
        match page.last() {
            Some(user) => last = user.id,
            None => return Ok(()),
        }
    }
}

fn state(user: &User) -> &'static str {
    match (user.disabled_at, &user.password_hash) {
        (Some(_), _) => "disabled",
        (None, Some(_)) => "active",
        // Its tokens come from another issuer.
        (None, None) => "no-password",
    }
}

async fn reset_password(db: &Db, config: &Config, account: &Account, stdin: bool) -> anyhow::Result<User> {
    let user = find(db, account, |user| user.password_hash.is_some()).await?;
    let password = if stdin { read_password(&user)? } else { make_password()? };
    let hash = Hasher::new(config.bcrypt_cost, 1)
        .enter(Standing::Device, Ipv4Addr::LOCALHOST.into())?
        .hash(password.reveal())
        .await?;
    let id = user.id;
    let reset = async move |conn: &mut Conn| {
        identities::end_tokens(conn, id, UtcTime::now()).await?;
        Ok::<_, DbError>(users::reset_password(conn, id, hash.as_str()).await?)
    };
    let reset = db.transaction(reset).await?;
    if !reset {
        bail!("the account has been deleted a moment ago");
    }
    if !stdin {
        say(password.reveal())?;
    }
    if user.disabled_at.is_some() {
        tracing::warn!("the account is disabled: nobody can sign in to it before `taskward user enable`");
    }
    Ok(user)
}

async fn disable(db: &Db, account: &Account) -> anyhow::Result<User> {
    let user = find(db, account, |_| true).await?;
    let (id, now) = (user.id, UtcTime::now());
    let disable = async move |conn: &mut Conn| {
        identities::end_tokens(conn, id, now).await?;
        Ok::<_, DbError>(users::disable(conn, id, now).await?)
    };
    changed(db.transaction(disable).await?, user)
}

async fn enable(db: &Db, account: &Account) -> anyhow::Result<User> {
    let user = find(db, account, |_| true).await?;
    let id = user.id;
    let enable = async move |conn: &mut Conn| Ok::<_, DbError>(users::enable(conn, id).await?);
    changed(db.write(enable).await?, user)
}

/// The account is looked for before it is confirmed, so that who is asked sees which one is meant.
async fn delete(db: &Db, account: &Account, yes: bool) -> anyhow::Result<User> {
    let user = find(db, account, |_| true).await?;
    if !yes {
        bail!(
            "this would delete the account {} ({}) for good: say so with --yes",
            user.id,
            user.email
        );
    }
    let (id, epoch) = (user.id, user.epoch);
    if !deletion::delete(db, id, epoch).await? {
        bail!("the account has been changed a moment ago: try again");
    }
    // A server may do the same meanwhile.
    deletion::delete_rows(db).await?;
    Ok(user)
}

fn changed(changed: bool, user: User) -> anyhow::Result<User> {
    if !changed {
        bail!("the account has been deleted a moment ago");
    }
    Ok(user)
}

/// The account that is meant, if there is exactly one, among those that will do.
async fn find(db: &Db, account: &Account, will_do: impl Fn(&User) -> bool) -> anyhow::Result<User> {
    let named = &account.account;
    let mut found = if let Ok(id) = named.parse::<Uuid>() {
        db.read(async |conn| users::find(conn, id.into()).await)
            .await?
            .into_iter()
            .collect()
    } else {
        let Ok(email) = Email::parse(named) else {
            bail!("{named:?} is neither an email nor an account's id");
        };
        db.read(async |conn| users::find_all_by_email(conn, email.as_str()).await)
            .await?
    };
    if found.is_empty() {
        bail!("there is no account {named}");
    }
    found.retain(will_do);
    match (found.pop(), found.is_empty()) {
        (Some(user), true) => Ok(user),
        (Some(_), false) => {
            bail!("several accounts have the email {named}: name the one by its id (`taskward user list`)")
        }
        (None, _) => bail!("{named} signs in elsewhere: the account has no password here"),
    }
}

fn make_password() -> anyhow::Result<Password> {
    let mut random = [0_u8; RANDOM];
    getrandom::fill(&mut random).context("the system has no random numbers")?;
    Password::parse(&URL_SAFE_NO_PAD.encode(random)).map_err(|broken| anyhow::anyhow!("{broken}"))
}

fn read_password(user: &User) -> anyhow::Result<Password> {
    let mut line = String::new();
    io::stdin().lock().take(LONGEST_LINE).read_line(&mut line)?;
    let line = line.strip_suffix('\n').unwrap_or(&line);
    let line = line.strip_suffix('\r').unwrap_or(line);
    let password = Password::parse(line).map_err(|broken| anyhow::anyhow!("the password {broken}"))?;
    if common::is_common(password.reveal(), &user.email) {
        bail!("the password must not be a common one, nor the email");
    }
    Ok(password)
}
