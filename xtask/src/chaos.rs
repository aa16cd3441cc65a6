//! `cargo xtask chaos`: the long forms of the tests that break things. Their short forms run with `cargo xtask ci`;
//! here they run for as long as is asked, and print their figures.

use anyhow::{Context as _, Result, bail};

use crate::{postgres, rules, shell, skipped};

const USAGE: &str = "\
usage: cargo xtask chaos <what> [options]

  kills     the process dies at named points and at any moment  --per-point N (100)  --seed S (1)
  intake    reports pour in and the node dies, over and over    --kills N (10000)  --store file|postgres (file)
            (--reports N (60 a life)  --per-house N (100)       --at-once N (4)  --seed S (1)
            --built optimised|plain|already (optimised))
  pages     pages fall due at one instant under load            --due N (1000)  --per-second N (10)
            (beside a PostgreSQL, by `cargo xtask postgres cargo xtask chaos pages`, from two nodes too)
  sends     the process dies in a send, beside mail servers     --times N (50)  --seed S (1)
            that misbehave
  simulate  whole nodes under a seeded scheduler                --seeds N (1000)  --first N (0)  --acts N (60)
            (built with optimisation)                          --days N (1)  --threads N (2)  --seed S (one alone)
  failover  primaries of PostgreSQL under Patroni are killed   --kills N (15)  --freezes N (5)
            and frozen under two nodes                         --node-kills N (0)  --patroni 4|installed (4)
            (--etcd-kills N (3)  --frozen SECONDS (26)         --strict yes  --built already)
  disk      the power goes, or the disk fails or is full, at any  --cuts N (200)  --errors N (200)
            call (needs root and /dev/fuse)                     --seed S (1)
  clocks    the wall clock jumps; a node stands still          --jumps N (20)  --freezes N (20)
            (needs libfaketime and PostgreSQL)                 --longest SECONDS (600)  --seed S (1)
  moves     backup, restore and migrate-store are killed         --times N (200)  --seed S (1)
            (beside a PostgreSQL, by `cargo xtask postgres cargo xtask chaos moves`, migrate-store too)
  browser   every story is told by pages, in every way:          --ways N (4) --browser NAME (chromium)
            by keyboard, by mouse, without script, on a phone
  walks     random walks over the engine                        --seeds N (10000)";

/// A test with a long form.
struct Form {
    name: &'static str,
    package: &'static str,
    test: &'static str,
    /// Why it cannot run here; nothing if it can. Where it may not run everywhere, `cargo test` skips it.
    why_not: Option<fn() -> Option<String>>,
    /// How it is built; as tests are, if that is empty. As users run it where its figures are theirs; and where it is the
    /// processor that is waited for, with optimisation.
    built: &'static str,
    /// Options, the variables by which the test hears of them, what they are if nothing is said; nothing, if that is empty.
    options: &'static [(&'static str, &'static str, &'static str)],
}

const FORMS: [Form; 9] = [
    Form {
        name: "kills",
        package: "henhouse",
        test: "kills",
        why_not: None,
        built: "",
        options: &[
            ("--per-point", "HENHOUSE_KILLS", "100"),
            ("--seed", "HENHOUSE_SEED", "1"),
        ],
    },
    Form {
        name: "pages",
        package: "henhouse",
        test: "due",
        why_not: None,
        built: "release",
        options: &[
            ("--due", "HENHOUSE_DUE", "1000"),
            ("--per-second", "HENHOUSE_REPORTS_A_SECOND", "10"),
        ],
    },
    Form {
        name: "sends",
        package: "henhouse",
        test: "sends",
        why_not: None,
        built: "",
        options: &[
            ("--times", "HENHOUSE_SENDS", "50"),
            ("--seed", "HENHOUSE_SEED", "1"),
        ],
    },
    Form {
        name: "simulate",
        package: "henhouse",
        test: "simulation",
        why_not: None,
        built: "profiling",
        options: &[
            ("--seeds", "HENHOUSE_SEEDS", "1000"),
            ("--first", "HENHOUSE_FIRST", "0"),
            ("--acts", "HENHOUSE_ACTS", "60"),
            ("--days", "HENHOUSE_DAYS", "1"),
            ("--threads", "HENHOUSE_THREADS", "2"),
            ("--seed", "HENHOUSE_SEED", ""),
        ],
    },
    Form {
        name: "disk",
        package: "henhouse",
        test: "faults",
        why_not: Some(skipped::DISK.why_not),
        built: "release",
        options: &[
            ("--cuts", "HENHOUSE_CUTS", "200"),
            ("--errors", "HENHOUSE_ERRORS", "200"),
            ("--seed", "HENHOUSE_SEED", "1"),
        ],
    },
    Form {
        name: "clocks",
        package: "henhouse",
        test: "clocks",
        why_not: Some(skipped::no_clocks),
        built: "",
        options: &[
            ("--jumps", "HENHOUSE_JUMPS", "20"),
            ("--freezes", "HENHOUSE_FREEZES", "20"),
            ("--longest", "HENHOUSE_LONGEST", "600"),
            ("--seed", "HENHOUSE_SEED", "1"),
        ],
    },
    Form {
        name: "moves",
        package: "henhouse",
        test: "moves",
        why_not: None,
        built: "",
        options: &[
            ("--times", "HENHOUSE_MOVES", "200"),
            ("--seed", "HENHOUSE_SEED", "1"),
        ],
    },
    Form {
        name: "browser",
        package: "henhouse",
        test: "by_browser",
        why_not: None,
        built: "",
        options: &[
            ("--ways", "HENHOUSE_WAYS", "4"),
            ("--browser", "HENHOUSE_TEST_BROWSER", "chromium"),
        ],
    },
    Form {
        name: "walks",
        package: "procedure",
        test: "walks",
        why_not: None,
        built: "",
        options: &[("--seeds", "HENHOUSE_SEEDS", "10000")],
    },
];

/// Runs one long form.
///
/// # Errors
/// Words that mean nothing here, or a promise that was not kept.
pub fn main(words: &[&str]) -> Result<()> {
    let (name, options) = words.split_first().context(USAGE)?;
    let form = FORMS.iter().find(|form| form.name == *name);
    let form = form.context(USAGE)?;
    if let Some(why) = form.why_not.and_then(|why_not| why_not()) {
        bail!("{name}: not run, because {why}");
    }
    let (package, test) = (form.package, form.test);
    let profile = match (form.built, rules::has_nextest()) {
        ("", _) => String::new(),
        (built, true) => format!("--cargo-profile {built} "),
        (built, false) => format!("--profile {built} "),
    };
    let what = format!("{profile}--locked -p {package} --test {test}");
    // Each test in a process of its own: a child that is just being started holds every file that its parent has open.
    // Beside a PostgreSQL, what needs one too.
    let beside = std::env::var_os(postgres::VARIABLE).is_some();
    let skipped = form.why_not.is_some() || beside;
    let line = if rules::has_nextest() {
        let too = if skipped { " --run-ignored all" } else { "" };
        format!("cargo nextest run --profile chaos {what}{too}")
    } else {
        let too = if skipped { " --include-ignored" } else { "" };
        format!("cargo test {what} -- --nocapture --test-threads 1{too}")
    };
    let words: Vec<&str> = line.split(' ').collect();
    let mut command = shell::command(&words)?;
    command.envs(settings(form, options)?);
    if shell::watch(command)?.0.success() {
        return Ok(());
    }
    bail!("{name}: a promise was not kept; see above")
}

/// The variables of a run.
fn settings(form: &Form, words: &[&str]) -> Result<Vec<(&'static str, String)>> {
    let known = |word: &str| form.options.iter().any(|(option, ..)| *option == word);
    let pairs = words.chunks(2);
    for pair in pairs.clone() {
        let number = pair
            .get(1)
            .is_some_and(|number| number.parse::<u64>().is_ok());
        if !known(pair[0]) || !number {
            bail!("{}: not an option with a number\n{USAGE}", pair.join(" "));
        }
    }
    let value = |option: &str, usual: &str| {
        let given = pairs.clone().find(|pair| pair[0] == option);
        given.map_or(usual, |pair| pair[1]).to_owned()
    };
    let options = form.options.iter();
    Ok(options
        .map(|(option, variable, usual)| (*variable, value(option, usual)))
        .filter(|(_, value)| !value.is_empty())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_become_variables_and_what_is_not_said_is_as_usual() {
        let kills = &FORMS[0];
        let said = settings(kills, &["--seed", "7"]).expect("known options");
        let expected = [
            ("HENHOUSE_KILLS", "100".to_owned()),
            ("HENHOUSE_SEED", "7".to_owned()),
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn a_word_that_means_nothing_is_not_passed_over() {
        for words in [&["--seeds", "7"][..], &["--seed"], &["--seed", "x"], &["7"]] {
            assert!(settings(&FORMS[0], words).is_err(), "{words:?}");
        }
    }
}
