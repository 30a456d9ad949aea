//! The endpoints of `/api/auth` for somebody who is signed in, a function each.

use super::call::Call;
use super::client::Client;
use super::failure::Failure;
use shared::auth::{ChangePasswordRequest, DeleteAccountRequest, User};
use shared::paths;

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
