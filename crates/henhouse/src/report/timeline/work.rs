//! Leads and remediation steps.

use procedure::Body;
use procedure::chapters::work::payload::{StepAdded, StepAssigned, StepVerified};
use procedure::playbook::StepClass;

use super::{Teller, because, one_line, quoted};

pub(super) fn says(t: &Teller, body: &Body) -> Option<String> {
    leads(t, body).or_else(|| steps(t, body))
}

fn leads(t: &Teller, body: &Body) -> Option<String> {
    let who = &t.who;
    Some(match body {
        Body::LeadAdded(added) => {
            let source = added
                .source
                .as_ref()
                .map(|source| format!(" (from: {})", one_line(source)));
            let words = one_line(&added.text);
            format!(
                "{who} added lead {}: \"{words}\"{}",
                added.lead,
                source.unwrap_or_default()
            )
        }
        Body::LeadAssigned(assigned) => {
            let owner = t.names.person(&assigned.owner);
            format!("{who} gave {} to {owner}.", t.lead(&assigned.lead))
        }
        Body::LeadStarted(started) => format!("{who} follows {} now.", t.lead(&started.lead)),
        Body::LeadFinished(finished) => {
            let found = quoted(finished.finding.as_ref());
            format!("{who} finished {}{found}", t.lead(&finished.lead))
        }
        Body::LeadDropped(dropped) => {
            format!(
                "{who} dropped {}{}",
                t.lead(&dropped.lead),
                because(Some(&dropped.reason))
            )
        }
        _ => return None,
    })
}

fn steps(t: &Teller, body: &Body) -> Option<String> {
    let who = &t.who;
    Some(match body {
        Body::StepAdded(added) => step_added(t, added),
        Body::StepAssigned(assigned) => step_assigned(t, assigned),
        Body::StepStarted(started) => format!("{who} began {}.", t.step(&started.step)),
        Body::StepFinished(finished) => {
            let result = quoted(finished.result.as_ref());
            let step = t.step(&finished.step);
            match &finished.by {
                Some(by) => format!(
                    "{} did {step}, as {who} wrote down{result}",
                    t.names.person(by)
                ),
                None => format!("{who} did {step}{result}"),
            }
        }
        Body::StepVerified(verified) => step_verified(t, verified),
        Body::StepReclassified(changed) => {
            let (step, class) = (t.step(&changed.step), class_word(changed.class));
            format!(
                "{who} made {step} {class}{}",
                because(changed.reason.as_ref())
            )
        }
        Body::StepDropped(dropped) => {
            format!(
                "{who} dropped {}{}",
                t.step(&dropped.step),
                because(Some(&dropped.reason))
            )
        }
        Body::DestructionDecided(decided) => {
            let loss = if decided.loss_acknowledged {
                ", knowing what will be lost"
            } else {
                ""
            };
            let reason = because(Some(&decided.reason));
            format!(
                "{who} allowed {} although it destroys{loss}{reason}",
                t.step(&decided.step)
            )
        }
        _ => return None,
    })
}

fn step_added(t: &Teller, added: &StepAdded) -> String {
    let on = added
        .asset
        .as_ref()
        .map(|asset| format!(", on {}", t.names.asset(asset)));
    let due = added.due.map(|due| format!(", due {}", t.times.at(due)));
    format!(
        "{} added step {} ({}{}{}): \"{}\"",
        t.who,
        added.step,
        class_word(added.class),
        on.unwrap_or_default(),
        due.unwrap_or_default(),
        one_line(&added.text)
    )
}

fn step_assigned(t: &Teller, assigned: &StepAssigned) -> String {
    let (who, step) = (&t.who, t.step(&assigned.step));
    let due = assigned.due.map(|due| format!("due {}", t.times.at(due)));
    match (&assigned.owner, due) {
        (Some(owner), Some(due)) => {
            format!("{who} gave {step} to {}, {due}.", t.names.person(owner))
        }
        (Some(owner), None) => format!("{who} gave {step} to {}.", t.names.person(owner)),
        (None, Some(due)) => format!("{who} set the time of {step}: {due}."),
        (None, None) => format!("{who} left {step} as it was."),
    }
}

fn step_verified(t: &Teller, verified: &StepVerified) -> String {
    let step = t.step(&verified.step);
    let alone = if verified.one_person {
        " One person did and verified it."
    } else {
        ""
    };
    let reason = because(verified.reason.as_ref());
    if verified.works {
        format!("{} verified {step}{reason}{alone}", t.who)
    } else {
        format!(
            "{} looked at {step}, and it does not work yet{reason}{alone}",
            t.who
        )
    }
}

fn class_word(class: StepClass) -> &'static str {
    match class {
        StepClass::Immediate => "immediate",
        StepClass::Deferred => "for later",
    }
}
