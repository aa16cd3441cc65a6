//! A proposal for who works when keeps the rule as soon as enough people take turns (R69, M18).

mod stage;

use jiff::{SignedDuration, Timestamp};
use procedure::at::{At, after};
use procedure::chapters::endurance::{ShiftAs, people_for_a_rota, rota, strains};
use procedure::{Case, PersonId};
use stage::project::basis;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// How many shifts of a day for so many people are too long or leave too little rest, and how many there are.
fn strained(people: usize, from: Timestamp) -> (usize, usize) {
    let (case, basis) = (Case::default(), basis());
    let at = At::new(&case, &basis, from);
    let people: Vec<PersonId> = (0..people).map(|n| PersonId(format!("p{n}"))).collect();
    let shifts = rota(at, &people, (from, after(from, DAY)), ShiftAs::Responder);
    let hard = strains(at, &shifts).into_iter();
    let hard = hard.filter(|one| one.over_minutes > 0 || one.rest_short_minutes > 0);
    (hard.count(), shifts.len())
}

#[test]
fn with_enough_people_no_proposed_shift_is_too_long_or_leaves_too_little_rest() {
    let (case, basis) = (Case::default(), basis());
    let midnight: Timestamp = "2026-03-02T00:00:00Z".parse().expect("a time");
    let enough = people_for_a_rota(At::new(&case, &basis, midnight));
    assert_eq!(enough, 4, "three hours on, eight hours off");
    for minutes in (0..24 * 60).step_by(7) {
        let from = after(midnight, SignedDuration::from_mins(minutes));
        for people in enough..enough + 4 {
            let (hard, all) = strained(people, from);
            assert!(all > 6, "{all} shifts from {from}");
            assert_eq!(hard, 0, "{people} people from {from}: {hard} of {all}");
        }
    }
}

#[test]
fn with_fewer_the_proposal_still_fills_the_day() {
    let from: Timestamp = "2026-03-02T03:12:00Z".parse().expect("a time");
    for people in 1..4 {
        let (hard, all) = strained(people, from);
        assert!(hard > 0 && all > 6, "{people} people: {hard} of {all}");
    }
}
