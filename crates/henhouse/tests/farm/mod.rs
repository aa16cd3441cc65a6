//! The farm on which the program is killed and simulated: its people and who is on call.

use henhouse::desk::Desk;
use henhouse::founding;
use jiff::{SignedDuration, Timestamp};
use procedure::basis::Member;
use procedure::project::{Contact, Directory, ProjectCommand};
use procedure::{Actor, How, Text, Who};
use serde_json::json;

/// People of the contact sheet.
pub const PEOPLE: &[&str] = &["ann", "bob", "cat", "pat"];

/// Founds the farm: three responders, a product owner, ann on call for a year from a day before then.
///
/// `prefix` stands before the numbers of its cases.
pub async fn found(desk: &Desk, prefix: &str, zone: &str, begins: Timestamp) {
    let actor = Actor {
        who: Who::System,
        how: How::LocalSocket,
    };
    let id = founding::found(desk, actor.clone(), ("Farm", "farm", prefix), zone, None)
        .await
        .unwrap();
    let mut project = founding::empty_project(zone).unwrap();
    project.revision = desk.project(id).await.unwrap().revision;
    let mut directory = Directory::default();
    for name in PEOPLE {
        let role = if *name == "pat" {
            "product_owner"
        } else {
            "responder"
        };
        let member = json!({ "person": name, "roles": [role], "has_mail": true });
        project
            .roster
            .push(serde_json::from_value::<Member>(member).unwrap());
        let contact = Contact {
            name: (*name).into(),
            mail: Some(Text::Plain(format!("{name}@example.org"))),
            phone: None,
            routes: Vec::new(),
        };
        directory.people.insert((*name).into(), contact);
    }
    let hours = SignedDuration::from_hours;
    let (from, until) = (begins - hours(24), begins + hours(365 * 24));
    let duty = json!({ "person": "ann", "from": from, "until": until });
    project.on_call.push(serde_json::from_value(duty).unwrap());
    let revise = ProjectCommand::Revise {
        project: Box::new(project),
        directory: Box::new(directory),
        name: None,
    };
    desk.change_project(id, actor, revise, None).await.unwrap();
}
