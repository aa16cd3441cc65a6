//! Whom the event of an alert would call, were it sent now and nobody answered: the one engine is asked, about a case that is
//! never written.

use jiff::{SignedDuration, Timestamp};
use procedure::chapters::intake::{Report, Route};
use procedure::project::AlertVerdict;
use procedure::{Body, Case, Draft, Entry, Order, PersonId, Text, decide, outlook, pulse};

use super::shadow::Because;
use super::take::{LONGEST_TITLE, LONGEST_WORDS, actor, report, text};
use super::{Alert, Sending};
use crate::desk::Inner;
use crate::desk::error::Result;
use crate::store::View;

/// So far ahead is looked.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);
/// So many calls are told at most.
const MOST: usize = 20;
/// So often time is let act, whatever a policy says.
const STEPS: usize = 2_000;

/// Somebody who would be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreseen {
    /// So many minutes after the alert.
    pub after_minutes: i64,
    /// Whom; nobody where it is the pager of the project.
    pub person: Option<PersonId>,
    /// What people call them.
    pub name: Option<String>,
    /// Because of what.
    pub because: Because,
}

/// Who would be called within the hour, in order. Whether the source stands in shadow changes nothing about it.
pub(super) fn calls(
    inner: &Inner,
    view: &dyn View,
    (from, alert): (&Sending, &Alert),
    verdict: &AlertVerdict,
    now: Timestamp,
) -> Result<Vec<Foreseen>> {
    let project = inner.project_as_it_is(view, from.project)?;
    let Some(kept) = project.basis()? else {
        return Ok(Vec::new());
    };
    let basis = &kept.basis;
    let words = text(&alert.words, LONGEST_WORDS).unwrap_or_else(|| Text::from("An alert"));
    let rule = verdict.rule.as_ref();
    let would = Report {
        title: text(&alert.title, LONGEST_TITLE),
        route: Route::Alert,
        assets: rule.map(|rule| rule.assets.clone()).unwrap_or_default(),
        ..report(words)
    };
    let order = Order {
        routed: verdict.routed.clone(),
        ..Order::from(procedure::Command::from(would))
    };
    let mut ahead = Ahead {
        case: Case::default(),
        began: now,
        calls: Vec::new(),
    };
    ahead.take(decide(&ahead.case, basis, now, &actor(from), &order)?, now);
    let (mut at, until) = (now, now.saturating_add(AHEAD).unwrap_or(Timestamp::MAX));
    for _ in 0..STEPS {
        if ahead.calls.len() >= MOST {
            break;
        }
        let due = pulse(&ahead.case, basis, at);
        if !due.is_empty() {
            ahead.take(due, at);
            continue;
        }
        match outlook(&ahead.case, basis, at).next_wake {
            Some(wake) if at < wake && wake <= until => at = wake,
            _ => break,
        }
    }
    ahead.calls.truncate(MOST);
    for call in &mut ahead.calls {
        let contact = call
            .person
            .as_ref()
            .map(|person| project.directory.people.get(person));
        let name = contact.flatten().and_then(|contact| contact.name.plain());
        call.name = name.map(str::to_owned);
    }
    Ok(ahead.calls)
}

/// The case as it would go on.
struct Ahead {
    case: Case,
    began: Timestamp,
    calls: Vec<Foreseen>,
}

impl Ahead {
    fn take(&mut self, drafts: Vec<Draft>, at: Timestamp) {
        for draft in drafts {
            let entry = Entry {
                seq: self.case.seq + 1,
                recorded_at: at,
                happened_at: draft.happened_at,
                actor: draft.actor,
                body: draft.body,
            };
            self.case.apply(&entry);
            self.note(&entry.body, at);
        }
    }

    fn note(&mut self, body: &Body, at: Timestamp) {
        let after_minutes = at.duration_since(self.began).as_mins();
        let call = |person: Option<&PersonId>, because| Foreseen {
            after_minutes,
            person: person.cloned(),
            name: None,
            because,
        };
        match body {
            Body::Reported(reported) => {
                let paged = reported.paged.iter().map(Some);
                let pager = reported.pager.then_some(None);
                let all = paged.chain(pager);
                self.calls.extend(all.map(|one| call(one, Because::AtOnce)));
            }
            Body::Called(called) => {
                let because = match called.step {
                    Some(step) => Because::Policy(step.saturating_add(1), called.round),
                    None => Because::Sheet(called.position, called.round),
                };
                self.calls.push(call(Some(&called.person), because));
            }
            _ => {}
        }
    }
}
