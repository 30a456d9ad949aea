//! Forged, altered, stolen and misplaced tokens (RFC 8725, RFC 6750).

mod claims;
mod forgery;
mod forms;
mod headers;
mod lifetimes;
mod loot;
mod places;
mod rotation;
mod signatures;
mod target;

use crate::case::Case;
use forgery::Forgery;
use loot::Kind;

pub(crate) fn cases() -> Vec<Case> {
    let forgeries = [
        signatures::forgeries(),
        headers::forgeries(),
        forms::forgeries(),
        claims::forgeries(),
    ];
    let forgeries = forgeries.into_iter().flatten();
    let mut cases: Vec<_> = forgeries.flat_map(Forgery::cases).collect();
    for kind in Kind::ALL {
        cases.extend(forgery::controls(kind));
    }
    cases.extend(lifetimes::cases());
    cases.extend(places::cases());
    cases.extend(rotation::cases());
    cases
}
