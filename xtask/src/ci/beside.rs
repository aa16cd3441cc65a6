//! A stage that mostly waits, such as for a cluster to find a new leader, goes on beside those that compute.

use std::fs::File;
use std::path::PathBuf;
use std::process::Child;
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::stages::Stage;
use super::{Outcome, Row, Run};
use crate::shell;
use crate::stopwatch::Stopwatch;

/// One that was started.
pub struct Beside {
    stage: &'static Stage,
    ending: JoinHandle<(Result<bool>, Duration)>,
}

impl Beside {
    /// Starts the stage's command, unless it cannot be run here. What it writes is shown at its end.
    ///
    /// # Errors
    /// How the stage has ended without having begun.
    pub fn start(
        stage: &'static Stage,
        why_not: fn() -> Option<String>,
        run: &Run,
    ) -> Result<Self, Outcome> {
        if let Some(why) = why_not() {
            println!("\n== {}: not run: {why}", stage.name);
            return Err(Outcome::NotRun(why));
        }
        println!("\n== {} goes on beside what follows", stage.name);
        let mut child = spawn(stage, run).map_err(failed)?;
        let watch = Stopwatch::start();
        let ending = std::thread::spawn(move || {
            let ended = child.wait().map(|status| status.success());
            (ended.map_err(Into::into), watch.read())
        });
        Ok(Self { stage, ending })
    }

    /// Waits for its end and shows what it wrote.
    pub fn end(self) -> Row {
        let stage = self.stage;
        println!("\n== {}: {}", stage.name, stage.repeat);
        let panicked = |_| (Err(anyhow::anyhow!("nobody waited for it")), Duration::ZERO);
        let (ended, took) = self.ending.join().unwrap_or_else(panicked);
        let wrote = log(stage).and_then(|log| Ok(std::fs::read_to_string(log)?));
        print!("{}", wrote.unwrap_or_default());
        let outcome = match ended {
            Ok(true) => Outcome::Passed,
            Ok(false) => Outcome::Failed("see its output above".to_owned()),
            Err(trouble) => failed(trouble),
        };
        Row {
            stage,
            took,
            outcome,
        }
    }
}

/// This program itself, for the words of the stage's command, writing into the stage's log.
fn spawn(stage: &Stage, run: &Run) -> Result<Child> {
    let program = run.program.to_str().context("a path that is not UTF-8")?;
    let words: Vec<&str> = stage.repeat.split_whitespace().collect();
    let words = words.strip_prefix(&["cargo", "xtask"]);
    let words = words.context("only a command of xtask goes on beside others")?;
    let log = File::create(log(stage)?)?;
    let mut command = shell::command(&[&[program], words].concat())?;
    command
        .envs(run.env.iter().map(|(name, value)| (name, value)))
        .stdout(log.try_clone()?)
        .stderr(log);
    Ok(command.spawn()?)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it stands where errors are mapped"
)]
fn failed(trouble: anyhow::Error) -> Outcome {
    Outcome::Failed(format!("{trouble:#}"))
}

fn log(stage: &Stage) -> Result<PathBuf> {
    let folder = shell::root()?.join("target/ci");
    std::fs::create_dir_all(&folder)?;
    Ok(folder.join(format!("{}.log", stage.name)))
}
