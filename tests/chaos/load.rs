//! A load whose every answer is remembered: clients that add, complete, delete and read tasks, one request at a time each.

use futures_util::future::join_all;
use reqwest::{RequestBuilder, Response};
use serde::de::DeserializeOwned;
use serde_json::json;
use shared::tasks::Task;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tests::service::until;
use tests::{Ask, PATIENCE, Person};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;

/// How often somebody begins a request, if nobody waits for an answer.
const PACE: Duration = Duration::from_micros(2500);

/// Answers of success that all clients together have to have seen before and after a fault, each of them its share.
const STEADY: usize = 200;

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// 2xx.
    Done,
    /// Another status, and who answered it: a node, or the proxy. `true`: with `Retry-After`.
    Refused(u16, Who, bool),
    /// No answer, or not all of it.
    Broken(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Node,
    Proxy,
}

/// A request that was sent.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) started: Instant,
    pub(crate) ended: Instant,
    pub(crate) outcome: Outcome,
}

/// What the service has said about a task, as far as it has said anything.
#[derive(Clone, Debug)]
enum Known {
    /// The task is exactly so.
    Is(Task),
    /// It is so, or done: the answer never came.
    IsOrDone(Task),
    /// It is gone.
    Gone,
    /// It is so, or gone: the answer never came.
    IsOrGone(Task),
}

/// What a client has done and been told.
pub(crate) struct Record {
    person: Person,
    known: HashMap<Uuid, Known>,
    /// Titles of tasks whose making was not acknowledged.
    unacknowledged: HashSet<String>,
    pub(crate) acknowledged: usize,
    pub(crate) events: Vec<Event>,
    /// What must never be, whatever fails.
    pub(crate) wrong: Vec<String>,
}

/// Clients at work.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    /// Successes of each client so far.
    successes: Arc<[AtomicUsize]>,
    clients: Vec<JoinHandle<Record>>,
}

impl Load {
    /// Sets these people to work.
    pub(crate) fn start(people: Vec<Person>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let successes: Arc<[AtomicUsize]> = people.iter().map(|_| AtomicUsize::new(0)).collect();
        let pace = PACE * u32::try_from(people.len()).expect("not that many");
        let clients = people.into_iter().enumerate().map(|(index, person)| {
            let client = Client {
                record: Record {
                    person,
                    known: HashMap::new(),
                    unacknowledged: HashSet::new(),
                    acknowledged: 0,
                    events: Vec::new(),
                    wrong: Vec::new(),
                },
                stop: Arc::clone(&stop),
                successes: Arc::clone(&successes),
                index,
                pace: interval(pace),
            };
            tokio::spawn(client.work())
        });
        Self {
            clients: clients.collect(),
            stop,
            successes,
        }
    }

    /// Waits until each client has been served a while longer.
    pub(crate) async fn until_steady(&self) {
        let share = STEADY.div_ceil(self.successes.len());
        let now: Vec<_> = self
            .successes
            .iter()
            .map(|count| count.load(Ordering::Relaxed))
            .collect();
        until("every client is served", async || {
            let served = self.successes.iter().zip(&now);
            served
                .into_iter()
                .all(|(count, before)| count.load(Ordering::Relaxed) >= before + share)
        })
        .await;
    }

    /// Lets every client finish the request that it is at, and gives what they were told.
    pub(crate) async fn stop(self) -> Vec<Record> {
        self.stop.store(true, Ordering::Relaxed);
        let records = join_all(self.clients).await;
        records
            .into_iter()
            .map(|record| record.expect("a client that goes on"))
            .collect()
    }
}

struct Client {
    record: Record,
    stop: Arc<AtomicBool>,
    successes: Arc<[AtomicUsize]>,
    index: usize,
    pace: tokio::time::Interval,
}

impl Client {
    async fn work(mut self) -> Record {
        self.pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        for number in 0.. {
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
            self.turn(number).await;
        }
        self.record
    }

    /// Adds a task, reads it (from whichever node), and completes or deletes it or leaves it.
    async fn turn(&mut self, number: usize) {
        let title = format!("{number} of {}", self.index);
        let (path, body) = (self.record.person.tasks(), json!({"title": title}));
        let request = self.record.person.post(&path).json(&body);
        let Some(task) = self.send::<Task>(request).await else {
            self.record.unacknowledged.insert(title);
            return;
        };
        self.record.acknowledged += 1;
        self.check(task.title == title, || format!("{title}: made as {task:?}"));
        let id = task.id;
        self.record.known.insert(id, Known::Is(task.clone()));

        let request = self.record.person.get(&self.record.person.task(id));
        if let Some(read) = self.send::<Task>(request).await {
            self.check(read == task, || format!("read {read:?}, and not {task:?}"));
        }
        match number % 3 {
            0 => {
                self.record.known.insert(id, Known::IsOrDone(task));
                let request = self.record.person.patch(&self.record.person.task_complete(id));
                if let Some(done) = self.send::<Task>(request).await {
                    self.record.acknowledged += 1;
                    self.check(done.completed, || format!("completed, and not: {done:?}"));
                    self.record.known.insert(id, Known::Is(done));
                }
            }
            1 => {
                self.record.known.insert(id, Known::IsOrGone(task));
                let request = self.record.person.delete(&self.record.person.task(id));
                if self.send::<serde_json::Value>(request).await.is_some() {
                    self.record.acknowledged += 1;
                    self.record.known.insert(id, Known::Gone);
                }
            }
            _ => {
                let query = format!("{}?limit=20", self.record.person.tasks());
                let request = self.record.person.get(&query);
                if let Some(list) = self.send::<Vec<Task>>(request).await {
                    let there = list.first() == Some(&task);
                    self.check(there, || format!("not the newest of the list: {task:?}"));
                }
            }
        }
    }

    /// Sends a request; what it answers, if that is 2xx and whole.
    async fn send<T: DeserializeOwned>(&mut self, request: RequestBuilder) -> Option<T> {
        self.pace.tick().await;
        let started = Instant::now();
        let answer = request.send().await;
        let (outcome, value) = match answer {
            Ok(response) if response.status().is_success() => match response.json::<T>().await {
                Ok(value) => (Outcome::Done, Some(value)),
                Err(error) => (Outcome::Broken(format!("{error:?}")), None),
            },
            Ok(response) => (refused(&response), None),
            Err(error) => (Outcome::Broken(format!("{error:?}")), None),
        };
        match &outcome {
            Outcome::Done => {
                self.successes[self.index].fetch_add(1, Ordering::Relaxed);
            }
            Outcome::Refused(503, Who::Node, retry_after) => {
                self.check(*retry_after, || "503 without Retry-After".to_owned());
            }
            Outcome::Refused(502..=504, Who::Proxy, _) | Outcome::Broken(_) => {}
            refused @ Outcome::Refused(..) => self.record.wrong.push(format!("{refused:?}")),
        }
        self.record.events.push(Event {
            started,
            ended: Instant::now(),
            outcome,
        });
        value
    }

    fn check(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.record.wrong.push(otherwise());
        }
    }
}

fn refused(response: &Response) -> Outcome {
    let has = |name: &str| response.headers().contains_key(name);
    let who = if has("x-request-id") { Who::Node } else { Who::Proxy };
    Outcome::Refused(response.status().as_u16(), who, has("retry-after"))
}

impl Record {
    /// Compares what the service has now with what it acknowledged; says what is lost, changed, or there twice.
    pub(crate) async fn lost(&self) -> Vec<String> {
        let found = self.all_tasks().await;
        let mut lost = Vec::new();
        let mut titles = HashSet::new();
        for task in found.values() {
            if !titles.insert(&task.title) {
                lost.push(format!("there twice: {task:?}"));
            }
            if !self.known.contains_key(&task.id) && !self.unacknowledged.contains(&task.title) {
                lost.push(format!("nobody made it: {task:?}"));
            }
        }
        for (id, known) in &self.known {
            let now = found.get(id);
            let agrees = match known {
                Known::Is(task) => now == Some(task),
                Known::Gone => now.is_none(),
                Known::IsOrGone(task) => now.is_none_or(|now| now == task),
                Known::IsOrDone(task) => now.is_some_and(|now| {
                    let done = Task {
                        completed: true,
                        completed_at: Some(now.updated_at),
                        updated_at: now.updated_at,
                        version: task.version + 1,
                        ..task.clone()
                    };
                    now == task || *now == done
                }),
            };
            if !agrees {
                lost.push(format!("{known:?} is now {now:?}"));
            }
        }
        lost
    }

    /// The person's tasks, page by page.
    async fn all_tasks(&self) -> HashMap<Uuid, Task> {
        let mut found = HashMap::new();
        let mut next = Some(format!("{}?limit=200", self.person.tasks()));
        while let Some(path) = next {
            let page = tokio::time::timeout(PATIENCE, self.person.get(&path).ask())
                .await
                .expect("an answer")
                .expect(200);
            next = page
                .header("link")
                .split_once('>')
                .map(|(link, _)| link.trim_start_matches('<').to_owned());
            found.extend(page.json::<Vec<Task>>().into_iter().map(|task| (task.id, task)));
        }
        found
    }
}
