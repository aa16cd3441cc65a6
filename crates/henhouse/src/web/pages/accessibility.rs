//! `/accessibility`: what everybody can rely on, what is not good yet, and whom to tell. Led to from the foot of every page.

use askama::Template;
use axum::http::Method;

use super::frame::{self, Frame};
use crate::web::Call;
use crate::web::registry::Permission::Public;
use crate::web::registry::{Answer, Route};

#[derive(Template)]
#[template(path = "accessibility.html")]
struct AccessibilityPage {
    frame: Frame,
}

/// Where it stands.
pub(super) fn route() -> Route {
    let what = "What everybody can rely on, what is not good yet, and whom to tell.";
    let path = "/accessibility";
    Route::page(Method::GET, path, "accessibility_page", Public, what, show)
}

/// Shows it.
async fn show(call: Call) -> Answer {
    let frame = Frame::new(&call, call.words().say("accessibility-title"));
    let frame = frame
        .worded("accessibility")
        .with_lines(&call.app.desk)
        .await;
    frame::page(200, &AccessibilityPage { frame })
}

#[cfg(test)]
mod tests {
    use crate::web::stage::Stage;

    #[tokio::test]
    async fn everybody_reads_it_in_their_language_and_every_page_leads_there() {
        let stage = Stage::new().await;
        let html = stage.get("/accessibility", None).await.text();
        assert!(html.contains("What is not good yet"), "{html}");
        let german = stage.request("GET", "/accessibility", None, None);
        let german = stage
            .send(german.with("accept-language", "de"))
            .await
            .text();
        assert!(german.contains("Was noch nicht gut ist"), "{german}");
        for path in ["/", "/report", "/sign-in", "/no/such"] {
            let asking = stage
                .request("GET", path, None, None)
                .with("accept", "text/html");
            let html = stage.send(asking).await.text();
            assert!(html.contains("href=\"/accessibility\""), "{path}: {html}");
        }
    }
}
