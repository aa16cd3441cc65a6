//! Cookies, and what a form must carry so that no other site can send it.

use axum::http::{HeaderMap, header};

use super::fields::Fields;
use super::problem::Problem;
use crate::auth::{Known, Proof};

/// The hidden field of every form that a signed-in person sends.
pub const TOKEN_FIELD: &str = "form_token";
/// The hidden field that makes a form count once.
pub const ONCE_FIELD: &str = "once";

/// The name of the session's cookie. Over https its prefix binds it to this host.
#[must_use]
pub fn cookie_name(https: bool) -> &'static str {
    if https { "__Host-henhouse" } else { "henhouse" }
}

/// The header that gives the browser its session.
#[must_use]
pub fn set_cookie(session: &str, https: bool) -> String {
    let secure = if https { "; Secure" } else { "" };
    let name = cookie_name(https);
    format!("{name}={session}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000{secure}")
}

/// The header that takes it back.
#[must_use]
pub fn clear_cookie(https: bool) -> String {
    let secure = if https { "; Secure" } else { "" };
    let name = cookie_name(https);
    format!("{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}")
}

/// The name of the cookie of a sign-in that waits for its code.
fn try_name(https: bool) -> &'static str {
    if https {
        "__Host-henhouse_try"
    } else {
        "henhouse_try"
    }
}

/// The header that gives the browser a sign-in that waits for its code; an empty one takes it back.
#[must_use]
pub fn try_cookie(half: &str, https: bool) -> String {
    let secure = if https { "; Secure" } else { "" };
    let seconds = if half.is_empty() { 0 } else { 300 };
    let name = try_name(https);
    format!("{name}={half}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
}

/// The sign-in in a request that waits for its code.
#[must_use]
pub fn try_of(headers: &HeaderMap, https: bool) -> Option<&str> {
    cookie(headers, try_name(https))
}

/// The session's secret in a request.
#[must_use]
pub fn session_of(headers: &HeaderMap, https: bool) -> Option<&str> {
    cookie(headers, cookie_name(https))
}

/// The cookie of this name in a request.
#[must_use]
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter();
    let texts = lines.filter_map(|line| line.to_str().ok());
    let mut pairs = texts
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// The token that a program sends along (RFC 6750).
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Whether a browser says that a page of ours sent this: by Sec-Fetch-Site, or by Origin where
/// that is missing. `None` if it says nothing, as programs do.
#[must_use]
pub fn from_our_page(headers: &HeaderMap, base_url: &str) -> Option<bool> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return Some(matches!(site, "same-origin" | "none"));
    }
    let origin = text("origin")?;
    let ours = origin.eq_ignore_ascii_case(base_url.trim_end_matches('/'));
    let host = origin.split_once("://").map(|(_, host)| host);
    // Two of them are no request as RFC 9112 (3.2) has it: neither is believed.
    let mut asked = headers.get_all(header::HOST).iter();
    let asked = asked.next().filter(|_| asked.next().is_none());
    let asked = asked.and_then(|value| value.to_str().ok());
    Some(ours || (host.is_some() && host == asked))
}

/// Checks the token of a form that a signed-in person sent. Programs with a token of their own
/// carry none.
///
/// # Errors
/// 403 `other-site`.
pub fn check(fields: &Fields, known: &Known) -> Result<(), Problem> {
    let Proof::Session { form_token, .. } = &known.proof else {
        return Ok(());
    };
    if fields.get(TOKEN_FIELD) == Some(form_token) {
        return Ok(());
    }
    Err(other_site())
}

/// 403: sent from somewhere else.
#[must_use]
pub fn other_site() -> Problem {
    Problem::new(
        "other-site",
        "This did not come from a page of this server. Load the page again and send it from there.",
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    const BASE: &str = "https://ir.example.org";

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn the_session_is_found_among_other_cookies() {
        let headers = headers(&[("cookie", "a=b; __Host-henhouse=s3cret; henhouse=x")]);
        assert_eq!(session_of(&headers, true), Some("s3cret"));
        assert_eq!(session_of(&headers, false), Some("x"));
        assert!(set_cookie("s", true).ends_with("; Secure"));
        assert!(!set_cookie("s", false).contains("Secure"));
    }

    #[test]
    fn another_site_is_seen_by_either_header() {
        let says = |pairs: &[(&'static str, &str)]| from_our_page(&headers(pairs), BASE);
        assert_eq!(says(&[("sec-fetch-site", "same-origin")]), Some(true));
        assert_eq!(says(&[("sec-fetch-site", "none")]), Some(true));
        assert_eq!(says(&[("sec-fetch-site", "same-site")]), Some(false));
        assert_eq!(
            says(&[("sec-fetch-site", "cross-site"), ("origin", BASE)]),
            Some(false)
        );
        assert_eq!(says(&[("origin", BASE)]), Some(true));
        assert_eq!(
            says(&[("origin", "http://farm:8400"), ("host", "farm:8400")]),
            Some(true)
        );
        for hosts in [
            ["farm:8400", "evil"],
            ["evil", "farm:8400"],
            ["farm:8400"; 2],
        ] {
            let [first, second] = hosts.map(|host| ("host", host));
            let asked = says(&[("origin", "http://farm:8400"), first, second]);
            assert_eq!(asked, Some(false), "{hosts:?}");
        }
        assert_eq!(says(&[("origin", "https://evil.example")]), Some(false));
        assert_eq!(says(&[("origin", "null")]), Some(false));
        assert_eq!(says(&[]), None);
    }
}
