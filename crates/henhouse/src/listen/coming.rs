//! What a request says, while it comes.
//!
//! Whoever is refused before all of it has come is still listened to for a moment: a connection that ends while the other
//! side is writing tells it of a broken connection, and not why it was refused.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio_stream::StreamExt as _;

use super::Line;

/// What nobody wants any more is listened to for so long,
const MOMENT: Duration = Duration::from_secs(2);
/// and up to so many bytes.
const MOST: usize = 4 * 1024 * 1024;

/// The body of a request, which notes when all of it has come.
pub(super) struct Coming {
    body: Body,
    line: Arc<Line>,
    /// Whoever sends it waits until it is asked for, and it was not.
    waits: bool,
}

impl Coming {
    /// `waits`: whoever sends it wants to be asked for it (`Expect: 100-continue`).
    pub(super) fn new(body: Body, line: Arc<Line>, waits: bool) -> Self {
        Self { body, line, waits }
    }
}

impl HttpBody for Coming {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.waits = false;
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if matches!(polled, Poll::Ready(None)) || self.body.is_end_stream() {
            self.line.busy.store(true, Ordering::Relaxed);
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

impl Drop for Coming {
    fn drop(&mut self) {
        if self.body.is_end_stream() || self.waits {
            return;
        }
        let body = std::mem::take(&mut self.body);
        // Outside the runtime nobody is connected.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(tokio::time::timeout(MOMENT, listen(body)));
        }
    }
}

/// Hears what comes and keeps nothing of it.
async fn listen(body: Body) {
    let (mut body, mut heard) = (body.into_data_stream(), 0);
    while let Some(Ok(bytes)) = body.next().await {
        heard += bytes.len();
        if heard > MOST {
            return;
        }
    }
}
