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
use crate::chapters::intake::shadow;
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
    let obligations = chapters::owes(at);
    let prompts = obligations.iter().map(|owed| next_prompt(at, owed));
    // Of very many that are owed one is told now: only for that one it is worked out to whom and in which words.
    let prompt = prompts.min_by_key(|next| next.at);
    let by_itself = chapters::dues(at).into_iter().min_by_key(|due| due.at);
    let until = shadow::calls_until(case);
    let in_time = |at: Timestamp| until.is_none_or(|until| at < until);
    let (by_itself, prompt) = (
        by_itself.filter(|due| in_time(due.at)),
        prompt.filter(|next| in_time(next.at)),
    );
    let body = match (by_itself, prompt) {
        (Some(due), Some(next)) if next.at < due.at => next.is_due(now).then(|| next.fires(at)),
        (Some(due), _) => (due.at <= now).then_some(due.body),
        (None, next) => next
            .filter(|next| next.is_due(now))
            .map(|next| next.fires(at)),
    };
    let draft = |body| Draft {
        happened_at: None,
        actor: Actor::system(),
        body,
    };
    body.map(draft).into_iter().collect()
}

/// When time acts next on its own.
pub(crate) fn next_wake(at: At, obligations: &[Obligation]) -> Option<Timestamp> {
    let by_itself = chapters::dues(at).into_iter().map(|due| due.at);
    let prompts = obligations.iter().map(|owed| next_prompt(at, owed).at);
    let next = by_itself.chain(prompts).min();
    next.filter(|next| shadow::calls_until(at.case).is_none_or(|until| *next < until))
}

/// A prompt that comes next about an obligation.
struct Next<'a> {
    obligation: &'a Obligation,
    prompt: Prompt,
    /// How many before it were missed.
    missed: u32,
    /// When it falls due.
    at: Timestamp,
}

/// The next prompt about an obligation. What was missed while nobody looked fires
/// once, as its latest occurrence, with the count of those before it.
fn next_prompt<'a>(at: At, obligation: &'a Obligation) -> Next<'a> {
    let fired = at.case.prompts.get(&obligation.key);
    let (prompt, missed) = obligation.next(fired, at.now);
    let at = match prompt.audible {
        true => within_budget(at, &prompt, &reached(at, obligation, &prompt)),
        false => prompt.at,
    };
    Next {
        obligation,
        prompt,
        missed,
        at,
    }
}

/// Whom a prompt reaches.
fn reached(at: At, obligation: &Obligation, prompt: &Prompt) -> Vec<PersonId> {
    match prompt.to == obligation.owner {
        true => at.asked(obligation),
        false => at.people(&prompt.to),
    }
}

impl Next<'_> {
    fn is_due(&self, now: Timestamp) -> bool {
        self.at <= now
    }

    /// The entry that it leaves.
    fn fires(self, at: At) -> Body {
        let Next {
            obligation,
            prompt,
            missed,
            ..
        } = self;
        let fired = at.case.prompts.get(&obligation.key);
        let to = reached(at, obligation, &prompt);
        Body::Prompted(Prompted {
            rule: obligation.rule,
            key: String::clone(&obligation.key),
            occurrence: fired.map_or(0, |count| count.next).saturating_add(missed),
            level: prompt.level,
            due_at: prompt.at,
            missed,
            what: obligation.what.clone(),
            audible: prompt.audible && !to.is_empty() && !paging_is_over(at.case),
            to,
        })
    }
}

/// Nobody hears more than one audible prompt in the budget's minutes (M20): it waits.
fn within_budget(at: At, prompt: &Prompt, to: &[PersonId]) -> Timestamp {
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
