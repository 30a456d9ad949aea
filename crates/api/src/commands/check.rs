//! `taskward check`: what would keep the server from starting or serving, a line for each thing that was looked at.

use super::print::say;
use crate::auth::secret::{self, SecretError};
use crate::config::{Config, Target};
use crate::db::maintenance::{Inspection, inspect};
use crate::error_chain::error_chain;
use std::error::Error;
use std::io;
use std::process::ExitCode;

/// What was found out about one thing: that it is right, or what is wrong.
type Finding = Result<String, String>;

pub(super) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let mut right = true;
    let mut report = |thing: &str, finding: Finding| -> io::Result<()> {
        right &= finding.is_ok();
        match finding {
            Ok(text) => say(format_args!("ok     {thing}: {text}")),
            Err(text) => say(format_args!("wrong  {thing}: {text}")),
        }
    };

    let settings = config.check().map(|()| "no contradictions".to_owned());
    report("settings", settings.map_err(describe))?;
    let target = config.database();
    match &target {
        Err(error) => report("database", Err(error_chain(error)))?,
        Ok(target) => {
            report("secret", secret(config, target).map_err(describe))?;
            match inspect(target).await {
                Err(error) => report("database", Err(describe(error)))?,
                Ok(inspection) => {
                    report("database", database(&inspection))?;
                    report("schema", schema(&inspection))?;
                }
            }
        }
    }
    Ok(if right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn describe(error: impl Error) -> String {
    error_chain(&error)
}

fn secret(config: &Config, target: &Target) -> Result<String, SecretError> {
    let (secret, from) = match (&config.jwt_secret, target) {
        (Some(secret), _) => (Some(secret.reveal().to_owned()), "JWT_SECRET".to_owned()),
        (None, Target::Sqlite(database)) => {
            let file = Config::secret_file(database);
            (secret::load(&file)?, file.display().to_string())
        }
        (None, Target::Postgres(_)) => return Err(SecretError::Missing),
    };
    match secret {
        Some(secret) => secret::check_all(&secret, config).map(|()| format!("from {from}")),
        None => Ok(format!("the first start makes one, in {from}")),
    }
}

fn database(inspection: &Inspection) -> Finding {
    if let Some(damage) = &inspection.damage {
        return Err(format!("{} says that it is damaged: {damage}", inspection.system));
    }
    if inspection.read_only {
        return Err(format!(
            "{} answers, but is a standby that takes no writes",
            inspection.system
        ));
    }
    Ok(format!("{} answers", inspection.system))
}

fn schema(inspection: &Inspection) -> Finding {
    if !inspection.unknown.is_empty() {
        return Err(format!(
            "a later version of Taskward has migrated it, to {}: run that version",
            inspection.unknown.join(", ")
        ));
    }
    if !inspection.pending.is_empty() {
        return Err(format!(
            "these migrations are missing: {}; `taskward migrate`, or the server's next start, applies them",
            inspection.pending.join(", ")
        ));
    }
    Ok("up to date".to_owned())
}
