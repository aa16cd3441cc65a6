//! The command line as somebody new types it, slips included: what is answered, and what to do next.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod served;

use std::path::PathBuf;
use std::process::Command;

use served::{HENHOUSE, Served, on_the_spot, token};
use tempfile::TempDir;

/// Somebody at a terminal.
struct Terminal<'a> {
    desk: &'a Desk,
    token: String,
}

/// A server with nobody set up, and a home directory.
struct Desk {
    served: Served,
    folder: TempDir,
}

impl Desk {
    fn start(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let served = Served::start(&folder.path().join("data"), arguments, &[]);
        Self { served, folder }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What a command on the data directory itself says when it goes well.
    #[track_caller]
    fn owner_says(&self, words: &[&str]) -> String {
        let run = on_the_spot(&self.data(), words);
        let said = String::from_utf8([run.stdout, run.stderr].concat()).unwrap();
        assert!(run.status.success(), "{words:?}: {said}");
        said
    }

    fn of(&self, person: Option<&str>) -> Terminal<'_> {
        Terminal {
            desk: self,
            token: token(&self.data(), person),
        }
    }
}

impl Terminal<'_> {
    fn run(&self, words: &[&str]) -> (i32, String) {
        let run = Command::new(HENHOUSE)
            .args(["--url", &self.desk.served.url])
            .args(words)
            .env("HENHOUSE_TOKEN", &self.token)
            .env("XDG_STATE_HOME", self.desk.folder.path())
            .output()
            .unwrap();
        let said = [run.stdout, run.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        (run.status.code().unwrap_or(-1), said)
    }

    /// What a command that goes well says.
    #[track_caller]
    fn says(&self, words: &[&str]) -> String {
        let (code, said) = self.run(words);
        assert_eq!(code, 0, "{words:?}: {said}");
        said
    }

    /// What a command that is refused says.
    #[track_caller]
    fn refuses(&self, words: &[&str]) -> String {
        let (code, said) = self.run(words);
        assert_ne!(code, 0, "{words:?}: {said}");
        said
    }
}

#[track_caller]
fn has(said: &str, all: &[&str]) {
    for words in all {
        assert!(said.contains(words), "{words:?} is missing: {said}");
    }
}

const JANE: [&str; 9] = [
    "roster",
    "add",
    "jane",
    "--name",
    "Farmer Jane",
    "--mail",
    "jane@example.org",
    "--phone",
    "+1 555 0100",
];
const DAVE: [&str; 13] = [
    "roster",
    "add",
    "dave",
    "--name",
    "Farmer Dave",
    "--mail",
    "dave@example.org",
    "--phone",
    "+1 555 0101",
    "--role",
    "responder",
    "--role",
    "decider",
];

#[test]
fn a_new_user_is_led_from_set_up_to_a_case_and_every_slip_says_what_works() {
    let desk = Desk::start(&[]);
    let admin = desk.of(None);

    has(
        &admin.says(&["now"]),
        &[
            "Nobody can be called yet",
            "henhouse roster add jane",
            "No mail server is set",
            "henhouse.toml",
        ],
    );
    let wrong = [
        "roster", "add", "jane", "--name", "J", "--mail", "jane-at", "--phone", "555 0100",
    ];
    let said = admin.refuses(&wrong);
    has(
        &said,
        &[
            "\"jane-at\" is no mail address",
            "\"555 0100\" cannot be dialled",
        ],
    );
    admin.says(&JANE);
    has(
        &admin.refuses(&["roster", "add", "dave", "--mail", "d@example.org"]),
        &["--name"],
    );
    has(
        &admin.refuses(&["roster", "add", "dave", "--name", "D", "--role", "decidr"]),
        &["decider"],
    );
    has(
        &admin.says(&["now"]),
        &["one responder only", "Nobody decides for Main"],
    );
    admin.says(&DAVE);
    has(
        &admin.refuses(&["roster", "remove", "jnae"]),
        &["Did you mean jane?"],
    );
    has(
        &admin.refuses(&["project", "show", "--project", "mian"]),
        &["Did you mean main?"],
    );
    let twin = [
        "project", "create", "pond", "--name", "The pond", "--prefix", "HH",
    ];
    has(
        &admin.refuses(&twin),
        &["The cases of Main", "Choose other letters"],
    );
    admin.says(&["project", "phone", "+1 555 0199"]);
    let shown = admin.says(&["project", "show"]);
    has(
        &shown,
        &["mon-fri 09:00-17:00 (UTC)", "+1 555 0199 (on duty)"],
    );
    let next = admin.says(&["now"]);
    assert!(
        !next.contains("one responder") && !next.contains("decides"),
        "it is settled: {next}"
    );

    admin.says(&["report", "The chickens are escaping"]);
    has(
        &admin.refuses(&["case", "view", "HH1"]),
        &["Did you mean HH-1?"],
    );
    let jane = desk.of(Some("jane"));
    has(&jane.says(&["ack", "HH-1"]), &["acknowledged"]);
    assert_eq!(jane.says(&["ack", "hh-1"]).trim(), "You already have HH-1.");
    jane.says(&["case", "note", "HH-1", "Saw a fox", "--at", "10m ago"]);
    has(
        &jane.refuses(&["case", "note", "HH-1", "x", "--at", "noonish"]),
        &["no time", "10m ago"],
    );
    has(
        &jane.refuses(&["case", "do", "HH-1", "ad_note", "text=x"]),
        &["Did you mean add_note?"],
    );
    has(
        &jane.refuses(&["case", "do", "HH-1", "add_step", "txt=x", "class=soon"]),
        &["txt:", "class:", "text:"],
    );
    let lead = [
        "case",
        "lead",
        "HH-1",
        "How?",
        "source=unknown",
        "owner=dvae",
    ];
    has(&jane.refuses(&lead), &["Did you mean dave?"]);
    jane.says(&[
        "case",
        "step",
        "HH-1",
        "Fix the fence",
        "owner=dave",
        "due=2h",
    ]);

    let view = jane.says(&["case", "view", "HH-1"]);
    has(
        &view,
        &[
            "HH-1  The chickens are escaping",
            "Farmer Jane since",
            "next due",
            "Asked of you",
            "henhouse case do HH-1 answer_question question=happened",
            "Saw a fox",
            "Time given",
        ],
    );
    assert!(
        !view.contains('Z') && !view.contains(".0"),
        "times are people's: {view}"
    );
    has(
        &jane.says(&["case", "agenda", "HH-1"]),
        &["(Farmer Dave, R52)", "start_step step=S-1"],
    );
    let checked = jane.says(&["case", "conformance", "HH-1"]);
    has(
        &checked,
        &["X30", "playbooks are reviewed", "Kept:", "--all"],
    );
    let all = jane.says(&["case", "conformance", "HH-1", "--all"]);
    assert!(all.lines().count() > 4 * checked.lines().count());
    has(
        &jane.says(&["case", "metrics", "HH-1"]),
        &["time to acknowledge", "unknown"],
    );
    has(
        &jane.says(&["case", "deliveries", "HH-1"]),
        &["Farmer Jane", "by mail"],
    );
    has(
        &jane.says(&["case", "metrics", "HH-1", "--json"]),
        &["\"time_to_acknowledge\": {"],
    );

    admin.says(&["project", "phone", "+1 555 0198"]);
    admin.says(&[
        "roster",
        "add",
        "anne",
        "--name",
        "Anne",
        "--mail",
        "anne@example.org",
    ]);
    let told = jane.says(&["case", "journal", "HH-1"]);
    has(
        &told,
        &["The project changed: Anne is on the contact sheet now."],
    );
    assert_eq!(
        told.matches("project").count(),
        1,
        "what does not matter goes by: {told}"
    );
    has(
        &jane.says(&["case", "journal", "HH-1", "--all"]),
        &["nothing of it matters here"],
    );
}

#[test]
fn the_clock_of_a_drill_takes_what_people_say() {
    let desk = Desk::start(&["--drill", "--clock", "2026-03-02T03:00:00Z"]);
    let admin = desk.of(None);
    let at = |words: &str| {
        let said = admin.says(&["drill", "clock", words]);
        said.split(". ").next().unwrap().to_owned()
    };
    assert_eq!(at("10m"), "It is Mon 2 Mar 2026, 03:10 UTC");
    assert_eq!(at("3d"), "It is Thu 5 Mar 2026, 03:10 UTC");
    has(
        &admin.refuses(&["drill", "clock", "soonish"]),
        &["no length of time", "3d"],
    );
}

#[test]
fn a_report_that_could_not_be_sent_says_where_it_is_and_is_reminded_of_until_it_is_sent() {
    let desk = Desk::start(&["--drill"]);
    let admin = desk.of(None);
    let (nowhere, there) = ("http://127.0.0.1:9", desk.served.url.as_str());
    for text in ["The fence is open", "The fox is in"] {
        let (code, said) = admin.run(&["report", text, "--url", nowhere]);
        assert_eq!(code, 6, "{said}");
        let state = desk.folder.path().join("henhouse/unsent");
        let place = state.display().to_string();
        has(&said, &["NOT sent yet", nowhere, &place, "henhouse kept"]);
    }
    let said = admin.says(&["now"]);
    has(
        &said,
        &["2 reports are kept on this device and NOT sent yet, for http://127.0.0.1:9"],
    );
    has(
        &admin.says(&["kept"]),
        &["The fence is open", "The fox is in", "henhouse kept send 2"],
    );
    has(
        &admin.says(&["kept", "discard", "2"]),
        &["Discarded: The fox is in"],
    );
    has(
        &admin.refuses(&["kept", "discard", "2"]),
        &["no kept report 2"],
    );
    let said = admin.says(&["kept", "send", "1", "--url", there]);
    has(&said, &["Sent the report", "DR-1", there]);
    has(&admin.says(&["kept"]), &["No report is kept"]);
    let said = admin.says(&["now"]);
    assert!(!said.contains("kept on this device"), "{said}");
}

#[test]
fn whoever_has_only_a_token_is_given_a_password_by_a_link_and_hears_what_ends() {
    let mut desk = Desk::start(&[]);
    let admin = desk.of(None);
    admin.says(&JANE);
    let jane = desk.of(Some("jane"));
    let cannot = "No responder of Main can sign in yet";
    let next = admin.says(&["now"]);
    has(
        &next,
        &[
            cannot,
            "henhouse admin account jane",
            "Nobody can sign in as an admin",
        ],
    );
    assert!(
        !next.contains("link that the server printed"),
        "it is spent: {next}"
    );

    // By a link, that opens once.
    let choose = |said: &str| {
        let (_, token) = said.split_once("/password/").unwrap();
        let path = format!("/api/v1/password/{}", token.trim());
        let chosen = ["api", "POST", &path, "password:=four words make it"];
        let went_well = admin.run(&chosen).0 == 0;
        (went_well, admin.run(&chosen).0)
    };
    let said = desk.owner_says(&["admin", "account", "jane", "--role", "admin"]);
    has(&said, &["It works once", &desk.served.url]);
    has(
        &admin.says(&["now"]),
        &[cannot, "Farmer Jane was asked to choose a password"],
    );
    assert_eq!(choose(&said), (true, 1), "once");
    let next = admin.says(&["now"]);
    has(&next, &["There is one admin only"]);
    assert!(!next.contains(cannot), "{next}");
    jane.says(&["now"]);
    // What a password that is replaced has opened ends, and is said.
    let said = desk.owner_says(&["admin", "account", "jane"]);
    has(&said, &["with it ended 1 token"]);
    has(&jane.refuses(&["now"]), &["HENHOUSE_TOKEN"]);

    // With the server stopped, and with a password from stdin, which somebody new may be given too.
    desk.served.stop();
    let said = desk.owner_says(&["admin", "account", "eve", "--json"]);
    has(
        &said,
        &[
            "\"confirmation\": \"handed\"",
            "http://127.0.0.1:8400/password/",
        ],
    );
}
