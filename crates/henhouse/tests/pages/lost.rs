//! The line breaks in the middle, or somebody signs out while something of theirs still waits: nothing is lost unsaid,
//! and nothing counts twice.

use serde_json::json;

use super::Server;
use super::browser::{Browser, Setup};
use super::live::{BAND_SHOWS, KEPT, TEXT, log_has, until};
use super::undo::{TOAST, taken, write_sitrep};

const SIGNED_OUT: &str = "!document.querySelector(\"form[action='/sign-out']\")";
const SIGN_OUT: &str = "form[action='/sign-out'] button";
/// Says no, or yes, to what the page asks before somebody signs out.
const ASKED: &str = "window.confirm = words => { window.asked = words; return";

impl Server {
    /// The notes of the first case.
    fn notes(&self) -> Vec<String> {
        let journal = self.call("GET", "/api/v1/cases/DR-1/journal?limit=1000", None);
        let entries = journal["entries"].as_array().into_iter().flatten();
        let notes = entries.filter(|entry| entry["kind"] == "note_added");
        notes.map(|note| note.to_string()).collect()
    }
}

fn nothing_waits(browser: &Browser) {
    until(browser, &format!("(() => {{ {KEPT} }})().length === 0"));
    until(browser, "document.getElementById('outbox').hidden");
}

/// Before the request leaves, and when the server has it already and only its answer is lost.
#[test]
fn a_line_that_breaks_under_a_note_or_a_report_loses_nothing_and_doubles_nothing() {
    let server = Server::start();
    let ann = taken(&server);
    until(&ann, "document.querySelector('hen-live').streams");
    for (answered, words) in [(false, "a goat is missing"), (true, "the cow as well")] {
        let before = server.notes().len();
        ann.fill("#text", words);
        ann.hold("*/cases/DR-1", answered);
        ann.tap_on(&ann.one("button[value=note]"));
        ann.break_off();
        until(&ann, &log_has(words));
        nothing_waits(&ann);
        assert_eq!(ann.ask(TEXT), json!(""), "the next one can be typed");
        let notes = server.notes();
        assert_eq!(notes.len(), before + 1, "{notes:?}");
        assert!(notes[before].contains(words), "{notes:?}");
    }
    let stranger = ann.beside(Setup {
        size: super::PHONE,
        scripts: true,
    });
    for (answered, words) in [(false, "The barn burns"), (true, "The mill as well")] {
        stranger.go(&server.at("/report"));
        stranger.fill("#text", words);
        stranger.hold("*/report", answered);
        stranger.tap_on(&stranger.one("button[class=big]"));
        stranger.break_off();
        until(&stranger, "location.pathname.startsWith('/receipt/')");
        let all = server.call("GET", "/api/v1/cases", None);
        let same = all["cases"].as_array().into_iter().flatten();
        let same = same.filter(|case| case["title"] == words);
        assert_eq!(same.count(), 1, "{all}");
        nothing_waits(&stranger);
    }
}

#[test]
fn what_leaves_stays_on_its_page_when_the_line_breaks_and_counts_once() {
    let server = Server::start();
    let ann = taken(&server);
    server.severity("medium");
    for (answered, sent) in [(false, 1), (true, 2)] {
        write_sitrep(&server, &ann);
        until(&ann, TOAST);
        ann.hold("*/sitrep", answered);
        ann.tap_on(&ann.one("#toast button"));
        ann.break_off();
        until(&ann, "document.querySelector('main .unsent')");
        ann.keep_picture("leaves-not-sent");
        assert!(ann.text("main .unsent").contains("Not sent"));
        ann.tap("button[value=send]");
        ann.tap("#toast button");
        until(
            &ann,
            &format!("location.pathname.endsWith('/sitrep/{sent}')"),
        );
        server.sent(sent);
    }
}

#[test]
fn whoever_signs_out_has_sent_what_waits_or_is_told_that_it_is_not() {
    let server = Server::start();
    let ann = taken(&server);
    server.severity("medium");
    // It gets through: it is sent first.
    write_sitrep(&server, &ann);
    until(&ann, TOAST);
    ann.tap_on(&ann.one(SIGN_OUT));
    until(&ann, SIGNED_OUT);
    server.sent(1);
    // It does not: nobody is signed out over it.
    let ann = server.signed_in(&ann);
    write_sitrep(&server, &ann);
    until(&ann, TOAST);
    ann.cut(true);
    ann.tap_on(&ann.one(SIGN_OUT));
    until(&ann, "document.querySelector('main .unsent')");
    assert_eq!(ann.ask(&format!("return {SIGNED_OUT}")), json!(false));
    ann.cut(false);
    ann.tap("button[value=send]");
    ann.tap_on(&ann.one(SIGN_OUT));
    until(&ann, SIGNED_OUT);
    server.sent(2);
}

#[test]
fn whoever_signs_out_over_an_unsent_note_is_asked() {
    let server = Server::start();
    let ann = taken(&server);
    ann.go(&server.at("/cases/DR-1"));
    ann.block(&["*/cases/DR-1"]);
    ann.fill("#text", "written in the dark");
    ann.tap_on(&ann.one("button[value=note]"));
    until(&ann, BAND_SHOWS);
    ann.ask(&format!("{ASKED} false; }}"));
    ann.tap_on(&ann.one(SIGN_OUT));
    until(&ann, "window.asked?.includes('not sent yet')");
    assert_eq!(ann.ask(&format!("return {SIGNED_OUT}")), json!(false));
    ann.block(&[]);
    until(&ann, &log_has("written in the dark"));
    nothing_waits(&ann);
    assert_eq!(server.notes().len(), 1);

    ann.block(&["*/cases/DR-1"]);
    ann.fill("#text", "thrown away");
    ann.tap_on(&ann.one("button[value=note]"));
    until(&ann, BAND_SHOWS);
    ann.ask(&format!("{ASKED} true; }}"));
    ann.tap_on(&ann.one(SIGN_OUT));
    until(&ann, SIGNED_OUT);
    assert_eq!(ann.ask(KEPT), json!([]), "nothing stays behind");
    assert_eq!(server.notes().len(), 1, "as they said");
}

/// What stands in a box of the sitrep.
fn boxed(browser: &Browser, name: &str) -> String {
    let said = browser.ask(&format!("return document.getElementById('{name}').value"));
    said.as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_half_written_sitrep_outlasts_a_reload_a_look_and_what_others_do_meanwhile_until_it_is_out() {
    let server = Server::start();
    let ann = taken(&server);
    server.severity("high");
    let here = server.at("/cases/DR-1/sitrep");
    ann.go(&here);
    let begun = boxed(&ann, "known");
    ann.write_into(&ann.one("#summary"), "The goats are in the road");
    ann.go(&here);
    assert_eq!(boxed(&ann, "summary"), "The goats are in the road");
    // Somebody else does something, so that the page would begin it otherwise; what is mine stays.
    server.severity("medium");
    ann.go(&here);
    assert_eq!(boxed(&ann, "summary"), "The goats are in the road");
    assert_eq!(boxed(&ann, "known"), begun, "the whole form is mine");
    // A look and back, then another box: a reload has both.
    ann.through(|| ann.tap_on(&ann.one("button[value=preview]")));
    assert!(ann.text("main").contains("The goats are in the road"));
    ann.through(|| ann.tap_on(&ann.one("button[value=edit]")));
    ann.write_into(&ann.one("#need"), "Two people with lamps");
    ann.go(&here);
    for (name, words) in [
        ("summary", "The goats are in the road"),
        ("need", "Two people with lamps"),
    ] {
        assert_eq!(boxed(&ann, name), words);
    }
    // Once it is out the next one is begun anew.
    ann.through(|| ann.tap_on(&ann.one("button[value=preview]")));
    ann.tap("button[value=send]");
    until(&ann, TOAST);
    ann.tap("#toast button");
    until(&ann, "location.pathname.endsWith('/sitrep/1')");
    ann.go(&here);
    assert_ne!(boxed(&ann, "summary"), "The goats are in the road");
    let left =
        ann.ask("return Object.keys(localStorage).filter(name => name.includes('sitrep')).length");
    assert_eq!(left, json!(0), "nothing of it is left on the device");
}
