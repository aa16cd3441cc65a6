//! Mail that is an alert, by swaks and by Python's `smtplib`: what rules make of it stands in the event and in what Opsgenie's API
//! shows, and what a person reports to such an address is a report.

use reqwest::blocking::Client;
use serde_json::{Value, json};

use super::{House, mail, token};

/// An address for alerts.
pub const AT: &str = "alerts@farm.example";
/// As a team has them that came from Opsgenie.
const RULES: &str = r#"
[mail_in.alerts."Alerts@farm.example"]
project = "main"
source = "nagios"
[[mail_in.alerts."Alerts@farm.example".rules]]
name = "tests"
then = "ignore"
all = [{ field = "subject", is = "starts", value = "TEST" }]
[[mail_in.alerts."Alerts@farm.example".rules]]
name = "down"
then = "create"
all = [
  { field = "from", is = "ends", value = "@farm.example" },
  { field = "subject", is = "contains", value = "PROBLEM" },
]
find.host = { field = "subject", pattern = 'PROBLEM Host Alert: (\S+) is' }
find.where = { field = "body", after = "Where: " }
alias = "nagios/{{host}}"
message = "{{host}} is down"
priority = "P1"
tags = ["nagios", "{{where}}"]
[[mail_in.alerts."Alerts@farm.example".rules]]
name = "up"
then = "close"
any = [{ field = "subject", is = "matches", value = '.*RECOVERY.*' }]
find.host = { field = "subject", after = "Alert: ", before = " is" }
alias = "nagios/{{host}}"
[[mail_in.alerts."Alerts@farm.example".rules]]
name = "seen"
then = "acknowledge"
all = [{ field = "subject", is = "contains", value = "ACKNOWLEDGEMENT" }]
alias = "nagios/coop"
[[mail_in.alerts."Alerts@farm.example".rules]]
name = "more"
then = "note"
all = [{ field = "body", is = "contains", value = "by the way" }]
alias = "nagios/coop"
[mail_in.alerts."owl@farm.example"]
project = "main"
source = "owl"
[mail_in.alerts."barn@farm.example"]
project = "barn"
source = "nagios"
"#;

/// A house with that address, and the key of its alert source.
pub fn start() -> (House, String) {
    let house = House::with(RULES);
    house.take_in_ann();
    let made = Client::new()
        .post(format!("{}/api/v1/projects/main/sources", house.served.url))
        .bearer_auth(token(&house.data(), None))
        .json(&json!({ "name": "nagios", "sender": "opsgenie" }))
        .send()
        .unwrap();
    let made: Value = made.json().unwrap();
    let key = made["key"].as_str().unwrap().to_owned();
    (house, key)
}

impl House {
    pub fn alerts(&self, key: &str) -> Vec<Value> {
        let asked = Client::new()
            .get(format!("{}/v2/alerts", self.served.url))
            .header("authorization", format!("GenieKey {key}"));
        let said: Value = asked.send().unwrap().json().unwrap();
        said["data"].as_array().unwrap().clone()
    }

    /// What alerts did to the first event, in order.
    fn steps(&self) -> Vec<String> {
        let journal = self.get("/api/v1/cases/HH-1/journal?limit=1000");
        let entries = journal["entries"].as_array().unwrap().iter();
        let noted = entries.filter(|entry| entry["kind"] == "alert_noted");
        let step = |entry: &Value| entry["body"]["step"].as_str().unwrap().to_owned();
        noted.map(step).collect()
    }

    fn cases(&self) -> usize {
        let all = self.get("/api/v1/cases");
        all["cases"].as_array().unwrap().len()
    }

    /// How many mails wait to be looked at.
    fn waiting(&self) -> u64 {
        let own = token(&self.data(), Some("ann"));
        let asked = Client::new().get(format!("{}/api/v1/review", self.served.url));
        let said: Value = asked.bearer_auth(own).send().unwrap().json().unwrap();
        said["all"].as_u64().unwrap()
    }

    /// Brings it by swaks, and answers what was said of its data.
    fn brought(&self, subject: &str, headers: &str, text: &str) -> String {
        let said = self.swaks(&mail(subject, headers, text), &["--to", AT]);
        let kept = |line: &&str| {
            let answers = line.contains("2.0.0 ") || line.contains("4.3.0 ");
            answers && !line.contains("Goodbye")
        };
        let last = said.lines().rfind(kept);
        last.unwrap_or_else(|| panic!("{said}")).to_owned()
    }
}

#[test]
fn rules_make_alerts_of_mails_which_opsgenies_api_shows_and_the_mail_is_kept_byte_for_byte() {
    let (house, key) = start();
    let down = mail(
        "PROBLEM Host Alert: coop is DOWN",
        "",
        "Where: north pen\r\nIt does not answer.",
    );
    for _ in 0..2 {
        let said = house.client("lmtp", &down, &[AT, "security@farm.example"]);
        assert!(said.contains("250 b'2.0.0 Kept as an alert'"), "{said}");
        assert!(
            said.contains("Kept for review as M-"),
            "each address has its own way: {said}"
        );
    }
    let all = house.alerts(&key);
    let one = &all[0];
    assert_eq!(all.len(), 1, "{all:?}");
    for (field, value) in [
        ("alias", json!("nagios/coop")),
        ("message", json!("coop is down")),
        ("priority", json!("P1")),
        ("tags", json!(["nagios", "north pen"])),
        ("status", json!("open")),
        ("count", json!(1)),
    ] {
        assert_eq!(one[field], value, "{one}");
    }
    assert_eq!(one["details"]["from"], "ann@farm.example", "{one}");
    assert!(
        one["description"]
            .as_str()
            .unwrap()
            .contains("It does not answer.")
    );
    assert_eq!(
        house.bytes("/api/v1/cases/HH-1/exhibits/E-1"),
        down.as_bytes()
    );
    let again = house.brought(
        "PROBLEM Host Alert: coop is DOWN",
        "",
        "Where: north pen\r\nStill.",
    );
    assert!(again.contains("Kept as an alert"), "{again}");
    assert_eq!(house.alerts(&key)[0]["count"], 2);
    house.brought("ACKNOWLEDGEMENT Host Alert: coop", "", "Bob looks.");
    house.brought("Re: coop", "", "By the way: the door is open.");
    assert_eq!(house.alerts(&key)[0]["acknowledged"], true);
    let up = house.brought("RECOVERY Host Alert: coop is UP", "", "Well again.");
    assert!(up.contains("Kept as an alert"), "{up}");
    assert_eq!(house.alerts(&key)[0]["status"], "closed");
    assert_eq!(house.steps(), ["opened", "acknowledged", "noted", "over"]);
    assert_eq!(house.cases(), 1);
    let case = house.get("/api/v1/cases/HH-1");
    assert_eq!(case["status"], "investigating", "only people end an event");
    let journal = house
        .get("/api/v1/cases/HH-1/journal?limit=1000")
        .to_string();
    for said in [
        "By mail, sender not verified: ann@farm.example wrote: Re: coop\\n\\nBy the way: the door is open.",
        "message/rfc822",
    ] {
        assert!(journal.contains(said), "{said}: {journal}");
    }
    let none = house.brought(
        "RECOVERY Host Alert: coop is UP",
        "X-Again: 1\r\n",
        "Well again.",
    );
    assert!(none.contains("No alert of that alias is open"), "{none}");
}

#[test]
fn what_no_rule_is_for_is_an_alert_and_what_a_rule_ignores_is_none() {
    let (house, key) = start();
    let ignored = house.brought("TEST Host Alert", "", "x");
    assert!(ignored.contains("Ignored by a rule"), "{ignored}");
    assert_eq!((house.cases(), house.waiting()), (0, 0));
    // It names no host: the rule for such mails is not for this one.
    house.brought("PROBLEM with the fence", "", "Where: south");
    house.brought("AW: PROBLEM with the fence", "", "It is getting worse.");
    let all = house.alerts(&key);
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(
        (&all[0]["alias"], &all[0]["priority"], &all[0]["count"]),
        (&json!("PROBLEM with the fence"), &json!("P3"), &json!(2))
    );
}

#[test]
fn a_report_to_an_address_for_alerts_is_a_report_whatever_its_rules_say() {
    let (house, key) = start();
    for (n, subject) in [
        "TEST Security Incident: a fox",
        "RECOVERY security incident",
    ]
    .iter()
    .enumerate()
    {
        let said = house.brought(subject, "", "By the way: there is a fox.");
        assert!(said.contains(&format!("Kept as HH-{}", n + 1)), "{said}");
    }
    assert_eq!(house.alerts(&key).len(), 0);
    let journal = house.get("/api/v1/cases/HH-1/journal").to_string();
    assert!(journal.contains("\"route\":\"mail\""), "{journal}");
    // The same mail to both sorts of address is one report.
    let fox = mail("Security Incident: a third", "", "A fox.");
    let said = house.client("lmtp", &fox, &[AT, "security@farm.example"]);
    assert_eq!(said.matches("Kept as HH-3").count(), 2, "{said}");
}

#[test]
fn a_project_that_takes_no_reports_of_strangers_takes_one_to_such_an_address_as_an_alert() {
    let (house, key) = start();
    let mut whole = house.get("/api/v1/projects/main");
    whole["project"]["known_reporters_only"] = json!(true);
    let body = json!({ "project": whole["project"], "directory": whole["directory"] });
    let put = Client::new().put(format!("{}/api/v1/projects/main", house.served.url));
    let put = put
        .bearer_auth(token(&house.data(), None))
        .header("If-Match", format!("\"{}\"", body["project"]["revision"]));
    let said = put.json(&body).send().unwrap();
    assert!(said.status().is_success(), "{}", said.text().unwrap());
    let said = house.brought("TEST Security Incident: a fox", "", "A fox.");
    assert!(
        said.contains("Kept as an alert"),
        "no rule keeps it away: {said}"
    );
    assert_eq!(
        house.alerts(&key)[0]["message"],
        "TEST Security Incident: a fox"
    );
}

#[test]
fn what_programs_answer_by_themselves_and_what_we_sent_ourselves_opens_nothing() {
    let (house, key) = start();
    let ours = "<case.7c9e6679742540de944be07fc1f90ae7@hen.example>";
    for headers in [
        "Auto-Submitted: auto-replied\r\n".to_owned(),
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n".to_owned(),
        format!("Auto-Submitted: auto-generated\r\nReferences: {ours}\r\n"),
        format!("In-Reply-To: {ours}\r\n"),
    ] {
        let said = house.brought("PROBLEM Host Alert: coop is DOWN", &headers, "Where: x");
        assert!(said.contains("Kept for review as M-"), "{headers}: {said}");
    }
    assert_eq!((house.cases(), house.alerts(&key).len()), (0, 0));
    // What monitoring sends says that a program made it.
    let said = house.brought(
        "PROBLEM Host Alert: coop is DOWN",
        "Auto-Submitted: auto-generated\r\nPrecedence: bulk\r\n",
        "Where: x",
    );
    assert!(said.contains("Kept as an alert"), "{said}");
    assert_eq!(house.cases(), 1);
}

#[test]
fn without_its_source_a_mail_waits_and_without_its_project_it_is_turned_away_and_both_are_said() {
    let (house, _) = start();
    let wise = mail("Who", "", "Who.");
    let said = house.client("lmtp", &wise, &["owl@farm.example", "Barn@farm.example"]);
    assert!(said.contains("250 b'2.0.0 Kept for review as M-"), "{said}");
    assert_eq!(said.matches("550 b'5.1.1").count(), 1, "{said}");
    let ready = String::from_utf8(house.bytes("/readyz")).unwrap();
    for line in [
        "no alert is made of mail to an address of [mail_in.alerts], because there is no project barn: correct the settings",
        "because the project main has no alert source owl: make one, or correct the settings",
    ] {
        assert!(ready.contains(line), "{line}: {ready}");
    }
    assert!(!ready.contains("nagios"), "{ready}");
}

#[test]
fn settings_that_cannot_be_meant_keep_the_server_from_starting_and_are_said() {
    henhouse::tls::install_provider();
    for (more, why) in [
        (
            "[mail_in.alerts.'a@b.example']\nproject = 'main'\n",
            "source",
        ),
        (
            "[mail_in.alerts.'a@b.example']\nproject = 'main'\nsource = 'x'\ncolour = 'red'\n",
            "unknown setting `colour`",
        ),
        (
            "[mail_in.alerts.'a@b.example']\nproject = 'main'\nsource = 'x'\nrules = [{ name = 'r', then = 'create', colour = 'red' }]\n",
            "unknown setting `colour`",
        ),
        (
            "[mail_in.alerts.'a@b.example']\nproject = 'main'\nsource = 'x'\nrules = [{ name = 'r', then = 'ignore' }]\n",
            "would ignore every mail",
        ),
        (
            "[mail_in.alerts.'a@b.example']\nproject = 'main'\nsource = 'x'\n[mail_in.addresses]\n'A@b.example' = 'main'\n",
            "a report or an alert",
        ),
        (
            "[mail_in.alerts.'nobody']\nproject = 'main'\nsource = 'x'\n",
            "no mail address",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let text = format!("[mail_in]\nlisten = '127.0.0.1:0'\nname = 'hen.farm.example'\n{more}");
        std::fs::write(folder.path().join("henhouse.toml"), text).unwrap();
        // One that starts all the same is ended.
        let said = std::process::Command::new("timeout")
            .args(["60", env!("CARGO_BIN_EXE_henhouse")])
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.path())
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&said.stderr);
        assert!(
            !said.status.success() && told.contains(why),
            "{more}: {told}"
        );
    }
}
