//! Mail in scenarios: what its subject says decides whether it is a report or waits, as at the door of the program.

use jiff::Timestamp;
use procedure::chapters::intake::{Mailed, Waited, Warned, mail};
use procedure::{PersonId, Refusal, review};
use serde_json::{Map, Value, json};

use super::{Stage, actor};

/// A mail that waits.
pub struct Waits {
    report: Map<String, Value>,
    mailed: Mailed,
}

type Given = Result<(), Refusal>;

/// A mail comes.
pub fn comes(stage: &mut Stage, fields: &Map<String, Value>) -> Result<Given, String> {
    let word = |name: &str| fields.get(name).and_then(Value::as_str);
    let subject = word("subject").ok_or("mail subject=…")?;
    let text = word("text").unwrap_or(subject);
    let Value::Object(report) = json!({ "text": text, "route": "mail" }) else {
        return Err("a report is an object".into());
    };
    let sha = fields.get("sha").map_or(1, |sha| sha.as_u64().unwrap_or(1));
    let mut mailed = Mailed {
        sha256: format!("{sha:064}"),
        waited: None,
    };
    let own = &stage.basis.playbook.messages.report_subject;
    if mail::says_report(subject, Some(own)).is_some() {
        stage.mailed = Some(mailed);
        return Ok(stage.command(&actor("reporter"), "report", report, None));
    }
    let staff: Option<PersonId> = word("from").map(Into::into);
    let since: Timestamp = stage.now;
    stage.mark = stage.case.seq;
    mailed.waited = Some(Waited {
        since,
        opens_at: review::opens_at(staff.as_ref(), &stage.basis.playbook, since),
        warned: None,
    });
    stage.queue.push(Waits { report, mailed });
    Ok(Ok(()))
}

/// The mail that waits longest leaves the queue, or its colleagues are warned.
pub fn leaves(stage: &mut Stage, how: &str) -> Result<Given, String> {
    let first = stage.queue.first_mut().ok_or("nothing waits")?;
    match how.split_once(' ').unwrap_or((how, "")) {
        ("warned", who) => {
            let (by, at) = (who.into(), stage.now);
            let waited = first.mailed.waited.as_mut().ok_or("it waits")?;
            waited.warned = Some(Warned { by, at });
            Ok(Ok(()))
        }
        ("opens", _) => {
            let Waits { report, mailed } = stage.queue.remove(0);
            stage.mailed = Some(mailed);
            Ok(stage.command(&actor("reporter"), "report", report, None))
        }
        ("joins", who) => {
            let Waits { report, mailed } = stage.queue.remove(0);
            stage.mailed = Some(mailed);
            let mut added = Map::new();
            added.insert("report".into(), Value::Object(report));
            Ok(stage.command(&actor(who), "add_report", added, None))
        }
        _ => Err("queue opens | joins who | warned who".into()),
    }
}
