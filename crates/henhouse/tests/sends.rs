//! The process dies in the middle of a send, again and again, beside mail servers each of which misbehaves in a way of its
//! own: every page arrives, and what arrives twice is one and the same mail. The same by each of the channels beside mail.
//!
//! `cargo xtask chaos sends --times 50` does each of them so often at each point, and prints the figures.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may fail loudly and tell its figures"
)]

#[path = "sends/cell.rs"]
mod cell;
#[path = "../../procedure/tests/walk/chance.rs"]
#[expect(dead_code, reason = "the walks use more of it")]
mod chance;
#[path = "sends/channels.rs"]
mod channels;
#[path = "sends/death.rs"]
mod death;
mod farm;
#[path = "clocks/house.rs"]
#[expect(dead_code, reason = "whoever moves its clock uses more of it")]
mod house;
#[path = "sends/manners.rs"]
mod manners;
mod peers;
mod served;

use std::collections::VecDeque;
use std::sync::Mutex;

use cell::{Cell, Figures, Founded};
use death::DEATHS;
use manners::MANNERS;

/// So many cells at a time: they mostly wait for the next try.
const AT_ONCE: usize = 32;

fn number(variable: &str) -> Option<usize> {
    std::env::var(variable).ok()?.parse().ok()
}

/// In the long form every manner meets every death; in the short one the death that leaves most in doubt, and one other.
fn cells() -> Vec<Cell> {
    let times = number("HENHOUSE_SENDS");
    let seed = number("HENHOUSE_SEED").unwrap_or(1) as u64;
    let cell = |manner: usize, deaths: Vec<usize>| Cell {
        manner: &MANNERS[manner],
        deaths: deaths.into_iter().map(|death| DEATHS[death]).collect(),
        times: times.unwrap_or(1),
        troubles: if times.is_some() { 2 } else { 1 },
        seed: seed.wrapping_mul(1_000_003) ^ (manner as u64 * 31),
    };
    let manners = 0..MANNERS.len();
    if times.is_none() {
        let others = 1..DEATHS.len();
        let short = |manner| cell(manner, vec![0, others.start + manner % others.len()]);
        return manners.map(short).collect();
    }
    let all = manners.flat_map(|manner| (0..DEATHS.len()).map(move |death| (manner, death)));
    all.map(|(manner, death)| cell(manner, vec![death]))
        .collect()
}

#[test]
fn every_page_arrives_whatever_the_mail_server_does_and_wherever_the_process_dies() {
    let all: VecDeque<Founded> = cells().into_iter().map(Cell::found).collect();
    let all = Mutex::new(all);
    let figures = Mutex::new(Figures::default());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let Some(cell) = all.lock().unwrap().pop_front() else {
                        return;
                    };
                    let name = cell.cell.name();
                    let done = cell.run();
                    eprintln!("{name}: {done}");
                    figures.lock().unwrap().add(&done);
                }
            });
        }
    });
    let figures = figures.into_inner().unwrap();
    eprintln!(
        "{} manners of a mail server, {} deaths: {figures}",
        MANNERS.len(),
        DEATHS.len()
    );
}

#[test]
fn every_page_arrives_by_every_channel_whatever_its_peer_does_and_wherever_the_process_dies() {
    henhouse::tls::install_provider();
    let seed = number("HENHOUSE_SEED").unwrap_or(1) as u64;
    let all = channels::cells(number("HENHOUSE_SENDS"), seed);
    let pages = all.len();
    let (all, came) = (Mutex::new(all), Mutex::new((0, 0)));
    let next = || all.lock().unwrap().pop();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(cell) = next() {
                    let (sends, mails) = cell.live();
                    let mut came = came.lock().unwrap();
                    *came = (came.0 + sends, came.1 + mails);
                }
            });
        }
    });
    let ((came, mails), ways) = (came.into_inner().unwrap(), channels::CHANNELS.len());
    let (manners, deaths) = (channels::MANNERS.len(), DEATHS.len());
    eprintln!(
        "{ways} channels, {manners} manners, {deaths} deaths: {pages} pages, 0 missed, {came} sends, each page \
         under one key; {mails} mails where a channel had failed twice"
    );
}
