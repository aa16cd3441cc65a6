//! Two people write the same text: whoever is second sees both, says what becomes of them, and loses nothing.

use serde_json::json;

use super::{Browser, Server, wait_for};

#[test]
fn whoever_writes_second_sees_both_texts_and_says_which_stands() {
    let server = Server::start();
    let report = json!({ "text": "The fence is open" });
    server.call("POST", "/api/v1/reports", Some(&report));
    server.said("DR-1", "ann", json!({ "command": "acknowledge" }));
    let ann = server.boss();
    let other = server.signed_in(&ann);
    let title = || server.call("GET", "/api/v1/cases/DR-1", None)["title"].clone();
    let form = server.at("/cases/DR-1/acts/set_title");
    let send = |browser: &Browser, text: &str| {
        let field = browser.one("#title");
        browser.write_into(&field, text);
        browser.through(|| browser.tap_on(&browser.one("main button.big")));
    };
    // First both are kept, then the second one's alone, then the first one's.
    for (n, keep) in ["both", "mine", "theirs"].into_iter().enumerate() {
        let (first, second) = (format!("A hole {n}"), format!("<b>Two holes</b> {n}"));
        ann.go(&form);
        other.go(&form);
        send(&ann, &first);
        assert_eq!(title(), json!(first));
        send(&other, &second);
        wait_for(&other, "clash", Browser::source);
        assert_eq!(title(), json!(first), "nothing is overwritten unseen");
        assert_eq!(other.text("#theirs"), first);
        assert_eq!(other.property(&other.one("#title"), "value"), json!(second));
        let focused = other.focused("aria-labelledby");
        assert_eq!(focused.as_deref(), Some("clash"), "it is said first");
        other.keep_picture("conflict");
        let button = match keep {
            "theirs" => ".errors a.button".to_owned(),
            keep => format!("button[value={keep}]"),
        };
        other.through(|| other.tap_on(&other.one(&button)));
        let stands = match keep {
            "both" => format!("{first} / {second}"),
            "mine" => second,
            _ => first,
        };
        assert_eq!(title(), json!(stands), "{keep}");
        assert!(
            other.text("main h1").contains(&stands),
            "{}",
            other.source()
        );
    }
}
