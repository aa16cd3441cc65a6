//! A body that comes no faster than it is used. Whoever reads forms holds what has come until a header has its end, and
//! would hold anything for one that has none.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http_body::{Frame, SizeHint};

/// After so many bytes the reader has its turn.
const PIECE: usize = 128 * 1024;

/// How much may still come until something of it is used.
#[derive(Clone, Debug, Default)]
pub(super) struct Meter(Arc<AtomicUsize>);

impl Meter {
    /// From now on so much may come.
    pub(super) fn allow(&self, bytes: usize) {
        self.0.store(bytes, Ordering::Relaxed);
    }

    /// So much was used: as much more may come.
    pub(super) fn used(&self, bytes: usize) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }

    /// This body, of which so much may come at first.
    pub(super) fn of(body: Body, most: usize) -> (Body, Self) {
        let meter = Self::default();
        meter.allow(most);
        let metered = Metered {
            body,
            meter: meter.clone(),
            piece: 0,
            rest: Bytes::new(),
        };
        (Body::new(metered), meter)
    }
}

struct Metered {
    body: Body,
    meter: Meter,
    piece: usize,
    /// What came at once and is handed on piece by piece.
    rest: Bytes,
}

impl Metered {
    /// Hands on what there is, as far as it may.
    fn hand_on(&mut self) -> Result<Frame<Bytes>, axum::Error> {
        let more = self.rest.split_to(self.rest.len().min(PIECE));
        self.piece += more.len();
        let left = &self.meter.0;
        let taken = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
            left.checked_sub(more.len())
        });
        let why = |_| axum::Error::new(std::io::Error::other("more came than a form may hold"));
        taken.map_err(why).map(|_| Frame::data(more))
    }
}

impl HttpBody for Metered {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.piece >= PIECE {
            self.piece = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if self.rest.is_empty() {
            match Pin::new(&mut self.body).poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(came) => self.rest = came,
                    Err(other) => return Poll::Ready(Some(Ok(other))),
                },
                other => return other,
            }
        }
        Poll::Ready(Some(self.hand_on()))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}
