//! A handler that does what ours does around its work, and no work: the limit of answering over HTTP
//! on this machine.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use rustix::process::{Resource, getrlimit, setrlimit};
use serde_json::{Value, json};
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

/// As long as the page of a case with many entries may be.
const PAGE_BYTES: usize = 20 * 1024;

/// Serves until killed; prints its port.
pub fn serve() {
    let mut files = getrlimit(Resource::Nofile);
    files.current = files.maximum;
    setrlimit(Resource::Nofile, files).expect("the system keeps its own limit");
    let runtime = tokio::runtime::Runtime::new().expect("threads can be started");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port is free");
        println!("{}", listener.local_addr().expect("it is bound").port());
        let router = Router::new()
            .route("/reports", post(report))
            .route("/page", get(async || "x".repeat(PAGE_BYTES)))
            .route("/stream", get(stream))
            .route("/tell", post(tell))
            .with_state(broadcast::channel::<Bytes>(64).0);
        axum::serve(listener, router).await.expect("it serves");
    });
}

/// Sends on whatever is told, as it is.
async fn stream(State(told): State<broadcast::Sender<Bytes>>) -> Response {
    let body = Body::from_stream(BroadcastStream::new(told.subscribe()));
    ([(header::CONTENT_TYPE, "text/event-stream")], body).into_response()
}

async fn tell(State(told): State<broadcast::Sender<Bytes>>, said: Bytes) -> StatusCode {
    // Nobody may be listening.
    let _ = told.send(said);
    StatusCode::OK
}

async fn report(Json(report): Json<Value>) -> (StatusCode, Json<Value>) {
    let text = report["text"].as_str().unwrap_or_default().len();
    let answer = json!({
        "number": "HH-142",
        "receipt": "http://127.0.0.1/receipt/0123456789abcdef0123456789abcdef0123456789abcdef",
        "api_receipt": "http://127.0.0.1/api/v1/receipts/0123456789abcdef0123456789abcdef",
        "at": "2026-11-21T03:12:00Z",
        "noun": "event",
        "length": text,
    });
    (StatusCode::CREATED, Json(answer))
}
