//! `/api/auth`: accounts and sessions.

use crate::app::App;
use crate::audit::{self, Event};
use crate::auth::Caller;
use crate::auth::caller::{InOrder, accept, accept_cookie, bearer};
use crate::auth::common;
use crate::auth::cross_site::SameSite;
use crate::auth::deletion;
use crate::auth::password::{PasswordHash, Verdict};
use crate::auth::session::{Session, account, cleared_cookie, cookie_value, forgotten_after};
use crate::auth::throttle::Flood;
use crate::db::types::{SessionId, UserId, UtcTime};
use crate::db::users::{self, NewUser, User};
use crate::db::{Conn, DbError, identities, networks, sessions};
use crate::http::client::Client;
use crate::http::error::ApiError;
use crate::http::extract::Body;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use shared::auth::{Acknowledgement, ChangePasswordRequest, DeleteAccountRequest, LoginRequest, RegisterRequest};
use shared::rule::RuleViolation;
use shared::text::{Name, Password, PasswordAttempt};
use std::future::{Ready, ready};

type Answer = Result<HttpResponse, ApiError>;

/// Makes an account and signs in to it.
pub async fn register(app: Data<App>, client: Client, Body(new): Body<RegisterRequest>) -> Answer {
    let answer = make_account(&app, client, &new).await;
    audit::log(&app, Event::Register, new.email.as_str(), client, answer)
}

/// Signs in.
pub async fn login(app: Data<App>, client: Client, Body(credentials): Body<LoginRequest>) -> Answer {
    let email = credentials.email.as_str();
    let answer = async {
        app.throttle().admit(Flood::Credentials, client)?;
        let user = app
            .db()
            .read(async |conn| users::find_by_email(conn, email).await)
            .await?;
        let user = verify(&app, client, email, user, &credentials.password).await?;
        grant(&app, &user, &Session::begin(&user), StatusCode::OK)
    };
    audit::log(&app, Event::Login, email, client, answer.await)
}

/// Exchanges the session cookie for an access token, and renews the cookie.
pub async fn refresh(
    app: Data<App>,
    client: Client,
    InOrder(SameSite, SessionCookie(request)): InOrder<SameSite, SessionCookie>,
) -> Answer {
    app.throttle().admit(Flood::Renewals, client)?;
    let ended = ApiError::Unauthorized {
        token_sent: cookie_value(&request, app.config()).is_some(),
    };
    let Some(session) = accept_cookie(&app, &request).await? else {
        return Err(ended);
    };
    let user = app.db().read(async |conn| users::find(conn, session.user_id).await);
    match user.await? {
        Some(user) => grant(&app, &user, &session, StatusCode::OK),
        None => Err(ended),
    }
}

/// Ends the session that the token or the cookie belongs to; both, if they belong to two.
pub async fn logout(
    app: Data<App>,
    client: Client,
    InOrder(SameSite, CookieOrBearer(request)): InOrder<SameSite, CookieOrBearer>,
) -> Answer {
    let token = bearer(&request)?;
    let caller = match token {
        Some(token) => accept(&app, token, client).await?,
        None => None,
    };
    let session = accept_cookie(&app, &request).await?;
    let ended: Vec<(UserId, SessionId)> = caller
        .map(|caller| (caller.user_id, caller.session_id))
        .into_iter()
        .chain(session.map(|session| (session.user_id, session.id)))
        .collect();
    if ended.is_empty() {
        return Err(ApiError::Unauthorized {
            token_sent: token.is_some(),
        });
    }
    let who = ended
        .first()
        .map_or_else(String::new, |(user_id, _)| user_id.to_string());
    let until = forgotten_after(app.config());
    for (user_id, session_id) in ended {
        let sign_out = async move |conn: &mut Conn| {
            let signed_out = sessions::sign_out(conn, user_id, session_id, until).await;
            signed_out.map_err(DbError::from)
        };
        match app.db().write(sign_out).await {
            // An account that has just been deleted has no session to end.
            Err(error) if !error.is_foreign_key_violation() => return Err(error.into()),
            _ => {}
        }
    }
    audit::log(&app, Event::Logout, who, client, Ok(acknowledge(&app, "Signed out")))
}

/// Ends every session of the account.
pub async fn logout_everywhere(app: Data<App>, client: Client, caller: Caller) -> Answer {
    let end_all = async move |conn: &mut Conn| {
        users::raise_epoch(conn, caller.user_id).await?;
        identities::end_tokens(conn, caller.user_id, UtcTime::now()).await?;
        Ok::<_, DbError>(())
    };
    app.db().transaction(end_all).await?;
    audit::log(
        &app,
        Event::LogoutEverywhere,
        caller.user_id,
        client,
        Ok(acknowledge(&app, "Signed out everywhere")),
    )
}

/// Who the caller is.
pub async fn get_me(app: Data<App>, caller: Caller) -> Answer {
    let user = find(&app, &caller).await?;
    Ok(HttpResponse::Ok().json(account(&user, caller.subject)))
}

/// Changes the password and ends every other session.
pub async fn change_password(
    app: Data<App>,
    client: Client,
    InOrder(caller, Body(change)): InOrder<Caller, Body<ChangePasswordRequest>>,
) -> Answer {
    let answer = async {
        app.throttle().admit(Flood::Credentials, client)?;
        let user = find(&app, &caller).await?;
        refuse_common(&change.new_password, "new_password", &user.email)?;
        let email = user.email.clone();
        verify(&app, client, &email, Some(user), &change.current_password).await?;
        let hash = app.hasher().enter()?.hash(change.new_password.reveal()).await?;
        let (id, epoch) = (caller.user_id, caller.epoch);
        let change = async move |conn: &mut Conn| {
            let changed = users::change_password(conn, id, epoch, hash.as_str()).await?;
            Ok::<_, DbError>(changed)
        };
        let changed = app.db().write(change).await?;
        let user = changed.ok_or(ApiError::Unauthorized { token_sent: true })?;
        grant(&app, &user, &Session::begin(&user), StatusCode::OK)
    };
    audit::log(&app, Event::ChangePassword, caller.user_id, client, answer.await)
}

/// Deletes the account. Everything that is its is deleted after the answer, in pieces.
pub async fn delete_me(
    app: Data<App>,
    client: Client,
    InOrder(caller, Body(request)): InOrder<Caller, Body<DeleteAccountRequest>>,
) -> Answer {
    let answer = async {
        app.throttle().admit(Flood::Credentials, client)?;
        let user = find(&app, &caller).await?;
        let email = user.email.clone();
        verify(&app, client, &email, Some(user), &request.password).await?;
        if !deletion::delete(app.db(), caller.user_id, caller.epoch).await? {
            return Err(ApiError::Unauthorized { token_sent: true });
        }
        app.account_deleted();
        Ok(acknowledge(&app, "Account deleted"))
    };
    audit::log(&app, Event::DeleteAccount, caller.user_id, client, answer.await)
}

/// The request, of which the session cookie is still to be verified.
pub struct SessionCookie(HttpRequest);

/// The request, of which the session cookie, the access token, or both are still to be verified.
pub struct CookieOrBearer(HttpRequest);

impl FromRequest for SessionCookie {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(request.clone())))
    }
}

impl FromRequest for CookieOrBearer {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(request.clone())))
    }
}

/// The caller's account, which may have been deleted a moment ago.
async fn find(app: &App, caller: &Caller) -> Result<User, ApiError> {
    let user = app
        .db()
        .read(async |conn| users::find(conn, caller.user_id).await)
        .await?;
    user.ok_or(ApiError::Unauthorized { token_sent: true })
}

async fn make_account(app: &App, client: Client, new: &RegisterRequest) -> Answer {
    app.throttle().admit(Flood::Credentials, client)?;
    refuse_common(&new.password, "password", new.email.as_str())?;
    let hash = app.hasher().enter()?.hash(new.password.reveal()).await?;
    let (email, name, network) = (new.email.clone(), new.name.clone(), client.digest());
    let create = async move |conn: &mut Conn| {
        let now = UtcTime::now();
        let row = NewUser {
            id: UserId::generate(),
            email: email.as_str(),
            name: name.as_ref().map(Name::as_str),
            password_hash: Some(hash.as_str()),
            created_at: now,
        };
        let user = users::create(conn, &row).await?;
        networks::remember(conn, user.id, network, now).await?;
        Ok::<_, DbError>(user)
    };
    let user = app.db().transaction(create).await.map_err(|error| {
        if error.is_unique_violation() {
            ApiError::EmailExists
        } else {
            error.into()
        }
    })?;
    grant(app, &user, &Session::begin(&user), StatusCode::CREATED)
}

/// Refuses a password that others would try first.
fn refuse_common(password: &Password, member: &str, email: &str) -> Result<(), ApiError> {
    if common::is_common(password.reveal(), email) {
        return Err(ApiError::field(member, RuleViolation::Guessable));
    }
    Ok(())
}

/// The account, if the password is its own. Takes as long, and says the same, if there is no account.
async fn verify(
    app: &App,
    client: Client,
    email: &str,
    user: Option<User>,
    password: &PasswordAttempt,
) -> Result<User, ApiError> {
    // First of all: whom the queue has no place for has not tried anything.
    let turn = app.hasher().enter()?;
    let attempt = app.throttle().begin(app.db(), email, user.as_ref(), client).await?;
    // An account that is kept out looks like one that is not there.
    let enabled = user.as_ref().filter(|user| user.disabled_at.is_none());
    let hash = enabled.and_then(|user| user.password_hash.clone());
    let stored = hash.clone().map(PasswordHash::from_stored);
    let verdict = match turn.verify(password.reveal(), stored).await {
        Ok(verdict) => verdict,
        Err(error) => {
            app.throttle().withdraw(app.db(), attempt).await?;
            return Err(error.into());
        }
    };
    let (Some(user), Some(seen)) = (user, hash) else {
        return Err(ApiError::InvalidCredentials);
    };
    match verdict {
        Verdict::Wrong => return Err(ApiError::InvalidCredentials),
        Verdict::Right => {}
        Verdict::RightButOutdated(renewed) => {
            let id = user.id;
            let rehash = async move |conn: &mut Conn| {
                users::rehash_password(conn, id, &seen, renewed.as_str()).await?;
                Ok::<_, DbError>(())
            };
            app.db().write(rehash).await?;
        }
    }
    app.throttle().succeed(app.db(), attempt, user.id).await?;
    Ok(user)
}

fn grant(app: &App, user: &User, session: &Session, status: StatusCode) -> Answer {
    let grant = session.grant(user, app.tokens(), app.config())?;
    let grant = grant.ok_or(ApiError::Unauthorized { token_sent: true })?;
    Ok(HttpResponse::build(status).cookie(grant.cookie).json(grant.response))
}

fn acknowledge(app: &App, message: &str) -> HttpResponse {
    HttpResponse::Ok()
        .cookie(cleared_cookie(app.config()))
        .json(Acknowledgement {
            success: true,
            message: message.to_owned(),
        })
}
