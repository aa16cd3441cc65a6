//! `henhouse demo`: a drill in which the handbook's escaped-chickens case is half-way through,
//! to look at and to go on with.

use anyhow::{Context as _, Result};
use jiff::SignedDuration;
use procedure::chapters::intake::Report;
use procedure::playbook::Criterion;
use procedure::project::{Contact, Directory, ProjectCommand};
use procedure::{Actor, Command, How, Order, Text, Who};
use serde_json::{Map, Value, json};

use crate::desk::{Desk, Onlooker, OpenReport};
use crate::founding;

/// The people of the farm: id, name, what they are.
const PEOPLE: [(&str, &str, &[&str]); 5] = [
    ("jane", "Farmer Jane", &["responder"]),
    ("dave", "Farmer Dave", &["responder"]),
    ("spot", "Spot the Dog", &["responder"]),
    ("olive", "Olive Orchard", &["decider", "product_owner"]),
    ("percy", "Percy Planner", &["project_manager", "reviewer"]),
];

/// Fills an empty drill with the farm and its case.
///
/// # Errors
/// The desk's; none is expected.
pub async fn fill(desk: &Desk) -> Result<()> {
    found(desk).await?;
    let number = report(desk).await?;
    for (minutes, who, fields) in steps() {
        let to = desk.now().checked_add(SignedDuration::from_mins(minutes))?;
        desk.advance(to, async || {}).await?;
        act(desk, &number, who, fields).await?;
    }
    Ok(())
}

async fn found(desk: &Desk) -> Result<()> {
    let owner = Actor {
        who: Who::System,
        how: How::LocalSocket,
    };
    let prefix = desk.site().prefix.clone();
    let id = founding::found(
        desk,
        owner.clone(),
        ("The farm", founding::FIRST_PROJECT, &prefix),
        "UTC",
        None,
    )
    .await?;
    let mut project = desk
        .project(id)
        .await?
        .project()
        .context("a founded project")?;
    let mut directory = Directory::default();
    for (person, name, roles) in PEOPLE {
        let member =
            json!({ "person": person, "roles": roles, "has_mail": true, "has_phone": true });
        project.roster.push(serde_json::from_value(member)?);
        let contact = Contact {
            name: Text::from(name),
            mail: Some(Text::Plain(format!("{person}@farm.example"))),
            phone: Some(Text::from("+1 555 0100")),
            routes: Vec::new(),
        };
        directory.people.insert(person.into(), contact);
    }
    let (project, directory) = (Box::new(project), Box::new(directory));
    desk.change_project(
        id,
        owner,
        ProjectCommand::Revise {
            project,
            directory,
            name: None,
        },
        None,
    )
    .await?;
    // Percy has read the playbook, as somebody besides its author should (X30).
    let percy = Actor::person(&"percy".into(), How::Drill);
    let read = ProjectCommand::ReviewPlaybook {
        edition: 1,
        accepted: true,
        note: None,
    };
    desk.change_project(id, percy, read, None).await?;
    Ok(())
}

async fn report(desk: &Desk) -> Result<String> {
    let report: Report = serde_json::from_value(json!({
        "text": "The chickens are escaping. I counted nine in the road.",
        "title": "The chickens are escaping",
        "contact": "neighbour@village.example",
        "route": "form",
        "kind": "operational",
    }))?;
    let actor = Actor {
        who: Who::Reporter,
        how: How::Open,
    };
    let open = OpenReport {
        mailed: None,
        actor,
        project: None,
        report,
        happened_at: None,
        once: None,
    };
    Ok(desk.open_report(open).await?.number)
}

/// What happens, minutes after the step before, by whom.
fn steps() -> Vec<(i64, &'static str, Value)> {
    vec![
        (4, "jane", json!({ "command": "acknowledge" })),
        (
            0,
            "jane",
            json!({ "command": "add_note", "text": "Nine in the road. I am at the east fence, Dave comes." }),
        ),
        (1, "dave", json!({ "command": "join" })),
        (1, "spot", json!({ "command": "join" })),
        (
            1,
            "jane",
            json!({ "command": "answer_question", "question": "happened", "answer": "yes" }),
        ),
        (
            1,
            "jane",
            json!({ "command": "answer_question", "question": "dependency", "answer": "no" }),
        ),
        (
            1,
            "jane",
            json!({ "command": "answer_question", "question": "system_failure", "answer": "yes" }),
        ),
        (
            3,
            "dave",
            json!({
                "command": "record_fact", "kind": "observation",
                "text": "A tunnel under the east fence, about 20 cm wide.",
            }),
        ),
        (
            1,
            "jane",
            json!({ "command": "answer_criteria", "answers": criteria() }),
        ),
        (
            1,
            "jane",
            json!({
                "command": "confirm", "severity": "low",
                "reason": "Nine chickens counted in the road, and a hole in the fence.",
                "impact": { "confidentiality": "none", "integrity": "none", "availability": "actual" },
            }),
        ),
        (
            3,
            "jane",
            json!({
                "command": "publish_sitrep",
                "summary": "Chickens have escaped. It looks as if a fox tunnelled into the run.",
                "doing": "Dave is working to fix the fence, Spot is tracking the fox.",
            }),
        ),
        (
            2,
            "jane",
            json!({ "command": "add_lead", "text": "Which way did the fox go?", "source": "Tracks at the tunnel" }),
        ),
        (
            1,
            "jane",
            json!({ "command": "assign_lead", "lead": "L-1", "owner": "spot" }),
        ),
        (
            1,
            "jane",
            json!({
                "command": "add_step", "text": "Close the tunnel and mend the fence",
                "class": "immediate", "kind": "change", "owner": "dave",
            }),
        ),
    ]
}

/// Every criterion of the severity, answered no: nobody's data, no customer, no money.
fn criteria() -> Value {
    let criteria = founding::handbook().assessment.criteria;
    let no = |criterion: Criterion| (criterion.id, "no".into());
    criteria.into_iter().map(no).collect::<Map<_, _>>().into()
}

async fn act(desk: &Desk, number: &str, who: &str, fields: Value) -> Result<()> {
    let said = fields.to_string();
    let command: Command = serde_json::from_value(fields).with_context(|| said.clone())?;
    let actor = Actor::person(&who.into(), How::Drill);
    let onlooker = Onlooker {
        actor: actor.clone(),
        admin: true,
    };
    let case = desk.case(&onlooker, &number.parse()?).await?;
    desk.submit(case.row.journal, actor, Order::from(command), None)
        .await
        .with_context(|| said)?;
    Ok(())
}
