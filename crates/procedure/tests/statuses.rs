//! The whole matrix of statuses: what may follow what, and what each command does in each.

mod stage;

use procedure::Status::{self, Closed, Confirmed, FalseAlarm, Investigating, ReadyForQa};
use procedure::chapters::closeout::may_become;
use stage::line::Player;
use stage::{Stage, project};

const ALL: [Status; 5] = [Investigating, Confirmed, FalseAlarm, ReadyForQa, Closed];

const TO_CONFIRMED: &[&str] = &[
    r#"reporter: report text="The web server hangs" kind=operational"#,
    "ann: acknowledge",
    r#"ann: confirm severity=low reason="Tried it" impact={"confidentiality":"none","integrity":"none","availability":"actual"}"#,
    r#"ann: publish_sitrep summary="It hangs""#,
    r#"ann: record_milestone milestone=resolved reason="Restarted""#,
    r#"ann: record_normal_again how="Loads a page""#,
];

/// A case that has reached a status.
fn case_in(status: Status) -> Player {
    let start = "2026-03-02T10:00Z".parse().expect("a time");
    let mut player = Player::new(Stage::new(project::basis(), start));
    let steps: &[&str] = match status {
        Investigating => &TO_CONFIRMED[..2],
        _ => TO_CONFIRMED,
    };
    let further: &[&str] = match status {
        Investigating | Confirmed => &[],
        FalseAlarm => &[r#"ann: false_alarm reason="It was a test""#],
        ReadyForQa | Closed => &[
            "ann: ready_for_qa reviewer=bob",
            r#"ann: publish_report short_cause="Memory""#,
        ],
    };
    let end: &[&str] = if status == Closed {
        &["bob: accept_qa", r#"ann: close outcome="Restarted""#]
    } else {
        &[]
    };
    for line in steps.iter().chain(further).chain(end) {
        player.play(line).expect("the case gets there");
    }
    assert_eq!(player.stage.case.status(), status);
    player
}

/// Each command that changes the status, and the status that it leads to.
const MOVES: &[(&str, &[(Status, Status)])] = &[
    (
        r#"ann: confirm severity=low reason="Tried it" impact={"confidentiality":"none","integrity":"none","availability":"actual"}"#,
        &[(Investigating, Confirmed)],
    ),
    (
        r#"ann: false_alarm reason="It was a test""#,
        &[(Investigating, FalseAlarm), (Confirmed, FalseAlarm)],
    ),
    ("ann: ready_for_qa reviewer=bob", &[(Confirmed, ReadyForQa)]),
    (
        r#"bob: send_back_qa reason="Not yet""#,
        &[(ReadyForQa, Confirmed)],
    ),
    (
        r#"ann: close outcome="Restarted" waive=[{"rule":"X38","reason":"Nobody is here"}]"#,
        &[(ReadyForQa, Closed)],
    ),
    (
        r#"bob: reopen reason="It hangs again""#,
        &[
            (FalseAlarm, Confirmed),
            (ReadyForQa, Confirmed),
            (Closed, Confirmed),
        ],
    ),
];

#[test]
fn each_command_moves_the_status_only_where_the_matrix_says_so() {
    for (line, moves) in MOVES {
        for from in ALL {
            let mut player = case_in(from);
            let before = player.stage.case.seq;
            player.play(line).expect("a line of the language");
            let refused = player.play("expect refused").is_ok();
            let to = moves.iter().find(|(at, _)| *at == from).map(|(_, to)| *to);
            match to {
                Some(to) => {
                    assert!(!refused, "{line} from {from:?}");
                    assert_eq!(player.stage.case.status(), to, "{line} from {from:?}");
                    assert!(may_become(from, to), "{from:?} to {to:?}");
                }
                None => {
                    assert!(refused, "{line} from {from:?} should be refused");
                    assert_eq!(
                        player.stage.case.seq, before,
                        "a refusal leaves the record unchanged"
                    );
                }
            }
        }
    }
}

#[test]
fn no_status_jumps() {
    let allowed: Vec<(Status, Status)> = ALL
        .iter()
        .flat_map(|from| ALL.map(|to| (*from, to)))
        .filter(|(from, to)| may_become(*from, *to))
        .collect();
    let expected = [
        (Investigating, Confirmed),
        (Investigating, FalseAlarm),
        (Confirmed, FalseAlarm),
        (Confirmed, ReadyForQa),
        (FalseAlarm, Investigating),
        (FalseAlarm, Confirmed),
        (ReadyForQa, Confirmed),
        (ReadyForQa, Closed),
        (Closed, Confirmed),
    ];
    assert_eq!(allowed, expected);
}
