//! What a form says of how things stand, of what may stay empty, and what its buttons are called.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use serde_json::{Value, json};

use crate::web::stage::{Said, Stage, bytes};

struct Farm {
    stage: Stage,
    ann: String,
    bob: String,
}

impl Farm {
    /// Ann commands, Bob responds.
    async fn new() -> Self {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let bob = stage.token("bob", "member").await;
        let farm = Self { stage, ann, bob };
        for (who, command) in [(&farm.ann, "acknowledge"), (&farm.bob, "join")] {
            farm.gives(who, json!({ "command": command })).await;
        }
        farm
    }

    async fn gives(&self, who: &str, command: Value) {
        self.stage.command("HH-1", who, command).await;
    }

    async fn page(&self, end: &str) -> String {
        let path = format!("/cases/HH-1{end}");
        let said = self.stage.get(&path, Some(&self.ann)).await;
        assert_eq!(said.status, 200, "{end}: {}", said.text());
        said.text()
    }

    async fn send(&self, act: &str, body: &str) -> Said {
        let asking = bytes(&format!("/cases/HH-1/acts/{act}"), body.as_bytes());
        let bearer = format!("Bearer {}", self.ann);
        self.stage.send(asking.with("authorization", &bearer)).await
    }
}

/// What stands before a field.
fn label<'h>(html: &'h str, field: &str) -> &'h str {
    let (_, rest) = html
        .split_once(&format!("<label for=\"{field}\">"))
        .unwrap_or_else(|| panic!("no {field}: {html}"));
    rest.split_once("</label>").unwrap().0
}

#[tokio::test]
async fn what_would_be_changed_is_said_as_it_stands() {
    let farm = Farm::new().await;
    for (act, said) in [
        ("set_severity", "As it stands now: Not assessed"),
        ("set_kind", "As it stands now: Not known yet"),
        ("set_marking", "As it stands now: TLP:AMBER"),
    ] {
        let html = farm.page(&format!("/acts/{act}")).await;
        assert!(html.contains(said), "{act}: {html}");
    }
    let high = json!({ "command": "set_severity", "severity": "high" });
    let kind = json!({ "command": "set_kind", "kind": "operational" });
    for command in [high, kind] {
        farm.gives(&farm.ann, command).await;
    }
    for (act, said) in [
        ("set_severity", "As it stands now: High"),
        ("set_kind", "As it stands now: Operational: something broke"),
    ] {
        let html = farm.page(&format!("/acts/{act}")).await;
        assert!(html.contains(said), "{act}: {html}");
    }
}

/// A reason is asked for where it can be lowered, needed where it can only be lowered, and else not asked (R40).
#[tokio::test]
async fn why_a_severity_is_lowered_is_asked_where_it_can_be_lowered() {
    let farm = Farm::new().await;
    let form = "/acts/set_severity";
    let html = farm.page(form).await;
    assert!(!html.contains("id=\"reason\""), "nothing is lower: {html}");
    for (severity, open, required) in [
        ("high", "", true),
        ("medium", "(needed for some answers)", false),
    ] {
        let set = json!({ "command": "set_severity", "severity": severity, "reason": "Seen" });
        farm.gives(&farm.ann, set).await;
        let html = farm.page(form).await;
        let label = label(&html, "reason");
        assert!(
            label.contains(open) && !label.contains("may stay empty"),
            "{severity}: {label}"
        );
        let (_, field) = html.split_once("<textarea id=\"reason\"").unwrap();
        let (field, _) = field.split_once('>').unwrap();
        assert_eq!(field.contains(" required"), required, "{severity}: {field}");
    }
    // What a rule asks for in any case is not said to stay empty either, and what nobody asks for is.
    let html = farm.page("/acts/false_alarm").await;
    let why = label(&html, "reason");
    assert!(!why.contains("may stay empty"), "{why}");
    let html = farm.page("/acts/answer_call_in").await;
    assert!(!html.contains("id=\"reason\"") || label(&html, "reason").contains("may stay empty"));
}

/// A button says which milestone it records, and whom it sends home.
#[tokio::test]
async fn a_button_says_what_it_does_and_about_whom() {
    let farm = Farm::new().await;
    let impact = json!({ "confidentiality": "none", "integrity": "none", "availability": "actual", "whose": ["ours"] });
    let confirm =
        json!({ "command": "confirm", "severity": "high", "reason": "Seen", "impact": impact });
    farm.gives(&farm.ann, confirm).await;
    let said = farm.send("ready_for_qa", "reviewer=bob&reason=Over").await;
    let html = said.text();
    assert!(
        html.contains("\">Record that it ") && !html.contains(">Record a milestone</a>"),
        "{html}"
    );
    let later = std::time::Duration::from_secs(4 * 3600);
    farm.stage.app.desk.clock().advance(later).unwrap();
    let html = farm.page("").await;
    assert!(html.contains("Send The bob home to rest"), "{html}");
    assert!(!html.contains("Send somebody home"), "{html}");
}

/// Whoever has command is not told to take it, but to hand it over.
#[tokio::test]
async fn a_case_about_whoever_commands_is_restricted_once_command_has_moved() {
    let farm = Farm::new().await;
    let html = farm.page("/acts/restrict").await;
    assert!(
        html.contains("Hand command over first") && !html.contains("Take command first"),
        "{html}"
    );
}

/// By its form as on its page, a hand-over of command that lacks a block is not offered: nobody could accept it.
#[tokio::test]
async fn command_is_offered_by_its_form_with_every_block_that_is_asked_for() {
    let farm = Farm::new().await;
    let html = farm.page("/acts/offer_handover").await;
    for same in [
        "Command stays yours until they have read the briefing back",
        ">Offer it</button>",
    ] {
        let page = farm.page("/handover").await;
        assert!(html.contains(same) && page.contains(same), "{same}: {html}");
    }
    let bare = farm
        .send("offer_handover", "to=bob&briefing.situation=Calm")
        .await;
    assert!(
        bare.status == 422
            && bare
                .text()
                .contains("Fill in every block that is asked for."),
        "{}",
        bare.text()
    );
    let role = "to=bob&role=scribe&briefing.situation=Calm";
    let role = farm.send("offer_handover", role).await;
    assert!(
        !role.text().contains("Fill in every block"),
        "of other roles the engine says what is needed: {}",
        role.text()
    );
}

/// Where no mail is kept, none is spoken of, and nothing is offered about one.
#[tokio::test]
async fn of_a_case_without_a_mail_no_mail_is_spoken_of() {
    let farm = Farm::new().await;
    let html = farm.page("/alike").await;
    assert!(html.contains("No mail is kept with this case"), "{html}");
    for never in ["kept mail", "/warn?of=", "Where the same was seen"] {
        assert!(!html.contains(never), "{never}: {html}");
    }
    let html = farm.page("/acts/skip_warning").await;
    assert!(
        html.contains("Nobody reported a suspicious mail here.") && !html.contains("<textarea"),
        "{html}"
    );
}

/// A hold asks Bob: what he says of it is not Ann's to say, and she has no button for it.
#[tokio::test]
async fn a_hold_is_answered_by_those_whom_it_asks() {
    let farm = Farm::new().await;
    let hold = json!({ "command": "place_hold", "text": "Leave it", "people": ["bob"] });
    farm.gives(&farm.ann, hold).await;
    let later = std::time::Duration::from_secs(3600);
    farm.stage.app.desk.clock().advance(later).unwrap();
    let act = "/acts/acknowledge_hold";
    let ann = farm.page("").await;
    assert!(
        ann.contains("Leave what H-1 names alone") && !ann.contains(act),
        "{ann}"
    );
    let bob = farm.stage.get("/cases/HH-1", Some(&farm.bob)).await.text();
    assert!(
        bob.contains(act) && bob.contains("Say that you heard it"),
        "{bob}"
    );
    let said = farm.send("acknowledge_hold", "hold=H-1").await;
    assert_eq!(said.status, 403, "{}", said.text());
}
