//! The endpoints of `/api/auth`, a function each.

use super::{Call, Client, Failure, send_public};
use shared::auth::{AuthResponse, ChangePasswordRequest, DeleteAccountRequest, LoginRequest, RegisterRequest, User};
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

impl Client {
    /// Ends this session. The cookie says which one, so a token that has run out is no obstacle.
    pub async fn logout(&self) -> Result<(), Failure> {
        match self.send_only(&Call::new("POST", paths::LOGOUT)).await {
            Err(Failure::SessionEnded) => Ok(()),
            outcome => outcome,
        }
    }

    /// Ends every session of the account.
    pub async fn logout_everywhere(&self) -> Result<(), Failure> {
        self.send_only(&Call::new("POST", paths::LOGOUT_EVERYWHERE)).await
    }

    /// Changes the password, and goes on with the only session that is left: this one.
    pub async fn change_password(&self, request: &ChangePasswordRequest) -> Result<User, Failure> {
        let auth = self.send(&Call::new("POST", paths::PASSWORD).json(request)).await?;
        Ok(self.adopt(auth).await)
    }

    /// Deletes the account and all that is in it.
    pub async fn delete_account(&self, request: &DeleteAccountRequest) -> Result<(), Failure> {
        self.send_only(&Call::new("DELETE", paths::ME).json(request)).await
    }
}
