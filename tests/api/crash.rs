//! `SIGKILL` in the middle of writes: what was acknowledged is there afterwards, whole.

use futures_util::future::join_all;
use serde_json::json;
use shared::tasks::Task;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tests::{Backend, Binary, Database, Person};
use tokio::sync::Notify;
use uuid::Uuid;

const WRITERS: usize = 8;
const KILLS: usize = 4;
/// So many writes are acknowledged before the next kill.
const WRITES: usize = 60;

/// What the server has said about a task, as far as it has said anything.
#[derive(Clone, Debug)]
enum Known {
    /// The task is exactly so.
    Is(Task),
    /// A change of it was asked for, and the answer never came: it is so, or as it was to be.
    IsOrDone(Task),
    /// It is gone.
    Gone,
    /// Its deletion was asked for, and the answer never came.
    IsOrGone(Task),
}

/// Counts acknowledged writes, and tells when there are enough.
#[derive(Default)]
struct Progress {
    acknowledged: AtomicUsize,
    enough: Notify,
}

impl Progress {
    fn acknowledge(&self) {
        if self.acknowledged.fetch_add(1, Ordering::Relaxed) + 1 == WRITES {
            self.enough.notify_one();
        }
    }
}

/// Adds, completes and deletes tasks until the server does not answer any more.
async fn write(person: Person, name: String, progress: Arc<Progress>) -> HashMap<Uuid, Known> {
    let mut known = HashMap::new();
    for index in 0.. {
        let body = json!({
            "title": format!("{name}-{index} 🛒"),
            "description": format!("{name}-{index}\r\n\t").repeat(20),
        });
        let Ok(answer) = person.post(&person.tasks()).json(&body).send().await else {
            break;
        };
        assert_eq!(answer.status(), 201);
        let Ok(task) = answer.json::<Task>().await else { break };
        progress.acknowledge();
        assert_eq!(body["title"], *task.title);
        assert_eq!(body["description"], *task.description.as_ref().unwrap());
        match index % 3 {
            0 => {
                known.insert(task.id, Known::Is(task));
            }
            1 => {
                known.insert(task.id, Known::IsOrDone(task.clone()));
                let Ok(answer) = person.patch(&person.task_complete(task.id)).send().await else {
                    break;
                };
                assert_eq!(answer.status(), 200);
                let Ok(task) = answer.json::<Task>().await else { break };
                progress.acknowledge();
                assert!(task.completed);
                known.insert(task.id, Known::Is(task));
            }
            _ => {
                known.insert(task.id, Known::IsOrGone(task.clone()));
                let Ok(answer) = person.delete(&person.task(task.id)).send().await else {
                    break;
                };
                assert_eq!(answer.status(), 200);
                progress.acknowledge();
                known.insert(task.id, Known::Gone);
            }
        }
    }
    known
}

fn check(known: &HashMap<Uuid, Known>, found: &HashMap<Uuid, Task>) {
    for (id, known) in known {
        let found = found.get(id);
        match known {
            Known::Is(task) => assert_eq!(found, Some(task), "acknowledged, and lost or changed"),
            Known::Gone => assert_eq!(found, None, "deleted, and back again"),
            Known::IsOrGone(task) => assert!(found.is_none() || found == Some(task), "{found:?}: {task:?}"),
            Known::IsOrDone(task) => {
                let found = found.expect("acknowledged, and lost");
                let done = Task {
                    completed: true,
                    updated_at: found.updated_at,
                    completed_at: Some(found.updated_at),
                    version: task.version + 1,
                    ..task.clone()
                };
                assert!(found == task || *found == done, "{found:?}: {task:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killing_the_server_loses_no_acknowledged_write() {
    let database = Database::empty();
    let mut known = HashMap::new();
    let mut server = Binary::start(&database, &["--database-pool-size", "8", "--workers", "2"]);
    let ada = server.register("ada").await;
    for round in 0..KILLS {
        let progress = Arc::new(Progress::default());
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let person = ada.at(&server.url);
                tokio::spawn(write(person, format!("{round}-{writer}"), Arc::clone(&progress)))
            })
            .collect();
        tokio::time::timeout(tests::PATIENCE, progress.enough.notified())
            .await
            .expect("writes");
        server.kill();
        for writer in join_all(writers).await {
            known.extend(writer.unwrap());
        }

        server = Binary::start(&database, &["--database-pool-size", "8", "--workers", "2"]);
        let found: HashMap<_, _> = ada
            .at(&server.url)
            .list()
            .await
            .into_iter()
            .map(|task| (task.id, task))
            .collect();
        check(&known, &found);
        // What nobody was told of is there whole or not at all.
        for task in found.values().filter(|task| !known.contains_key(&task.id)) {
            let name = task.title.strip_suffix(" 🛒").unwrap();
            assert_eq!(task.description.as_deref(), Some(&*format!("{name}\r\n\t").repeat(20)));
        }
        // From here on, what was uncertain is settled.
        known = found.into_iter().map(|(id, task)| (id, Known::Is(task))).collect();
    }
    assert!(known.len() > KILLS * WRITES / 4, "{} tasks", known.len());
    if Backend::current() == Backend::Sqlite {
        assert_eq!(database.count("pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
        assert_eq!(database.count("pragma_foreign_key_check"), 0);
    }
}
