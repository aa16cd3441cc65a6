//! What was done is undone by an act of its own, at once; what leaves to people outside waits a moment, unless it is High.

use std::time::Duration;

use serde_json::json;

use super::Server;
use super::browser::{Browser, ESCAPE};
use super::live::{log_has, until};

pub(super) const TOAST: &str = "!document.getElementById('toast').hidden";

impl Server {
    /// So many sitreps have gone out.
    fn sitreps(&self) -> usize {
        let journal = self.call("GET", "/api/v1/cases/DR-1/journal", None);
        journal.to_string().matches("\"sitrep_published\"").count()
    }

    pub(super) fn sent(&self, wanted: usize) {
        for _ in 0..500 {
            if self.sitreps() == wanted {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("{} sitreps are out, not {wanted}", self.sitreps());
    }

    /// Makes it so.
    pub(super) fn severity(&self, word: &str) {
        let set = json!({ "command": "set_severity", "severity": word, "reason": "so it is", "as": "ann" });
        self.call("POST", "/api/v1/cases/DR-1/commands", Some(&set));
    }
}

/// A case that Ann has, before her.
pub(super) fn taken(server: &Server) -> Browser {
    let report = json!({ "text": "The fence is open" });
    server.call("POST", "/api/v1/reports", Some(&report));
    let ann = server.boss();
    ann.go(&server.at("/cases/DR-1"));
    ann.tap("button[value=take]");
    ann
}

/// A sitrep on its way: it waits, unless nothing does.
pub(super) fn write_sitrep(server: &Server, ann: &Browser) {
    ann.go(&server.at("/cases/DR-1/sitrep"));
    ann.through(|| ann.tap_on(&ann.one("button[value=preview]")));
    ann.tap("button[value=send]");
}

#[test]
fn what_was_just_done_is_undone_by_a_tap_or_a_key() {
    let server = Server::start();
    let ann = taken(&server);
    until(&ann, "document.querySelector('hen-live').streams");
    ann.fill("#text", "a goat is missing");
    ann.tap("button[value=note]");
    until(&ann, TOAST);
    ann.keep_picture("undo");
    ann.tap("#toast .second");
    until(&ann, &log_has("it was a slip"));
    assert_eq!(ann.ask(&format!("return {TOAST}")), json!(false));

    for word in ["medium", "high"] {
        ann.go(&server.at("/cases/DR-1"));
        ann.press("v");
        ann.tap(&format!("button[value={word}]"));
        until(&ann, "location.search.includes('did=set_severity')");
    }
    ann.keep_picture("undo-act");
    let severity = || ann.text("#live-head .severity");
    assert!(severity().contains("High"), "{}", severity());
    ann.press(ESCAPE);
    ann.press("u");
    until(&ann, "location.search.includes('said=undone')");
    assert!(severity().contains("Medium"), "{}", severity());
}

#[test]
fn what_leaves_waits_can_be_taken_back_and_is_sent_by_whoever_goes_away() {
    let server = Server::start();
    let ann = taken(&server);
    server.severity("medium");
    let write = || write_sitrep(&server, &ann);
    write();
    until(&ann, TOAST);
    assert!(
        ann.text("#toast").contains("Goes out in"),
        "{}",
        ann.text("#toast")
    );
    ann.keep_picture("leaves");
    ann.press("u");
    until(&ann, "document.getElementById('toast').hidden");
    assert!(ann.url().ends_with("/sitrep"), "{}", ann.url());
    assert_eq!(server.sitreps(), 0, "taken back");
    ann.tap("button[value=send]");
    ann.tap("#toast button");
    until(&ann, "location.pathname.endsWith('/sitrep/1')");
    server.sent(1);
    // Whoever goes away has not taken it back.
    write();
    until(&ann, TOAST);
    assert_eq!(server.sitreps(), 1);
    ann.go(&server.at("/now"));
    server.sent(2);
    // Nothing that is High waits.
    server.severity("high");
    write();
    until(&ann, "location.pathname.endsWith('/sitrep/3')");
    server.sent(3);
}
