//! Addresses that may be followed.

/// The address, if following it can do no harm: it leads to the web or to somebody's mailbox, in full.
pub(super) fn safe(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once(':')?;
    let known = ["http", "https", "mailto"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known));
    let is_mail = scheme.eq_ignore_ascii_case("mailto");
    let leads_somewhere = if is_mail {
        rest.contains('@')
    } else {
        rest.starts_with("//") && rest.len() > 2
    };
    // Browsers drop such characters, and see another address than the reader.
    let is_plain = !url.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\');
    (known && leads_somewhere && is_plain).then(|| url.to_owned())
}

/// The address at the beginning of a text, if there is one, in bytes.
pub(super) fn bare(text: &str) -> Option<usize> {
    let lead = ["https://", "http://", "www."].into_iter().find(|lead| {
        text.get(..lead.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(lead))
    })?;
    let end = text
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`'))
        .unwrap_or(text.len());
    let mut url = text.get(..end)?;
    loop {
        let before = url;
        // What ends a sentence is not part of what stands at its end.
        url = url.trim_end_matches(['.', ',', ':', ';', '!', '?', '\'', '*', '_', '~']);
        if url.ends_with(')') && url.matches(')').count() > url.matches('(').count() {
            url = url.get(..url.len() - 1)?;
        }
        if url == before {
            break;
        }
    }
    let host = url.get(lead.len()..)?;
    let is_host = host.starts_with(|c: char| c.is_ascii_alphanumeric() || !c.is_ascii())
        && (lead != "www." || host.contains('.'));
    is_host.then_some(url.len())
}
