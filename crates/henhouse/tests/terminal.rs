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

/// A token that only reads.
fn observer(data: &std::path::Path) -> String {
    let words = [
        "admin", "token", "--name", "dee", "--role", "observer", "--person", "dee",
    ];
    let run = on_the_spot(data, &words);
    String::from_utf8(run.stdout).unwrap().trim().to_owned()
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
            "Still to set up, so that every report calls somebody",
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
    // Whoever was asked for a password and has none yet cannot sign in: the printed link still works.
    let printed = "link that the server printed";
    has(&next, &[printed]);

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
    assert!(!next.contains(cannot) && !next.contains(printed), "{next}");
    jane.says(&["now"]);
    // What a password that is replaced has opened ends, and is said.
    let said = desk.owner_says(&["admin", "account", "jane"]);
    has(&said, &["with it ended 1 token"]);
    has(
        &jane.refuses(&["now"]),
        &["was ended on 20", "HENHOUSE_TOKEN"],
    );
    has(&jane.refuses(&["ack", "HH-1"]), &["was ended on 20"]);

    // With the server stopped, and with a password from stdin, which somebody new may be given too.
    desk.served.stop();
    let said = desk.owner_says(&["admin", "account", "eve", "--json"]);
    has(
        &said,
        &[
            "\"confirmation\": \"handed\"",
            "http://127.0.0.1:8400/password/",
            "eve is on no contact sheet",
        ],
    );
}

#[test]
fn a_report_says_who_hears_of_it_and_whether_the_token_counted() {
    let desk = Desk::start(&[]);
    let admin = desk.of(None);
    admin.says(&JANE);
    let said = admin.says(&["report", "The till is short", "--restricted"]);
    has(
        &said,
        &[
            "HH-1 received",
            "Restricted:",
            "its responders if it has none",
        ],
    );
    let said = admin.says(&["report", "Somebody reads mails", "--about-employee"]);
    has(
        &said,
        &["You did not say who it is about", "--about PERSON"],
    );
    let said = admin.says(&["report", "Jane reads mails", "--about", "jane"]);
    has(&said, &["HH-3", "never the person it is about"]);
    let nobody = Terminal {
        desk: &desk,
        token: "hen_long_gone".to_owned(),
    };
    let said = nobody.says(&["report", "A fox"]);
    has(
        &said,
        &["HH-4 received", "token is not valid", "without a name"],
    );
    let said = admin.says(&["report", "A fox"]);
    assert!(
        !said.contains("token") && !said.contains("Restricted"),
        "{said}"
    );
    assert!(!said.contains("Commander"), "{said}");
    let said = desk.of(Some("jane")).says(&["report", "A fox"]);
    has(
        &said,
        &[
            "You are Incident Commander: you reported it",
            "is not called",
            "case do HH-6 call_in",
            "case do HH-6 offer_handover to=PERSON briefing=",
            "nobody is called: no mail server is set",
        ],
    );
    let said = desk
        .of(Some("jane"))
        .says(&["report", "A fox", "--restricted"]);
    has(
        &said,
        &[
            "You are Incident Commander",
            "chain is called, if it has one",
        ],
    );
    has(
        &admin.refuses(&["drill", "clock", "10m"]),
        &["is no drill", "nothing was changed", "--drill"],
    );
}

#[test]
fn evidence_goes_in_and_comes_out_as_it_was() {
    let desk = Desk::start(&[]);
    desk.of(None).says(&JANE);
    let jane = desk.of(Some("jane"));
    let reach = ["--contact", "eva@farm.example"];
    let told = ["report", "The chickens are escaping", "--title", "Chickens"];
    jane.says(&[&told[..], &reach].concat());
    jane.says(&["ack", "HH-1"]);
    let said = jane.says(&["case", "view", "HH-1"]);
    has(
        &said,
        &["reported", "The chickens are escaping", "eva@farm.example"],
    );
    let said = jane.says(&["case", "journal", "HH-1"]);
    has(&said, &["\"Chickens\", \"The chickens are escaping\""]);
    has(
        &jane.says(&["case", "exhibit", "list", "HH-1"]),
        &["No exhibits."],
    );
    let place = |name: &str| desk.folder.path().join(name).display().to_string();
    let (fence, back) = (place("fence.log"), place("back.log"));
    std::fs::write(&fence, "a hole\n".repeat(50_000)).unwrap();
    let add = ["case", "exhibit", "add", "HH-1", &fence, "--kind", "log"];
    let said = jane.says(&add);
    has(&said, &["E-1 of HH-1: 350000 bytes, SHA-256"]);
    let sum = Command::new("sha256sum").arg(&fence).output().unwrap();
    let sum = String::from_utf8(sum.stdout).unwrap();
    let sum = sum.split(' ').next().unwrap();
    has(&said, &[sum]);
    has(&jane.says(&add), &["E-2", "kept in this case before"]);
    let said = jane.says(&[&add[..5], &["--json", "--label", "The same"]].concat());
    has(&said, &["\"exhibit\": \"E-3\"", "\"sha256\": ", sum]);
    has(
        &jane.says(&["case", "exhibit", "list", "HH-1"]),
        &["E-1", "log: fence.log", "file: The same", sum],
    );
    let get = ["case", "exhibit", "get", "hh-1", "e-1", "--out", &back];
    has(&jane.says(&get), &["as kept", sum]);
    assert_eq!(
        std::fs::read(&fence).unwrap(),
        std::fs::read(&back).unwrap()
    );
    has(&jane.refuses(&get), &["exists", "--out"]);
    let kind = [&add[..5], &["--kind", "lgo"]].concat();
    has(&jane.refuses(&kind), &["log, mail", "screen_capture"]);
    // Whoever may not is told so, however large the file is.
    let asset = [&add[..5], &["--asset", "barn"]].concat();
    has(&jane.refuses(&asset), &["has no asset barn"]);
    let dee = Terminal {
        desk: &desk,
        token: observer(&desk.data()),
    };
    has(&dee.refuses(&add), &["You may read, not change."]);
    jane.refuses(&[
        "case",
        "exhibit",
        "get",
        "HH-1",
        "E-9",
        "--out",
        &place("no"),
    ]);
    assert!(!desk.folder.path().join("no").exists());
    jane.refuses(&["case", "exhibit", "add", "HH-1", &place("not there")]);
}

#[test]
fn a_no_names_everything_that_is_missing_and_the_lines_that_settle_it() {
    let desk = Desk::start(&["--drill", "--clock", "2026-03-02T09:00:00Z"]);
    let admin = desk.of(None);
    admin.says(&JANE);
    admin.says(&DAVE);
    let jane = |words: &[&str]| admin.run(&[&["--as", "jane"][..], words].concat());
    let says = |words: &[&str]| {
        let (code, said) = jane(words);
        assert_eq!(code, 0, "{words:?}: {said}");
        said
    };
    let refuses = |words: &[&str]| {
        let (code, said) = jane(words);
        assert_ne!(code, 0, "{words:?}: {said}");
        said
    };
    admin.says(&["report", "The chickens are escaping"]);
    let said = refuses(&["case", "do", "DR-1", "ready_for_qa", "reviewer=dave"]);
    has(&said, &["Nobody has it yet", "henhouse ack DR-1"]);
    let said = refuses(&["case", "confirm", "DR-1", "severity=medium", "reason=seen"]);
    has(&said, &["Nobody has taken this yet", "henhouse ack DR-1"]);
    says(&["ack", "DR-1"]);
    let said = refuses(&["case", "confirm", "DR-1", "severity=medium", "reason=seen"]);
    has(&said, &["do DR-1 assess_impact confidentiality=potential"]);
    let said = refuses(&["case", "do", "DR-1", "nonsense"]);
    has(&said, &["henhouse case do --help"]);
    let said = refuses(&["case", "do", "DR-1", "call_in"]);
    has(&said, &["do DR-1 call_in person=dave message="]);
    let (_, said) = admin.run(&["--as", "jan", "case", "note", "DR-1", "x"]);
    has(&said, &["jan is nobody", "Did you mean jane?", "dave"]);
    let half = "confidentiality=none|potential|actual";
    let said = refuses(&["case", "do", "DR-1", "assess_impact", half]);
    has(
        &said,
        &[
            "confidentiality: There is no word",
            "none, potential, actual",
        ],
    );
    let client = "whose=[\"client\"]";
    let said = refuses(&["case", "do", "DR-1", "assess_impact", client]);
    has(&said, &["stands with an id", "{\"client\":"]);
    let draft = ["draft_customer_notice", "text=x", "to=[\"client\"]"];
    let said = refuses(&[&["case", "do", "DR-1"], &draft[..]].concat());
    has(&said, &["The project has none yet", "henhouse project set"]);
    let said = refuses(&["case", "close", "DR-1"]);
    has(&said, &["case do DR-1 close outcome=\"What came of it"]);
    has(&says(&["case", "close", "--help"]), &["outcome="]);
    let said = refuses(&["case", "close", "DR-1", "outcome=All are home"]);
    has(&said, &["Spin it down first", "do DR-1 confirm severity="]);
    assert!(!said.contains("ready_for_qa"), "not yet: {said}");
    let question = ["answer_question", "question=dependency", "answer=perhaps"];
    let said = refuses(&[&["case", "do", "DR-1"], &question[..]].concat());
    has(
        &said,
        &["It is written so", "question=dependency answer=unknown"],
    );
    let said = refuses(&["case", "handoff", "DR-1", "to=dave"]);
    has(
        &said,
        &[
            "without a briefing",
            "do DR-1 offer_handover to=dave briefing=",
        ],
    );
    let impact =
        "impact={\"confidentiality\":\"none\",\"integrity\":\"none\",\"availability\":\"actual\"}";
    says(&[
        "case",
        "confirm",
        "DR-1",
        "severity=medium",
        "reason=seen",
        impact,
    ]);
    says(&[
        "case",
        "step",
        "DR-1",
        "Close the gate",
        "class=immediate",
        "owner=jane",
    ]);
    let said = refuses(&["case", "do", "DR-1", "ready_for_qa", "reviewer=dave"]);
    has(
        &said,
        &[
            "henhouse case do DR-1 publish_sitrep",
            "henhouse case do DR-1 record_milestone milestone=contained",
            "henhouse case do DR-1 start_step step=S-1",
            "henhouse case do DR-1 record_normal_again",
            "--waive R3=\"your reason\" --waive X40=",
        ],
    );
    has(&admin.says(&["case", "view", "DR-1"]), &["1 step,"]);
    let unasked = refuses(&["case", "sitrep", "DR-1", "summary=One hen is out"]);
    has(
        &unasked,
        &[
            "Those in the response (",
            "One hen is out",
            "Nothing was sent",
            "--yes",
        ],
    );
    says(&["case", "sitrep", "DR-1", "summary=One hen is out", "--yes"]);
    let end = ["milestone=contained", "reason=The gate is shut"];
    says(&[&["case", "do", "DR-1", "record_milestone"], &end[..]].concat());
    says(&["case", "do", "DR-1", "start_step", "step=S-1"]);
    says(&[
        "case",
        "do",
        "DR-1",
        "finish_step",
        "step=S-1",
        "result=It is shut",
    ]);
    let verify = [
        "--as",
        "dave",
        "case",
        "do",
        "DR-1",
        "verify_step",
        "step=S-1",
    ];
    admin.says(&verify);
    has(&admin.says(&["case", "view", "DR-1"]), &["0 steps,"]);
    says(&[
        "case",
        "do",
        "DR-1",
        "record_normal_again",
        "how=Walked the fence",
    ]);
    says(&["case", "do", "DR-1", "ready_for_qa", "reviewer=dave"]);
    let said = refuses(&["case", "do", "DR-1", "publish_report"]);
    for line in [
        "add_cause text=",
        "set_discovery_method value=unknown",
        "record_milestone milestone=started unknown=true   # or instead of unknown, when=",
        "set_threat_actions none=\"<true|false>\"",
    ] {
        has(&said, &[&format!("henhouse case do DR-1 {line}")]);
    }
    assert!(
        !said.contains("milestone=contained"),
        "that is known: {said}"
    );
    let copied = [
        "case",
        "do",
        "DR-1",
        "set_threat_actions",
        "none=<true|false>",
    ];
    has(&refuses(&copied), &["none"]);
    // What is said by the line is taken, but for the words in it and what only a human can say.
    for line in [
        &["add_timeline_line", "entries=[1]"][..],
        &[
            "record_milestone",
            "milestone=started",
            "when=yesterday 22:15",
        ],
        &["set_threat_actions", "none=true"],
        &["set_discovery_method", "value=unknown"],
    ] {
        says(&[&["case", "do", "DR-1"], line].concat());
    }
    let said = refuses(&["case", "do", "DR-1", "publish_report"]);
    has(&said, &["causes", "--waive R82="]);
    assert!(!said.contains("set_threat_actions"), "{said}");
    // Words that are on no list are answered with the list, fields that are missing with the line.
    let said = refuses(&["case", "do", "DR-1", "choose_method", "method=guess"]);
    has(
        &said,
        &[
            "no method guess",
            "infinite_hows, five_whys",
            "choose_method method=",
        ],
    );
    has(
        &refuses(&["case", "do", "DR-1", "add_outcome", "list=blame", "text=x"]),
        &["causes, prevention, response"],
    );
    has(
        &refuses(&["case", "do", "DR-1", "add_outcome"]),
        &["list:", "text:", "add_outcome list=causes text="],
    );
    has(
        &refuses(&["case", "do", "DR-1", "set_discovery_method", "value=luck"]),
        &["Use one of:"],
    );
    // The report is read where it is published, and not before.
    has(
        &admin.says(&["case", "report", "DR-1"]),
        &["No edition of the report of DR-1"],
    );
    says(&["case", "do", "DR-1", "add_cause", "text=The latch is worn"]);
    let said = refuses(&["case", "do", "DR-1", "publish_report"]);
    has(
        &said,
        &[
            "One cause stands alone",
            "add_cause text=\"How it came to be\" kind=how parents='[\"C-1\"]'",
        ],
    );
    let behind = ["text=Nobody oils it", "parents=[\"C-1\"]"];
    says(&[&["case", "do", "DR-1", "add_cause"], &behind[..]].concat());
    says(&["case", "do", "DR-1", "publish_report"]);
    let read = [
        "DRILL  Incident report: DR-1  The chickens are escaping",
        "Edition 1 published by Farmer Jane, ",
        "Timeline:",
        "C-1 (",
        "): The latch is worn",
        "Numbers:",
    ];
    has(&admin.says(&["case", "report", "DR-1"]), &read);
    has(
        &admin.says(&["case", "report", "DR-1", "--json"]),
        &["\"edition\": 1,"],
    );
}
