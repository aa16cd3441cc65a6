//! `cargo xtask ci`: the one list of checks, the same for people and for CI.
//!
//! A stage that has nothing to run yet says "not run, because …"; it never says
//! "passed". The first stage that fails ends the run. One that mostly waits goes on
//! beside those behind it, and its output comes after theirs. The last line is the sum
//! of all tests, alone on its line.

pub mod axe;
mod beside;
mod lint;
pub mod prepare;
mod stages;
mod tally;
pub mod webhooks;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use beside::Beside;
use stages::{STAGES, Stage, Way};
use tally::Tally;

use crate::stopwatch::Stopwatch;

/// How a stage ended.
#[derive(Debug)]
enum Outcome {
    Passed,
    NotRun(String),
    Failed(String),
}

/// What the stages share while they run.
#[derive(Default)]
struct Run {
    /// Tests counted so far.
    tally: Tally,
    /// The closing lines of the test runners, as they wrote them.
    closing: Vec<String>,
    /// Set for every program that is started.
    env: Vec<(&'static str, String)>,
    /// Where this program lies, as it was when it began: the build puts a new one in its place, and after that the
    /// kernel only says that ours is gone.
    program: PathBuf,
}

struct Row {
    stage: &'static Stage,
    took: Duration,
    outcome: Outcome,
}

/// Runs every stage and prints the table, the closing lines and the tally.
pub fn main() -> ExitCode {
    let all = Stopwatch::start();
    let mut run = Run {
        env: vec![("CI", "true".to_owned())],
        program: std::env::current_exe().unwrap_or_default(),
        ..Run::default()
    };
    let mut rows: Vec<Row> = Vec::new();
    let mut beside = Vec::new();
    let mut failed = None;
    for stage in &STAGES {
        let watch = Stopwatch::start();
        let outcome = match (failed, &stage.way) {
            (Some(name), _) => Outcome::NotRun(format!("{name} failed")),
            (None, Way::Beside(why_not)) => match Beside::start(stage, *why_not, &run) {
                Ok(started) => {
                    beside.push(started);
                    continue;
                }
                Err(outcome) => outcome,
            },
            (None, Way::InTurn(done)) => {
                println!("\n== {}: {}", stage.name, stage.repeat);
                done(&mut run, stage)
            }
        };
        if matches!(outcome, Outcome::Failed(_)) {
            failed = Some(stage.name);
        }
        rows.push(Row {
            stage,
            took: watch.read(),
            outcome,
        });
    }
    rows.extend(beside.into_iter().map(Beside::end));
    print!("{}", report(&rows, &run, all.read()));
    let is_failed = |row: &Row| matches!(row.outcome, Outcome::Failed(_));
    if rows.iter().any(is_failed) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn report(rows: &[Row], run: &Run, all: Duration) -> String {
    let mut text = format!("\n{:<14}{:>8}  outcome\n", "stage", "minutes");
    for row in rows {
        let minutes = row.took.as_secs_f64() / 60.0;
        let words = match &row.outcome {
            Outcome::Passed => "passed".to_owned(),
            Outcome::NotRun(why) => format!("not run, because {why}"),
            Outcome::Failed(why) => format!("FAILED: {why}"),
        };
        text += &format!("{:<14}{minutes:>8.1}  {words}\n", row.stage.name);
    }
    text += &format!("{:<14}{:>8.1}\n", "all", all.as_secs_f64() / 60.0);
    for row in rows
        .iter()
        .filter(|row| matches!(row.outcome, Outcome::Failed(_)))
    {
        text += &format!("\nto repeat what failed: {}\n", row.stage.repeat);
    }
    if !run.closing.is_empty() {
        text += &format!(
            "\nthe test runners' own closing lines:\n{}\n",
            run.closing.join("\n")
        );
    }
    text + &format!("\n{}\n", run.tally)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(index: usize, outcome: Outcome) -> Row {
        Row {
            stage: &STAGES[index],
            took: Duration::from_secs(90),
            outcome,
        }
    }

    #[test]
    fn the_report_ends_with_the_tally_alone_on_its_line() {
        let run = Run {
            tally: Tally {
                passed: 7,
                failed: 1,
                skipped: 2,
            },
            closing: vec!["Summary: what the runner said".into()],
            ..Run::default()
        };
        let text = report(
            &[
                row(0, Outcome::Passed),
                row(1, Outcome::Failed("badly".into())),
            ],
            &run,
            Duration::ZERO,
        );
        assert!(
            text.ends_with("\n7 passed, 1 failed, 2 skipped\n"),
            "{text}"
        );
        assert!(text.contains("Summary: what the runner said"));
    }

    #[test]
    fn what_did_not_run_is_never_called_passed() {
        let text = report(
            &[row(0, Outcome::NotRun("it is not written yet".into()))],
            &Run::default(),
            Duration::ZERO,
        );
        assert!(text.contains("not run, because it is not written yet"));
        assert!(!text.contains("  passed"), "{text}");
    }

    #[test]
    fn a_failure_comes_with_the_command_to_repeat_it() {
        let text = report(
            &[row(1, Outcome::Failed("badly".into()))],
            &Run::default(),
            Duration::ZERO,
        );
        assert!(text.contains(&format!("to repeat what failed: {}", STAGES[1].repeat)));
    }
}
