//! `[voicemail]` of the settings: numbers that people call to report something. What they say is recorded and written down by
//! Twilio, and becomes a report as any other.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::phone::is_from_twilio;

/// One number.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoicemailSettings {
    /// The project that its reports are for, by its short name.
    pub project: String,
    /// File that holds the auth token of the account at Twilio.
    pub token_file: PathBuf,
}

/// The numbers that people call.
#[derive(Default)]
pub struct Voicemail {
    lines: BTreeMap<String, (String, Zeroizing<String>)>,
}

impl Voicemail {
    /// # Errors
    /// What is no number; a token that cannot be read.
    pub fn new(settings: &BTreeMap<String, VoicemailSettings>) -> Result<Self> {
        let mut lines = BTreeMap::new();
        for (number, line) in settings {
            ensure!(
                is_number(number),
                "[voicemail] has a number that is none: write it as \"+15005550006\""
            );
            let at = format!("[voicemail.\"{number}\"] token_file");
            let path = &line.token_file;
            let token = std::fs::read(path).map(Zeroizing::new);
            let token =
                token.with_context(|| format!("{at}: {} cannot be read", path.display()))?;
            let token = Zeroizing::new(String::from_utf8_lossy(&token).trim().to_owned());
            ensure!(!token.is_empty(), "{at}: {} is empty", path.display());
            lines.insert(number.clone(), (line.project.clone(), token));
        }
        Ok(Self { lines })
    }

    /// The project of the number that was called, where its account at Twilio signed this.
    #[must_use]
    pub fn project(
        &self,
        url: &str,
        fields: &[(String, String)],
        signature: &str,
    ) -> Option<&String> {
        let (_, to) = fields.iter().find(|(name, _)| name == "To")?;
        let (project, token) = self.lines.get(to)?;
        is_from_twilio(token, url, fields, signature).then_some(project)
    }
}

/// A number as the whole world dials it.
#[must_use]
pub fn is_number(number: &str) -> bool {
    let digits = number.strip_prefix('+').unwrap_or_default();
    (7..=15).contains(&digits.len()) && digits.bytes().all(|one| one.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    #[test]
    fn what_is_no_number_and_what_has_no_token_is_said_at_the_start() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        std::fs::write(&file, "SEKRET\n").unwrap();
        let line = |file: &std::path::Path| VoicemailSettings {
            project: "main".to_owned(),
            token_file: file.to_owned(),
        };
        let made = |number: &str, file: &std::path::Path| {
            Voicemail::new(&[(number.to_owned(), line(file))].into())
        };
        assert!(made("+15005550006", &file).is_ok());
        for number in ["15005550006", "+1500", "+1 500 555 0006", "+", "main"] {
            let said = made(number, &file).map(|_| ()).unwrap_err().to_string();
            assert!(said.contains("+15005550006"), "{said}");
        }
        let said = made("+15005550006", &folder.path().join("none"));
        assert!(
            said.map(|_| ())
                .unwrap_err()
                .to_string()
                .contains("cannot be read")
        );
    }
}
