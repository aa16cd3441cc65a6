//! Files by browser: chosen, dropped and pasted; a bar while they are on their way, the hash when they are there; and a
//! line that breaks in the middle.

use std::time::Duration;

use henhouse::clock::Clock;
use serde_json::json;

use super::browser::{Browser, ENTER};
use super::live::until;
use super::{HOLE, Server};

/// What is said of each file in the form.
const ROWS: &str = "return [...document.querySelectorAll('.files li')].map(row => row.textContent)";
/// More than fits through a slow line at once.
const LARGE: usize = 1_500_000;

impl Server {
    /// A file on this device.
    fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    fn exhibits(&self, number: &str) -> Vec<serde_json::Value> {
        let case = self.call("GET", &format!("/api/v1/cases/{number}"), None);
        case["exhibits"].as_array().cloned().unwrap_or_default()
    }
}

/// A page that takes files, standing still.
fn open(server: &Server, browser: &Browser, path: &str) {
    browser.go(&server.at(path));
    until(browser, "document.querySelector('hen-live').streams");
}

fn says(browser: &Browser, words: &str) -> Duration {
    let shown = "[...document.querySelectorAll('.files')].map(list => list.innerText).join()";
    until(browser, &format!("{shown}.includes({})", json!(words)))
}

#[test]
fn a_file_is_added_in_three_taps_and_its_hash_is_the_servers_and_this_devices() {
    let server = Server::start();
    let report = json!({ "text": "The fence is open" });
    server.call("POST", "/api/v1/reports", Some(&report));
    let ann = server.boss();
    let hole = server.file("hole.txt", HOLE.0);
    open(&server, &ann, "/cases/DR-1/evidence");
    // One tap unfolds, one chooses, one adds.
    ann.tap("summary[data-key=e]");
    ann.fill("#file", &hole);
    says(&ann, HOLE.1);
    let clock = Clock::real();
    let begun = clock.steady();
    ann.tap("form[data-upload] button");
    says(&ann, "E-1: hole.txt");
    let took = (clock.steady() - begun).as_millis();
    println!("the hash stands there {took} ms after the tap");
    says(&ann, "The same as of the file on this device.");
    assert_eq!(
        server.exhibits("DR-1")[0]["what"]["upload"]["sha256"],
        HOLE.1
    );
    let listed = "document.getElementById('live-evidence').innerText";
    until(&ann, &format!("{listed}.includes('hole.txt')"));
    ann.keep_picture("file-kept");

    // Dropped anywhere on the page of the case.
    open(&server, &ann, "/cases/DR-1");
    let fox = server.file("fox.eml", b"From: the fox");
    ann.drop_file(&fox);
    says(&ann, "fox.eml, 13 B");
    assert_eq!(
        server.exhibits("DR-1").len(),
        1,
        "nothing is sent by a drop"
    );
    ann.tap("form[data-upload] button");
    says(&ann, "E-2: fox.eml");
    assert_eq!(server.exhibits("DR-1")[1]["kind"], "mail");

    // A screenshot, pasted; the button is at hand.
    open(&server, &ann, "/cases/DR-1");
    ann.ask(
        "const data = new DataTransfer(); data.items.add(new File(['a picture'], 'image.png', { type: 'image/png' })); \
         document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))",
    );
    says(&ann, "image.png, 9 B");
    ann.press(ENTER);
    says(&ann, "E-3: image.png");
    assert_eq!(server.exhibits("DR-1")[2]["kind"], "screen_capture");
}

#[test]
fn a_line_that_breaks_in_the_middle_of_a_file_leaves_it_chosen_and_it_counts_once() {
    let server = Server::start();
    let report = json!({ "text": "The fence is open" });
    server.call("POST", "/api/v1/reports", Some(&report));
    let ann = server.boss();
    let film = server.file("film.bin", &vec![7; LARGE]);
    open(&server, &ann, "/cases/DR-1");
    ann.tap("summary[data-key=e]");
    ann.fill("#file", &film);
    says(&ann, "SHA-256");
    ann.line(false, 200_000);
    ann.tap("form[data-upload] button");
    until(&ann, "document.querySelector('.files progress')?.value > 0");
    ann.keep_picture("file-half-way");
    ann.cut(true);
    says(&ann, "Not sent: the file is still on this device");
    ann.keep_picture("file-not-sent");
    assert!(server.exhibits("DR-1").is_empty(), "nothing of it is kept");
    ann.cut(false);
    ann.tap("form[data-upload] button");
    says(&ann, "E-1: film.bin");
    assert_eq!(server.exhibits("DR-1").len(), 1, "{}", ann.ask(ROWS));

    // A report with a photo: its words count without it.
    ann.go(&server.at("/report"));
    ann.fill("#text", "The barn burns");
    ann.drop_file(&film);
    says(&ann, "film.bin, 1.5 MB");
    ann.line(false, 200_000);
    ann.tap("button[class=big]");
    until(&ann, "document.querySelector('.files progress')?.value > 0");
    ann.cut(true);
    until(&ann, "!document.getElementById('outbox').hidden");
    let waits = ann.text("#outbox");
    assert!(
        waits.contains("The barn burns") && waits.contains("without its file"),
        "{waits}"
    );
    ann.cut(false);
    until(&ann, "location.pathname.startsWith('/receipt/')");
    ann.go(&server.at("/report"));
    ann.fill("#text", "The fox again");
    ann.drop_file(&film);
    ann.tap("button[class=big]");
    until(&ann, "location.pathname.startsWith('/receipt/')");
    // All of them are of the same instant, since the clock of a drill stands still.
    let all = server.call("GET", "/api/v1/cases", None);
    let cases = all["cases"].as_array().into_iter().flatten();
    let fox: Vec<&str> = cases
        .filter(|case| case["title"] == "The fox again")
        .filter_map(|case| case["number"].as_str())
        .collect();
    assert_eq!(fox.len(), 1, "{all}");
    assert_eq!(server.exhibits(fox[0]).len(), 1, "{all}");
}
