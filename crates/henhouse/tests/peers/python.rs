//! The Python that runs the test peers: the one named by HENHOUSE_TEST_PYTHON, or a virtual
//! environment made on first use below `target`. Missing tools fail the test with what to install;
//! a test that skips itself proves nothing.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A mail server, an object store with what it is served by, the library with which a webhook is verified, those with
/// which a push is opened and its sender known, clients of gateways, one that sends alerts, one that reads QR codes, and two that read
/// calendars.
const NEEDS: &[&str] = &[
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
/// Fails where one of them is missing; it loads none of them, because that takes a while.
const IMPORTS: &str = "from importlib.util import find_spec as f\nassert f('aiosmtpd') and f('moto') and f('flask_cors') and f('standardwebhooks') and f('http_ece') and f('py_vapid') and f('opsgenie_sdk') and f('twilio') and f('vonage_voice') and f('pagerduty') and f('icalendar') and f('recurring_ical_events') and f('zxingcpp')";

/// The interpreter, with everything that the peers import.
///
/// # Panics
/// With the sentence that says what to install.
pub fn python() -> PathBuf {
    if let Some(named) = std::env::var_os("HENHOUSE_TEST_PYTHON") {
        let python = PathBuf::from(named);
        assert!(
            Command::new(&python)
                .args(["-c", IMPORTS])
                .status()
                .is_ok_and(|s| s.success()),
            "HENHOUSE_TEST_PYTHON is {}, which lacks something. Run `{} -m pip install {}`.",
            python.display(),
            python.display(),
            NEEDS.join(" "),
        );
        return python;
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .expect("tmp lies in target");
    let folder = target.join("ci");
    fs::create_dir_all(&folder).expect("the target folder can be written");
    let lock = File::create(folder.join("venv.lock")).expect("the target folder can be written");
    // Tests run in many processes: one of them makes it, the others wait here.
    lock.lock()
        .expect("a lock file in the target folder can be locked");
    let python = folder.join("venv/bin/python");
    let ready = folder
        .join("venv")
        .join(format!("ready-{}", NEEDS.join("-")));
    if !ready.exists() {
        run(Command::new("python3")
            .args(["-m", "venv"])
            .arg(folder.join("venv")));
        run(Command::new(&python)
            .args(["-m", "pip", "install", "--quiet"])
            .args(NEEDS));
        fs::write(&ready, "").expect("the environment that was just made can be written");
    }
    python
}

fn run(command: &mut Command) {
    let output = command.output();
    let worked = output.as_ref().is_ok_and(|output| output.status.success());
    assert!(
        worked,
        "`{command:?}` failed: {output:?}. These tests need Python with {NEEDS:?}: install python3 and \
         python3-venv with access to a package index, or name a Python that has it in HENHOUSE_TEST_PYTHON."
    );
}
