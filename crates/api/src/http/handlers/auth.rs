//! `/api/auth`: accounts and sessions.

use crate::app::App;
use crate::audit::{self, Event};
use crate::auth::Caller;
use crate::auth::caller::{InOrder, accept, accept_cookie, accept_session, bearer};
use crate::auth::common;
use crate::auth::cross_site::SameSite;
use crate::auth::deletion;
use crate::auth::queue::Standing;
use crate::auth::session::{Session, account, cleared_cookie, cookie_value, forgotten_after};
use crate::auth::sign_in::{Source, admit, verify};
use crate::db::types::{SessionId, UserId, UtcTime};
use crate::db::users::{self, NewUser, User};
use crate::db::{Conn, DbError, identities, networks, sessions};
use crate::http::client::Client;
use crate::http::error::ApiError;
use crate::http::extract::Body;
use actix_web::cookie::Cookie;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use chrono::Utc;
use shared::auth::{
    Acknowledgement, AuthResponse, ChangePasswordRequest, DeleteAccountRequest, LoginRequest, RegisterRequest,
};
use shared::rule::RuleViolation;
use shared::text::{Name, Password};
use std::future::{Ready, ready};

type Answer = Result<HttpResponse, ApiError>;

/// Makes an account and signs in to it.
pub async fn register(app: Data<App>, source: Source, Body(new): Body<RegisterRequest>) -> Answer {
    let answer = make_account(&app, &source, &new).await;
    audit::log(&app, Event::Register, new.email.as_str(), source.client, answer)
}

/// Signs in.
pub async fn login(app: Data<App>, source: Source, Body(credentials): Body<LoginRequest>) -> Answer {
    let email = credentials.email.as_str();
    let answer = async {
        admit(&app, &source, email)?;
        let user = app
            .db()
            .read(async |conn| users::find_by_email(conn, email).await)
            .await?;
        let (user, _) = verify(&app, &source, email, user, &credentials.password).await?;
        end_earlier(&app, &source).await?;
        sign_in(&app, &user, StatusCode::OK)
    };
    audit::log(&app, Event::Login, email, source.client, answer.await)
}

/// Exchanges the session cookie for an access token, and renews the cookie.
pub async fn refresh(
    app: Data<App>,
    client: Client,
    InOrder(SameSite, SessionCookie(request)): InOrder<SameSite, SessionCookie>,
) -> Answer {
    app.throttle().admit_renewal(client)?;
    let ended = ApiError::Unauthorized {
        token_sent: cookie_value(&request, app.config()).is_some(),
    };
    let Some(session) = accept_cookie(&app, &request).await? else {
        return Err(ended);
    };
    let user = app.db().read(async |conn| users::find(conn, session.user_id).await);
    match user.await? {
        Some(user) => {
            let (response, session) = grant(&app, &user, &session)?;
            audit::note(Event::Renew, user.id, client);
            Ok(HttpResponse::Ok().cookie(session).json(response))
        }
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
    let ended: Vec<(UserId, SessionId, Option<i64>)> = caller
        .map(|caller| (caller.user_id, caller.session_id, Some(caller.expires_at)))
        .into_iter()
        .chain(session.map(|session| (session.user_id, session.id, None)))
        .collect();
    if ended.is_empty() {
        return Err(ApiError::Unauthorized {
            token_sent: token.is_some(),
        });
    }
    let who = ended
        .first()
        .map_or_else(String::new, |(user_id, ..)| user_id.to_string());
    for (user_id, session_id, expires_at) in ended {
        end_session(&app, user_id, session_id, expires_at).await?;
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
    source: Source,
    InOrder(caller, Body(change)): InOrder<Caller, Body<ChangePasswordRequest>>,
) -> Answer {
    let answer = async {
        let user = find(&app, &caller).await?;
        let email = user.email.clone();
        admit(&app, &source, &email)?;
        refuse_common(&change.new_password, "new_password", &email)?;
        let (_, turn) = verify(&app, &source, &email, Some(user), &change.current_password).await?;
        let hash = turn.hash(change.new_password.reveal()).await?;
        let (id, epoch) = (caller.user_id, caller.epoch);
        let change = async move |conn: &mut Conn| {
            let changed = users::change_password(conn, id, epoch, hash.as_str()).await?;
            Ok::<_, DbError>(changed)
        };
        let changed = app.db().write(change).await?;
        let user = changed.ok_or(ApiError::Unauthorized { token_sent: true })?;
        sign_in(&app, &user, StatusCode::OK)
    };
    audit::log(&app, Event::ChangePassword, caller.user_id, source.client, answer.await)
}

/// Deletes the account. Everything that is its is deleted after the answer, in pieces.
pub async fn delete_me(
    app: Data<App>,
    source: Source,
    InOrder(caller, Body(request)): InOrder<Caller, Body<DeleteAccountRequest>>,
) -> Answer {
    let answer = async {
        let user = find(&app, &caller).await?;
        let email = user.email.clone();
        admit(&app, &source, &email)?;
        verify(&app, &source, &email, Some(user), &request.password).await?;
        if !deletion::delete(app.db(), caller.user_id, caller.epoch).await? {
            return Err(ApiError::Unauthorized { token_sent: true });
        }
        app.account_deleted();
        Ok(acknowledge(&app, "Account deleted"))
    };
    audit::log(&app, Event::DeleteAccount, caller.user_id, source.client, answer.await)
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

/// Ends the session whose cookie the new one's is about to replace: nobody could end it any more (ASVS 5.0 7.2.4).
async fn end_earlier(app: &App, source: &Source) -> Result<(), ApiError> {
    let Some(token) = &source.session else {
        return Ok(());
    };
    if let Some(session) = accept_session(app, token).await? {
        end_session(app, session.user_id, session.id, None).await?;
    }
    Ok(())
}

/// Ends a session, by a token of it that is good until `expires_at` (seconds since 1970), if it is another issuer's.
async fn end_session(app: &App, user: UserId, session: SessionId, expires_at: Option<i64>) -> Result<(), DbError> {
    let until = forgotten_after(app.config(), expires_at);
    let sign_out = async move |conn: &mut Conn| {
        let signed_out = sessions::sign_out(conn, user, session, until).await;
        signed_out.map_err(DbError::from)
    };
    match app.db().write(sign_out).await {
        // An account that has just been deleted has no session to end.
        Err(error) if !error.is_foreign_key_violation() => Err(error),
        _ => Ok(()),
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

async fn make_account(app: &App, source: &Source, new: &RegisterRequest) -> Answer {
    admit(app, source, new.email.as_str())?;
    refuse_common(&new.password, "password", new.email.as_str())?;
    let turn = app.hasher().enter(Standing::Stranger, source.client.site())?;
    let hash = turn.hash(new.password.reveal()).await?;
    let (email, name, network) = (new.email.clone(), new.name.clone(), source.client.digest());
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
    end_earlier(app, source).await?;
    sign_in(app, &user, StatusCode::CREATED)
}

/// Refuses a password that others would try first.
fn refuse_common(password: &Password, member: &str, email: &str) -> Result<(), ApiError> {
    if common::is_common(password.reveal(), email) {
        return Err(ApiError::field(member, RuleViolation::Guessable));
    }
    Ok(())
}

/// A new session of somebody who has just proved who they are, on a device that is known from now on.
fn sign_in(app: &App, user: &User, status: StatusCode) -> Answer {
    let (response, session) = grant(app, user, &Session::begin(user))?;
    let device = app.devices().cookie(&user.email, app.config(), Utc::now().timestamp());
    Ok(HttpResponse::build(status)
        .cookie(session)
        .cookie(device)
        .json(response))
}

fn grant(app: &App, user: &User, session: &Session) -> Result<(AuthResponse, Cookie<'static>), ApiError> {
    let grant = session.grant(user, app.tokens(), app.config())?;
    let grant = grant.ok_or(ApiError::Unauthorized { token_sent: true })?;
    Ok((grant.response, grant.cookie))
}

fn acknowledge(app: &App, message: &str) -> HttpResponse {
    HttpResponse::Ok()
        .cookie(cleared_cookie(app.config()))
        .json(Acknowledgement {
            success: true,
            message: message.to_owned(),
        })
}
