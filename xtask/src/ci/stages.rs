//! The stages of `cargo xtask ci`, in order: cheap ones first.
//!
//! To add one: a line in [`STAGES`]. A stage that runs one command needs no function
//! of its own: `Way::InTurn(plain)` runs what `repeat` says.

use std::path::{Path, PathBuf};
use std::thread::available_parallelism;

use super::tally::{Runner, Tally};
use super::{Outcome, Run, axe, lint, prepare, webhooks};
use crate::skipped::{self, Skipped};
use crate::{failover, policy, postgres, pure, rules, script, shell, tidy};

/// One stage: what it is called, how to repeat it alone, what it does.
pub struct Stage {
    /// At most 13 letters, for the table.
    pub name: &'static str,
    /// The command that repeats this stage alone.
    pub repeat: &'static str,
    /// How it is done.
    pub way: Way,
}

/// How a stage is done.
pub enum Way {
    /// By this, once the stage before it has ended.
    InTurn(fn(&mut Run, &Stage) -> Outcome),
    /// It mostly waits, so its command goes on beside the stages behind it, unless this says why it cannot.
    Beside(fn() -> Option<String>),
}

const TESTS: &str = "cargo nextest run --workspace --locked --no-fail-fast";
const TESTS_WITHOUT_NEXTEST: &str =
    "cargo test --workspace --locked --no-fail-fast --lib --bins --tests --examples";

/// Every stage, in the order in which they run.
pub const STAGES: [Stage; 20] = [
    Stage {
        name: "prepare",
        repeat: "cargo xtask ci",
        way: Way::InTurn(prepared),
    },
    Stage {
        name: "format",
        repeat: "cargo fmt --all --check",
        way: Way::InTurn(plain),
    },
    Stage {
        name: "tidy",
        repeat: "cargo xtask tidy",
        way: Way::InTurn(|_, _| own(tidy::main())),
    },
    Stage {
        name: "script",
        repeat: "cargo xtask script",
        way: Way::InTurn(scripts),
    },
    Stage {
        name: "policy",
        repeat: "cargo xtask policy",
        way: Way::InTurn(|_, _| own(policy::main())),
    },
    Stage {
        name: "build, lint",
        repeat: "env RUSTC_WORKSPACE_WRAPPER=clippy-driver cargo build --workspace --all-targets --locked",
        way: Way::InTurn(built),
    },
    Stage {
        name: "pure",
        repeat: "cargo xtask pure",
        way: Way::InTurn(|_, _| own(pure::main())),
    },
    Stage {
        name: "tests",
        repeat: TESTS,
        way: Way::InTurn(tests),
    },
    Stage {
        name: "failover",
        repeat: "cargo xtask chaos failover --kills 1 --freezes 1",
        way: Way::Beside(cannot_fail_over),
    },
    Stage {
        name: "postgres",
        repeat: "cargo xtask postgres",
        way: Way::InTurn(on_postgres),
    },
    Stage {
        name: "intake",
        repeat: "cargo xtask chaos intake --kills 16 --per-house 8 --at-once 2 --reports 20 --store postgres --built plain",
        way: Way::InTurn(dies_on_postgres),
    },
    Stage {
        name: "disk",
        repeat: "cargo nextest run --locked -p henhouse --test faults --run-ignored only",
        way: Way::InTurn(|run, _| skipped_before(run, &skipped::DISK)),
    },
    Stage {
        name: "clocks",
        repeat: "cargo nextest run --locked -p henhouse --test clocks --run-ignored only -E !test(/postgres/)",
        way: Way::InTurn(|run, _| skipped_before(run, &skipped::CLOCKS)),
    },
    Stage {
        name: "real mail",
        repeat: "cargo nextest run --locked -p henhouse --test real_mail --run-ignored only -E !test(/postgres/)",
        way: Way::InTurn(|run, _| skipped_before(run, &skipped::REAL_MAIL)),
    },
    Stage {
        name: "audit",
        repeat: "cargo nextest run --locked -p henhouse --test pages --run-ignored only",
        way: Way::InTurn(audit),
    },
    Stage {
        name: "webhooks",
        repeat: "cargo nextest run --locked -p henhouse --test alerts --run-ignored only",
        way: Way::InTurn(signed_elsewhere),
    },
    Stage {
        name: "doc tests",
        repeat: "cargo test --workspace --locked --doc",
        way: Way::InTurn(doc_tests),
    },
    Stage {
        name: "docs",
        repeat: "env RUSTDOCFLAGS=-Dwarnings cargo doc --workspace --locked --no-deps --document-private-items",
        way: Way::InTurn(plain),
    },
    Stage {
        name: "rules",
        repeat: "cargo xtask rules",
        way: Way::InTurn(rules),
    },
    Stage {
        name: "rules proved",
        repeat: "cargo xtask rules --prove",
        way: Way::InTurn(rules_proved),
    },
];

fn prepared(run: &mut Run, _: &Stage) -> Outcome {
    match prepare::main() {
        Ok(python) => {
            println!("HENHOUSE_TEST_PYTHON={python}");
            run.env.push(("HENHOUSE_TEST_PYTHON", python));
            // Many tests wait for the clock or for a peer: two more than there are cores keep all of them busy.
            let threads = available_parallelism().map_or(2, usize::from) + 2;
            run.env.push(("NEXTEST_TEST_THREADS", threads.to_string()));
            run.env.push((lint::VARIABLE, lint::DRIVER.to_owned()));
            Outcome::Passed
        }
        Err(trouble) => Outcome::Failed(format!("{trouble:#}")),
    }
}

/// Our JavaScript, where npm brought what reads it.
fn scripts(_: &mut Run, _: &Stage) -> Outcome {
    match script::why_not() {
        None => own(script::main()),
        Some(why) => {
            println!("not run: {why}");
            Outcome::NotRun(why)
        }
    }
}

fn own(done: anyhow::Result<()>) -> Outcome {
    done.map_or_else(
        |trouble| {
            eprintln!("{trouble:#}");
            let text = format!("{trouble:#}");
            Outcome::Failed(text.lines().next().unwrap_or_default().to_owned())
        },
        |()| Outcome::Passed,
    )
}

fn plain(run: &mut Run, stage: &Stage) -> Outcome {
    match started(run, stage.repeat) {
        Ok((true, _)) => Outcome::Passed,
        Ok((false, _)) => Outcome::Failed("see its output above".to_owned()),
        Err(trouble) => Outcome::Failed(format!("{trouble:#}")),
    }
}

/// Builds everything, and lets no warning pass.
fn built(run: &mut Run, stage: &Stage) -> Outcome {
    match started(run, stage.repeat) {
        Ok((true, lines)) => match lint::warned(&lines) {
            None => Outcome::Passed,
            Some(warned) => Outcome::Failed(warned),
        },
        Ok((false, _)) => Outcome::Failed("see its output above".to_owned()),
        Err(trouble) => Outcome::Failed(format!("{trouble:#}")),
    }
}

fn started(run: &Run, line: &str) -> anyhow::Result<(bool, Vec<String>)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let mut command = shell::command(&words)?;
    command.envs(run.env.iter().map(|(name, value)| (name, value)));
    // Colours would hide the runner's closing line from the tally.
    command.env("CARGO_TERM_COLOR", "never");
    command
        .env_remove("FORCE_COLOR")
        .env_remove("CLICOLOR_FORCE");
    let (status, lines) = shell::watch(command)?;
    Ok((status.success(), lines))
}

fn tests(run: &mut Run, stage: &Stage) -> Outcome {
    if runner() == Runner::CargoTest {
        println!("cargo-nextest is not installed; cargo test takes its place");
        return counted(run, TESTS_WITHOUT_NEXTEST, Runner::CargoTest);
    }
    counted(run, stage.repeat, Runner::Nextest)
}

fn runner() -> Runner {
    if rules::has_nextest() {
        Runner::Nextest
    } else {
        Runner::CargoTest
    }
}

/// The tests that need a PostgreSQL were skipped by the stage before; here they run beside one.
fn on_postgres(run: &mut Run, _: &Stage) -> Outcome {
    if !postgres::is_installed() {
        let why = "there is no PostgreSQL 15 or newer here, and it cannot be installed";
        println!("not run: {why}");
        return Outcome::NotRun(why.to_owned());
    }
    let cluster = match postgres::Cluster::start() {
        Ok(cluster) => cluster,
        Err(trouble) => return Outcome::Failed(format!("{trouble:#}")),
    };
    let before = run.tally;
    run.env.push((postgres::VARIABLE, cluster.address()));
    let outcome = counted(run, postgres::tests(), runner());
    run.env.pop();
    run.tally = before.with_skipped_ones_run(run.tally);
    outcome
}

/// Kills a node over PostgreSQL; those on SQLite are killed among the tests.
fn dies_on_postgres(run: &mut Run, stage: &Stage) -> Outcome {
    if postgres::is_installed() {
        return plain(run, stage);
    }
    let why = "there is no PostgreSQL 15 or newer here";
    println!("not run: {why}");
    Outcome::NotRun(why.to_owned())
}

/// Why no primary can be killed and frozen here, under load, if none can.
fn cannot_fail_over() -> Option<String> {
    failover::missing(failover::Plan::SHORT)
}

/// Tests that a plain run skips.
fn skipped_before(run: &mut Run, tests: &Skipped) -> Outcome {
    if let Some(why) = (tests.why_not)() {
        println!("not run: {why}");
        return Outcome::NotRun(why);
    }
    let before = run.tally;
    let outcome = counted(run, &tests.line(), runner());
    run.tally = before.with_skipped_ones_run(run.tally);
    outcome
}

/// Every page by axe-core, where npm brought it.
fn audit(run: &mut Run, _: &Stage) -> Outcome {
    with_file(run, (axe::VARIABLE, axe::file()), &skipped::AUDIT)
}

/// Webhooks that the library for JavaScript signs, where npm brought it.
fn signed_elsewhere(run: &mut Run, _: &Stage) -> Outcome {
    let file = (webhooks::VARIABLE, webhooks::file());
    with_file(run, file, &skipped::WEBHOOKS)
}

/// Tests that a plain run skips, told of a file by this name.
fn with_file(
    run: &mut Run,
    (name, file): (&'static str, Option<PathBuf>),
    tests: &Skipped,
) -> Outcome {
    if let Some(file) = file {
        run.env.push((name, file.display().to_string()));
    }
    let outcome = skipped_before(run, tests);
    run.env.retain(|(one, _)| *one != name);
    outcome
}

fn doc_tests(run: &mut Run, stage: &Stage) -> Outcome {
    let before = run.tally.sum();
    match counted(run, stage.repeat, Runner::CargoTest) {
        Outcome::Passed if run.tally.sum() == before => {
            Outcome::NotRun("no example stands in a doc comment".to_owned())
        }
        outcome => outcome,
    }
}

fn counted(run: &mut Run, line: &str, runner: Runner) -> Outcome {
    let (ended_well, lines) = match started(run, line) {
        Ok(done) => done,
        Err(trouble) => return Outcome::Failed(format!("{trouble:#}")),
    };
    let closing = runner.closing_lines(&lines);
    let tally: Tally = closing.iter().map(|line| runner.read(line)).sum();
    run.closing
        .extend(closing.iter().map(|line| (*line).to_owned()));
    run.tally = [run.tally, tally].into_iter().sum();
    match (ended_well, tally.failed, closing.is_empty()) {
        (true, 0, false) => Outcome::Passed,
        (true, 0, true) => Outcome::Failed("the test runner printed no closing line".to_owned()),
        (_, 0, _) => Outcome::Failed("see its output above".to_owned()),
        (_, failed, _) => Outcome::Failed(format!("{failed} tests failed")),
    }
}

fn rules(_: &mut Run, _: &Stage) -> Outcome {
    if there("crates/procedure/examples/rules.rs") {
        own(rules::main())
    } else {
        not_written("the procedure does not print its rules")
    }
}

fn rules_proved(run: &mut Run, _: &Stage) -> Outcome {
    if there("crates/procedure/tests/prove.rs") {
        counted(run, &rules::prove_line(), runner())
    } else {
        not_written("no test switches rules off")
    }
}

fn there(path: &str) -> bool {
    shell::root().is_ok_and(|root| root.join(Path::new(path)).is_file())
}

fn not_written(what: &str) -> Outcome {
    println!("not run: {what} yet");
    Outcome::NotRun(format!("{what} yet"))
}
