//! What must hold after every step: the invariants of the architecture, as far as the
//! engine can show them. Each has a name, by which a failing walk is shrunk.

use std::collections::BTreeSet;
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use procedure::at::At;
use procedure::chapters::sitreps::Sitrep;
use procedure::{
    Agenda, Body, Case, Command, Entry, Obligation, Outcome, Recipient, Rule, Status, Who, agenda,
    conformance, fold, may_see, notices, outlook, pulse,
};
use serde_json::Value;

use super::commands;
use crate::stage::{Stage, sealed};

/// An invariant that did not hold.
#[derive(Clone, Debug)]
pub struct Broken {
    /// Which.
    pub invariant: &'static str,
    /// What was seen.
    pub why: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<&str> = self.why.lines().take(60).collect();
        f.write_str(&lines.join("\n"))
    }
}

type Held = Result<(), Broken>;

/// Rules that nobody judges yet. They are those without scenarios: the list is the
/// ratchet of `cargo xtask rules`, and must become empty.
const NOT_JUDGED_YET: &str = include_str!("../../../../xtask/rules-missing.txt");

/// Whoever owes something is reminded at least so often, or at the next opening of business
/// (invariant 4).
const WEEK: SignedDuration = SignedDuration::from_hours(24 * 7);

/// Looks at a case step by step, folding it a second and a third time on its own.
#[derive(Default)]
pub struct Watch {
    /// The journal folded entry by entry, apart from the stage.
    case: Case,
    /// The same with every text sealed, as an outsider or an erasure leaves it.
    blind: Case,
    /// Bodies as JSON.
    pub said: Vec<Value>,
    pulses: BTreeSet<String>,
    sitreps: Vec<Sitrep>,
}

fn hold(invariant: &'static str, holds: bool, why: impl FnOnce() -> String) -> Held {
    if holds {
        return Ok(());
    }
    let why = why();
    Err(Broken { invariant, why })
}

impl Watch {
    /// Checks what the step has added, and where the case stands now.
    pub fn look(&mut self, stage: &Stage, thoroughly: bool) -> Held {
        let seen = self.said.len();
        for entry in &stage.entries[seen..] {
            self.entry(stage, entry)?;
        }
        hold(
            "folding anew gives the same case",
            self.case == stage.case,
            || format!("{:#?}\n{:#?}", self.case, stage.case),
        )?;
        self.sitreps_stay(stage)?;
        let agenda = self.agenda(stage)?;
        for owed in &agenda.obligations {
            obligation(stage, &agenda, owed)?;
        }
        permits(&agenda)?;
        hold(
            "time settles",
            pulse(&stage.case, &stage.basis, stage.now).is_empty(),
            || format!("{:?}", pulse(&stage.case, &stage.basis, stage.now)),
        )?;
        if thoroughly {
            self.thoroughly(stage)?;
        }
        Ok(())
    }

    fn entry(&mut self, stage: &Stage, entry: &Entry) -> Held {
        let said = serde_json::to_value(&entry.body).expect("an entry is JSON");
        let before = self.case.clone();
        self.case.apply(entry);
        self.blind.apply(&sealed(entry));
        self.said.push(said.clone());
        hold("numbers are gapless", entry.seq == before.seq + 1, || {
            format!("{entry:?}")
        })?;
        hold(
            "recorded times never go back",
            entry.recorded_at >= before.changed_at,
            || format!("{entry:?}"),
        )?;
        self.once(entry, &said)?;
        command_of_the_case(&self.case)?;
        status(&before, &self.case, entry)?;
        told(stage, &self.case, entry)?;
        released_by_name(entry, &said)
    }

    /// What time does is never early and never done twice.
    fn once(&mut self, entry: &Entry, said: &Value) -> Held {
        let due = said["body"]["due_at"]
            .as_str()
            .filter(|_| entry.actor.who == Who::System);
        let Some(due) = due else { return Ok(()) };
        let due: Timestamp = due.parse().expect("a time");
        hold("nothing fires early", due <= entry.recorded_at, || {
            format!("{entry:?}")
        })?;
        let key = match &entry.body {
            Body::Prompted(prompted) => format!("{} {}", prompted.key, prompted.occurrence),
            _ => said.to_string(),
        };
        hold("nothing fires twice", self.pulses.insert(key), || {
            format!("{entry:?}")
        })
    }

    fn sitreps_stay(&mut self, stage: &Stage) -> Held {
        let now = &stage.case.part.sitreps.sitreps;
        let stay = now.len() >= self.sitreps.len() && now[..self.sitreps.len()] == self.sitreps;
        hold("a published sitrep never changes", stay, || {
            format!("{:#?}\n{now:#?}", self.sitreps)
        })?;
        self.sitreps.extend_from_slice(&now[self.sitreps.len()..]);
        Ok(())
    }

    /// The agenda is the same for whoever cannot read a text, and when asked again.
    fn agenda(&self, stage: &Stage) -> Result<Agenda, Broken> {
        let first = stage.agenda();
        let again = stage.agenda();
        hold(
            "the agenda is the same when asked again",
            first == again,
            || format!("{first:#?}\n{again:#?}"),
        )?;
        let blind = agenda(&self.blind, &stage.basis, stage.now);
        hold("no agenda reads a text", first == blind, || {
            format!("{first:#?}\n{blind:#?}")
        })?;
        let seen = outlook(&stage.case, &stage.basis, stage.now);
        hold(
            "a list shows what the agenda says",
            (seen.next_wake, seen.owes) == (first.next_wake, !first.obligations.is_empty()),
            || format!("{first:#?}\n{seen:#?}"),
        )?;
        let keys: BTreeSet<&str> = first.obligations.iter().map(|o| o.key.as_str()).collect();
        hold(
            "keys of obligations are unique",
            keys.len() == first.obligations.len(),
            || {
                let all: Vec<&str> = first.obligations.iter().map(|o| o.key.as_str()).collect();
                format!("{all:?}")
            },
        )?;
        Ok(first)
    }

    fn thoroughly(&self, stage: &Stage) -> Held {
        let whole = fold(&stage.entries);
        hold(
            "folding in any chunking gives the same case",
            whole == stage.case,
            || format!("{whole:#?}\n{:#?}", stage.case),
        )?;
        let found = conformance(&stage.case, &stage.basis, stage.now);
        let rules: Vec<Rule> = found.iter().map(|finding| finding.rule).collect();
        hold(
            "each rule has exactly one outcome",
            rules == Rule::ALL,
            || format!("{rules:?}"),
        )?;
        for finding in &found {
            let unjudged = matches!(&finding.outcome, Outcome::Missing { because } if because.starts_with("No judge"));
            let known = NOT_JUDGED_YET.lines().any(|line| line == finding.rule.id());
            hold("every rule has a judge", !unjudged || known, || {
                finding.rule.id().into()
            })?;
            let there = finding
                .entries
                .iter()
                .all(|seq| (1..=stage.case.seq).contains(seq));
            hold("a finding points at entries that there are", there, || {
                format!("{finding:?}")
            })?;
        }
        let blind = conformance(&self.blind, &stage.basis, stage.now);
        for (a, b) in found.iter().zip(&blind) {
            let same = std::mem::discriminant(&a.outcome) == std::mem::discriminant(&b.outcome)
                && a.entries == b.entries;
            hold("no judge reads a text", same, || format!("{a:?}\n{b:?}"))?;
        }
        Ok(())
    }

    /// Asks a case that cannot be read the same thing: it answers alike.
    pub fn asks_blind(&self, stage: &Stage, ask: impl Fn(&Case, &Stage) -> bool) -> Held {
        let (open, blind) = (ask(&stage.case, stage), ask(&self.blind, stage));
        hold("no decision reads a text", open == blind, || {
            format!("{open} and {blind}")
        })
    }
}

/// Invariant 1, seen from outside: from the first answer to the close there is one IC.
fn command_of_the_case(case: &Case) -> Held {
    let intervals = &case.part.commander.intervals;
    let open = intervals
        .iter()
        .filter(|interval| interval.until.is_none())
        .count();
    hold("never two ICs", open <= 1, || format!("{intervals:?}"))?;
    let backwards = intervals
        .iter()
        .any(|i| i.until.is_some_and(|until| until < i.from));
    let overlap = intervals
        .windows(2)
        .any(|two| two[0].until.is_none_or(|until| until > two[1].from));
    hold(
        "intervals of command do not overlap",
        !backwards && !overlap,
        || format!("{intervals:?}"),
    )?;
    let runs = case.is_active() || case.status() == Status::ReadyForQa;
    let answered = !intervals.is_empty();
    hold(
        "never no IC after the first answer",
        !(runs && answered) || case.ic().is_some(),
        || format!("{intervals:?} {:?}", case.status()),
    )?;
    let responds = case
        .ic()
        .is_none_or(|ic| case.part.commander.responders.contains_key(ic));
    hold("the IC is in the response", responds, || {
        format!("{intervals:?}")
    })
}

/// Statuses change only as the procedure says (R30, X37, X38).
fn status(before: &Case, after: &Case, entry: &Entry) -> Held {
    use Status::{Closed, Confirmed, FalseAlarm, Investigating, ReadyForQa};
    let step = (before.status(), after.status());
    let legal = step.0 == step.1
        || matches!(
            step,
            (Investigating, Confirmed | FalseAlarm)
                | (Confirmed, FalseAlarm | ReadyForQa)
                | (ReadyForQa, Closed | Confirmed | Investigating)
                | (FalseAlarm | Closed, Investigating | Confirmed | ReadyForQa)
        )
        || (step.1 == Closed && matches!(entry.body, Body::MergedInto(_)));
    hold("statuses change only by legal steps", legal, || {
        format!("{step:?} by {entry:?}")
    })?;
    let person = matches!(entry.actor.who, Who::Person(_));
    hold(
        "statuses change only by a person",
        step.0 == step.1 || person,
        || format!("{entry:?}"),
    )
}

/// Notices reach only people who may see the case, and never its subject.
fn told(stage: &Stage, case: &Case, entry: &Entry) -> Held {
    let sent = notices(case, &stage.basis, entry);
    let kept: Vec<_> = stage
        .told
        .iter()
        .filter(|(seq, _)| *seq == entry.seq)
        .collect();
    hold(
        "notices are the same when asked again",
        sent.len() == kept.len(),
        || format!("{sent:?}\n{kept:?}"),
    )?;
    for notice in &sent {
        hold(
            "a notice is marked as its case",
            notice.marking >= case.marking() || notice.released,
            || format!("{notice:?}"),
        )?;
        match &notice.to {
            Recipient::Person(person) => {
                let actor = crate::stage::actor(&person.0);
                let subject = case.part.secrecy.subject.as_ref() == Some(person);
                hold("the subject is never told", !subject, || {
                    format!("{notice:?} of {entry:?}")
                })?;
                let sees = may_see(case, &stage.basis, &actor);
                hold("only who may see it is told", sees, || {
                    format!("{notice:?} of {entry:?}")
                })?;
            }
            Recipient::Stakeholder(id) => {
                let known = stage
                    .basis
                    .project
                    .stakeholders
                    .iter()
                    .find(|s| &s.id == id);
                let may = known.is_some_and(|known| notice.marking <= known.ceiling);
                hold("no stakeholder is told above their ceiling", may, || {
                    format!("{notice:?} of {entry:?}")
                })?;
            }
            Recipient::Reporter(_) | Recipient::Pager => {}
        }
    }
    Ok(())
}

/// A hold is released only by a named person, with a reason (invariant 7).
fn released_by_name(entry: &Entry, said: &Value) -> Held {
    if said["kind"] != "hold_released" {
        return Ok(());
    }
    let named = matches!(entry.actor.who, Who::Person(_)) && said["body"]["reason"].is_object();
    hold(
        "a hold is released only by name and with a reason",
        named,
        || format!("{entry:?}"),
    )
}

/// Invariant 4: it waits for time, or for somebody who hears of it at least weekly.
fn obligation(stage: &Stage, agenda: &Agenda, owed: &Obligation) -> Held {
    let at = stage.at();
    let (prompt, _) = owed.next(stage.case.prompts.get(&owed.key), stage.now);
    let quiet = i64::from(stage.basis.playbook.command.prompts.budget_minutes);
    let heard = at.people(&prompt.to);
    let heard = heard
        .iter()
        .filter_map(|person| stage.case.heard_at.get(person))
        .max();
    let held_back = heard.map_or(prompt.at, |heard| {
        prompt.at.max(*heard + SignedDuration::from_mins(quiet))
    });
    let wake = agenda.next_wake;
    let latest = if prompt.audible { held_back } else { prompt.at };
    hold(
        "what is owed wakes the case in time",
        wake.is_some_and(|wake| wake <= latest.max(stage.now)),
        || format!("wakes at {wake:?}, the next prompt is at {latest}: {owed:#?}"),
    )?;
    weekly(stage, owed, prompt.at)?;
    somebody(at, owed)?;
    let sentence = owed.what.ends_with('.');
    hold("what is owed is a sentence", sentence, || {
        format!("{owed:?}")
    })?;
    let settles = owed.settle_with.is_none_or(known);
    hold("what settles it is a command", settles, || {
        format!("{owed:?}")
    })
}

fn weekly(stage: &Stage, owed: &Obligation, next: Timestamp) -> Held {
    let fired = stage.case.prompts.get(&owed.key).map(|count| count.last_at);
    let waits_for_time = owed.due.is_some_and(|due| due >= next);
    // Of prompts that were slept through the last one counts: it is from there that they are given again.
    let passed = owed.prompts.iter().map(|prompt| prompt.at);
    let passed = passed.filter(|at| *at <= stage.now).max();
    let since = [Some(owed.since), owed.due, fired, passed]
        .into_iter()
        .flatten()
        .max();
    let calendar = &stage.basis.project.calendar;
    let week = since.map(|since| since + WEEK);
    let latest = week.map(|week| calendar.next_opening(week).unwrap_or(week));
    let within = waits_for_time || latest.is_none_or(|latest| next <= latest);
    hold("whoever owes is reminded at least weekly", within, || {
        format!("last at {fired:?}, next at {next}: {owed:#?}")
    })
}

/// It stands on somebody's board, as long as there is anybody; before somebody answers the
/// sheet is called, which makes members of a restricted case.
fn somebody(at: At, owed: &Obligation) -> Held {
    let nobody = at.people(&owed.owner).is_empty();
    let team = at.project().roster.iter();
    let empty = team.filter(|member| !member.roles.is_empty()).count() == 0;
    let reporter = owed.owner == procedure::Owner::Reporter;
    let called = at.case.ic().is_none() && at.case.is_active();
    hold(
        "what is owed is owed by somebody",
        !nobody || empty || reporter || called,
        || format!("{owed:#?}"),
    )
}

fn permits(agenda: &Agenda) -> Held {
    for permit in &agenda.permits {
        let one = permit.allowed.is_some() != permit.refused.is_some();
        hold("a permit is a yes or a no", one, || format!("{permit:?}"))?;
        hold("a permit is of a command", known(permit.command), || {
            format!("{permit:?}")
        })?;
    }
    Ok(())
}

/// A command of today, or one that is still being written.
fn known(name: &str) -> bool {
    Command::NAMES.contains(&name) || commands::is_planned(name)
}
