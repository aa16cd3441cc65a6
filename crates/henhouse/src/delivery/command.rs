//! A program of this machine, which the settings name: it reads the message and says by its exit what came of it. Never by a
//! shell, so that no word of a message is ever carried out, and never for longer than its time.

use std::io::Write as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use procedure::basis::Marking;
use serde::Deserialize;

use super::message::MailMessage;
use super::outcome::{Fault, Outcome};

/// How long a program may take when nothing is said, in seconds.
const SECONDS: u64 = 20;
/// The most that it may be given.
const MOST_SECONDS: u64 = 60;
/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(20);
/// Exits that mean never: bad data, no input, no such user, no such host (sysexits).
const NEVER: std::ops::RangeInclusive<i32> = 65..=68;

/// `[command.name]` of the settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandSettings {
    /// The program, from the root of the file system.
    pub program: PathBuf,
    /// What it is called with, each as it stands.
    #[serde(default)]
    pub arguments: Vec<String>,
    /// How long it may take, 1 to 60 seconds.
    #[serde(default = "seconds")]
    pub timeout_seconds: u64,
    /// Up to which marking a message says what it is about; left out, it never does.
    pub content_up_to: Option<Marking>,
}

fn seconds() -> u64 {
    SECONDS
}

/// Settings of a program that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// It would depend on where the server was started.
    #[error("[command.{0}] program is no whole path: begin with /")]
    Path(String),
    /// There is none.
    #[error("[command.{0}] program is not there, or is no file")]
    Missing(String),
    /// Too long, or no time at all.
    #[error("[command.{0}] timeout_seconds is {1}: choose 1 to {MOST_SECONDS}")]
    Seconds(String, u64),
}

/// Runs one program for each message.
pub struct CommandSender {
    settings: CommandSettings,
}

impl CommandSender {
    /// Checks the settings; starts nothing.
    ///
    /// # Errors
    /// [`CommandError`], each with what to change.
    pub fn new(name: &str, settings: &CommandSettings) -> Result<Self, CommandError> {
        let name = name.to_owned();
        if !settings.program.is_absolute() {
            return Err(CommandError::Path(name));
        }
        if !settings.program.is_file() {
            return Err(CommandError::Missing(name));
        }
        if !(1..=MOST_SECONDS).contains(&settings.timeout_seconds) {
            return Err(CommandError::Seconds(name, settings.timeout_seconds));
        }
        let settings = settings.clone();
        Ok(Self { settings })
    }

    /// One attempt; never panics, never retries. Whoever stops waiting for it ends the program with all that it began: a
    /// stop of the server waits for no program.
    pub async fn send(&self, message: &MailMessage, urgent: bool) -> Outcome {
        let uncertain = || Outcome::Uncertain {
            reason: "the program was not waited for".to_owned(),
        };
        let (settings, message) = (self.settings.clone(), message.clone());
        let (tell, told) = tokio::sync::oneshot::channel();
        let watched = Watched::default();
        let running = Running(Arc::clone(&watched));
        // A thread of its own: the runtime waits for its own threads before it ends.
        let thread = std::thread::Builder::new().name("command".to_owned());
        let started = thread.spawn(move || {
            let _ = tell.send(run(&settings, &message, urgent, &watched));
        });
        if let Err(error) = started {
            return Outcome::Temporary {
                fault: Fault::Channel,
                reason: format!("the program cannot be started: {}", error.kind()),
            };
        }
        let outcome = told.await.unwrap_or_else(|_| uncertain());
        drop(running);
        outcome
    }
}

/// The program while it runs and nobody has seen its end.
type Watched = Arc<Mutex<Option<Child>>>;

/// Ends the program where nobody waits for it any more.
struct Running(Watched);

impl Drop for Running {
    fn drop(&mut self) {
        end(&self.0);
    }
}

fn run(settings: &CommandSettings, message: &MailMessage, urgent: bool, at: &Watched) -> Outcome {
    let link = message.link.as_deref().unwrap_or_default();
    let child = Command::new(&settings.program)
        .args(&settings.arguments)
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("HENHOUSE_NOTICE", &message.notice_id)
        .env("HENHOUSE_TO", &message.to.address)
        .env("HENHOUSE_LINK", link)
        .env("HENHOUSE_PAGE", if urgent { "1" } else { "0" })
        .current_dir("/")
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => {
            return Outcome::Temporary {
                fault: Fault::Channel,
                reason: format!("the program cannot be started: {}", error.kind()),
            };
        }
    };
    let words = format!("{}\n\n{}\n\n{link}\n", message.subject, message.text);
    let stdin = child.stdin.take();
    *lock(at) = Some(child);
    if let Some(mut stdin) = stdin {
        // A program that does not read may still say what came of it; one that reads nothing at all holds up only this.
        std::thread::spawn(move || {
            let _ = stdin.write_all(words.as_bytes());
        });
    }
    match wait(at, settings.timeout_seconds) {
        Some(status) => meaning(status),
        None => Outcome::Uncertain {
            reason: format!(
                "the program was ended after {} seconds",
                settings.timeout_seconds
            ),
        },
    }
}

/// How it ended; nothing if its time was up, and it was ended with all that it had begun.
fn wait(at: &Watched, seconds: u64) -> Option<ExitStatus> {
    let looks = u128::from(seconds) * 1_000 / LOOK.as_millis();
    for _ in 0..looks {
        let ended = lock(at).as_mut().map(Child::try_wait);
        match ended {
            Some(Ok(Some(status))) => {
                *lock(at) = None;
                return Some(status);
            }
            Some(Ok(None)) => std::thread::sleep(LOOK),
            _ => break,
        }
    }
    end(at);
    None
}

/// Ends the program with its whole group, if nobody has seen its end: only then is its number still its own.
fn end(at: &Watched) {
    let Some(mut child) = lock(at).take() else {
        return;
    };
    let group = i32::try_from(child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw);
    if let Some(group) = group {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.wait();
}

fn lock(at: &Watched) -> MutexGuard<'_, Option<Child>> {
    at.lock().unwrap_or_else(PoisonError::into_inner)
}

fn meaning(status: ExitStatus) -> Outcome {
    match status.code() {
        Some(0) => Outcome::Accepted {
            receipt: "exit 0".to_owned(),
        },
        Some(code) if NEVER.contains(&code) => Outcome::Rejected {
            receipt: format!("exit {code}"),
        },
        Some(code) => Outcome::Temporary {
            fault: Fault::Channel,
            reason: format!("exit {code}"),
        },
        None => Outcome::Uncertain {
            reason: format!(
                "the program was ended by signal {}",
                status.signal().unwrap_or(0)
            ),
        },
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::delivery::message::sample;

    /// A program with these lines, which finds its folder in its first argument.
    fn sender(folder: &std::path::Path, lines: &str) -> CommandSender {
        let program = folder.join("program");
        std::fs::write(&program, format!("#!/bin/sh\n{lines}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let settings = CommandSettings {
            program,
            arguments: vec![
                folder.display().to_string(),
                "$(touch /tmp/x); *".to_owned(),
            ],
            timeout_seconds: 1,
            content_up_to: None,
        };
        CommandSender::new("siren", &settings).unwrap()
    }

    #[tokio::test]
    async fn a_program_reads_the_message_and_nothing_in_it_is_carried_out() {
        let folder = tempfile::tempdir().unwrap();
        let lines = "cat > \"$1/words\"; echo \"$2\" > \"$1/argument\"; env > \"$1/env\"";
        let sender = sender(folder.path(), lines);
        let mut page = sample("n1");
        page.subject = format!("HH-1 $(touch {}/owned)", folder.path().display());
        page.link = Some("https://hen.example/ack/x".to_owned());
        let outcome = sender.send(&page, true).await;
        assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        let words = read("words");
        assert!(
            words.starts_with(&page.subject) && words.ends_with("/ack/x\n"),
            "{words}"
        );
        assert_eq!(read("argument"), "$(touch /tmp/x); *\n");
        assert!(!folder.path().join("owned").exists());
        let env = read("env");
        assert!(
            env.contains("HENHOUSE_NOTICE=n1") && env.contains("HENHOUSE_PAGE=1"),
            "{env}"
        );
        assert!(!env.contains("CARGO"), "nothing of the server's own: {env}");
    }

    #[tokio::test]
    async fn its_exit_says_what_came_of_it() {
        let folder = tempfile::tempdir().unwrap();
        for (lines, word) in [
            ("exit 0", "accepted"),
            ("exit 67", "rejected"),
            ("exit 1", "temporary"),
            ("exit 75", "temporary"),
            ("kill -9 $$", "uncertain"),
        ] {
            let outcome = sender(folder.path(), lines).send(&sample("n1"), true).await;
            assert_eq!(outcome.word(), word, "{lines}: {outcome:?}");
        }
    }

    #[tokio::test]
    async fn a_program_that_takes_too_long_is_ended_with_all_that_it_began() {
        let folder = tempfile::tempdir().unwrap();
        let lines = "(sleep 3; touch \"$1/late\") & sleep 30";
        let outcome = sender(folder.path(), lines).send(&sample("n1"), true).await;
        assert_eq!(outcome.word(), "uncertain", "{outcome:?}");
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert!(
            !folder.path().join("late").exists(),
            "what it began was ended too"
        );
    }

    #[test]
    fn a_stop_waits_for_no_program_and_leaves_none_behind() {
        let folder = tempfile::tempdir().unwrap();
        let mut sender = sender(
            folder.path(),
            "touch \"$1/began\"; sleep 4; touch \"$1/late\"",
        );
        sender.settings.timeout_seconds = 60;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        let began = folder.path().join("began");
        runtime.block_on(async {
            let sending = tokio::spawn(async move { sender.send(&sample("n1"), true).await });
            while !began.exists() {
                tokio::time::sleep(LOOK).await;
            }
            sending.abort();
        });
        // Waits for whatever of its own threads is busy.
        drop(runtime);
        assert!(!folder.path().join("late").exists(), "it was waited for");
        std::thread::sleep(Duration::from_secs(5));
        assert!(!folder.path().join("late").exists(), "it went on by itself");
    }

    #[test]
    fn a_program_is_named_whole_and_is_there() {
        let settings = |program: &str, timeout_seconds| CommandSettings {
            program: program.into(),
            arguments: Vec::new(),
            timeout_seconds,
            content_up_to: None,
        };
        let wrong = |program, seconds| {
            let made = CommandSender::new("siren", &settings(program, seconds));
            made.err().map(|error| error.to_string())
        };
        assert!(wrong("siren", 1).unwrap().contains("no whole path"));
        assert!(wrong("/no/siren", 1).unwrap().contains("not there"));
        assert!(wrong("/bin/sh", 0).unwrap().contains("1 to 60"));
        assert_eq!(wrong("/bin/sh", 60), None);
    }
}
