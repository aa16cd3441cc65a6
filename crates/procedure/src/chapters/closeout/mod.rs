//! Spinning down, review, thanks, the close, and what a false alarm leaves standing.
//!
//! The status itself lives in `assess`; the entries of this chapter change it.

mod judge;
mod matrix;
mod owes;
mod payload;
mod qa;
pub(crate) mod second_look;
mod settle;
mod spin_down;
mod thanks;

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use jiff::Timestamp;

use crate::agenda::Permit;
use crate::at::At;
use crate::case::Status;
use crate::mark::Mark;
use crate::command::Command;
use crate::decide::{Decision, Refusal};
use crate::entry::{Body, Entry};
use crate::id::PersonId;
use crate::notice::Notice;
use crate::pulse::Due;
use crate::rule::Rule;
use crate::text::Text;

pub(crate) use judge::judge;
pub use matrix::may_become;
pub(crate) use owes::owes;
pub use payload::{
    AcceptQa, Choice, Close, Closed, NormalAgainRecorded, NormalCheck, QaAccepted, QaSentBack,
    ReadyForQa, RecordNormalAgain, Reopen, Reopened, SendBackQa, SendThanks, Settle, Settled,
    SpunDown, Thanked,
};
pub use second_look::FALSE_ALARM;
pub use settle::{Standing, in_force};
pub(crate) use settle::is_cut_off;
pub use thanks::participants;

/// It was spun down.
#[derive(Clone, Debug, PartialEq)]
pub struct Ready {
    /// The entry.
    pub mark: Mark,
    /// Who reviews it.
    pub reviewer: Option<PersonId>,
}

/// Whether operation is normal again.
#[derive(Clone, Debug, PartialEq)]
pub struct Normal {
    /// The entry.
    pub mark: Mark,
    /// How the check ended.
    pub outcome: NormalCheck,
    /// By when a deferred test is done: the first date that was given.
    pub due: Option<Timestamp>,
    /// Why nobody tests it.
    pub reason: Option<Text>,
}

/// The review accepted the work.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// The entry.
    pub mark: Mark,
    /// Whoever spun it down accepted it too (M16).
    pub one_person: bool,
}

/// The case was reopened.
#[derive(Clone, Debug, PartialEq)]
pub struct Reopening {
    /// The entry.
    pub mark: Mark,
    /// The status it had.
    pub from: Status,
    /// The status it got.
    pub to: Status,
}

/// Something in force after a false alarm was dealt with.
#[derive(Clone, Debug, PartialEq)]
pub struct Dealt {
    /// The entry.
    pub mark: Mark,
    /// Lifted or kept.
    pub choice: Choice,
}

/// This chapter's part of the case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Spun down, and not sent back or reopened since.
    pub ready: Option<Ready>,
    /// Whether operation is normal again; a reopening asks anew.
    pub normal: Option<Normal>,
    /// The review accepted the work, and it was not reopened since.
    pub accepted: Option<Accepted>,
    /// Every time the review sent it back.
    pub sent_back: Vec<Mark>,
    /// Everyone was thanked; the last time counts.
    pub thanked: Option<Mark>,
    /// It was closed, and not reopened since.
    pub closed: Option<Mark>,
    /// It was called a false alarm, and not reopened since.
    pub false_alarm: Option<Mark>,
    /// Who was asked to look at the false alarm too, because nobody but its caller had seen the case (R106).
    pub second: Option<PersonId>,
    /// Every reopening.
    pub reopened: Vec<Reopening>,
    /// What a false alarm left standing and somebody dealt with, by number.
    pub settled: BTreeMap<String, Dealt>,
    /// Calls and reminders of the response that fell after the close-out (R72).
    pub disturbed: Vec<Mark>,
}

impl State {
    /// Since when the response goes on: a reopening begins its clocks anew (X37).
    #[must_use]
    pub fn resumed(&self, since: Timestamp) -> Timestamp {
        let last = self.reopened.last().map(|reopening| reopening.mark.at);
        last.map_or(since, |at| at.max(since))
    }

    /// Folds one entry in.
    pub fn apply(&mut self, entry: &Entry) {
        let mark = || Mark::of(entry);
        match &entry.body {
            Body::FalseAlarmCalled(called) => {
                self.false_alarm = Some(mark());
                self.second.clone_from(&called.second);
            }
            Body::SpunDown(spun_down) => {
                let reviewer = spun_down.reviewer.clone();
                self.ready = Some(Ready { mark: mark(), reviewer });
                self.accepted = None;
            }
            Body::NormalAgainRecorded(normal) => {
                let (outcome, reason) = (normal.outcome, normal.reason.clone());
                let due = self.normal.as_ref().and_then(|before| before.due).or(normal.due);
                self.normal = Some(Normal { mark: mark(), outcome, due, reason });
            }
            Body::QaAccepted(accepted) => {
                let one_person = accepted.one_person;
                self.accepted = Some(Accepted { mark: mark(), one_person });
            }
            Body::QaSentBack(_) => {
                (self.ready, self.normal, self.accepted) = (None, None, None);
                self.sent_back.push(mark());
            }
            Body::Thanked(_) => self.thanked = Some(mark()),
            Body::Closed(_) => self.closed = Some(mark()),
            Body::Reopened(reopened) => {
                let (from, to) = (reopened.from, reopened.to);
                self.reopened.push(Reopening { mark: mark(), from, to });
                (self.ready, self.normal, self.accepted) = (None, None, None);
                (self.closed, self.false_alarm) = (None, None);
                self.settled.clear();
            }
            Body::Settled(settled) => {
                let choice = settled.choice;
                let dealt = Dealt { mark: mark(), choice };
                self.settled.insert(settled.what.clone(), dealt);
            }
            Body::Called(_) if self.at_rest() => self.disturbed.push(mark()),
            Body::Prompted(prompted) if self.at_rest() && of_the_response(prompted.rule) => {
                self.disturbed.push(mark());
            }
            _ => {}
        }
    }

    /// The response is over: spun down, closed or a false alarm.
    #[must_use]
    pub fn at_rest(&self) -> bool {
        self.ready.is_some() || self.closed.is_some() || self.false_alarm.is_some()
    }

    /// When the response came to rest.
    #[must_use]
    pub fn rest(&self) -> Option<&Mark> {
        let ready = self.ready.as_ref().map(|ready| &ready.mark);
        ready.or(self.false_alarm.as_ref()).or(self.closed.as_ref())
    }
}

/// Rules whose reminders belong to a running response: none of them after it (R72).
fn of_the_response(rule: Rule) -> bool {
    use Rule::{R26, R34, R67, R68, R69, R70, R76, R94, R99, R103, X2, X3, X25};
    let running = [R26, R34, R67, R68, R69, R70, R76, R94, R99, R103, X2, X3, X25];
    running.contains(&rule)
}

pub(crate) fn decide(d: &mut Decision, command: &Command) -> Option<Result<(), Refusal>> {
    let decided = match command {
        Command::ReadyForQa(ready) => spin_down::ready(d, ready),
        Command::RecordNormalAgain(normal) => spin_down::normal_again(d, normal),
        Command::AcceptQa(accept) => qa::accept(d, accept),
        Command::SendBackQa(back) => qa::send_back(d, back),
        Command::SendThanks(thanks) => thanks::send(d, thanks),
        Command::Close(close) => qa::close(d, close),
        Command::Reopen(reopen) => matrix::reopen(d, reopen),
        Command::Settle(settle) => settle::settle(d, settle),
        _ => return None,
    };
    Some(decided)
}

pub(crate) fn dues(_: At, _: &mut Vec<Due>) {}

/// What stands between the case and its end, each as a permit with its refusal.
pub(crate) fn permits(at: At, out: &mut Vec<Permit>) {
    match at.case.status() {
        Status::Confirmed => out.push(spin_down::permit(at)),
        Status::ReadyForQa => out.push(qa::permit(at)),
        _ => {}
    }
}

/// The team hears that it can rest or must go on; the reporter hears how it ended (R124).
pub(crate) fn tell(at: At, entry: &Entry, out: &mut Vec<Notice>) {
    match &entry.body {
        Body::SpunDown(spun_down) => {
            let reviewer = spun_down.reviewer.iter().cloned();
            out.extend(thanks::to_people(at, entry, thanks::team(at).chain(reviewer)));
        }
        Body::QaSentBack(_) | Body::Reopened(_) => {
            out.extend(thanks::to_people(at, entry, thanks::team(at)));
        }
        Body::QaAccepted(_) => {
            let ic = at.case.ic().into_iter().cloned();
            out.extend(thanks::to_people(at, entry, ic));
        }
        Body::Thanked(thanked) => {
            let people = thanked.to.iter().cloned();
            out.extend(thanks::to_people(at, entry, people));
            out.extend(thanks::reporters(at).map(Notice::entry));
        }
        Body::Closed(_) => {
            out.extend(thanks::to_people(at, entry, thanks::team(at)));
            let reporters = thanks::reporters(at);
            out.extend(reporters.filter(|_| crate::switch::on(Rule::R124)).map(Notice::entry));
        }
        _ => {}
    }
}

