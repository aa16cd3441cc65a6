//! What a schedule must not say.

use alloc::format;

use super::{Rotation, Schedule, Schedules, Seat};
use crate::decide::Refusal;
use crate::id::PersonId;

/// The longest turn: a year, in hours.
const LONGEST_TURN_HOURS: u64 = 366 * 24;
/// A rotation has at most so many seats, and a schedule so many rotations and covers.
const MOST: usize = 1000;
/// A rotation has at most so many hours in which it is in force.
const MOST_HOURS: usize = 100;

/// Refuses a schedule that names what is not there, or cannot work.
///
/// # Errors
/// What is wrong, and what would do.
pub fn sound(
    schedule: &Schedule,
    among: &Schedules,
    known: impl Fn(&PersonId) -> bool,
) -> Result<(), Refusal> {
    if schedule.rotations.len() > MOST || schedule.covers.len() > MOST {
        return Err(Refusal::invalid(
            format!("A schedule has at most {MOST} rotations, and as many who stand in."),
            "Split it into several schedules.",
        ));
    }
    zone(&schedule.zone, among)?;
    for (id, rotation) in &schedule.rotations {
        if id.0.is_empty() || id.0.len() > 64 {
            return Err(Refusal::invalid(
                "A rotation has no name, or one of more than 64 bytes.",
                "Give it a short one.",
            ));
        }
        turns(id.0.as_str(), rotation)?;
        if let Some(own) = &rotation.zone {
            zone(own, among)?;
        }
        for named in &rotation.seats {
            seat(named, among, &known)?;
        }
    }
    for cover in &schedule.covers {
        seat(&cover.seat, among, &known)?;
        if cover.from >= cover.until {
            return Err(Refusal::invalid(
                "Somebody stands in until before it begins.",
                "Give an end after its beginning.",
            ));
        }
        let unknown = |id: &&crate::id::RotationId| !schedule.rotations.contains_key(*id);
        if let Some(id) = cover.rotations.iter().find(unknown) {
            return Err(Refusal::invalid(
                format!(
                    "Somebody stands in for the rotation {id}, which this schedule does not have."
                ),
                "Name one of its rotations, or none for the whole schedule.",
            ));
        }
    }
    Ok(())
}

fn turns(id: &str, rotation: &Rotation) -> Result<(), Refusal> {
    let hours: u64 = match rotation.unit {
        super::Unit::Hour => 1,
        super::Unit::Day => 24,
        super::Unit::Week => 7 * 24,
    };
    if rotation.length == 0 || u64::from(rotation.length) * hours > LONGEST_TURN_HOURS {
        return Err(Refusal::invalid(
            format!("A turn of the rotation {id} has no length, or more than a year."),
            "Give so many hours, days or weeks.",
        ));
    }
    if rotation.seats.is_empty() || rotation.seats.len() > MOST {
        return Err(Refusal::invalid(
            format!("Nobody takes turns in the rotation {id}, or more than {MOST} do."),
            "Name who does.",
        ));
    }
    if rotation.hours.len() > MOST_HOURS {
        return Err(Refusal::invalid(
            format!("The rotation {id} has more than {MOST_HOURS} hours in which it is in force."),
            "Put those together that are the same every day.",
        ));
    }
    if rotation.end.is_some_and(|end| end <= rotation.start) {
        return Err(Refusal::invalid(
            format!("The rotation {id} ends before it begins."),
            "Give an end after its beginning, or none.",
        ));
    }
    Ok(())
}

fn zone(name: &str, among: &Schedules) -> Result<(), Refusal> {
    if among.zones.contains_key(name) {
        return Ok(());
    }
    Err(Refusal::invalid(
        format!("The rules of the time zone {name:?} are not known here."),
        "Write a zone such as Europe/Berlin or UTC.",
    ))
}

fn seat(seat: &Seat, among: &Schedules, known: &impl Fn(&PersonId) -> bool) -> Result<(), Refusal> {
    match seat {
        Seat::Person(person) if !known(person) => Err(Refusal::invalid(
            format!("{person} is in a schedule and not on the contact sheet."),
            "Put them on the contact sheet first, or leave them out.",
        )),
        Seat::Team(team) if !among.teams.contains_key(team) => Err(Refusal::invalid(
            format!("The team {team} is in a schedule and not known here."),
            "Say first who is in the team, or leave it out.",
        )),
        _ => Ok(()),
    }
}
