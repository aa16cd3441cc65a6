//! Who is on call in a schedule at an instant, and why.

use alloc::vec::Vec;

use jiff::Timestamp;

use super::hours::Off;
use super::{Cover, Reading, Rotation, Seat};
use crate::calendar::Zone;
use crate::id::{CoverId, PersonId, RotationId};

/// Somebody who is on call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing<'a> {
    /// Who.
    pub person: &'a PersonId,
    /// Why they are.
    pub because: Because<'a>,
}

/// Why somebody is on call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Because<'a> {
    /// In which rotation; nothing where somebody stands in for the whole schedule.
    pub rotation: Option<&'a RotationId>,
    /// By what.
    pub why: Why<'a>,
    /// Since when the turn or the cover runs.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// By what somebody is on call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why<'a> {
    /// It is their turn, the so many-th of the rotation, from 0.
    Turn(i64),
    /// They stand in.
    Cover(&'a CoverId),
}

/// Why nobody is on call in a rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absent {
    /// It has not begun, or is over.
    NotRunning,
    /// These are not its hours.
    OutsideItsHours,
    /// It is not in force on holidays.
    Holiday,
    /// It is in force on holidays alone.
    NoHoliday,
    /// The turn is nobody's.
    EmptyTurn,
    /// Somebody said that nobody is on call.
    CoveredByNobody,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct OnCall<'a> {
    /// Who is on call, each once; nobody: a gap.
    pub people: Vec<Standing<'a>>,
    /// The rotations in which nobody is, and why.
    pub absent: Vec<(Option<&'a RotationId>, Absent)>,
}

impl<'a> Reading<'a> {
    /// The rules of a rotation's zone.
    pub(super) fn zone(&self, rotation: Option<&Rotation>) -> Option<&'a Zone> {
        let own = rotation.and_then(|rotation| rotation.zone.as_ref());
        self.zones.get(own.unwrap_or(&self.schedule.zone))
    }

    /// The zone that the schedule's times are told in.
    #[must_use]
    pub fn own_zone(&self) -> Option<&'a Zone> {
        self.zone(None)
    }

    /// Who is on call at an instant, and why.
    #[must_use]
    pub fn on_call_at(&self, at: Timestamp) -> OnCall<'a> {
        let mut answer = OnCall::default();
        let whole = self.cover(at, |cover| {
            cover.rotations.is_empty() && cover.instead_of.is_none()
        });
        if let Some(cover) = whole {
            self.stand_in(None, cover, at, &mut Vec::new(), &mut answer);
            return answer;
        }
        let mut layer = None;
        let mut rotations: Vec<_> = self.schedule.rotations.iter().collect();
        rotations.sort_by_key(|(_, rotation)| core::cmp::Reverse(rotation.layer));
        for (id, rotation) in rotations {
            if layer.is_some_and(|layer| rotation.layer < layer) {
                break;
            }
            self.one(id, rotation, at, &mut answer);
            if !answer.people.is_empty() {
                layer = Some(rotation.layer);
            }
        }
        answer
    }

    fn one(&self, id: &'a RotationId, rotation: &'a Rotation, at: Timestamp, to: &mut OnCall<'a>) {
        if let Some(cover) = self.cover(at, |c| c.rotations.contains(id) && c.instead_of.is_none())
        {
            return self.stand_in(Some(id), cover, at, &mut Vec::new(), to);
        }
        let Some(zone) = self.zone(Some(rotation)) else {
            return to.absent.push((Some(id), Absent::NotRunning));
        };
        let Some(turn) = rotation.turn_at(zone, at) else {
            return to.absent.push((Some(id), Absent::NotRunning));
        };
        if let Some(off) = rotation.off_at(zone, self.holidays, at) {
            let why = match off {
                Off::Hours => Absent::OutsideItsHours,
                Off::Holiday => Absent::Holiday,
                Off::NoHoliday => Absent::NoHoliday,
            };
            return to.absent.push((Some(id), why));
        }
        let because = Because {
            rotation: Some(id),
            why: Why::Turn(turn.number),
            from: turn.from,
            until: turn.until,
        };
        let people = self.people(turn.seat);
        if people.is_empty() {
            return to.absent.push((Some(id), Absent::EmptyTurn));
        }
        let mut followed = Vec::new();
        for person in people {
            let standing = Standing { person, because };
            self.place(Some(id), standing, (at, 0), &mut followed, to);
        }
    }

    /// Puts somebody there, or whoever has stood in for them since: by the last of those covers, and then by what came
    /// after it, so that it ends. Each cover is followed once.
    fn place(
        &self,
        rotation: Option<&'a RotationId>,
        standing: Standing<'a>,
        (at, since): (Timestamp, usize),
        followed: &mut Vec<usize>,
        to: &mut OnCall<'a>,
    ) {
        let here = |cover: &Cover| {
            let named = rotation.is_some_and(|id| cover.rotations.contains(id));
            cover.rotations.is_empty() || named
        };
        let instead = |c: &Cover| c.instead_of.as_ref() == Some(standing.person) && here(c);
        match self.cover(at, instead).filter(|(place, _)| *place >= since) {
            Some((place, _)) if followed.contains(&place) => {}
            Some(cover) => {
                followed.push(cover.0);
                self.stand_in(rotation, cover, at, followed, to);
            }
            None => to.add(standing),
        }
    }

    /// The last word of those that hold at an instant, and its place among them all.
    fn cover(&self, at: Timestamp, meant: impl Fn(&Cover) -> bool) -> Option<(usize, &'a Cover)> {
        let mut covers = self.schedule.covers.iter().enumerate().rev();
        covers.find(|(_, cover)| cover.from <= at && at < cover.until && meant(cover))
    }

    fn stand_in(
        &self,
        rotation: Option<&'a RotationId>,
        (place, cover): (usize, &'a Cover),
        at: Timestamp,
        followed: &mut Vec<usize>,
        to: &mut OnCall<'a>,
    ) {
        let because = Because {
            rotation,
            why: Why::Cover(&cover.id),
            from: cover.from,
            until: cover.until,
        };
        let people = self.people(&cover.seat);
        if people.is_empty() {
            to.absent.push((rotation, Absent::CoveredByNobody));
        }
        for person in people {
            let standing = Standing { person, because };
            self.place(rotation, standing, (at, place + 1), followed, to);
        }
    }

    fn people(&self, seat: &'a Seat) -> &'a [PersonId] {
        match seat {
            Seat::Person(person) => core::slice::from_ref(person),
            Seat::Team(team) => self.teams.get(team).map_or(&[], Vec::as_slice),
            Seat::Nobody => &[],
        }
    }
}

impl<'a> OnCall<'a> {
    fn add(&mut self, standing: Standing<'a>) {
        if self.people.iter().all(|one| one.person != standing.person) {
            self.people.push(standing);
        }
    }
}
