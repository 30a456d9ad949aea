//! The endpoints of `/api/auth` for whoever is not signed in yet, a function each.

use super::call::Call;
use super::failure::Failure;
use super::fetch::send_public;
use shared::auth::{AuthResponse, LoginRequest, RegisterRequest};
use shared::paths;

/// Makes an account and signs in to it.
pub async fn register(request: &RegisterRequest) -> Result<AuthResponse, Failure> {
    send_public(&Call::new("POST", paths::REGISTER).json(request)).await
}

/// Signs in.
pub async fn login(request: &LoginRequest) -> Result<AuthResponse, Failure> {
    send_public(&Call::new("POST", paths::LOGIN).json(request)).await
}

/// Exchanges the session cookie for an access token.
pub async fn refresh() -> Result<AuthResponse, Failure> {
    send_public(&Call::new("POST", paths::REFRESH)).await
}
