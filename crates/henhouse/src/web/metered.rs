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
        };
        (Body::new(metered), meter)
    }
}

struct Metered {
    body: Body,
    meter: Meter,
    piece: usize,
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
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            let came = frame.data_ref().map_or(0, Bytes::len);
            self.piece += came;
            let left = self.meter.0.load(Ordering::Relaxed);
            if came > left {
                let why = std::io::Error::other("more came than a form may hold");
                return Poll::Ready(Some(Err(axum::Error::new(why))));
            }
            self.meter.0.fetch_sub(came, Ordering::Relaxed);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
