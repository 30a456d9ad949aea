//! `taskward completions`, `taskward man` and `taskward --version`

use super::taskward;
use tests::Database;

#[test]
fn completions_are_there_for_every_shell_and_know_commands_and_settings() {
    let database = Database::empty();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = taskward(&database, &["completions", shell]).well().stdout;
        for word in ["reset-password", "backup", "database-url"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    assert_eq!(taskward(&database, &["completions", "abacus"]).code, Some(2));
}

#[test]
fn the_manual_page_has_every_command_and_setting() {
    let database = Database::empty();
    let page = taskward(&database, &["man"]).well().stdout;
    assert!(page.starts_with(".ie") || page.contains(".TH"), "{page}");
    for word in ["check", "completions", "DATABASE_URL", "JWT_SECRET"] {
        assert!(page.contains(word), "{word}");
    }
}

#[test]
fn the_version_is_printed_with_its_revision_if_the_build_knew_it() {
    let printed = taskward(&Database::empty(), &["--version"]).well().stdout;
    let version = printed
        .strip_prefix("taskward ")
        .expect("the program's name")
        .trim_end();
    let (number, revision) = version.split_once(' ').unwrap_or((version, "(0)"));
    assert_eq!(number, env!("CARGO_PKG_VERSION"));
    let revision = revision.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    assert!(revision.is_some_and(|revision| !revision.is_empty()), "{printed}");
}
