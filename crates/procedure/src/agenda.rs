//! What a case asks for now: who owes what by when, what may be done, and when time
//! itself will act next. Derived, never stored.

use alloc::string::String;
use alloc::vec::Vec;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::at::{At, after};
use crate::basis::{Basis, Role};
use crate::case::{Case, Phase, PromptCount, Status};
use crate::chapters;
use crate::decide::Refusal;
use crate::id::PersonId;
use crate::pulse;
use crate::rule::Rule;

mod order;

/// Everything a case asks for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Agenda {
    /// Where the case stands.
    pub phase: Phase,
    /// Its status.
    pub status: Status,
    /// What is owed, soonest first, undated last.
    pub obligations: Vec<Obligation>,
    /// What may be done now, and what may not, with the rule.
    pub permits: Vec<Permit>,
    /// When time acts next, if nobody does anything.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub next_wake: Option<Timestamp>,
}

/// Something owed by someone, with the rule that demands it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Obligation {
    /// The rule that demands it.
    pub rule: Rule,
    /// Names this very obligation within the case; the same on every machine.
    pub key: String,
    /// What is to be done, in one sentence.
    pub what: String,
    /// Who owes it.
    pub owner: Owner,
    /// Those of its owners who have done their part of it: it asks nothing more of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub done_by: Vec<PersonId>,
    /// Since when.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub since: Timestamp,
    /// By when, if there is a time.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub due: Option<Timestamp>,
    /// The time has passed.
    pub overdue: bool,
    /// The command that settles it, if one does.
    pub settle_with: Option<&'static str>,
    /// The prompts that time gives about it.
    #[serde(skip)]
    pub prompts: Vec<Prompt>,
    /// After the last prompt, again each so often; never more seldom than weekly.
    #[serde(skip)]
    pub repeat: SignedDuration,
}

/// Whom an obligation falls to, or a prompt reaches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// One person.
    Person(PersonId),
    /// Whoever is IC.
    Ic,
    /// The deputy, named or else the longest-serving responder (M19); with neither, everybody
    /// else on the contact sheet.
    Deputy,
    /// Everyone in the response.
    Responders,
    /// Everyone on the contact sheet.
    Team,
    /// Those asked before a disruption.
    Deciders,
    /// Everyone of a role.
    Role(Role),
    /// The reporter.
    Reporter,
}

/// One prompt about an obligation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// When.
    pub at: Timestamp,
    /// How pressing.
    pub level: Level,
    /// To whom.
    pub to: Owner,
    /// Whether it may ring (M20).
    pub audible: bool,
}

/// How pressing a prompt is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// It will be due soon, or still waits.
    #[default]
    Reminder,
    /// It is due.
    Overdue,
    /// Whoever owes it did not do it; the next person hears.
    Escalated,
}

/// Something that may be done now, or why not.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Permit {
    /// The command.
    pub command: &'static str,
    /// What it would act on, such as `S-2`, where there are several.
    pub on: Option<String>,
    /// With whose consent, by which rule.
    pub rule: Rule,
    /// Allowed, in one sentence.
    pub allowed: Option<String>,
    /// Refused, and what would make it a yes.
    pub refused: Option<Refusal>,
}

const WEEK: SignedDuration = SignedDuration::from_hours(24 * 7);

impl Obligation {
    /// Owed without a time: waits on the person's board, with a weekly reminder (invariant 4).
    #[must_use]
    pub fn owed(
        rule: Rule,
        key: impl Into<String>,
        owner: Owner,
        since: Timestamp,
        what: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            key: key.into(),
            what: what.into(),
            owner,
            done_by: Vec::new(),
            since,
            due: None,
            overdue: false,
            settle_with: None,
            prompts: Vec::new(),
            repeat: WEEK,
        }
    }

    /// Names those of its owners who have done their part already.
    #[must_use]
    pub fn done_by(mut self, people: Vec<PersonId>) -> Self {
        self.done_by = people;
        self
    }

    /// Names the command that settles it.
    #[must_use]
    pub fn settled_by(mut self, command: &'static str) -> Self {
        self.settle_with = Some(command);
        self
    }

    /// Owed by a time; its owner hears when it has passed.
    #[must_use]
    pub fn by(self, due: Timestamp) -> Self {
        self.by_told_at(due, due)
    }

    /// Owed by a time; its owner hears later that it has passed, such as when the project opens (M11).
    #[must_use]
    pub fn by_told_at(mut self, due: Timestamp, told_at: Timestamp) -> Self {
        self.due = Some(due);
        let to = self.owner.clone();
        self.prompt(Prompt {
            at: told_at,
            level: Level::Overdue,
            to,
            audible: false,
        })
    }

    /// Lets what falls due ring (M20).
    #[must_use]
    pub fn audibly(mut self) -> Self {
        for prompt in &mut self.prompts {
            prompt.audible = prompt.level != Level::Reminder;
        }
        self
    }

    /// Its owner is reminded at that time.
    #[must_use]
    pub fn remind(self, at: Timestamp) -> Self {
        let to = self.owner.clone();
        self.prompt(Prompt {
            at,
            level: Level::Reminder,
            to,
            audible: false,
        })
    }

    /// Somebody else hears of it at that time.
    #[must_use]
    pub fn escalate(self, at: Timestamp, to: Owner) -> Self {
        self.prompt(Prompt {
            at,
            level: Level::Escalated,
            to,
            audible: false,
        })
    }

    /// After the last prompt, again each so often.
    #[must_use]
    pub fn again_every(mut self, every: SignedDuration) -> Self {
        self.repeat = every.min(WEEK);
        self
    }

    /// After the prompts given, again when `next` says, counted from the last one that
    /// fired: for reminders that keep business hours (M11).
    #[must_use]
    pub fn again_when(self, at: At, next: impl FnOnce(Timestamp) -> Option<Timestamp>) -> Self {
        let fired = at.case.prompts.get(&self.key);
        let Some((last, fired)) = self.prompts.last().cloned().zip(fired) else {
            return self;
        };
        if self.prompts.iter().any(|prompt| prompt.is_ahead_of(fired)) {
            return self;
        }
        // Without a next time the weekly repeat goes on by itself.
        let Some(at) = next(fired.last_at) else {
            return self;
        };
        let later = after(fired.last_at, SignedDuration::from_mins(1));
        self.prompt(Prompt {
            at: at.max(last.at).max(later),
            ..last
        })
    }

    /// Adds a prompt; prompts stay in order of time.
    #[must_use]
    pub fn prompt(mut self, prompt: Prompt) -> Self {
        self.prompts.push(prompt);
        self.prompts.sort_by_key(|prompt| prompt.at);
        self
    }

    /// The prompt that comes next, and how many before it were missed by `now`. It follows
    /// from what fired last: if the due time has moved since, the new one is told too.
    #[must_use]
    pub fn next(&self, fired: Option<&PromptCount>, now: Timestamp) -> (Prompt, u32) {
        let ahead = |prompt: &&Prompt| fired.is_none_or(|fired| prompt.is_ahead_of(fired));
        let mut ahead = self.prompts.iter().filter(ahead).peekable();
        let mut missed = 0;
        while let Some(prompt) = ahead.next() {
            let later = ahead
                .peek()
                .map_or_else(|| self.repeat_after(prompt.at), |next| next.at);
            if later > now {
                return (prompt.clone(), missed);
            }
            missed += 1;
        }
        let last = self.prompts.last();
        let from = last.map_or(self.since, |prompt| prompt.at);
        let after = fired.map_or(from, |fired| fired.last_due.max(from));
        let (at, skipped) = self.repeat_by(from, after, now);
        let repeated = Prompt {
            at,
            level: last.map_or(Level::Reminder, |prompt| prompt.level),
            to: last.map_or_else(|| self.owner.clone(), |prompt| prompt.to.clone()),
            audible: last.is_some_and(|prompt| prompt.audible),
        };
        (repeated, skipped.saturating_add(missed))
    }

    fn repeat_after(&self, at: Timestamp) -> Timestamp {
        after(at, SignedDuration::from_secs(self.repeat.as_secs().max(60)))
    }

    /// The last repetition by `now` of those after `after`, else the next one; and how many
    /// were missed before it. Repetitions are counted from `from`.
    fn repeat_by(
        &self,
        from: Timestamp,
        after_this: Timestamp,
        now: Timestamp,
    ) -> (Timestamp, u32) {
        let every = self.repeat.as_secs().max(60);
        let since = |at: Timestamp| at.duration_since(from).as_secs().div_euclid(every);
        let first = since(after_this).max(0).saturating_add(1);
        let nth = since(now).max(first);
        let seconds = every.saturating_mul(nth);
        let missed = u32::try_from(nth - first).unwrap_or(u32::MAX);
        (after(from, SignedDuration::from_secs(seconds)), missed)
    }
}

impl Prompt {
    /// Whether it is still to come after what fired last: later, or more pressing because
    /// the due time was brought forward.
    fn is_ahead_of(&self, fired: &PromptCount) -> bool {
        self.at > fired.last_due || self.level > fired.level
    }
}

/// What a list of cases shows of an [`Agenda`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// Somebody owes something.
    pub owes: bool,
    /// When time acts next, if nobody does anything.
    pub next_wake: Option<Timestamp>,
}

/// As [`agenda`] says it, without working out the rest.
#[must_use]
pub fn outlook(case: &Case, basis: &Basis, now: Timestamp) -> Outlook {
    let at = At::new(case, basis, now);
    let obligations = chapters::owes(at);
    Outlook {
        owes: !obligations.is_empty() && !case.part.intake.shadow,
        next_wake: pulse::next_wake(at, &obligations),
    }
}

/// What stands in shadow asks nothing of anybody.
fn in_shadow(case: &Case, next_wake: Option<Timestamp>) -> Agenda {
    Agenda {
        phase: case.phase(),
        status: case.status(),
        obligations: Vec::new(),
        permits: Vec::new(),
        next_wake,
    }
}

/// Works out everything that the case asks for at `now`.
#[must_use]
pub fn agenda(case: &Case, basis: &Basis, now: Timestamp) -> Agenda {
    let at = At::new(case, basis, now);
    let mut obligations = chapters::owes(at);
    for obligation in &mut obligations {
        obligation.overdue = obligation.due.is_some_and(|due| due <= now);
    }
    obligations.sort_by(|a, b| {
        let order = |o: &Obligation| (o.due.is_none(), o.due, o.since);
        order(a).cmp(&order(b)).then_with(|| a.key.cmp(&b.key))
    });
    let next_wake = pulse::next_wake(at, &obligations);
    if case.part.intake.shadow {
        return in_shadow(case, next_wake);
    }
    Agenda {
        phase: case.phase(),
        status: case.status(),
        permits: chapters::permits(at),
        obligations,
        next_wake,
    }
}
