//! What a long case weighs on the wire and where its newest entry stands: a thousand entries, a window that knows
//! nothing of us yet, 1280 by 800.

use serde_json::json;

use super::Server;
use super::browser::Setup;

const WINDOW: Setup = Setup {
    size: (1280, 800),
    scripts: true,
};
/// At most so many bytes for everything that the page loads.
const BYTES: u64 = 60_000;
/// The page, its look, its script, its stream.
const REQUESTS: usize = 4;
const NOTES: usize = 1000;
/// How many write at once.
const WRITERS: usize = 16;
const NEWEST: &str = "The newest of all: the last chicken is in.";

impl Server {
    /// A confirmed case with a thousand notes and twenty of everything else.
    fn long_case(&self) {
        let report = json!({ "text": "The fence by the road is open and chickens are out." });
        self.call("POST", "/api/v1/reports", Some(&report));
        let impact = json!({ "confidentiality": "actual", "integrity": "none", "availability": "none",
            "privacy": "potential", "whose": ["ours"] });
        let confirm = json!({ "command": "confirm", "severity": "high", "reason": "Feathers", "impact": impact });
        self.said("DR-1", "ann", json!({ "command": "acknowledge" }));
        self.said("DR-1", "ann", confirm);
        for n in 0..20 {
            let text = format!("Look at gate {n}.");
            let lead = json!({ "command": "add_lead", "text": text, "source": "unknown" });
            self.said("DR-1", "ann", lead);
            for command in ["add_step", "record_fact"] {
                self.said("DR-1", "ann", json!({ "command": command, "text": text }));
            }
        }
        self.runtime.block_on(async {
            let mut writers = tokio::task::JoinSet::new();
            for first in 0..WRITERS {
                let url = format!("{}/api/v1/cases/DR-1/commands", self.url);
                let (http, token) = (self.http.clone(), self.token.clone());
                writers.spawn(async move {
                    for n in (first..NOTES).step_by(WRITERS) {
                        let text = format!("Hen {n} is back and well, and told us nothing.");
                        let note = json!({ "command": "add_note", "text": text, "as": "ann" });
                        let asked = http.post(&url).bearer_auth(&token).json(&note).send();
                        assert!(asked.await.unwrap().status().is_success(), "note {n}");
                    }
                });
            }
            writers.join_all().await;
        });
        let newest = json!({ "command": "add_note", "text": NEWEST });
        self.said("DR-1", "ann", newest);
    }
}

#[test]
fn a_case_of_a_thousand_entries_loads_little_and_shows_the_newest_without_scrolling() {
    let server = Server::start();
    server.long_case();
    let ann = server.boss();
    ann.resize(WINDOW.size);
    // As for somebody who comes for the first time: nothing is kept from before.
    ann.order(
        "Network.setCacheDisabled",
        &json!({ "cacheDisabled": true }),
    );
    ann.go("about:blank");
    ann.forget();
    ann.go(&server.at("/cases/DR-1"));
    ann.keep_picture("long-case");
    let told = ann.told();
    let sizes = ann.ask(
        "return performance.getEntries().filter(one => one.transferSize)
            .map(one => [one.name, one.transferSize])",
    );
    println!("{} bytes: {sizes}", told.bytes);
    assert!(told.bytes <= BYTES, "{} bytes", told.bytes);
    assert!(told.asked.len() <= REQUESTS, "{:?}", told.asked);
    let lowest = ann.ask(&format!(
        "scrollTo(0, 0); return [...document.querySelectorAll('.log li')]
            .find(one => one.innerText.includes('{NEWEST}')).getBoundingClientRect().bottom"
    ));
    println!("the newest entry ends at {lowest} px");
    let lowest = lowest.as_f64().unwrap();
    assert!(lowest <= 800.0, "the newest entry ends at {lowest} px");

    // Whoever does not read gzip gets the same.
    for address in told.asked.iter().filter(|one| one.contains("/assets/")) {
        let pressed = ann.ask(&format!(
            "return fetch('{address}').then(async said =>
                [said.headers.get('content-encoding'), await said.text()])"
        ));
        assert_eq!(pressed[0], "gzip", "{address}");
        let plain = server.runtime.block_on(async {
            let said = server.http.get(address).send().await.unwrap();
            assert!(said.headers().get("content-encoding").is_none());
            said.text().await.unwrap()
        });
        assert!(!plain.is_empty() && pressed[1] == plain, "{address}");
    }
}

/// However much is theirs already, what is asked first stands on the first screen, with the button that settles it.
#[test]
fn the_first_thing_that_is_asked_is_seen_without_scrolling() {
    let server = Server::start();
    for n in 1..=8 {
        let text = format!(
            "The fence number {n} of the lower field is open and the goats are on the road"
        );
        server.call("POST", "/api/v1/reports", Some(&json!({ "text": text })));
        if n > 4 {
            continue;
        }
        for mut body in [
            json!({ "command": "acknowledge" }),
            json!({ "command": "set_severity", "severity": "high", "reason": "goats" }),
        ] {
            body["as"] = "ann".into();
            server.call(
                "POST",
                &format!("/api/v1/cases/DR-{n}/commands"),
                Some(&body),
            );
        }
    }
    let ann = server.boss();
    for (name, size) in [("now-full", (1180, 780)), ("now-full-phone", (360, 780))] {
        ann.resize(size);
        ann.go(&server.at("/now"));
        ann.keep_picture(name);
        let lowest = ann.ask(
            "scrollTo(0, 0); return document.querySelector('.asked .rows > li').getBoundingClientRect().bottom",
        );
        println!("{name}: the first thing asked ends at {lowest} px");
        assert!(lowest.as_f64().unwrap() <= 780.0, "{name}: {lowest} px");
    }
}
