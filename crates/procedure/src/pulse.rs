//! Time reaching a case: what time alone owes, in the order it fell due.
//!
//! A pulse is keyed by (case, obligation, occurrence): two nodes, or a restart,
//! cannot do it twice, because the second one finds it in the journal.

use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;

use crate::actor::Actor;
use crate::agenda::{Obligation, Prompt};
use crate::at::{At, after, minutes};
use crate::basis::Basis;
use crate::case::Case;
use crate::chapters;
use crate::chapters::record::Prompted;
use crate::entry::{Body, Draft};
use crate::id::PersonId;
use crate::notice::paging_is_over;
use crate::rule::Rule;

/// Something that time does by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Due {
    /// When it falls due.
    pub at: Timestamp,
    /// The entry it leaves.
    pub body: Body,
}

/// The earliest thing that time owes this case by `now`, or nothing. Fold it and ask
/// again: what fell due meanwhile comes out once each, in order.
#[must_use]
pub fn pulse(case: &Case, basis: &Basis, now: Timestamp) -> Vec<Draft> {
    let at = At::new(case, basis, now);
    let first = dues(at, &chapters::owes(at))
        .into_iter()
        .filter(|due| due.at <= now);
    let earliest = first.min_by_key(|due| due.at);
    let draft = |due: Due| Draft {
        happened_at: None,
        actor: Actor::system(),
        body: due.body,
    };
    earliest.map(draft).into_iter().collect()
}

/// When time acts next on its own.
pub(crate) fn next_wake(at: At, obligations: &[Obligation]) -> Option<Timestamp> {
    dues(at, obligations).into_iter().map(|due| due.at).min()
}

fn dues(at: At, obligations: &[Obligation]) -> Vec<Due> {
    let mut dues = chapters::dues(at);
    dues.extend(
        obligations
            .iter()
            .map(|obligation| next_prompt(at, obligation)),
    );
    dues
}

/// The next prompt about an obligation. What was missed while nobody looked fires
/// once, as its latest occurrence, with the count of those before it.
fn next_prompt(at: At, obligation: &Obligation) -> Due {
    let fired = at.case.prompts.get(&obligation.key);
    let (prompt, missed) = obligation.next(fired, at.now);
    let occurrence = fired.map_or(0, |count| count.next).saturating_add(missed);
    let to = at.people(&prompt.to);
    Due {
        at: within_budget(at, &prompt, &to),
        body: Body::Prompted(Prompted {
            rule: obligation.rule,
            key: String::clone(&obligation.key),
            occurrence,
            level: prompt.level,
            due_at: prompt.at,
            missed,
            what: obligation.what.clone(),
            audible: prompt.audible && !to.is_empty() && !paging_is_over(at.case),
            to,
        }),
    }
}

/// Nobody hears more than one audible prompt in the budget's minutes (M20): it waits.
fn within_budget(at: At, prompt: &Prompt, to: &[PersonId]) -> Timestamp {
    if !prompt.audible {
        return prompt.at;
    }
    let quiet = minutes(at.playbook().command.prompts.budget_minutes);
    let heard = to
        .iter()
        .filter_map(|person| at.case.heard_at.get(person))
        .max();
    heard.map_or(prompt.at, |heard| prompt.at.max(after(*heard, quiet)))
}

/// Which rule a time-made entry carries out.
#[must_use]
pub fn rule_of(body: &Body) -> Option<Rule> {
    match body {
        Body::Prompted(prompted) => Some(prompted.rule),
        Body::Called(_) | Body::RoundEnded(_) => Some(Rule::R27),
        _ => None,
    }
}
