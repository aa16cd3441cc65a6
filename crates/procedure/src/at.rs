//! A case seen against its basis at an instant: what every rule is given.

use alloc::vec::Vec;

use jiff::{SignedDuration, Timestamp};

use crate::access;
use crate::agenda::{Obligation, Owner};
use crate::basis::{Basis, Project, Role};
use crate::case::Case;
use crate::chapters::{calling, endurance};
use crate::id::PersonId;
use crate::playbook::{Playbook, Severity};

/// All inputs of a rule in one value.
#[derive(Clone, Copy)]
pub struct At<'a> {
    /// The case so far.
    pub case: &'a Case,
    /// What it is judged by.
    pub basis: &'a Basis,
    /// The reference time.
    pub now: Timestamp,
    /// The edition that this looks at, where that is not the one in force.
    under: Option<&'a Playbook>,
    /// The instant whose severity this looks at, where that is not the one in force.
    as_of: Option<Timestamp>,
}

impl<'a> At<'a> {
    /// The case against its basis at an instant.
    #[must_use]
    pub fn new(case: &'a Case, basis: &'a Basis, now: Timestamp) -> Self {
        let (under, as_of) = (None, None);
        Self {
            case,
            basis,
            now,
            under,
            as_of,
        }
    }

    /// The pinned playbook: the edition in force, or the one that [`At::under`] went back to.
    #[must_use]
    pub fn playbook(self) -> &'a Playbook {
        self.under.unwrap_or(&self.basis.playbook)
    }

    /// The same under the edition that was in force when that entry was written: what arose
    /// then keeps its numbers, whatever the case follows now (X30).
    #[must_use]
    pub fn under(self, seq: u64) -> Self {
        let adopted = self.case.part.record.adopted.iter();
        self.edition(adopted.filter(|mark| mark.seq < seq).count())
    }

    /// The same under the edition that was in force at that instant.
    #[must_use]
    pub fn when(self, at: Timestamp) -> Self {
        let adopted = self.case.part.record.adopted.iter();
        self.edition(adopted.filter(|mark| mark.at < at).count())
    }

    /// The same with the severity that was in force at that instant.
    #[must_use]
    pub fn as_of(self, at: Timestamp) -> Self {
        let as_of = Some(at);
        Self { as_of, ..self }
    }

    fn edition(self, before: usize) -> Self {
        let under = self.basis.earlier.get(before);
        Self { under, ..self }
    }

    /// The project as it stands now.
    #[must_use]
    pub fn project(self) -> &'a Project {
        &self.basis.project
    }

    /// The reference time, or the end of the response if that came first: what is not done by
    /// then is late up to there, and the report of a case that is over does not change any more.
    #[must_use]
    pub fn until_rest(self) -> Timestamp {
        let rest = self.case.part.closeout.rest();
        let merged = self.case.part.intake.merged_into.as_ref();
        let ends = rest
            .map(|mark| mark.at)
            .into_iter()
            .chain(merged.map(|(mark, _)| mark.at));
        ends.chain([self.now]).min().unwrap_or(self.now)
    }

    /// The reference time, or the close if that came first.
    #[must_use]
    pub fn until_closed(self) -> Timestamp {
        let closed = self.case.part.closeout.closed.as_ref();
        closed.map_or(self.now, |closed| closed.at.min(self.now))
    }

    /// The severity in force now.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self.as_of {
            Some(at) => self.severity_at(at),
            None => self.case.part.assess.severity,
        }
    }

    /// Since when the severity in force has been so; `None` while it is not assessed.
    #[must_use]
    pub fn severity_since(self) -> Option<Timestamp> {
        let mut changes = self.case.part.assess.severities.iter().rev();
        let last = changes.find(|change| self.as_of.is_none_or(|at| change.mark.at <= at));
        last.map(|change| change.mark.at)
    }

    /// The severity that was in force at an instant.
    #[must_use]
    pub fn severity_at(self, at: Timestamp) -> Severity {
        let changes = self.case.part.assess.severities.iter();
        let before = changes.rev().find(|change| change.mark.at <= at);
        before.map_or(Severity::Unknown, |change| change.to)
    }

    /// The IC, or after the close whoever was IC last.
    #[must_use]
    pub fn last_ic(self) -> Owner {
        match self.case.part.commander.intervals.last() {
            Some(last) if last.until.is_some() => Owner::Person(last.ic.clone()),
            _ => Owner::Ic,
        }
    }

    /// The people who stand behind an owner right now. While nobody commands yet the IC's
    /// part is the team's, and what nobody else stands behind, or nobody who may see the
    /// case, falls to the IC: nothing is owed by nobody (invariant 4).
    #[must_use]
    pub fn people(self, owner: &Owner) -> Vec<PersonId> {
        let named = self.named(owner);
        let seeing = named
            .into_iter()
            .filter(|person| access::sees(self.case, self.basis, person));
        let people: Vec<PersonId> = seeing.collect();
        match owner {
            Owner::Ic | Owner::Team | Owner::Reporter => people,
            Owner::Deputy if people.is_empty() => self.others(),
            _ if people.is_empty() => self.people(&Owner::Ic),
            _ => people,
        }
    }

    /// Of whom it is asked now: its owners, without those who have done their part.
    #[must_use]
    pub fn asked(self, owed: &Obligation) -> Vec<PersonId> {
        let mut people = self.people(&owed.owner);
        people.retain(|person| !owed.done_by.contains(person));
        people
    }

    /// Past an IC who has no deputy: everybody else who could be called, and with nobody else
    /// the IC after all (M16, M19).
    fn others(self) -> Vec<PersonId> {
        let mut team = self.people(&Owner::Team);
        team.retain(|person| Some(person) != self.case.ic());
        if team.is_empty() {
            return self.people(&Owner::Ic);
        }
        team
    }

    fn named(self, owner: &Owner) -> Vec<PersonId> {
        let commander = &self.case.part.commander;
        let mut people: Vec<PersonId> = match owner {
            Owner::Person(person) => alloc::vec![person.clone()],
            Owner::Ic => match commander.intervals.last() {
                Some(last) => alloc::vec![last.ic.clone()],
                None => self.role(Role::Responder),
            },
            Owner::Deputy => self.deputy(),
            Owner::Responders => {
                endurance::awake(self, commander.responders.keys().cloned().collect())
            }
            Owner::Team => calling::team(self),
            Owner::Deciders => self.project().deciders().into_iter().cloned().collect(),
            Owner::Role(role) => self.role(*role),
            Owner::Reporter => Vec::new(),
        };
        people.retain(|person| Some(person) != self.case.part.secrecy.subject.as_ref());
        people
    }

    /// The deputy; while they are off shift, whoever is on shift besides the IC (M18).
    fn deputy(self) -> Vec<PersonId> {
        let commander = &self.case.part.commander;
        let Some(deputy) = commander.deputy() else {
            return Vec::new();
        };
        let mut on_shift = endurance::on_shift(self);
        if on_shift.is_empty() || on_shift.contains(deputy) {
            return alloc::vec![deputy.clone()];
        }
        on_shift.retain(|person| Some(person) != commander.ic());
        if on_shift.is_empty() {
            on_shift.push(deputy.clone());
        }
        on_shift
    }

    /// Whether something rang for them so short a while ago that nothing else does (M20).
    #[must_use]
    pub fn heard_lately(self, person: &PersonId) -> bool {
        let quiet = minutes(self.playbook().command.prompts.budget_minutes);
        let heard = self.case.heard_at.get(person);
        heard.is_some_and(|heard| self.now < after(*heard, quiet))
    }

    fn role(self, role: Role) -> Vec<PersonId> {
        self.project()
            .with_role(role)
            .map(|member| member.person.clone())
            .collect()
    }
}

/// A number of minutes as a duration.
#[must_use]
pub fn minutes(n: u32) -> SignedDuration {
    SignedDuration::from_mins(i64::from(n))
}

/// `at` plus a duration, staying within the range of time itself.
#[must_use]
pub fn after(at: Timestamp, duration: SignedDuration) -> Timestamp {
    at.saturating_add(duration).unwrap_or(Timestamp::MAX)
}
