//! Large answers, sent piece by piece as their clients take them (backpressure).
//!
//! The framework takes the next piece once most of the one before it has been sent. So what a client that reads slowly keeps in memory
//! is what the answer is charged for, and no more.

use crate::budget::Charge;
use crate::error_chain::error_chain;
use crate::http::error::ApiError;
use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;
use futures_util::stream::{Stream, try_unfold};
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

/// Bytes that are handed over at a time.
const PIECE: usize = 64 * 1024;

/// How long a client may take for the first bytes of an answer that is read from the database piece by piece, and how many bytes a
/// second it has to take at least from then on.
const GRACE: Duration = Duration::from_mins(1);
const LEAST_RATE: u64 = 8 * 1024;

/// An answer that is in memory, and what it is charged for.
pub struct Whole {
    body: Bytes,
    _charge: Charge,
}

impl Whole {
    /// This text.
    pub fn new(body: Vec<u8>, charge: Charge) -> Self {
        Self {
            body: body.into(),
            _charge: charge,
        }
    }
}

impl MessageBody for Whole {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.body.len().try_into().unwrap_or(u64::MAX))
    }

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        Poll::Ready(next_piece(&mut self.body).map(Ok))
    }
}

/// An answer of which `next` gives one part after the other, until it gives none.
pub fn streamed(
    charge: Charge,
    first: Vec<u8>,
    next: impl AsyncFnMut() -> Result<Option<Vec<u8>>, ApiError> + 'static,
) -> impl Stream<Item = Result<Bytes, ApiError>> + 'static {
    struct State<F> {
        next: F,
        unsent: Bytes,
        sent: u64,
        began: Instant,
        _charge: Charge,
    }
    let state = State {
        next,
        unsent: first.into(),
        sent: 0,
        began: Instant::now(),
        _charge: charge,
    };
    try_unfold(state, async |mut state| {
        if state.began.elapsed() > GRACE + Duration::from_secs(state.sent / LEAST_RATE) {
            tracing::info!(
                bytes = state.sent,
                "an answer was cut off, whose client takes it too slowly"
            );
            return Err(ApiError::Unavailable("the client takes the answer too slowly".into()));
        }
        while state.unsent.is_empty() {
            match (state.next)().await {
                Ok(Some(part)) => state.unsent = part.into(),
                Ok(None) => return Ok(None),
                Err(error) => {
                    // The status is sent already. What the client sees is an answer without its end.
                    tracing::warn!(cause = error_chain(&error), "an answer was cut off");
                    return Err(error);
                }
            }
        }
        let piece = next_piece(&mut state.unsent);
        Ok(piece.map(|piece| {
            state.sent += u64::try_from(piece.len()).unwrap_or_default();
            (piece, state)
        }))
    })
}

fn next_piece(body: &mut Bytes) -> Option<Bytes> {
    (!body.is_empty()).then(|| body.split_to(body.len().min(PIECE)))
}
