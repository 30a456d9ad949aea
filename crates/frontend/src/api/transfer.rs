//! The endpoints that let everything in and out, a function each.

use super::call::Call;
use super::client::Client;
use super::failure::Failure;
use super::upload::OnSent;
use shared::paths;
use shared::transfer::ImportReport;
use web_sys::Blob;

impl Client {
    /// Everything of somebody's, as a file of this format.
    pub async fn export(&self, format: &str) -> Result<String, Failure> {
        let path = format!("{}?format={format}", paths::export(self.user_id()));
        Ok(self.answer(&Call::new("GET", path)).await?.body)
    }

    /// Adds what is in a file of this name, or with `dry_run` only says what that would be. Times without a zone are
    /// those of `time_zone`. `on_sent` hears how far the file is on its way.
    pub async fn import(
        &self,
        content_type: &'static str,
        file: (&str, Blob),
        dry_run: bool,
        time_zone: &str,
        on_sent: OnSent,
    ) -> Result<ImportReport, Failure> {
        let (name, file) = file;
        let [zone, name] = [time_zone, name].map(|text| String::from(js_sys::encode_uri_component(text)));
        let path = format!(
            "{}?format=auto&dry_run={dry_run}&time_zone={zone}&name={name}",
            paths::import(self.user_id())
        );
        self.upload(&Call::new("POST", path).file(content_type), file, on_sent)
            .await
    }
}
