//! The three questions about a suspicious mail.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use serde_json::{Map, Value, json};

use super::failure::{Failure, Outcome};
use super::report::words;
use super::{Asked, queue};

/// Say what you did with a suspicious mail, and send it along. No account is needed.
#[derive(Debug, Args)]
pub struct Suspicious {
    /// What else there is to say.
    text: Vec<String>,
    /// I clicked a link in it.
    #[arg(long)]
    clicked: bool,
    /// I opened a file that came with it.
    #[arg(long)]
    opened: bool,
    /// I typed something in, such as a password.
    #[arg(long)]
    entered: bool,
    /// None of these.
    #[arg(long)]
    none: bool,
    /// It was in my spam folder, and I left it alone.
    #[arg(long)]
    in_spam: bool,
    /// The mail as it came, as a file.
    #[arg(long, value_name = "FILE")]
    mail: Option<PathBuf>,
    /// How to reach you.
    #[arg(long)]
    contact: Option<String>,
    /// The project it belongs to, by short name.
    #[arg(long)]
    project: Option<String>,
}

impl Suspicious {
    pub(super) async fn run(self, asked: &Asked) -> Outcome {
        let ticked = [
            self.clicked,
            self.opened,
            self.entered,
            self.none,
            self.in_spam,
        ];
        if !ticked.contains(&true) {
            return Err(Failure::Usage(
                "Say what you did with it: --clicked, --opened or --entered; or --none, or --in-spam.".to_owned(),
            ));
        }
        let mut body = Map::new();
        let phish = json!({
            "clicked": self.clicked, "opened": self.opened, "entered": self.entered,
            "none": self.none, "in_spam": self.in_spam,
        });
        body.insert("phish".into(), phish);
        let text = self.text.join(" ");
        let given = [
            ("text", Some(text).filter(|text| !text.trim().is_empty())),
            ("contact", self.contact),
            ("project", self.project),
        ];
        for (name, value) in given {
            if let Some(value) = value {
                body.insert(name.into(), value.into());
            }
        }
        if let Some(file) = &self.mail {
            let bytes = std::fs::read(file);
            let bytes =
                bytes.map_err(|why| Failure::Usage(format!("{}: {why}", file.display())))?;
            body.insert("mail".into(), STANDARD.encode(bytes).into());
        }
        let key = queue::key()?;
        let body = Value::Object(body);
        let sent = asked.client.post_once("/api/v1/suspicious", &body, &key);
        let answer = sent.await?;
        asked.print(&answer, |answer| match answer["follows"].as_str() {
            Some("event") => format!(
                "{} received. You are not in trouble. Do not delete or switch off anything.\nFollow it: {}",
                words(&answer["number"]),
                words(&answer["receipt"]),
            ),
            Some("advice") => {
                let kept = match answer["mail"].as_str() {
                    Some(mail) => format!("Thank you. The mail is kept as {mail}."),
                    None => "Thank you. Before you delete the mail, send it along: --mail FILE.".to_owned(),
                };
                let advice = answer["advice"].as_array().cloned().unwrap_or_default();
                let lines = advice.iter().map(|line| format!("- {}", words(line)));
                std::iter::once(kept).chain(lines).collect::<Vec<_>>().join("\n")
            }
            _ => "Leave it where it is. There is nothing more to do.".to_owned(),
        });
        Ok(())
    }
}
