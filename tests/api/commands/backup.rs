//! `taskward backup FILE`

use super::{run, taskward};
use shared::tasks::Task;
use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tests::{Binary, Database};
use uuid::Uuid;

/// The copies that are made while the server writes.
const COPIES: usize = 4;

mod sqlite_only {
    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "only on SQLite"]
    async fn a_copy_that_is_made_while_the_server_writes_has_every_write_before_it() {
        let database = Database::empty();
        let server = Binary::start(&database, &["--database-pool-size", "8"]);
        let ada = server.register("ada").await;
        let enough = Arc::new(AtomicBool::new(false));
        let (acknowledged_sender, mut acknowledged) = tokio::sync::mpsc::unbounded_channel();
        let writers: Vec<_> = (0..4)
            .map(|_| {
                let (ada, enough, acknowledged) = (ada.clone(), Arc::clone(&enough), acknowledged_sender.clone());
                tokio::spawn(async move {
                    while !enough.load(Ordering::Relaxed) {
                        acknowledged.send(ada.add("Milk").await.id).unwrap();
                    }
                })
            })
            .collect();

        let mut known = HashSet::<Uuid>::new();
        let mut copies = Vec::new();
        for number in 0..COPIES {
            // The copies differ.
            for _ in 0..20 {
                known.insert(acknowledged.recv().await.unwrap());
            }
            while let Ok(id) = acknowledged.try_recv() {
                known.insert(id);
            }
            let copy = database.dir().join(format!("copy-{number}.db"));
            let path = copy.to_str().unwrap().to_owned();
            let command = Binary::command(&database, &["backup", &path]);
            let ended = tokio::task::spawn_blocking(move || run(&mut { command }, ""));
            ended.await.unwrap().well();
            assert_eq!(copy.metadata().unwrap().permissions().mode() & 0o777, 0o600);
            copies.push((path, known.clone()));
        }
        enough.store(true, Ordering::Relaxed);
        for writer in writers {
            writer.await.unwrap();
        }
        server.kill();

        for (copy, known) in copies {
            let restored = Binary::start(&database, &["--database-url", &format!("sqlite://{copy}")]);
            let tasks: HashSet<_> = ada
                .at(&restored.url)
                .list()
                .await
                .iter()
                .map(|task: &Task| task.id)
                .collect();
            assert!(tasks.is_superset(&known), "{} of {}", tasks.len(), known.len());
        }
        let drafts: Vec<_> = fs::read_dir(database.dir())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with('.'))
            .collect();
        assert!(drafts.is_empty(), "{drafts:?}");
    }

    #[test]
    #[ignore = "only on SQLite"]
    fn nothing_is_overwritten() {
        let database = Database::empty();
        taskward(&database, &["migrate"]).well();
        let copy = database.dir().join("copy.db");
        for text in ["what was there before", ""] {
            fs::write(&copy, text).unwrap();
            let ended = taskward(&database, &["backup", "copy.db"]).badly();
            assert!(ended.stderr.contains("copy.db"), "{ended:?}");
            assert_eq!(fs::read_to_string(&copy).unwrap(), text);
        }
        fs::remove_file(&copy).unwrap();
        symlink("elsewhere.db", &copy).unwrap();
        taskward(&database, &["backup", "copy.db"]).badly();
        assert!(!database.dir().join("elsewhere.db").exists());
        // Least of all the database itself.
        taskward(&database, &["backup", "taskward.db"]).badly();
        taskward(&database, &["check"]).well();
    }

    #[test]
    #[ignore = "only on SQLite"]
    fn what_cannot_be_copied_is_an_error_that_names_it() {
        let database = Database::empty();
        let ended = taskward(&database, &["backup", "copy.db"]).badly();
        assert!(ended.stderr.contains("taskward.db"), "there is no database: {ended:?}");
        assert_eq!(fs::read_dir(database.dir()).unwrap().count(), 0, "and none was made");
        taskward(&database, &["migrate"]).well();
        let ended = taskward(&database, &["backup", "no/such/folder/copy.db"]).badly();
        assert!(ended.stderr.contains("no/such/folder"), "{ended:?}");
    }
}

mod postgres_only {
    use super::*;

    #[test]
    #[ignore = "only on PostgreSQL"]
    fn postgresql_is_backed_up_by_its_own_programs() {
        let database = Database::migrated();
        let ended = taskward(&database, &["backup", "copy.db"]).badly();
        assert!(ended.stderr.contains("pg_dump"), "{ended:?}");
        assert!(!database.dir().join("copy.db").exists());
    }
}
