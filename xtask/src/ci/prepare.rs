//! What the tests need beyond the Rust toolchain: found, or installed where we may
//! (root on Debian), or named with the way to get it.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::{axe, lint, webhooks};
use crate::{postgres, script, shell, skipped};

/// A program of the system, and the Debian package that brings it.
struct Need {
    program: &'static [&'static str],
    package: &'static str,
    why: &'static str,
}

/// To add one: a line here.
const NEEDS: [Need; 6] = [
    Need {
        program: &["cc", "--version"],
        package: "gcc libc6-dev",
        why: "SQLite and ring are built from C",
    },
    Need {
        program: &["python3", "--version"],
        package: "python3",
        why: "the tests' mail server and object store are written in it",
    },
    Need {
        program: &["openssl", "version"],
        package: "openssl",
        why: "it makes the certificates of the tests' mail server",
    },
    Need {
        program: &["chromium", "--version"],
        package: "chromium",
        why: "the tests look at the pages with it",
    },
    Need {
        program: &["swaks", "--version"],
        package: "swaks",
        why: "the tests bring mail in with it",
    },
    Need {
        program: &["prometheus-alertmanager", "--version"],
        package: "prometheus-alertmanager",
        why: "it sends the tests' alerts",
    },
];

/// The mail server of the tests, their object store with what it is served by, the library that verifies webhooks, those that
/// open a push and know its sender, a client that sends alerts, the library of a gateway of telephones, two that read calendars, and one that reads QR codes, from PyPI.
const SERVERS: &[&str] = &[
    "aiosmtpd==1.4.6",
    "moto[s3]==5.2.5",
    "flask==3.1.3",
    "flask-cors==6.0.5",
    "standardwebhooks==1.1.0",
    "http-ece==1.2.1",
    "py-vapid==1.9.6",
    "opsgenie-sdk==2.1.5",
    "twilio==9.13.0",
    "vonage-voice==1.5.1",
    "pagerduty==7.2.0",
    "icalendar==7.3.0",
    "recurring-ical-events==3.8.2",
    "zxing-cpp==3.1.1",
];

/// Fails where one of them is missing.
const IMPORTS: &str = "import aiosmtpd, moto.server, standardwebhooks, http_ece, py_vapid, opsgenie_sdk, twilio, vonage_voice, pagerduty, icalendar, recurring_ical_events, zxingcpp";

/// Where the Python environment of the tests lives, below the top folder.
const VENV: &str = "target/ci/venv";

/// Makes everything ready; returns the Python that has the tests' packages.
///
/// # Errors
/// Names what is missing and cannot be installed from here.
pub fn main() -> Result<String> {
    for words in [&["cargo", "fmt"][..], &[lint::DRIVER]] {
        if !shell::works(&[words, &["--version"]].concat()) {
            bail!(
                "`{}` is missing: rustup component add rustfmt clippy",
                words.join(" ")
            );
        }
    }
    let missing: Vec<&Need> = NEEDS
        .iter()
        .filter(|need| !shell::works(need.program))
        .collect();
    install(&missing)?;
    let no_clocks = (skipped::CLOCKS.why_not)().is_some();
    let no_shell = !shell::works(&["chromium-headless-shell", "--version"]);
    for (package, missing) in [
        ("postgresql", !postgres::is_installed()),
        ("libfaketime", no_clocks),
        ("chromium-headless-shell", no_shell),
    ] {
        // Without it its stage says that it did not run; without that browser the whole one shows the pages.
        if missing
            && may_install()
            && let Err(trouble) = apt(&[package])
        {
            eprintln!("{package} could not be installed: {trouble:#}");
        }
    }
    for (works, package) in skipped::MAIL_SERVERS {
        // And here. Neither is started: each test starts its own.
        if !shell::works(works)
            && may_install()
            && let Err(trouble) = apt(&[package])
        {
            eprintln!("{package} could not be installed: {trouble:#}");
        }
    }
    if !shell::works(&["etcd", "--version"]) && may_install() {
        // The same here.
        if let Err(trouble) = apt(&["etcd-server"]) {
            eprintln!("etcd could not be installed: {trouble:#}");
        }
    }
    // And here.
    for (what, fetched) in [
        ("axe-core", axe::fetch()),
        ("TypeScript", script::fetch()),
        ("standardwebhooks", webhooks::fetch()),
    ] {
        if let Err(trouble) = fetched {
            eprintln!("{what} could not be fetched: {trouble:#}");
        }
    }
    python()
}

fn install(missing: &[&Need]) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing
        .iter()
        .flat_map(|need| need.package.split(' '))
        .collect();
    if !may_install() {
        let list: Vec<String> = missing
            .iter()
            .map(|need| format!("{} ({})", need.package, need.why))
            .collect();
        bail!(
            "missing: {}; on Debian: apt-get install {}",
            list.join(", "),
            packages.join(" ")
        );
    }
    apt(&packages)
}

fn may_install() -> bool {
    Path::new("/etc/debian_version").is_file()
        && shell::read(&["id", "-u"]).is_ok_and(|id| id.trim() == "0")
}

fn apt(packages: &[&str]) -> Result<()> {
    shell::run(&["apt-get", "update", "-qq"])?;
    let mut words = vec![
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "install",
        "-y",
        "-qq",
        "--no-install-recommends",
    ];
    words.extend(packages);
    shell::run(&words)
}

fn python() -> Result<String> {
    let root = shell::root()?;
    let python = root.join(VENV).join("bin/python");
    let python = python
        .to_str()
        .context("the path of the repository is not UTF-8")?;
    if !shell::works(&[python, "-c", IMPORTS]) {
        environment(python)?;
    }
    if !shell::works(&[python, "-c", IMPORTS]) {
        bail!("{SERVERS:?} were installed into {VENV}, but cannot be imported");
    }
    Ok(python.to_owned())
}

/// Debian cuts `ensurepip` out of python3, so the environment is made without pip
/// and filled from outside.
fn environment(python: &str) -> Result<()> {
    shell::run(&["python3", "-m", "venv", "--clear", "--without-pip", VENV])?;
    let words = [&["install", "--quiet"], SERVERS].concat();
    pip(python, &words)
        .context("the tests' servers could not be fetched; is the package index in reach?")
}

/// Runs pip for this Python; where pip is missing, its package brings it.
///
/// # Errors
/// It cannot be installed, or fails.
pub fn pip(python: &str, words: &[&str]) -> Result<()> {
    if !shell::works(&["python3", "-m", "pip", "--version"]) {
        let need = Need {
            program: &["python3"],
            package: "python3-pip",
            why: "it fetches what the tests need from the Python package index",
        };
        install(&[&need])?;
    }
    let own = "--disable-pip-version-check";
    let mut line = vec!["python3", "-m", "pip", "--python", python, own];
    line.extend(words);
    shell::run(&line)
}
