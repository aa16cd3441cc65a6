//! `/styleguide`: the parts that pages are made of, beside each other, for whoever builds pages. Only in a
//! drill, and in English.

use askama::Template;
use procedure::playbook::Severity;

use super::frame::{self, Frame, Mark};
use crate::web::Call;
use crate::web::registry::Answer;

#[derive(Template)]
#[template(path = "styleguide.html")]
struct StyleguidePage {
    frame: Frame,
    severities: [Mark; 4],
    due: String,
}

/// The tokens, each a custom property of the stylesheet.
const TOKENS: [&str; 11] = [
    "ground", "raised", "ink", "soft", "line", "link", "act", "bad", "good", "focus", "band",
];

/// Shows them.
pub(super) async fn show(call: Call) -> Answer {
    let frame = Frame::new(&call, "Styleguide");
    let mut frame = frame.with_lines(&call.app.desk).await;
    frame = frame.wrong(
        "wrong",
        "Say what would do; the words are the same above and beside.",
    );
    frame.wide = true;
    let severities = [
        Severity::High,
        Severity::Medium,
        Severity::Low,
        Severity::Unknown,
    ];
    let due = call.app.desk.now() + jiff::SignedDuration::from_mins(12);
    let page = StyleguidePage {
        frame,
        severities: severities.map(Mark::of),
        due: due.to_string(),
    };
    frame::page(200, &page)
}

#[cfg(test)]
mod tests {
    use super::TOKENS;
    use crate::web::stage::Stage;

    #[tokio::test]
    async fn it_shows_every_token_and_only_in_a_drill() {
        let (house, drill) = (Stage::new().await, Stage::drill().await);
        let boss = house.token("boss", "admin").await;
        assert_eq!(house.get("/styleguide", Some(&boss)).await.status, 404);
        let boss = drill.token("boss", "admin").await;
        let html = drill.get("/styleguide", Some(&boss)).await.text();
        let css = drill.get("/assets/hen.css", None).await.text();
        for token in TOKENS {
            assert!(
                html.contains(&format!("class=\"swatch {token}\"")),
                "{token}: {html}"
            );
            assert!(
                css.contains(&format!("--{token}:light-dark(")),
                "{token} has both"
            );
        }
    }
}
