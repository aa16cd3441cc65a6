//! Settings of an installation: one optional TOML file, and options that win over it.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::backup::Plan;
use crate::delivery::beat::BeatSettings;
use crate::delivery::command::CommandSettings;
use crate::delivery::forward::ForwardSettings;
use crate::delivery::gotify::GotifySettings;
use crate::delivery::mail::MailSettings;
use crate::delivery::ntfy::NtfySettings;
use crate::delivery::phone::PhoneSettings;
use crate::delivery::push::PushSettings;
use crate::delivery::webhook::WebhookSettings;
use crate::inbound::MailInSettings;
use crate::inbound::sqs::SqsSettings;
use crate::inbound::voicemail::VoicemailSettings;

/// The file looked for in the data directory when none is named.
pub const FILE: &str = "henhouse.toml";

/// What the settings file may say. Everything has a default.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where people reach the pages, such as `https://hen.example.org`; needed as soon as the
    /// address that people use is not the one that is listened on.
    pub base_url: Option<String>,
    /// Addresses of proxies that stand before this server and say for whom they ask (`X-Forwarded-For`). What others say of
    /// that is not believed.
    #[serde(default)]
    pub proxies: Vec<IpAddr>,
    /// Time zone of the first project's calendar; `UTC` when left out.
    pub zone: Option<String>,
    /// The database, if it is not the file in the data directory:
    /// `postgres://user:password@host:port/database`. Keys and exhibits stay in the data directory.
    pub database: Option<String>,
    /// Where backups go, and how often. Without it nobody makes them by themselves.
    pub backup: Option<Plan>,
    /// How mail leaves. Without it nobody is written to, and start-up says so.
    pub mail: Option<MailSettings>,
    /// The ntfy server to whose topics pages may go.
    pub ntfy: Option<NtfySettings>,
    /// How notices reach the browsers of people. Without it nobody can turn that on.
    pub push: Option<PushSettings>,
    /// Receivers of webhooks to which pages may go, by the name under which people have them as a route.
    #[serde(default)]
    pub webhook: BTreeMap<String, WebhookSettings>,
    /// Programs of this machine to which pages may go, by the same.
    #[serde(default)]
    pub command: BTreeMap<String, CommandSettings>,
    /// The gateway by which text messages leave.
    pub sms: Option<PhoneSettings>,
    /// The gateway by which telephones are called.
    pub voice: Option<PhoneSettings>,
    /// Applications of Gotify servers to which pages may go, by the name under which people have them as a route.
    #[serde(default)]
    pub gotify: BTreeMap<String, GotifySettings>,
    /// Services of PagerDuty to which pages may go on, by the same.
    #[serde(default)]
    pub pagerduty: BTreeMap<String, ForwardSettings>,
    /// Integrations of Opsgenie or Jira Service Management to which pages may go on, by the same.
    #[serde(default)]
    pub opsgenie: BTreeMap<String, ForwardSettings>,
    /// How mail comes in. Without it nobody reports by mail.
    pub mail_in: Option<MailInSettings>,
    /// Numbers that people call to report something, each as the whole world dials it.
    #[serde(default)]
    pub voicemail: BTreeMap<String, VoicemailSettings>,
    /// Queues of Amazon SQS that are asked for alerts, by a name for people.
    #[serde(default)]
    pub sqs: BTreeMap<String, SqsSettings>,
    /// What a drill may do.
    #[serde(default)]
    pub drill: DrillSettings,
    /// Who is told outside, again and again, that this process is well. Without it nobody outside notices when it is not.
    pub watcher: Option<BeatSettings>,
}

/// `[drill]` of the settings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrillSettings {
    /// Mail of drills and exercises leaves to people outside the team too: customers, stakeholders, reporters.
    #[serde(default)]
    pub mail_outside: bool,
}

/// A settings file that cannot be used, in a sentence for the person who wrote it.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("the settings file {} cannot be read: {cause}", .path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// It says something that Henhouse does not know. What stands there is never quoted: it may be a password, and logs
    /// are read by many.
    #[error("the settings file {} has a mistake in line {line}, column {column}: {what}", .path.display())]
    Mistaken {
        /// Which file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column, from 1, in characters.
        column: usize,
        /// What is wrong, without what stands there.
        what: String,
    },
}

/// Reads the named file, or the one in the data directory if it is there.
///
/// # Errors
/// [`ConfigError`], also when a named file is not there.
pub fn read(named: Option<&Path>, data: &Path) -> Result<Config, ConfigError> {
    let path = named.map_or_else(|| data.join(FILE), Path::to_owned);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(cause) if named.is_none() && cause.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Config::default());
        }
        Err(cause) => return Err(ConfigError::Unreadable { path, cause }),
    };
    toml::from_str(&text).map_err(|cause| {
        let (line, column) = place(&text, cause.span().map_or(0, |span| span.start));
        let what = said_safely(cause.message());
        ConfigError::Mistaken {
            path,
            line,
            column,
            what,
        }
    })
}

/// Line and column of that byte, both from 1.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before.get(line_start..).unwrap_or_default();
    (before.matches('\n').count() + 1, column.chars().count() + 1)
}

/// What is wrong, without the value that a message about a wrong type or word carries. The name of a setting that does
/// not exist stays where it can be one: that is the mistake that is made most.
fn said_safely(message: &str) -> String {
    let expected = message.rsplit_once(", expected ").map(|(_, names)| names);
    let wanted = expected.map_or_else(String::new, |names| format!(", expected {names}"));
    if let Some((name, _)) = message
        .strip_prefix("unknown field `")
        .and_then(|rest| rest.split_once('`'))
    {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        return if name.len() <= NAME_LIMIT && name.chars().all(plain) {
            format!("unknown setting `{name}`{wanted}")
        } else {
            format!("unknown setting{wanted}")
        };
    }
    if message.starts_with("unknown variant") {
        return format!("this word is not known here{wanted}");
    }
    for start in ["invalid type: ", "invalid value: ", "invalid length "] {
        if message.starts_with(start) {
            let begin = start.trim_end_matches([':', ' ']);
            return format!("{begin}{wanted}");
        }
    }
    message.trim_end().to_owned()
}

/// The longest name of a setting that is repeated, in bytes.
const NAME_LIMIT: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_names_its_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.toml");
        std::fs::write(&path, "base_url = 'http://x'\nmial = 3\n").expect("written");
        let said = read(Some(&path), folder.path())
            .expect_err("a mistake")
            .to_string();
        assert!(said.contains("line 2"), "{said}");
        assert!(said.contains("mial"), "{said}");
    }

    /// What is said of a file with this text.
    fn said(text: &str) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.toml");
        std::fs::write(&path, text).expect("written");
        let error = read(Some(&path), folder.path()).expect_err(text);
        let said = error.to_string();
        assert!(said.contains("x.toml"), "{said}");
        let all = format!("{said} {error:?}");
        assert!(!all.contains("SEKRET"), "{all}");
        said
    }

    #[test]
    fn a_mistake_names_its_place_and_never_what_stands_there() {
        for (text, at) in [
            ("\n[watcher]\nbeat = \"http://m/SEKRET\n", "line 3, column "),
            (
                "database = postgres://hen:SEKRET@db/x\n",
                "line 1, column 12",
            ),
            (
                "database = 'postgres://hen:SEKRET@db/x\nzone = 'UTC'\n",
                "line 1, column ",
            ),
            (
                "base_url = 'é'\ndatabase = ['SEKRET']\n",
                "line 2, column 12",
            ),
            ("mail = 'SEKRET'\n", "line 1, column 8"),
            (
                "[mail]\nhost = 'm'\nfrom = 'a@b.c'\nport = 'SEKRET, expected'\n",
                "line 4, column 8",
            ),
            (
                "[mail]\nhost = 'm'\nfrom = 'a@b.c'\nsecurity = 'SEKRET'\n",
                "line 4, column 12",
            ),
            (
                "[mail]\nhost = 'm'\nfrom = 'a@b.c'\npassword = 'SEKRET'\n",
                "line 4, column 1:",
            ),
            ("database = 'a'\ndatabase = 'SEKRET'\n", "line 2, column 1:"),
            ("'postgres://hen:SEKRET@db/x' = 1\n", "line 1, column 1:"),
            ("SEKRET\n", "line 1, column "),
        ] {
            let said = said(text);
            assert!(said.contains(at), "{text}: {said}");
        }
        let said = said("[mail]\nhost = 'm'\nfrom = 'a@b.c'\npasword_file = 'x'\n");
        let named = said.contains("`pasword_file`") && said.contains("`password_file`");
        assert!(named, "{said}");
    }

    #[test]
    fn no_file_is_fine_unless_it_was_named() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(read(None, folder.path()).is_ok());
        assert!(read(Some(&folder.path().join("no.toml")), folder.path()).is_err());
    }
}
