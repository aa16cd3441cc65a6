//! Every line that a board, an agenda or a refusal prints for a person is taken when that person sends it as it
//! stands, its questions answered, and it leads on: what it was printed for is settled then, or another line stands there.
//!
//! Every scenario of the procedure is played. After each of its lines, everything that is printed for anybody is
//! read as the command line reads it, and given to the case as it stands.
//!
//! A run looks at some of the lines of each scenario, the same ones each time. `HENHOUSE_LINES=all` looks at every one
//! of them, `SCENARIO=R26` at every one of those whose title says so.

use std::collections::{BTreeMap, BTreeSet};

use clap::Parser as _;
use procedure::{Case as Journal, Obligation, Order, PersonId, Refusal};

use super::super::{Cli, Command, fields};
use super::Case;
use crate::report::by_hand::{Hand, answered, fields as usual};
use crate::report::stage::{self, Stage, actor, line::Player, script};
use crate::report::typed;

/// The lines of a scenario that are looked at, each so-manieth of its file.
const STRIDE: usize = 9;

const NUMBER: &str = "HH-1";

/// A line as the command line reads it: the command and its fields.
type Line = Result<(String, Vec<String>), String>;

/// What was found wrong, by what it is, with how often and the first place that shows it; and what was read.
#[derive(Default)]
struct Walk {
    wrong: BTreeMap<String, (usize, String)>,
    read: BTreeMap<String, Line>,
    lines: usize,
    /// What was looked at closely in this scenario.
    seen: BTreeSet<String>,
}

/// Lines that do not lead on by themselves, with the reason.
const WAITS: [(&str, &str, &str); 2] = [
    ("start_disruption", "record_contact", TRYING),
    ("start_step", "record_contact", TRYING),
];

const TRYING: &str =
    "silence counts only after an hour of trying (R65): until then they go on trying";

impl Walk {
    fn find(&mut self, what: String, place: impl FnOnce() -> String) {
        let found = self.wrong.entry(what).or_insert_with(|| (0, place()));
        found.0 += 1;
    }

    /// The order that a printed line gives.
    fn order(&mut self, line: &str, stage: &Stage) -> Result<Order, String> {
        let read = self
            .read
            .entry(line.to_owned())
            .or_insert_with(|| read(line));
        let (command, given) = read.clone()?;
        let mut body = fields::read(&given).map_err(|e| e.to_string())?;
        let names = typed::unread_times(&mut body);
        let zone = stage.basis.project.calendar.rules();
        typed::read_times(&mut body, names, stage.now, zone)?;
        body.insert("command".into(), command.into());
        let command: procedure::Command =
            serde_json::from_value(body.into()).map_err(|e| e.to_string())?;
        Ok(Order::from(command))
    }

    /// What becomes of a line; what is wrong with it.
    fn paste(&mut self, stage: &Stage, person: &PersonId, line: &str) -> Result<Journal, String> {
        self.lines += 1;
        let order = self.order(line, stage);
        let order = order.map_err(|why| format!("cannot be read: {why}"))?;
        let sent = stage.tried(&actor(&person.0), &order);
        sent.map_err(|refused| format!("is refused: {} {}", refused.sentence, refused.yes_when))
    }

    /// Everything that the boards print about this case.
    fn boards(&mut self, stage: &Stage, place: &str) {
        for owed in &stage.agenda().obligations {
            for person in stage.at().asked(owed) {
                let Some(line) = hand(&stage.case, stage, &person).settle(owed) else {
                    continue;
                };
                let told = || {
                    format!(
                        "{place}: {person}: {} ({})\n      {line}",
                        owed.what, owed.key
                    )
                };
                match self.paste(stage, &person, &line) {
                    Err(why) => self.find(format!("{} {why}", settles(owed)), told),
                    Ok(_) if waits(owed, &line) => {}
                    Ok(_) if !self.seen.insert(format!("{person} {} {line}", owed.key)) => {}
                    Ok(after) if stays(&after, stage, &person, owed, &line) => {
                        self.find(
                            format!("{} does not lead on ({})", settles(owed), owed.rule),
                            told,
                        );
                    }
                    Ok(_) => {}
                }
            }
        }
    }

    /// Everything that is printed to somebody who is refused a command of the usual form.
    fn refusals(&mut self, stage: &Stage, place: &str) {
        let people: Vec<PersonId> = stage
            .basis
            .project
            .roster
            .iter()
            .map(|m| m.person.clone())
            .collect();
        for command in WANTED {
            for person in &people {
                let line = format!("henhouse case do {NUMBER} {command} {}", usual(command));
                let Ok(order) = self.order(&line, stage) else {
                    continue;
                };
                let Err(refused) = stage.tried(&actor(&person.0), &order) else {
                    continue;
                };
                self.lacking(stage, place, person, command, &refused);
            }
        }
    }

    fn lacking(
        &mut self,
        stage: &Stage,
        place: &str,
        person: &PersonId,
        command: &str,
        refused: &Refusal,
    ) {
        for missing in &refused.missing {
            if missing.settle_with == command {
                continue;
            }
            let Some(line) = hand(&stage.case, stage, person).missing(missing, command) else {
                continue;
            };
            if let Err(why) = self.paste(stage, person, &line) {
                let told = || {
                    format!(
                        "{place}: {person}: {command}: {}\n      {line}",
                        missing.sentence
                    )
                };
                self.find(format!("{command}: {} {why}", missing.settle_with), told);
            }
        }
    }
}

/// Commands that people try too early.
const WANTED: &[&str] = &[
    "confirm",
    "ready_for_qa",
    "accept_qa",
    "publish_report",
    "close",
    "accept_handover",
    "start_step",
    "verify_step",
    "start_disruption",
];

/// As the command line reads it, once what only a human can say was answered.
fn read(line: &str) -> Line {
    let words = typed::parted(&answered(line));
    match Cli::try_parse_from(words)
        .map_err(|e| e.to_string())?
        .command
    {
        Some(Command::Ack(_)) => Ok(("acknowledge".to_owned(), Vec::new())),
        Some(Command::Case(Case::Do { command, given, .. })) => Ok((command, given.fields)),
        other => Err(format!("no such line: {other:?}")),
    }
}

fn hand<'a>(case: &'a Journal, stage: &'a Stage, person: &'a PersonId) -> Hand<'a> {
    Hand {
        number: NUMBER,
        case,
        basis: &stage.basis,
        now: stage.now,
        person: Some(person),
    }
}

fn waits(owed: &Obligation, line: &str) -> bool {
    let mut known = WAITS.iter();
    known.any(|(asked, sent, _)| settles(owed) == *asked && line.contains(sent))
}

fn settles(owed: &Obligation) -> &'static str {
    owed.settle_with.unwrap_or_default()
}

/// Whether the same is still asked of the same person, with the same line.
fn stays(after: &Journal, stage: &Stage, person: &PersonId, owed: &Obligation, line: &str) -> bool {
    let agenda = procedure::agenda(after, &stage.basis, stage.now);
    let at = procedure::at::At::new(after, &stage.basis, stage.now);
    let same = |other: &&Obligation| {
        (&other.key, other.since, other.due) == (&owed.key, owed.since, owed.due)
            && at.asked(other).contains(person)
    };
    let again = agenda.obligations.iter().find(same);
    again.is_some_and(|again| hand(after, stage, person).settle(again).as_deref() == Some(line))
}

#[test]
fn every_line_that_is_printed_is_taken_from_whom_it_is_printed_for() {
    let only = std::env::var("SCENARIO").unwrap_or_default();
    let everything = std::env::var_os("HENHOUSE_LINES").is_some() || !only.is_empty();
    let mut walk = Walk::default();
    for scenario in script::all() {
        if !scenario.title.contains(&only) {
            continue;
        }
        let start = "2026-03-02T03:00Z".parse().expect("a time");
        walk.seen.clear();
        let mut player = Player::new(Stage::new(stage::project::basis(), start));
        let last = scenario.steps.last().map(|(n, _)| *n);
        for (n, step) in &scenario.steps {
            let played = player.play(step);
            played.unwrap_or_else(|why| panic!("{}: {why}", scenario.place));
            let looked_at = everything || n % STRIDE == 0 || Some(*n) == last;
            if looked_at && player.stage.case.exists() {
                let place = format!("{}, line {n}", scenario.place);
                walk.boards(&player.stage, &place);
                if everything || n % (2 * STRIDE) == 0 {
                    walk.refusals(&player.stage, &place);
                }
            }
        }
    }
    let wrong = walk.wrong.iter();
    let said: Vec<String> = wrong
        .map(|(what, (n, place))| format!("{n} times: {what}\n    {place}"))
        .collect();
    assert!(walk.lines > 0, "nothing was printed");
    assert!(
        said.is_empty(),
        "\n{}\n{} sorts in {} lines",
        said.join("\n"),
        said.len(),
        walk.lines
    );
}
