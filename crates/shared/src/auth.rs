//! The wire types of `/api/auth`.

use crate::input::{Fields, Input};
use crate::instant;
use crate::text::{AccessToken, Email, Name, Password, PasswordAttempt, reveal};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The body of `POST /api/auth/register`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegisterRequest {
    /// The address to sign in with.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Email, max_length = 255))]
    pub email: Email,
    /// The password to sign in with.
    #[serde(serialize_with = "reveal")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Password, min_length = 8, max_length = 128))]
    pub password: Password,
    /// What to call the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, min_length = 1, max_length = 100))]
    pub name: Option<Name>,
}

impl Input for RegisterRequest {
    fn read(fields: &mut Fields) -> Option<Self> {
        let email = fields.required("email");
        let password = fields.required("password");
        let name = fields.optional::<Option<Name>>("name");
        Some(Self {
            email: email?,
            password: password?,
            name: name?.flatten(),
        })
    }
}

/// The body of `POST /api/auth/login`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoginRequest {
    /// The address that was registered.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Email, max_length = 255))]
    pub email: Email,
    /// The account's password.
    #[serde(serialize_with = "reveal")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Password, min_length = 1, max_length = 128))]
    pub password: PasswordAttempt,
}

impl Input for LoginRequest {
    fn read(fields: &mut Fields) -> Option<Self> {
        let email = fields.required("email");
        let password = fields.required("password");
        Some(Self {
            email: email?,
            password: password?,
        })
    }
}

/// The body of `POST /api/auth/password`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangePasswordRequest {
    /// The account's password as it is.
    #[serde(serialize_with = "reveal")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Password, min_length = 1, max_length = 128))]
    pub current_password: PasswordAttempt,
    /// The account's password from now on.
    #[serde(serialize_with = "reveal")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Password, min_length = 8, max_length = 128))]
    pub new_password: Password,
}

impl Input for ChangePasswordRequest {
    fn read(fields: &mut Fields) -> Option<Self> {
        let current_password = fields.required("current_password");
        let new_password = fields.required("new_password");
        Some(Self {
            current_password: current_password?,
            new_password: new_password?,
        })
    }
}

/// The body of `DELETE /api/auth/me`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeleteAccountRequest {
    /// The account's password, to be sure that it is the owner who asks.
    #[serde(serialize_with = "reveal")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Password, min_length = 1, max_length = 128))]
    pub password: PasswordAttempt,
}

impl Input for DeleteAccountRequest {
    fn read(fields: &mut Fields) -> Option<Self> {
        Some(Self {
            password: fields.required("password")?,
        })
    }
}

/// An account, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// The account's id: the `{user_id}` of its URLs. Opaque.
    pub id: String,
    /// The address to sign in with, in lower case.
    pub email: String,
    /// What to call the person.
    pub name: Option<String>,
    /// When the account was made.
    #[serde(with = "instant")]
    pub created_at: DateTime<Utc>,
}

/// The answer to every successful sign-in: a token, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuthResponse {
    /// For the `Authorization: Bearer` header (RFC 6750 §2.1). Keep it in memory only.
    #[serde(serialize_with = "reveal")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub access_token: AccessToken,
    /// Always `bearer`.
    pub token_type: String,
    /// Seconds for which the token is good.
    pub expires_in: i64,
    /// The instant from which the token is no longer accepted.
    #[serde(with = "instant")]
    pub expires_at: DateTime<Utc>,
    /// Whose token it is.
    pub user: User,
}

/// The answer to a request that succeeded and has nothing else to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Acknowledgement {
    /// Always `true`.
    pub success: bool,
    /// What was done, for people.
    pub message: String,
}
