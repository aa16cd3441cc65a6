//! The same mail elsewhere: what a case's mails can be known again by, gathering what is the same, and warning colleagues.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::review::item;
use crate::desk::{Alike, CaseNumber};
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

pub(super) const GATHER: &str = r#"{"with": ["HH-143", "M-12"]}"#;
pub(super) const WARN: &str =
    r#"{"of": "HH-142", "text": "A mail about wages, from Payroll.", "send": false}"#;

/// What mails can be known again by, and where the same was seen.
#[derive(Serialize, JsonSchema)]
pub struct AlikeAnswer {
    /// What was found in the kept mails. It is hostile: open nothing of it.
    pub indicators: Vec<IndicatorAnswer>,
    /// Cases that you may see and that have some of it, the likeliest first.
    pub cases: Vec<LikeAnswer>,
    /// Mails of the review queue that have some of it.
    pub mails: Vec<LikeAnswer>,
}

/// One thing that a mail can be known again by.
#[derive(Serialize, JsonSchema)]
pub struct IndicatorAnswer {
    /// `sender`, `answer_to`, `link` (without scheme), `host` or `file` (SHA-256).
    pub kind: &'static str,
    /// What it is. A link is without its scheme, so that no program opens it.
    pub words: String,
    /// Its letters may look like others.
    pub odd_letters: bool,
}

/// Something that has the same.
#[derive(Serialize, JsonSchema)]
pub struct LikeAnswer {
    /// Its number.
    pub number: String,
    /// What it is called.
    pub title: String,
    /// So much of it is the same.
    pub same: usize,
    /// Likely the same mail: not only the host of a link is the same.
    pub telling: bool,
    /// It can be gathered.
    pub open: bool,
}

/// What is to become part of a case.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gather {
    /// Numbers of cases and of mails in the review queue.
    with: Vec<String>,
}

/// What became of it.
#[derive(Serialize, JsonSchema)]
pub struct GatheredAnswer {
    /// So many are part of the case now.
    pub done: usize,
    /// What stays as it is.
    pub not: Vec<NotGathered>,
}

/// What stays as it is.
#[derive(Serialize, JsonSchema)]
pub struct NotGathered {
    /// Its number.
    pub number: String,
    /// Why.
    pub why: String,
}

/// A warning to colleagues.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Warn {
    /// The case, or the mail of the review queue, that it is about.
    of: String,
    /// What they should look out for; links in it are broken.
    text: String,
    /// Send it; left out, it is only shown.
    #[serde(default)]
    send: bool,
}

/// A warning as it leaves.
#[derive(Serialize, JsonSchema)]
pub struct WarnAnswer {
    /// Who gets it.
    pub people: Vec<String>,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// It is on its way to so many; null where it was only shown.
    pub sent: Option<usize>,
}

impl From<Alike> for AlikeAnswer {
    fn from(alike: Alike) -> Self {
        let indicators = alike.indicators.into_iter().map(|one| IndicatorAnswer {
            kind: one.kind.word(),
            words: one.words,
            odd_letters: one.odd_letters,
        });
        let cases = alike.cases.into_iter().map(|like| LikeAnswer {
            number: like.number.to_string(),
            title: like.title,
            same: like.same,
            telling: like.telling,
            open: like.open,
        });
        let mails = alike.mails.into_iter().map(|like| LikeAnswer {
            number: format!("M-{}", like.number),
            title: like.title,
            same: like.same,
            telling: like.telling,
            open: like.open,
        });
        Self {
            indicators: indicators.collect(),
            cases: cases.collect(),
            mails: mails.collect(),
        }
    }
}

/// What a case has in common with others.
pub(super) async fn of_case(call: Call) -> Answer {
    let number = call.number()?;
    let alike = call.app.desk.alike(&call.onlooker()?, &number).await?;
    json::ok(&AlikeAnswer::from(alike))
}

/// What a mail of the review queue has in common with others.
pub(super) async fn of_mail(call: Call) -> Answer {
    let item = item(&call)?;
    let alike = call
        .app
        .desk
        .alike_in_queue(&call.onlooker()?, item)
        .await?;
    json::ok(&AlikeAnswer::from(alike))
}

/// Makes others part of a case.
pub(super) async fn gather(mut call: Call) -> Answer {
    let Gather { with } = json::read(call.object().await?.into())?;
    if with.is_empty() {
        return Err(Problem::field(
            "with",
            "Give numbers such as HH-143 or M-12.",
        ));
    }
    let (mut cases, mut mails) = (Vec::new(), Vec::new());
    for one in with {
        let number = one.trim().to_ascii_uppercase();
        let wrong = || Problem::field("with", "Give numbers such as HH-143 or M-12.");
        match number.strip_prefix("M-") {
            Some(item) => mails.push(item.parse::<u64>().map_err(|_| wrong())?),
            None => cases.push(number.parse::<CaseNumber>().map_err(|_| wrong())?),
        }
    }
    let (number, onlooker) = (call.number()?, call.onlooker()?);
    let gathered = call.app.desk.gather(&onlooker, &number, cases, mails);
    let gathered = gathered.await?;
    let not = gathered.not.into_iter();
    json::ok(&GatheredAnswer {
        done: gathered.done,
        not: not
            .map(|(number, why)| NotGathered { number, why })
            .collect(),
    })
}

/// Shows a warning, or sends it.
pub(super) async fn warn(mut call: Call) -> Answer {
    let said: Warn = json::read(call.object().await?.into())?;
    if said.text.trim().is_empty() {
        return Err(Problem::field(
            "text",
            "Say what they should look out for; a sentence is enough.",
        ));
    }
    let of = said.of.trim().to_ascii_uppercase();
    let (onlooker, once) = (call.onlooker()?, call.once()?);
    let desk = &call.app.desk;
    let warning = desk.warning(&onlooker, &of, &said.text).await?;
    let sent = match said.send {
        true => Some(desk.warn(&onlooker, &of, &said.text, once).await?),
        false => None,
    };
    json::ok(&WarnAnswer {
        people: warning.people,
        subject: warning.subject,
        text: warning.text,
        sent,
    })
}
