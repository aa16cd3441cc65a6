//! What a browser needs to be called by: the service worker that shows what is pushed, the manifest and the icon by which the
//! pages are put on a home screen, and the address at which a device says that it has shown something.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse as _;

use super::icon;
use crate::phones::Became;
use crate::web::Call;
use crate::web::registry::Answer;

/// The service worker; where it lies is what it may look after.
pub(super) const WORKER: &str = "/push-worker.js";
/// What a home screen asks for.
pub(super) const MANIFEST: &str = "/henhouse.webmanifest";
/// The hen.
pub(super) const ICON: &str = "/icon.svg";
/// The hen for home screens that take no SVG.
pub(super) const PICTURE: &str = "/icon.png";
/// What the worker may load: it answers this server, and nothing else.
const WORKER_POLICY: &str = "default-src 'none'; connect-src 'self'";
const ICON_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// Shows one of them. Each is asked for again daily, so that a new version is seen.
pub(super) async fn file(call: Call) -> Answer {
    let (file, kind, policy) = match call.uri.path() {
        WORKER => (
            include_bytes!("../../../assets/worker.js").as_slice(),
            "text/javascript; charset=utf-8",
            Some(WORKER_POLICY),
        ),
        MANIFEST => (
            include_bytes!("../../../assets/henhouse.webmanifest").as_slice(),
            "application/manifest+json",
            None,
        ),
        PICTURE => (icon::png(), "image/png", None),
        _ => (icon::DRAWING.as_bytes(), "image/svg+xml", Some(ICON_POLICY)),
    };
    let mut response = file.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let day = HeaderValue::from_static("public, max-age=86400");
    headers.insert(header::CACHE_CONTROL, day);
    if let Some(policy) = policy {
        let policy = HeaderValue::from_static(policy);
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

/// A device has shown a notice: its person need not be called in another way. Nothing is taken by it.
pub(super) async fn shown(call: Call) -> Answer {
    let notice = call.app.desk.shown(call.param("name")).await?;
    if let Some(phones) = call.app.phones.get() {
        let receipt = "shown by the device";
        phones.became(notice, Became::Arrived, receipt).await;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
