//! The process dies at its most delicate moments and at any other, again and again, in real time and in drills, while
//! people report and answer and while time has things to do. What it said it had is there afterwards; what had to leave
//! left, once as far as its reader can tell; nothing was late by more than the time that nothing ran.
//!
//! `cargo xtask chaos kills --per-point 100 --seed 7` kills more often and prints the figures.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

#[path = "kills/campaign.rs"]
mod campaign;
#[path = "../../procedure/tests/walk/chance.rs"]
#[expect(dead_code, reason = "the walks use more of it")]
mod chance;
mod farm;
#[path = "kills/figures.rs"]
mod figures;
#[path = "kills/house.rs"]
mod house;
#[path = "kills/ledger.rs"]
mod ledger;
#[path = "kills/past.rs"]
#[expect(dead_code, reason = "the pages that fall due at once use more of it")]
mod past;
mod peers;
mod served;

use campaign::{Mode, Moment, run};

#[test]
fn real_before_a_commit() {
    run(Mode::Real, Moment::At("before_commit"));
}

#[test]
fn real_after_a_commit_before_the_answer() {
    run(Mode::Real, Moment::At("after_commit"));
}

#[test]
fn real_before_a_send() {
    run(Mode::Real, Moment::At("before_send"));
}

#[test]
fn real_after_a_send_before_its_mark() {
    run(Mode::Real, Moment::At("after_send"));
}

#[test]
fn real_at_any_moment() {
    run(Mode::Real, Moment::Any);
}

#[test]
fn drill_before_a_commit() {
    run(Mode::Drill, Moment::At("before_commit"));
}

#[test]
fn drill_after_a_commit_before_the_answer() {
    run(Mode::Drill, Moment::At("after_commit"));
}

#[test]
fn drill_before_a_send() {
    run(Mode::Drill, Moment::At("before_send"));
}

#[test]
fn drill_after_a_send_before_its_mark() {
    run(Mode::Drill, Moment::At("after_send"));
}

#[test]
fn drill_at_any_moment() {
    run(Mode::Drill, Moment::Any);
}
