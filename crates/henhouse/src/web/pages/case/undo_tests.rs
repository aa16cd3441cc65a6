//! What was just done is undone by its opposite, as somebody does it who has a browser and no script.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

use procedure::at::At;
use procedure::chapters::evidence::is_suspicious;
use procedure::{Actor, How, Who};
use serde_json::{Value, json};

use super::ACTS;
use crate::desk::Onlooker;
use crate::report::forms;
use crate::web::stage::{Said, Stage, bytes};

/// Somebody at the page of the case.
struct Hand<'a> {
    stage: &'a Stage,
    token: String,
}

impl Hand<'_> {
    async fn send(&self, path: &str, body: &str) -> Said {
        let bearer = format!("Bearer {}", self.token);
        let asking = bytes(path, body.as_bytes());
        self.stage.send(asking.with("authorization", &bearer)).await
    }

    /// Does something, and answers the entry that can be undone.
    async fn does(&self, path: &str, body: &str) -> Option<String> {
        let said = self.send(path, body).await;
        assert_eq!(said.status, 303, "{}", said.text());
        // A browser keeps the place on the page to itself.
        let there = said.header("location").split('#').next()?;
        let html = self.stage.get(there, Some(&self.token)).await.text();
        let (_, rest) = there.split_once("&undo=")?;
        let seq = rest.to_owned();
        let button =
            format!("name=\"undo\" value=\"{seq}\"><button class=\"second\" data-key=\"u\">");
        assert!(html.contains(&button), "{html}");
        Some(seq)
    }

    async fn undo(&self, seq: &str) -> Said {
        self.send("/cases/HH-1", &format!("undo={seq}")).await
    }

    async fn undone(&self, seq: &str) {
        let said = self.undo(seq).await;
        let there = said.header("location").to_owned();
        assert_eq!(there, "/cases/HH-1?said=undone#timeline", "{}", said.text());
        let html = self.stage.get(&there, Some(&self.token)).await.text();
        assert!(
            html.contains("Undone. Both stand in the timeline."),
            "{html}"
        );
    }
}

#[tokio::test]
async fn what_one_has_just_done_is_undone_by_an_entry_of_its_own() {
    let stage = Stage::new().await;
    stage.report().await;
    let ann = Hand {
        stage: &stage,
        token: stage.token("ann", "member").await,
    };
    let bob = Hand {
        stage: &stage,
        token: stage.token("bob", "member").await,
    };
    let case = async || {
        stage
            .get("/api/v1/cases/HH-1", Some(&ann.token))
            .await
            .json()
    };
    let at = "/cases/HH-1";
    assert_eq!(
        ann.does(at, "act=take").await,
        None,
        "taking it has no opposite"
    );

    let note = ann.does(at, "act=note&text=the+goat").await.unwrap();
    let not_his = bob.undo(&note).await;
    assert_eq!(not_his.status, 409, "{}", not_his.text());
    assert!(
        not_his.text().contains("Only what you have done yourself"),
        "{}",
        not_his.text()
    );
    let before = case().await["seq"].as_u64().unwrap();
    ann.undone(&note).await;
    assert_eq!(case().await["seq"], before + 1, "nothing is taken away");
    let html = stage
        .get(&format!("{at}/timeline"), Some(&ann.token))
        .await
        .text();
    assert!(
        html.contains("the goat") && html.contains("it was a slip"),
        "{html}"
    );

    let lead = ann
        .does(at, "act=note&text=!Paw+prints+@ann")
        .await
        .unwrap();
    ann.undone(&lead).await;
    let twice = ann.undo(&lead).await;
    assert!(twice.status >= 400, "once only: {}", twice.text());
    let set = "/cases/HH-1/acts/set_severity";
    assert_eq!(
        ann.does(set, "severity=medium").await,
        None,
        "nobody had said"
    );
    let high = ann.does(set, "severity=high").await.unwrap();
    ann.undone(&high).await;
    let now = case().await;
    assert_eq!(now["severity"], "medium", "{now}");

    let late = ann.does(at, "act=note&text=the+cow").await.unwrap();
    let step = std::time::Duration::from_secs(660);
    stage.app.desk.clock().advance(step).unwrap();
    let said = ann.undo(&late).await;
    assert!(said.text().contains("too long ago"), "{}", said.text());
    for odd in ["0", "1", "x", "999"] {
        assert_eq!(ann.undo(odd).await.status, 409, "{odd}");
    }
}

#[tokio::test]
async fn a_note_that_is_undone_twelve_times_at_once_is_undone_once() {
    let stage = Stage::new().await;
    stage.report().await;
    let ann = Hand {
        stage: &stage,
        token: stage.token("ann", "member").await,
    };
    ann.does("/cases/HH-1", "act=take").await;
    let note = ann
        .does("/cases/HH-1", "act=note&text=the+goat")
        .await
        .unwrap();
    let four = async || {
        let undo = || ann.undo(&note);
        let (a, b, c, d) = tokio::join!(undo(), undo(), undo(), undo());
        [a, b, c, d].iter().any(|said| said.status == 303)
    };
    let (a, b, c) = tokio::join!(four(), four(), four());
    assert!(a || b || c);
    let at = "/api/v1/cases/HH-1/journal?limit=1000";
    let journal = stage.get(at, Some(&ann.token)).await.text();
    assert_eq!(
        journal.matches("\"note_corrected\"").count(),
        1,
        "{journal}"
    );
}

#[test]
fn every_act_with_an_opposite_is_an_act() {
    for (act, _) in ACTS {
        assert!(forms::find(act).is_some() || act == "add_note", "{act}");
    }
}

/// An act on a case in which Ann commands, Bob responds and `first` was said; and what of the case is still another
/// afterwards, since nothing is ever taken away.
struct Twelve {
    first: &'static [&'static str],
    act: &'static str,
    body: &'static str,
    stays: &'static [&'static str],
}

const DEPUTY: &str = "acts/assign_role person=bob&role=deputy";
const ASSISTANT: &str = "acts/assign_role person=bob&role=assistant&scope=the+recovery";
const SHIFT: &str = "person=bob&from=2026-03-02+09:00&until=2026-03-02+12:00&as=responder";

/// Whoever raised it owes a sitrep, also when it is taken back: others have read it meanwhile (R76).
const OWED: &[&str] = &["/agenda/obligations/sitrep:1: null is "];

/// Every act that has an opposite, some of them from more than one state.
const TWELVE: &[Twelve] = &[
    Twelve::on("add_note", "", &[]),
    Twelve::on("set_severity", "severity=high", OWED).after(&["acts/set_severity severity=low"]),
    Twelve::on("set_severity", "severity=low&reason=Less", OWED)
        .after(&["acts/set_severity severity=high"]),
    Twelve::on(
        "add_lead",
        "text=Paw+prints&source=Spot",
        &["/case/leads: "],
    ),
    Twelve::on(
        "add_step",
        "text=Mend+it&owner=bob&kind=organise",
        &["/case/steps: "],
    ),
    Twelve::on("assign_role", "person=bob&role=deputy", &[]),
    Twelve::on("assign_role", "person=ann&role=scribe", &[]).after(&[DEPUTY]),
    Twelve::on("assign_role", "person=cat&role=deputy", &[]).after(&[DEPUTY]),
    Twelve::on("assign_role", "person=bob&role=assistant&scope=data", &[]).after(&[ASSISTANT]),
    Twelve::on("release_role", "person=bob&role=deputy", &[]).after(&[DEPUTY]),
    Twelve::on("release_role", "person=bob&role=assistant", &[]).after(&[ASSISTANT]),
    Twelve::on("add_member", "person=dee", &[]),
    Twelve::on(
        "place_hold",
        "people=bob&text=Stop+nothing",
        &["/case/holds: "],
    ),
    Twelve::on("raise_suspicion", "reason=A+stranger", &[]),
    Twelve::on("plan_shift", SHIFT, &[]),
    Twelve::on(
        "offer_handover",
        "to=bob&briefing.situation=a&briefing.done=b&briefing.open=c&briefing.next=d&briefing.people=e",
        &[],
    ),
    Twelve::on("add_timeline_line", "entries=1&text=It+begins", &[]),
];

impl Twelve {
    const fn on(act: &'static str, body: &'static str, stays: &'static [&'static str]) -> Self {
        let first = &[];
        Self {
            first,
            act,
            body,
            stays,
        }
    }

    const fn after(self, first: &'static [&'static str]) -> Self {
        Self { first, ..self }
    }

    /// Where it is sent to, and what is sent.
    fn sent(&self) -> (String, String) {
        match self.act {
            "add_note" => (
                "/cases/HH-1".to_owned(),
                "act=note&text=the+goat".to_owned(),
            ),
            act => (format!("/cases/HH-1/acts/{act}"), self.body.to_owned()),
        }
    }
}

/// A case in which Ann commands, Bob and Cat respond, and this was done.
async fn farm(first: &[&str]) -> (Stage, String, String) {
    let stage = Stage::new().await;
    stage.roster(&["ann", "bob", "cat"]).await;
    stage.report().await;
    let mut tokens = Vec::new();
    for (who, command) in [("ann", "acknowledge"), ("bob", "join"), ("cat", "join")] {
        let token = stage.token(who, "member").await;
        stage
            .command("HH-1", &token, json!({ "command": command }))
            .await;
        tokens.push(token);
    }
    let (ann, bob) = (tokens[0].clone(), tokens[1].clone());
    let hand = Hand {
        stage: &stage,
        token: ann.clone(),
    };
    // Whatever she does, everybody knows that she is on it (R27).
    let on_it = ["acts/add_note text=I+am+on+it"];
    for one in on_it.iter().chain(first) {
        let (path, body) = one.split_once(' ').unwrap();
        let said = hand.send(&format!("/cases/HH-1/{path}"), body).await;
        assert_eq!(said.status, 303, "{one}: {}", said.text());
    }
    (stage, ann, bob)
}

/// What the engine makes of the case: what is owed and by whom, what may be done, when time acts next, and how it stands.
/// Without what only counts entries: how many there are, and when the newest was written (R34).
async fn derived(stage: &Stage, token: &str) -> Value {
    let mut case = stage.get("/api/v1/cases/HH-1", Some(token)).await.json();
    for counts in ["seq", "updated_at", "next_wake"] {
        case.as_object_mut().unwrap().remove(counts);
    }
    let onlooker = Onlooker {
        actor: Actor {
            who: Who::Person("ann".into()),
            how: How::Session,
        },
        admin: false,
    };
    let number = "HH-1".parse().unwrap();
    let view = stage.app.desk.case(&onlooker, &number).await.unwrap();
    let mut agenda = json!(*view.agenda(stage.app.desk.now()));
    agenda.as_object_mut().unwrap().remove("next_wake");
    let owed = agenda["obligations"].as_array().unwrap().iter();
    let owed = owed.filter(|one| one["rule"] != "R34");
    let owed = owed.map(|one| (one["key"].as_str().unwrap().to_owned(), one.clone()));
    agenda["obligations"] = owed.collect::<serde_json::Map<_, _>>().into();
    let part = &view.case.part;
    let posts = part.commander.posts.iter();
    let mut posts: Vec<String> = posts
        .map(|held| format!("{} {:?} {:?}", held.person, held.role, held.scope))
        .collect();
    posts.sort();
    let shifts = part.endurance.shifts.iter();
    let lines = part
        .retrospective
        .shown()
        .filter(|line| line.text.is_some());
    let offers = part.commander.handovers.iter();
    json!({
        "case": case,
        "agenda": agenda,
        "posts": posts,
        "members": part.secrecy.members,
        "suspicious": is_suspicious(At::new(&view.case, &view.basis, stage.app.desk.now())),
        "holds": part.evidence.holds_in_force().count(),
        "shifts": shifts.filter(|shift| !shift.cancelled).count(),
        "lines": lines.count(),
        "offers": offers.filter(|offer| offer.is_pending()).count(),
    })
}

/// Where two of them differ.
fn differ(before: &Value, after: &Value, at: &str, found: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(one), Value::Object(other)) => {
            let names: std::collections::BTreeSet<_> = one.keys().chain(other.keys()).collect();
            for name in names {
                differ(&before[name], &after[name], &format!("{at}/{name}"), found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (n, (one, other)) in one.iter().zip(other).enumerate() {
                differ(one, other, &format!("{at}/{n}"), found);
            }
        }
        _ if before != after => found.push(format!("{at}: {before} is {after}")),
        _ => {}
    }
}

#[tokio::test]
async fn each_of_the_twelve_leaves_the_case_as_it_was() {
    let mut wrong: Vec<String> = Vec::new();
    for one in TWELVE {
        let (stage, ann, bob) = farm(one.first).await;
        let (path, body) = one.sent();
        let name = format!("{} {}", one.act, one.body);
        let (hand, other) = (
            Hand {
                stage: &stage,
                token: ann.clone(),
            },
            Hand {
                stage: &stage,
                token: bob,
            },
        );
        let before = derived(&stage, &ann).await;
        let Some(seq) = hand.does(&path, &body).await else {
            wrong.push(format!("{name}: nothing is offered"));
            continue;
        };
        let done = derived(&stage, &ann).await;
        let not_theirs = other.undo(&seq).await;
        if not_theirs.status != 409
            || !not_theirs
                .text()
                .contains("Only what you have done yourself")
        {
            wrong.push(format!(
                "{name}: somebody else is told {}",
                not_theirs.status
            ));
        }
        assert_eq!(
            derived(&stage, &ann).await,
            done,
            "{name}: somebody else changes nothing"
        );
        let said = hand.undo(&seq).await;
        if said.status != 303 {
            wrong.push(format!("{name}: {} {}", said.status, said.text()));
            continue;
        }
        let after = derived(&stage, &ann).await;
        let mut found = Vec::new();
        differ(&before, &after, "", &mut found);
        let known = |line: &&String| !one.stays.iter().any(|place| line.starts_with(place));
        wrong.extend(
            found
                .iter()
                .filter(known)
                .map(|line| format!("{name}: {line}")),
        );
        let twice = hand.undo(&seq).await;
        if twice.status < 400 || derived(&stage, &ann).await != after {
            wrong.push(format!("{name}: undone twice: {}", twice.status));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn each_of_the_twelve_is_too_late_after_ten_minutes() {
    for one in TWELVE {
        let (stage, ann, _) = farm(one.first).await;
        let hand = Hand {
            stage: &stage,
            token: ann.clone(),
        };
        let (path, body) = one.sent();
        let seq = hand.does(&path, &body).await;
        let step = std::time::Duration::from_secs(601);
        stage.app.desk.clock().advance(step).unwrap();
        let before = derived(&stage, &ann).await;
        let said = hand.undo(&seq.unwrap_or_default()).await;
        assert!(
            said.status == 409 && said.text().contains("too long ago"),
            "{}: {}",
            one.act,
            said.text()
        );
        assert_eq!(derived(&stage, &ann).await, before, "{}", one.act);
    }
}

/// What Ann did, and what somebody did on top of it: an undo would take theirs with it.
const GONE_ON: &[(&[&str], &str, &str)] = &[
    (
        &["acts/set_severity severity=low"],
        "acts/set_severity severity=medium",
        "acts/set_severity severity=high",
    ),
    (
        &[DEPUTY],
        "acts/release_role person=bob&role=deputy",
        "acts/assign_role person=cat&role=deputy",
    ),
    (&[], DEPUTY, "acts/assign_role person=cat&role=deputy"),
    (
        &[],
        "acts/raise_suspicion reason=A+stranger",
        "acts/raise_suspicion reason=Another",
    ),
    (
        &["acts/raise_suspicion reason=Another"],
        "acts/raise_suspicion reason=A+stranger",
        "",
    ),
    (
        &[],
        "acts/offer_handover to=bob&briefing.situation=a&briefing.done=b&briefing.open=c&briefing.next=d&briefing.people=e",
        "acts/withdraw_handover role=incident_commander",
    ),
];

#[tokio::test]
async fn what_others_did_on_top_is_not_undone_with_it() {
    for (first, act, then) in GONE_ON {
        let (stage, ann, bob) = farm(first).await;
        let (hand, other) = (
            Hand {
                stage: &stage,
                token: ann,
            },
            Hand {
                stage: &stage,
                token: bob,
            },
        );
        let (path, body) = act.split_once(' ').unwrap();
        let offered = hand.does(&format!("/cases/HH-1/{path}"), body).await;
        let Some((path, body)) = then.split_once(' ') else {
            assert_eq!(offered, None, "{act}: another one stands already");
            continue;
        };
        let seq = offered.unwrap();
        let hers = path.ends_with("_role") || path.ends_with("_handover");
        let who = if hers { &hand } else { &other };
        let said = who.send(&format!("/cases/HH-1/{path}"), body).await;
        assert_eq!(said.status, 303, "{then}: {}", said.text());
        let before = derived(&stage, &hand.token).await;
        let said = hand.undo(&seq).await;
        let words = "Something has followed on that";
        assert!(
            said.status == 409 && said.text().contains(words),
            "{act}: {}",
            said.text()
        );
        assert_eq!(derived(&stage, &hand.token).await, before, "{act}");
    }
}

/// Only the IC could take these back, and Bob is not.
#[tokio::test]
async fn nothing_is_offered_that_would_be_refused() {
    for (first, act, body) in [
        (
            &["acts/set_severity severity=low"][..],
            "set_severity",
            "severity=high",
        ),
        (&[], "raise_suspicion", "reason=A+stranger"),
        (&[DEPUTY], "release_role", "person=bob&role=deputy"),
    ] {
        let (stage, _, bob) = farm(first).await;
        let hand = Hand {
            stage: &stage,
            token: bob,
        };
        let offered = hand.does(&format!("/cases/HH-1/acts/{act}"), body).await;
        assert_eq!(offered, None, "{act}");
    }
}

#[test]
fn every_act_with_an_opposite_is_tried() {
    let tried: Vec<&str> = TWELVE.iter().map(|one| one.act).collect();
    for (act, _) in ACTS {
        assert!(tried.contains(&act), "{act}");
    }
}
