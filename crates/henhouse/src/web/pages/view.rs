//! `/view`: light or dark, and the language. A form, so that it needs no script and no account.

use axum::http::{HeaderValue, header};
use axum::response::Response;

use super::frame;
use super::sign_in::next;
use crate::web::Call;
use crate::web::call::BODY_LIMIT;
use crate::web::fields::Fields;
use crate::web::reader::{LANGUAGE_COOKIE, THEME_COOKIE, Theme};
use crate::web::registry::Answer;
use crate::web::words::Language;

/// Keeps what was chosen, and leads back.
pub(super) async fn choose(mut call: Call) -> Answer {
    let fields = Fields::parse(&call.bytes(BODY_LIMIT).await?)?;
    let mut response = frame::lead_to(&next(fields.get("back")));
    if let Some(theme) = fields.get("theme") {
        let theme = Theme::of_word(theme).map(Theme::word);
        keep(&call, &mut response, THEME_COOKIE, theme);
    }
    if let Some(language) = fields.get("language").and_then(Language::of_tag) {
        keep(&call, &mut response, LANGUAGE_COOKIE, Some(language.tag()));
    }
    Ok(response)
}

/// For a year; nothing takes the wish back.
fn keep(call: &Call, response: &mut Response, name: &str, wish: Option<&'static str>) {
    let secure = if call.app.is_https() { "; Secure" } else { "" };
    let age = if wish.is_some() { 31_536_000 } else { 0 };
    let wish = wish.unwrap_or_default();
    let cookie = format!("{name}={wish}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests {
    use crate::web::stage::{Stage, bytes};

    #[tokio::test]
    async fn what_was_chosen_is_kept_and_leads_back_to_the_page() {
        let stage = Stage::new().await;
        let said = stage
            .send(bytes("/view", b"theme=dark&back=/report?a=b"))
            .await;
        assert_eq!((said.status, said.header("location")), (303, "/report?a=b"));
        assert!(
            said.header("set-cookie")
                .starts_with("henhouse_theme=dark; ")
        );
        let page = stage.request("GET", "/sign-in", None, None);
        let cookie = "henhouse_theme=dark; henhouse_language=de";
        let html = stage.send(page.with("cookie", cookie)).await.text();
        assert!(
            html.contains("<html lang=\"de\" data-theme=\"dark\">"),
            "{html}"
        );
        assert!(
            html.contains("<h1>Anmelden</h1>") && !html.contains("Sign in"),
            "{html}"
        );
        let said = stage
            .send(bytes("/view", b"theme=system&back=//evil.example"))
            .await;
        assert_eq!(said.header("location"), "/now");
        assert!(said.header("set-cookie").starts_with("henhouse_theme=; "));
    }

    #[tokio::test]
    async fn what_german_does_not_have_yet_is_marked_as_english() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let page = stage.request("GET", "/cases/HH-1/report?draft=1", Some(&ann), None);
        let html = stage.send(page.with("accept-language", "de")).await.text();
        assert!(
            html.contains("<html lang=\"de\">") && html.contains("Jetzt"),
            "{html}"
        );
        let (_, body) = html
            .split_once("<section aria-labelledby=")
            .unwrap_or_default();
        let (head, _) = body.split_once('>').unwrap_or_default();
        assert!(head.ends_with(" lang=\"en\""), "{html}");
        assert!(html.contains("<h1>Bericht zum Vorfall"), "{html}");
    }
}
