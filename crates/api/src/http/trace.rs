//! Which trace a request belongs to, as W3C Trace Context has it, so that its log lines are found from those of the proxy
//! and of other services. Nothing is exported.

use actix_web::http::header::{HeaderMap, HeaderName};
use std::fmt;
use uuid::Uuid;

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// A trace's id: 16 bytes, not all zero, in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceId(u128);

/// A span's id: 8 bytes, not all zero, in hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpanId(u64);

/// The place of a request in a trace.
#[expect(clippy::struct_field_names, reason = "as W3C Trace Context names them")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceContext {
    /// The trace: the client's, or one that begins here.
    pub trace_id: TraceId,
    /// This request.
    pub span_id: SpanId,
    /// What the request was made for, if the client has said so.
    pub parent_id: Option<SpanId>,
}

impl TraceContext {
    /// The place of the request with this id and these header fields. A `traceparent` that is not valid, or not the only
    /// one, is as good as none (Trace Context §4.3): the trace begins here, and has the request's id.
    #[must_use]
    pub fn of(request: Uuid, headers: &HeaderMap) -> Self {
        let mut parents = headers.get_all(TRACEPARENT);
        let parent = match (parents.next(), parents.next()) {
            (Some(parent), None) => parent.to_str().ok().and_then(parse),
            _ => None,
        };
        // A UUID of version 7: its second half has random bits, and those of the variant are not zero.
        let (_, span_id) = request.as_u64_pair();
        Self {
            trace_id: parent.map_or(TraceId(request.as_u128()), |(trace_id, _)| trace_id),
            span_id: SpanId(span_id),
            parent_id: parent.map(|(_, parent_id)| parent_id),
        }
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Display for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// `version "-" trace-id "-" parent-id "-" trace-flags` (Trace Context §3.2); later versions may go on after another `-`.
fn parse(header: &str) -> Option<(TraceId, SpanId)> {
    let mut parts = header.split('-');
    let version = hex(parts.next()?, 2)?;
    let trace_id = hex(parts.next()?, 32)?;
    let parent_id = hex(parts.next()?, 16)?;
    hex(parts.next()?, 2)?;
    let ends = parts.next().is_none();
    let valid = version != 0xff && (version != 0 || ends) && trace_id != 0 && parent_id != 0;
    valid.then_some((TraceId(trace_id), SpanId(u64::try_from(parent_id).ok()?)))
}

/// The number that exactly so many digits say. Capitals are not allowed.
fn hex(text: &str, digits: usize) -> Option<u128> {
    let allowed = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if text.len() != digits || !text.bytes().all(allowed) {
        return None;
    }
    u128::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const PARENT: &str = "00f067aa0ba902b7";

    #[test]
    fn valid_parents_are_read_and_others_are_not() {
        for good in [
            "00-T-P-01",
            "00-T-P-00",
            "00-T-P-ff",
            "01-T-P-01",
            "cc-T-P-01-what-comes-later",
        ] {
            let (trace, parent) = parse(&good.replace('T', TRACE).replace('P', PARENT)).expect(good);
            assert_eq!(
                (trace.to_string(), parent.to_string()),
                (TRACE.to_owned(), PARENT.to_owned())
            );
        }
        let zeros = "0".repeat(32);
        for bad in [
            "",
            "00",
            "00-T-P",
            "00-T-P-",
            "00-T-P-1",
            "00-T-P-01-",
            "00-T-P-01-more",
            "01-T-P-01more",
            "ff-T-P-01",
            "0g-T-P-01",
            "+0-T-P-01",
            " 00-T-P-01",
            "00-T0-P-01",
            "00-P-T-01",
            "00-T-0000000000000000-01",
            &format!("00-{zeros}-P-01"),
            &format!("00-{}-P-01", TRACE.to_uppercase()),
        ] {
            assert_eq!(parse(&bad.replace('T', TRACE).replace('P', PARENT)), None, "{bad}");
        }
    }

    #[test]
    fn without_a_parent_the_trace_begins_here() {
        let id = Uuid::now_v7();
        let context = TraceContext::of(id, &HeaderMap::new());
        assert_eq!(context.trace_id.to_string(), id.simple().to_string());
        assert_eq!(context.parent_id, None);
        assert_ne!(
            context.span_id,
            TraceContext::of(Uuid::now_v7(), &HeaderMap::new()).span_id
        );
    }
}
