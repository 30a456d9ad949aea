//! Every operation × {anonymous, stranger, owner, and whoever has only the cookie}.

use super::recipes::{Operation, Recipe, Scope, Thing, operations};
use crate::case::Case;
use crate::compare;
use chrono::Utc;
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use shared::error::ErrorCode;
use shared::lists::List;
use shared::paths;
use shared::tasks::Task;
use tests::site::Site;
use tests::token::Token;
use tests::{Answer, Ask, Person, TestApp, assert_problem, assert_unauthorized, assert_unauthorized_without_token};
use uuid::Uuid;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for operation in operations() {
        let mut add = |actor: &str, attack: fn(Operation) -> Attack| {
            let operation = operation.clone();
            let name = format!("{}::{actor}", operation.id);
            cases.push(Case::new("attack::isolation", name, move || attack(operation)));
        };
        add("anonymous", |operation| Box::pin(anonymous(operation)));
        add("stranger", |operation| Box::pin(stranger(operation)));
        add("owner", |operation| Box::pin(owner(operation)));
        add("cookie_alone", |operation| Box::pin(cookie_alone(operation)));
    }
    cases
}

type Attack = std::pin::Pin<Box<dyn Future<Output = ()>>>;

/// Two people with a task each, and a list, and the same in the trash, on a server of their own. Ada is the one who is
/// attacked, Eve the stranger.
struct Scene {
    app: TestApp,
    ada: Person,
    eve: Person,
    adas: Task,
    eves: Task,
    /// What the operation is about, of either.
    about_adas: Uuid,
    about_eves: Uuid,
    /// Ada's lists and trash.
    kept: [Value; 2],
}

impl Scene {
    async fn set(scope: Scope) -> Self {
        let thing = match scope {
            Scope::Thing(thing) => thing,
            _ => Thing::Task,
        };
        let app = TestApp::spawn().await;
        let ada = app.register("ada").await;
        let eve = app.register("eve").await;
        let adas = ada
            .create(&json!({"title": "Ada's secret", "description": "of Ada"}))
            .await;
        let eves = eve.create(&json!({"title": "Eve's own"})).await;
        let (adas, eves): (Task, Task) = (adas.expect(201).json(), eves.expect(201).json());
        let about_adas = own(&ada, &adas, thing, "Ada's secret").await;
        let about_eves = own(&eve, &eves, thing, "Eve's own").await;
        Self {
            kept: kept(&ada).await,
            app,
            ada,
            eve,
            adas,
            eves,
            about_adas,
            about_eves,
        }
    }

    /// The operation, asked for by nobody in particular.
    fn ask(&self, operation: &Operation, recipe: &Recipe, user_id: &str, task: Uuid) -> RequestBuilder {
        ask(&self.app, operation, recipe, user_id, task)
    }

    /// Nothing of Ada's has changed: her task, her tokens, her password.
    async fn assert_ada_is_untouched(&self) {
        assert_eq!(self.ada.list().await, std::slice::from_ref(&self.adas));
        assert_eq!(kept(&self.ada).await, self.kept);
        let me = self.ada.me().await.expect(200).value();
        assert_eq!(me["email"], "ada@example.org");
        self.app.refresh_with(&self.ada.cookie).await.expect(200);
        self.app.login(&self.ada).await;
    }

    /// The answer has nothing of Ada's in it.
    #[track_caller]
    fn assert_silent_about_ada(&self, answer: &Answer) {
        let text = format!("{}{:?}", answer.text(), answer.headers);
        for hers in [
            "Ada's secret",
            "of Ada",
            "ada@example.org",
            &self.ada.id,
            &self.adas.id.to_string(),
            &self.about_adas.to_string(),
        ] {
            assert!(!text.contains(hers), "{hers}: {answer:?}");
        }
    }
}

/// The id of something of this kind that the person has, whose name is this.
async fn own(person: &Person, task: &Task, thing: Thing, name: &str) -> Uuid {
    let list = async || {
        let made = person
            .post(&paths::lists(&person.id))
            .json(&json!({"name": name}))
            .ask()
            .await;
        made.expect(201).json::<List>().id
    };
    let (kept, gone) = (list().await, list().await);
    person.delete(&paths::list(&person.id, gone)).ask().await.expect(200);
    let in_trash = person.add(name).await.id;
    person.delete(&person.task(in_trash)).ask().await.expect(200);
    match thing {
        Thing::Task => task.id,
        Thing::TaskInTrash => in_trash,
        Thing::List => kept,
        Thing::ListInTrash => gone,
    }
}

/// The person's lists and trash.
async fn kept(person: &Person) -> [Value; 2] {
    let [lists, trash] = [paths::lists(&person.id), paths::trash(&person.id)];
    let lists = person.get(&lists).ask().await.expect(200).value();
    [lists, person.get(&trash).ask().await.expect(200).value()]
}

fn ask(site: &Site, operation: &Operation, recipe: &Recipe, user_id: &str, task: Uuid) -> RequestBuilder {
    let path = operation
        .path
        .replace("{user_id}", user_id)
        .replace("{id}", &task.to_string());
    let request = site.request(operation.method.clone(), &path);
    match &recipe.body {
        Some(body) => request
            .header("content-type", "application/json")
            .body(body.to_string().replace("{id}", &task.to_string())),
        None => request,
    }
}

/// Requests with something wrong in them besides whose they are: in the body, its type, the query, the version, the ids.
fn broken(site: &Site, operation: &Operation, user_id: &str, thing: Uuid) -> Vec<RequestBuilder> {
    let request = |user_id: &str, id: &str| {
        let path = operation.path.replace("{user_id}", user_id).replace("{id}", id);
        site.request(operation.method.clone(), &path)
    };
    let usual = || request(user_id, &thing.to_string());
    let sent = |content_type: &str, body: String| usual().header("content-type", content_type).body(body);
    let mut all = vec![
        sent("application/json", String::new()),
        sent("application/json", "{".to_owned()),
        sent("application/json", "{}".to_owned()),
        sent(
            "application/json",
            format!("{{\"title\": \"{}\"}}", "x".repeat(2_000_000)),
        ),
        sent("text/plain", "x".to_owned()),
        sent("text/plain", "x".repeat(2_000_000)),
        usual().header("if-match", "\"999\""),
        usual().query(&[("limit", "nonsense"), ("cursor", "!")]),
    ];
    if operation.path.contains("{user_id}") {
        all.extend(["%00", "%F0%9F%92%A5"].map(|user_id| request(user_id, &thing.to_string())));
    }
    if operation.path.contains("{id}") {
        all.push(request(user_id, "no-id").body("{"));
    }
    all
}

/// Without a token nothing is done, and nothing is learnt: not even whether there is somebody or something.
async fn anonymous(operation: Operation) {
    let recipe = operation.recipe();
    let scene = Scene::set(recipe.scope).await;
    let answer = scene
        .ask(&operation, &recipe, &scene.ada.id, scene.about_adas)
        .ask()
        .await;
    match recipe.scope {
        Scope::Public => {
            assert_eq!(answer.status, operation.success, "{answer:?}");
            scene.assert_silent_about_ada(&answer);
            assert_eq!(answer.cookies(), []);
        }
        // What the body proves is looked at in the credentials' own cases.
        Scope::Credentials => assert_eq!(answer.status, operation.success, "{answer:?}"),
        Scope::Session | Scope::Caller | Scope::Tasks | Scope::Thing(_) => {
            assert_unauthorized_without_token(&answer);
            let expected = compare::whole(&answer);
            let nobody = Uuid::now_v7().to_string();
            for (user_id, task) in [
                (&nobody, scene.about_adas),
                (&nobody, Uuid::now_v7()),
                (&scene.ada.id, Uuid::now_v7()),
                (&"nobody".to_owned(), Uuid::nil()),
            ] {
                let answer = scene.ask(&operation, &recipe, user_id, task).ask().await;
                assert_eq!(compare::whole(&answer), expected);
            }
            // Nor whether the rest of the request would have been good.
            for broken in broken(&scene.app, &operation, &scene.ada.id, scene.about_adas) {
                assert_eq!(compare::whole(&broken.ask().await), expected);
            }
        }
    }
    if matches!(recipe.scope, Scope::Caller | Scope::Tasks | Scope::Thing(_)) {
        // What is no token, or no longer one, is none.
        let expired = Token::read(&scene.ada.token).with("exp", Utc::now().timestamp() - 1);
        for token in ["nonsense", &expired.sign()] {
            let request = scene.ask(&operation, &recipe, &scene.ada.id, scene.about_adas);
            assert_unauthorized(&request.bearer_auth(token).ask().await);
            for broken in broken(&scene.app, &operation, &scene.ada.id, scene.about_adas) {
                assert_unauthorized(&broken.bearer_auth(token).ask().await);
            }
        }
    }
    scene.assert_ada_is_untouched().await;
}

/// With a token of somebody else's.
async fn stranger(operation: Operation) {
    let recipe = operation.recipe();
    let scene = Scene::set(recipe.scope).await;
    let Scene { app, ada, eve, .. } = &scene;
    let (adas, eves) = (scene.about_adas, scene.about_eves);
    let as_eve = |user_id: &str, task: Uuid| {
        scene
            .ask(&operation, &recipe, user_id, task)
            .header("cookie", &eve.cookie)
            .bearer_auth(&eve.token)
    };
    match recipe.scope {
        Scope::Public => {
            let answer = as_eve(&ada.id, adas).ask().await.expect(operation.success);
            scene.assert_silent_about_ada(&answer);
        }
        Scope::Credentials => {
            // Being signed in as somebody else helps nobody to a password.
            let body = json!({"email": ada.email, "password": "a stranger's guess"});
            let request = app.request(operation.method.clone(), &operation.path);
            let answer = request
                .header("cookie", &eve.cookie)
                .bearer_auth(&eve.token)
                .json(&body);
            let answer = answer.ask().await;
            assert!(matches!(answer.status, 401 | 409), "{answer:?}");
            assert_eq!(answer.cookies(), []);
            assert!(!answer.text().contains(&ada.id), "{answer:?}");
        }
        Scope::Session | Scope::Caller => {
            // The request is about whoever asks, whatever else it says.
            let ids = [("user_id", &ada.id), ("sub", &ada.id), ("email", &ada.email)];
            let answer = as_eve(&ada.id, adas).query(&ids).ask().await;
            assert_eq!(answer.status, operation.success, "{answer:?}");
            scene.assert_silent_about_ada(&answer);
        }
        Scope::Tasks | Scope::Thing(_) => {
            let answer = as_eve(&ada.id, adas).ask().await;
            assert_problem(&answer, 403, ErrorCode::Forbidden);
            scene.assert_silent_about_ada(&answer);
            // To the byte what somebody gets who asks for nobody.
            let expected = compare::whole(&answer);
            for (user_id, task) in [
                (Uuid::now_v7().to_string(), adas),
                (Uuid::now_v7().to_string(), Uuid::now_v7()),
                ("nobody".to_owned(), adas),
                (ada.id.to_uppercase(), adas),
                (ada.id.clone(), Uuid::now_v7()),
            ] {
                let answer = as_eve(&user_id, task).ask().await;
                assert_eq!(compare::whole(&answer), expected, "{user_id}");
            }
            // Nor does anything else that is wrong matter.
            for broken in broken(app, &operation, &ada.id, adas) {
                let answer = broken.bearer_auth(&eve.token).ask().await;
                assert_eq!(compare::whole(&answer), expected, "{answer:?}");
            }
        }
    }
    if matches!(recipe.scope, Scope::Thing(_)) {
        // Ada's under Eve's own path is as absent as one that never was, whatever version is asked for.
        let absent = compare::whole(&as_eve(&eve.id, Uuid::now_v7()).ask().await);
        assert_eq!(absent.0, 404);
        let foreign = as_eve(&eve.id, adas).ask().await;
        assert_problem(&foreign, 404, ErrorCode::NotFound);
        assert_eq!(compare::whole(&foreign), absent);
        for version in ["\"0\"", "\"1\"", "*", "W/\"1\"", "\"1\", \"2\""] {
            let answer = as_eve(&eve.id, adas).header("if-match", version).ask().await;
            assert_eq!(compare::whole(&answer), absent, "{version}");
        }
        // It is the stranger who is refused: what is theirs they reach.
        as_eve(&eve.id, eves).ask().await.expect(operation.success);
    }
    scene.assert_ada_is_untouched().await;
}

/// The owner succeeds, as described, and nobody else notices.
async fn owner(operation: Operation) {
    let recipe = operation.recipe();
    let scene = Scene::set(recipe.scope).await;
    let Scene { app, ada, eve, .. } = &scene;
    let mut request = scene.ask(&operation, &recipe, &ada.id, scene.about_adas);
    for scheme in &operation.security {
        request = match scheme.as_str() {
            "bearer" => request.bearer_auth(&ada.token),
            "session" => request.header("cookie", &ada.cookie),
            other => panic!("{operation:?}: what is {other}?"),
        };
    }
    let answer = request.ask().await;
    assert_eq!(answer.status, operation.success, "{answer:?}");
    for foreign in [&*eve.id, "eve@example.org", "Eve's own", &scene.eves.id.to_string()] {
        assert!(!answer.text().contains(foreign), "{foreign}: {answer:?}");
    }
    if let Some(user_id) = answer.value_or_null().get("user_id") {
        assert_eq!(user_id, ada.id.as_str());
    }
    // The session goes on if the operation does not end it.
    let still = app.me_with(&format!("Bearer {}", ada.token)).await.status;
    assert_eq!(still, if recipe.ends_the_session { 401 } else { 200 });
    assert_eq!(eve.list().await, std::slice::from_ref(&scene.eves));
    eve.me().await.expect(200);
    app.refresh_with(&eve.cookie).await.expect(200);
    app.login(eve).await;
}

/// A cookie goes along with whatever a page makes a browser send: it opens its two routes, and no other one.
async fn cookie_alone(operation: Operation) {
    let recipe = operation.recipe();
    let scene = Scene::set(recipe.scope).await;
    let request = scene.ask(&operation, &recipe, &scene.ada.id, scene.about_adas);
    let answer = request.header("cookie", &scene.ada.cookie).ask().await;
    match recipe.scope {
        Scope::Public => assert_eq!(answer.status, operation.success, "{answer:?}"),
        Scope::Credentials => {
            assert_eq!(answer.status, operation.success, "{answer:?}");
            // What the body proves is another session, which takes this one's place.
            assert_unauthorized(&scene.app.me_with(&format!("Bearer {}", scene.ada.token)).await);
            return;
        }
        Scope::Session => {
            assert_eq!(answer.status, operation.success, "{answer:?}");
            // And there only if no other site has caused it.
            let scene = Scene::set(recipe.scope).await;
            let request = scene.ask(&operation, &recipe, &scene.ada.id, scene.about_adas);
            let request = request.header("cookie", &scene.ada.cookie);
            let answer = request.header("sec-fetch-site", "cross-site").ask().await;
            assert_problem(&answer, 403, ErrorCode::CrossSite);
            scene.assert_ada_is_untouched().await;
            return;
        }
        Scope::Caller | Scope::Tasks | Scope::Thing(_) => {
            assert_unauthorized_without_token(&answer);
            let me = scene.app.get(paths::ME).header("cookie", &scene.ada.cookie);
            assert_unauthorized_without_token(&me.ask().await);
        }
    }
    if recipe.scope != Scope::Session {
        scene.assert_ada_is_untouched().await;
    }
}

trait OrNull {
    fn value_or_null(&self) -> Value;
}

impl OrNull for Answer {
    /// The body, if it is JSON.
    fn value_or_null(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}
