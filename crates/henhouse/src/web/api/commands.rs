//! `POST /api/v1/cases/{number}/commands`: the engine's commands as they are.

use jiff::Timestamp;
use procedure::chapters::endurance::ShiftAs;
use procedure::{Command, Order, Permission, Refusal, RefusalKind, Waive, When, may};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::exhibits::claims_bytes;
use super::times;
use crate::desk::{CaseView, DeskError, Onlooker, Told};
use crate::report::Names;
use crate::report::by_hand::{self, Hand};
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

pub(super) const EXAMPLE: &str = r#"{"command": "acknowledge"}"#;

/// A command as it is sent. For the document only: the command itself is the engine's type.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "read by the schema generator alone")]
pub struct CommandRequest {
    /// The command by its name, with its fields.
    #[schemars(flatten)]
    command: Command,
    /// When it happened, if not now.
    happened_at: Option<Happened>,
    /// Gates passed on purpose, each with a reason.
    waive: Option<Vec<Waive>>,
    /// In a drill, with an admin's token: who acts.
    #[schemars(rename = "as")]
    acting: Option<String>,
}

/// When something happened: a time (RFC 3339), or a time and how sure it is.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "read by the schema generator alone")]
pub enum Happened {
    /// A time that is certain (RFC 3339).
    At(String),
    /// A time and how sure it is.
    When(When),
}

/// What became of a command.
#[derive(Serialize, JsonSchema)]
pub struct CommandAnswer {
    /// The case's last entry now.
    pub seq: u64,
    /// The entries that the command left.
    pub entries: Vec<EntryTold>,
}

/// An entry, by place and kind.
#[derive(Serialize, JsonSchema)]
pub struct EntryTold {
    /// Its number.
    pub seq: u64,
    /// Its kind.
    pub kind: String,
}

impl From<Told> for EntryTold {
    fn from(told: Told) -> Self {
        Self {
            seq: told.seq,
            kind: told.kind,
        }
    }
}

/// Gives a command to a case.
pub(super) async fn give(mut call: Call) -> Answer {
    let number = call.number()?;
    let mut object = call.object().await?;
    let onlooker = call
        .acting(acting(&mut object))?
        .ok_or_else(Problem::sign_in)?;
    // What is wrong with the command itself is told before the case is looked for: nobody learns
    // from it whether there is one.
    let given = Value::Object(object.clone());
    let order = match order(object) {
        Ok(order) => order,
        Err(problem) => return Err(written_so(&call, &onlooker, &given, problem).await),
    };
    if claims_bytes(&order.command) {
        let fix = "Send the bytes themselves to …/exhibits; that records them too.";
        return Err(Problem::field("/what/upload", fix));
    }
    let (once, name) = (call.once()?, order.command.name());
    let desk = &call.app.desk;
    let journal = desk.journal_of(&number).await?;
    let submitted = desk
        .submit(journal, onlooker.actor.clone(), order, once)
        .await;
    let answer = match submitted {
        // Whoever sees the case without taking part in it is told so.
        Err(DeskError::NotFound(_)) => {
            let case = desk.case(&onlooker, &number).await?;
            return match may(&case.case, &case.basis, &onlooker.actor, name) {
                Permission::No(refusal) => Err(refusal.into()),
                Permission::Yes => Err(Problem::not_found("case")),
            };
        }
        Err(DeskError::Refused(refusal)) => {
            return Err(refused(&call, &onlooker, (&given, name), *refusal).await);
        }
        submitted => submitted?,
    };
    let entries = answer.entries.into_iter().map(EntryTold::from).collect();
    json::ok(&CommandAnswer {
        seq: answer.seq,
        entries,
    })
}

/// Who acts, if another than whoever asks. The duty of a shift has the same name and is the command's own: where a shift is
/// planned for somebody else in a drill, `as` is the person, and the shift is a responder's.
pub(super) fn acting(object: &mut json::Object) -> Option<Value> {
    let duty = |named: &Value| serde_json::from_value::<ShiftAs>(named.clone()).is_ok();
    let plans = object
        .get("command")
        .is_some_and(|name| name == "plan_shift");
    if plans && object.get("as").is_some_and(duty) {
        return None;
    }
    object.remove("as")
}

/// A refusal with people by their names, and with the lines that lead to a yes.
async fn refused(
    call: &Call,
    onlooker: &Onlooker,
    (given, command): (&Value, &str),
    refusal: Refusal,
) -> Problem {
    let Ok(number) = call.number() else {
        return refusal.into();
    };
    let Ok(case) = call.app.desk.case(onlooker, &number).await else {
        return refusal.into();
    };
    let refusal = Names::new(&case.directory).refusal(refusal);
    if !refusal.missing.is_empty() {
        let number = number.to_string();
        let hand = hand(call, onlooker, &number, &case);
        let line = |missing| hand.missing(missing, command);
        let lines = refusal.missing.iter().map(line).collect();
        return Problem::from(refusal).settled_by(lines);
    }
    let invalid = refusal.kind == RefusalKind::Invalid;
    let problem = Problem::from(refusal);
    match invalid {
        true => written_so(call, onlooker, given, problem).await,
        false => problem,
    }
}

/// The problem with the line that would do: about what is open in the case for whoever sees it, else as it is usually
/// written.
async fn written_so(call: &Call, onlooker: &Onlooker, given: &Value, problem: Problem) -> Problem {
    let command = given["command"].as_str().unwrap_or_default();
    if problem.status != 422 || !Command::NAMES.contains(&command) {
        return problem;
    }
    let Ok(number) = call.number() else {
        return problem;
    };
    let line = match call.app.desk.case(onlooker, &number).await {
        Ok(seen) => hand(call, onlooker, &number.to_string(), &seen).example(command, given),
        Err(_) => {
            let usual = !by_hand::fields(command).is_empty();
            usual.then(|| by_hand::line(&number.to_string(), command))
        }
    };
    problem.written_so(line)
}

/// The onlooker at a command line.
fn hand<'a>(call: &Call, onlooker: &'a Onlooker, number: &'a str, seen: &'a CaseView) -> Hand<'a> {
    Hand {
        number,
        case: &seen.case,
        basis: &seen.basis,
        now: call.app.desk.now(),
        person: onlooker.actor.as_person(),
    }
}

/// The command with what accompanies it.
///
/// # Errors
/// 422 naming the field.
pub(in crate::web) fn order(mut object: json::Object) -> Result<Order, Problem> {
    let meant = times::meant(&object);
    let happened_at = happened_at(object.remove("happened_at"));
    let waive: Result<Vec<Waive>, _> = match object.remove("waive") {
        Some(value) => json::read_at("/waive", value),
        None => Ok(Vec::new()),
    };
    let command: Result<Command, _> = if object.contains_key("command") {
        json::read(object.into())
    } else {
        let fix = "Name a command, such as {\"command\": \"acknowledge\"}.";
        Err(Problem::field("/command", fix))
    };
    let (command, (happened_at, (waive, ()))) = Problem::both(
        command,
        Problem::both(happened_at, Problem::both(waive, meant)),
    )?;
    Ok(Order {
        happened_at,
        waive,
        ..Order::from(command)
    })
}

/// A time, plain or with how sure it is.
///
/// # Errors
/// 422.
pub(super) fn happened_at(value: Option<Value>) -> Result<Option<When>, Problem> {
    let fix = "Write a time such as 2026-11-21T03:12:00Z.";
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => {
            let at: Timestamp = text
                .parse()
                .map_err(|_| Problem::field("/happened_at", fix))?;
            Ok(Some(When::exact(at)))
        }
        Some(value) => json::read_at("/happened_at", value).map(Some),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use serde_json::json;

    use crate::web::stage::Stage;

    const AT: &str = "/api/v1/cases/HH-1/commands";

    #[tokio::test]
    async fn the_first_to_answer_has_it_and_the_second_hears_who() {
        let stage = Stage::new().await;
        stage.report().await;
        let (ann, bob) = (
            stage.token("ann", "member").await,
            stage.token("bob", "member").await,
        );
        let said = stage
            .post(AT, Some(&ann), json!({ "command": "acknowledge" }))
            .await;
        assert_eq!(said.status, 200, "{}", said.text());
        assert_eq!(said.json()["entries"][0]["kind"], "acknowledged");
        let only = json!({ "command": "acknowledge", "only_command": true });
        let late = stage.post(AT, Some(&bob), only).await;
        assert_eq!(
            (late.status, late.json()["type"].as_str()),
            (409, Some("/problems/conflict"))
        );
        assert!(
            late.json()["yes_when"]
                .as_str()
                .unwrap()
                .to_lowercase()
                .contains("join")
        );
    }

    #[tokio::test]
    async fn a_field_left_out_is_answered_with_the_line_of_what_is_open() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let give = async |body: serde_json::Value| stage.post(AT, Some(&ann), body).await;
        give(json!({ "command": "acknowledge" })).await;
        for text in ["Close the gate", "Mend the fence"] {
            let step = json!({ "command": "add_step", "text": text, "owner": "ann" });
            assert_eq!(give(step).await.status, 200);
        }
        give(json!({ "command": "drop_step", "step": "S-1", "reason": "No gate" })).await;
        let said = give(json!({ "command": "finish_step" })).await;
        assert_eq!(said.status, 422);
        let line = "henhouse case do HH-1 finish_step step=S-2 result=\"What came of it\"";
        assert_eq!(said.json()["by_hand"], line);
        let said = give(json!({ "command": "start_step", "step": "S-9" })).await;
        assert_eq!(
            said.json()["by_hand"],
            "henhouse case do HH-1 start_step step=S-2"
        );
        let eve = stage.token("eve", "member").await;
        let asked = json!({ "command": "finish_step" });
        let said = stage.post(AT, Some(&eve), asked).await;
        let line = line.replace("S-2", "S-1");
        assert_eq!(
            said.json()["by_hand"],
            line,
            "what is usual, for whoever sees nothing"
        );
        let said = give(json!({ "command": "make_coffee" })).await;
        assert!(said.json()["by_hand"].is_null(), "{}", said.text());
    }

    #[tokio::test]
    async fn a_shift_is_planned_as_a_duty_and_in_a_drill_as_somebody() {
        for drill in [false, true] {
            let stage = match drill {
                true => Stage::drill().await,
                false => Stage::new().await,
            };
            let number = stage.report().await;
            let at = format!("/api/v1/cases/{number}/commands");
            let ann = stage.token("ann", "member").await;
            stage
                .command(&number, &ann, json!({ "command": "acknowledge" }))
                .await;
            let plan = |who: &str| {
                json!({ "command": "plan_shift", "person": "bob", "as": who,
                    "from": "2026-03-02T06:00:00Z", "until": "2026-03-02T09:00:00Z" })
            };
            let said = stage.post(&at, Some(&ann), plan("ic")).await;
            assert_eq!(said.status, 200, "a duty: {}", said.text());
            let path = format!("/api/v1/cases/{number}/journal");
            let journal = stage.get(&path, Some(&ann)).await.text();
            assert!(journal.contains("\"duty\":\"ic\""), "{journal}");
            let said = stage.post(&at, Some(&ann), plan("bob")).await;
            assert_eq!(said.status, 403, "nobody acts for another: {}", said.text());
            let boss = stage.service("boss", "admin").await;
            let said = stage.post(&at, Some(&boss), plan("ann")).await;
            let status = if drill { 200 } else { 403 };
            assert_eq!(said.status, status, "{}", said.text());
        }
    }

    #[tokio::test]
    async fn a_rule_that_says_no_is_named() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        stage
            .post(AT, Some(&ann), json!({ "command": "acknowledge" }))
            .await;
        let said = stage
            .post(AT, Some(&ann), json!({ "command": "leave" }))
            .await;
        let body = said.json();
        assert_eq!((said.status, body["rule"].as_str()), (409, Some("R28")));
        assert_eq!(body["rule_name"], "command_changes_hands_without_gap");
        assert_eq!(
            (body["waivable"].as_bool(), body["yes_when"].as_str()),
            (Some(false), Some("Hand over first."))
        );
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_named() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        for (body, field) in [
            (json!({}), "/command"),
            (json!({ "command": "dance" }), "/command"),
            (json!({ "command": "join", "loudly": true }), "/loudly"),
            (
                json!({ "command": "join", "happened_at": "noon" }),
                "/happened_at",
            ),
            (
                json!({ "command": "join", "happened_at": { "at": "noon" } }),
                "/happened_at/at",
            ),
            (
                json!({ "command": "join", "waive": [{ "rule": "R0", "reason": "x" }] }),
                "/waive/0/rule",
            ),
            (
                json!({ "command": "acknowledge", "only_command": "yes" }),
                "/only_command",
            ),
        ] {
            let said = stage.post(AT, Some(&ann), body).await;
            assert_eq!(said.status, 422, "{}", said.text());
            assert_eq!(said.json()["field"], field, "{}", said.text());
        }
        let future = json!({ "command": "join", "happened_at": "2999-01-01T00:00:00Z" });
        assert_eq!(stage.post(AT, Some(&ann), future).await.status, 422);
    }

    #[tokio::test]
    async fn an_admin_who_is_on_no_roster_reads_and_does_not_command() {
        let stage = Stage::new().await;
        stage.report().await;
        let boss = stage.token("boss", "admin").await;
        assert_eq!(
            stage.get("/api/v1/cases/HH-1", Some(&boss)).await.status,
            200
        );
        let said = stage
            .post(AT, Some(&boss), json!({ "command": "acknowledge" }))
            .await;
        assert_eq!(said.status, 403, "{}", said.text());
    }

    #[tokio::test]
    async fn a_program_never_commands() {
        let stage = Stage::new().await;
        stage.report().await;
        let program = stage.service("monitor", "member").await;
        let said = stage
            .post(AT, Some(&program), json!({ "command": "acknowledge" }))
            .await;
        assert_eq!(said.status, 403, "{}", said.text());
    }

    #[tokio::test]
    async fn a_command_under_a_key_is_carried_out_once() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let give = async || {
            let body = json!({ "command": "acknowledge" });
            let request = stage.request("POST", AT, Some(&ann), Some(body));
            stage.send(request.with("idempotency-key", "k1")).await
        };
        let first = give().await;
        assert_eq!(give().await.json(), first.json());
    }
}
