//! Answers side by side: what an attacker could tell apart.

use tests::Answer;

/// The header fields, without those that differ from request to request: `Connection` says no more than whether the body was
/// read before it was answered.
pub(crate) fn fields(answer: &Answer) -> Vec<(String, String)> {
    let mut fields: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["connection", "date", "x-request-id"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), format!("{value:?}")))
        .collect();
    fields.sort();
    fields
}

/// Everything that the answer says, without what differs from request to request.
pub(crate) fn whole(answer: &Answer) -> (u16, Vec<(String, String)>, String) {
    let bytes = answer.text().replace(answer.request_id(), "");
    (answer.status, fields(answer), bytes)
}
