//! A case of the suite: its name, and the attack that it carries out.

use libtest_mimic::{Arguments, Trial};
use std::collections::HashSet;
use std::process::ExitCode;
use std::sync::{PoisonError, RwLock};
use tests::Backend;

/// How many cases run at the same time: most of what they do is to wait for a server.
const THREADS: usize = 4;

/// Held shared by every case, and alone by the one that measures time.
static QUIET: RwLock<()> = RwLock::new(());

/// An attack with a name.
pub(crate) struct Case {
    name: String,
    attack: Box<dyn FnOnce() + Send>,
    begins: Begins,
    /// The only database that has what is attacked, if it is not all of them.
    only_on: Option<Backend>,
}

/// When a case begins: those that wait for half a minute must not be the last ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Begins {
    AtOnce,
    Early,
    Whenever,
}

impl Case {
    /// An attack that runs beside others. `module` is the caller's `module_path!()`.
    pub(crate) fn new<F: Future<Output = ()>>(
        module: &str,
        name: impl AsRef<str>,
        attack: impl FnOnce() -> F + Send + 'static,
    ) -> Self {
        Self::with(module, name.as_ref(), Begins::Whenever, move || {
            let _shared = QUIET.read().unwrap_or_else(PoisonError::into_inner);
            block_on(attack());
        })
    }

    /// An attack during which no other one runs.
    pub(crate) fn alone<F: Future<Output = ()>>(
        module: &str,
        name: impl AsRef<str>,
        attack: impl FnOnce() -> F + Send + 'static,
    ) -> Self {
        Self::with(module, name.as_ref(), Begins::Early, move || {
            let _alone = QUIET.write().unwrap_or_else(PoisonError::into_inner);
            block_on(attack());
        })
    }

    /// An attack that waits for long and does next to nothing: it disturbs not even the one that runs alone.
    pub(crate) fn idle<F: Future<Output = ()>>(
        module: &str,
        name: impl AsRef<str>,
        attack: impl FnOnce() -> F + Send + 'static,
    ) -> Self {
        Self::with(module, name.as_ref(), Begins::AtOnce, move || block_on(attack()))
    }

    fn with(module: &str, name: &str, begins: Begins, attack: impl FnOnce() + Send + 'static) -> Self {
        // The kind of attack; which file of it, is nobody's business.
        let module = module.split("::").nth(1).unwrap_or(module);
        Self {
            name: format!("{module}::{name}"),
            attack: Box::new(attack),
            begins,
            only_on: None,
        }
    }

    /// The same case, for this database alone: on the other one it is reported as ignored.
    pub(crate) fn only_on(self, backend: Backend) -> Self {
        let only_on = Some(backend);
        Self { only_on, ..self }
    }

    /// The name, as the command line knows it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// The cases of functions, named after them.
macro_rules! cases {
    ($($function:ident),+ $(,)?) => {
        vec![$($crate::case::Case::new(module_path!(), stringify!($function), $function)),+]
    };
}

pub(crate) use cases;

/// Cases about what only one database has.
pub(crate) fn only_on(backend: Backend, cases: Vec<Case>) -> impl Iterator<Item = Case> {
    cases.into_iter().map(move |case| case.only_on(backend))
}

/// Runs those of the cases that the command line asks for, and reports as `cargo test` does.
pub(crate) fn run(mut arguments: Arguments, mut cases: Vec<Case>) -> ExitCode {
    cases.sort_by_key(|case| case.begins);
    arguments.test_threads.get_or_insert(THREADS);
    let mut names = HashSet::new();
    for case in &cases {
        assert!(names.insert(case.name.clone()), "two cases are named {}", case.name);
    }
    let trials = cases.into_iter().map(|case| {
        let trial = Trial::test(case.name, || {
            (case.attack)();
            Ok(())
        });
        match case.only_on {
            Some(backend) => trial
                .with_kind(format!("only on {backend:?}"))
                .with_ignored_flag(backend != Backend::current()),
            None => trial,
        }
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn block_on(attack: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(attack);
}
