//! A mail that has arrived becomes a report, and itself a piece of evidence, before its sender hears that it was taken.
//! Whoever hears nothing sends it again: the same mail counts once.

mod alert;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use casefile::ExhibitHash;
use procedure::chapters::intake::{Mailed, Report, Route};
use procedure::playbook::EvidenceKind;
use procedure::{Actor, How, Text, Who};
use sha2::{Digest as _, Sha256};

use super::letter::Letter;
use super::mail_alerts::AlertAddress;
use super::verdict::Verdict;
use crate::desk::{Arrived, ByMail, Desk, DeskError, OneUse, OpenReport, Opened, Place, QueueMail};
use crate::vault::{Exhibits, Incoming, Kept, NotKept};

/// One address is answered by itself once in so long: whose address stands in a mail need not have sent it.
const ANSWERED_EVERY: Duration = Duration::from_secs(3_600);
/// So many addresses are remembered for that.
const REMEMBERED: usize = 10_000;
/// Said of a mail in which nothing can be read.
const NO_WORDS: &str = "A mail without a word that can be read: look at it as it came.";
/// Said to who answers a mail of a case that mail must not reach. It says of the case nothing at all.
const NOT_BY_MAIL: &str = "Not taken: it cannot be answered by mail. Use the link in the mail that you answer, or report anew";
/// What a mail is, as evidence.
const MEDIA: &str = "message/rfc822";

/// Takes mails in.
#[derive(Clone)]
pub struct Takes {
    desk: Desk,
    exhibits: Exhibits,
    answered: Arc<Mutex<BTreeMap<String, (Instant, String)>>>,
    /// What the mail server in front calls itself, whose word about senders is shown.
    front: Option<Arc<str>>,
}

/// A mail as it came over a line.
pub struct Came<'m> {
    /// Its bytes.
    pub raw: &'m [u8],
    /// Whom its envelope names as its sender; nothing for what must not be answered (RFC 5321, 4.5.5).
    pub from: Option<&'m str>,
    /// Who brought it.
    pub by: Option<IpAddr>,
    /// The project that it is for.
    pub project: &'m str,
    /// It came to an address to which suspicious mails are passed on.
    pub suspicious: bool,
    /// It came to an address whose mails are alerts.
    pub alerts: Option<&'m AlertAddress>,
}

/// What became of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is a report under this number.
    Kept(String),
    /// It waits under this number until somebody has looked at it.
    Queued(u64),
    /// It was an alert, or said something of one, or its rules wanted nothing of it: this became of it.
    Alert(&'static str),
    /// It is none, and will be none if it is sent again: what to do instead.
    Refused(String),
    /// It could not be kept whole just now: it is to be sent again.
    Later(&'static str),
}

impl Takes {
    /// Takes them to this desk.
    #[must_use]
    pub fn new(desk: Desk, exhibits: Exhibits) -> Self {
        let answered = Arc::default();
        Self {
            desk,
            exhibits,
            answered,
            front: None,
        }
    }

    /// Shows what this mail server says that it found out about senders.
    #[must_use]
    pub fn hearing(mut self, front: Option<&str>) -> Self {
        self.front = front.map(Arc::from);
        self
    }

    /// Takes one.
    pub async fn take(&self, came: &Came<'_>) -> Taken {
        // Hashed before anything reads it.
        let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(came.raw));
        let own = ExhibitHash::of(came.raw).to_string();
        // What even our reader stumbles over is kept like any other mail, and somebody looks at it.
        let mut letter = std::panic::catch_unwind(|| Letter::read(came.raw)).unwrap_or_default();
        let front = self.front.as_deref();
        letter.verdict = front.and_then(|front| Verdict::of(&letter.verdicts, front));
        let [report, suspicious] = self.desk.subjects_of_mail(came.project).await;
        (letter.own_mark, letter.suspicious_mark) = (report, suspicious);
        let letter = letter;
        let key = format!("{} {hash}", came.project);
        if let Some(taken) = self.answer(&letter, came, &key).await {
            return taken;
        }
        // What a mail server brings is refused before it comes; what was fetched has nobody to be given back to.
        if came.by.is_none() && self.desk.has_project(came.project).await == Some(false) {
            return self.take_astray(&letter, came, &key).await;
        }
        if !letter.is_report() {
            if let Some(taken) = self.alert(&letter, came, &hash, true).await {
                return taken;
            }
            return self.queue(&letter, came, &key).await;
        }
        let answered = self.may_answer(&letter, came, &key);
        // Somebody else's memory of whom it may answer took the same mail in the other way.
        let opened = match self.open((&letter, &own), came, &key, answered).await {
            Err(DeskError::KeyReused) => self.open((&letter, &own), came, &key, !answered).await,
            done => done,
        };
        let opened = match opened {
            Ok(Some(opened)) => opened,
            Ok(None) => {
                return Taken::Refused(
                    "Not taken: there is no word in it that can be read".to_owned(),
                );
            }
            // At an address for alerts it is at least that, and no rule keeps it away.
            Err(error @ (DeskError::Refused(_) | DeskError::BadInput { .. })) => {
                let alert = self.alert(&letter, came, &hash, false).await;
                return alert.unwrap_or_else(|| turned_down(&error));
            }
            Err(error) => return turned_down(&error),
        };
        match self.keep(&letter, came.raw, &opened, &key).await {
            Ok(()) => Taken::Kept(opened.number),
            Err(error) => {
                tracing::error!(%error, number = opened.number, "a mail became a report, and is not kept as evidence yet");
                Taken::Later("The report is kept, the mail itself is not: send it again")
            }
        }
    }

    /// Adds it to the case that it answers, if it answers a mail of ours and no program wrote it. Whatever the case does not take
    /// goes the way of any other mail.
    async fn answer(&self, letter: &Letter, came: &Came<'_>, key: &str) -> Option<Taken> {
        if letter.answers.is_empty() {
            return None;
        }
        let place = match self.desk.case_of_mails(letter.answers.clone()).await {
            Ok(ByMail::Open(place)) => place,
            Ok(ByMail::Over) => return None,
            // Not into the queue either: everybody on the contact sheet reads it.
            Ok(ByMail::Never) => return Some(Taken::Refused(NOT_BY_MAIL.to_owned())),
            Err(error) => return Some(turned_down(&error)),
        };
        if letter.is_automatic || came.from.is_none() {
            return None;
        }
        let added = self
            .desk
            .add_from_mail(place, letter.addition(), once(key, "answer"));
        let number = match added.await {
            Ok(number) => number,
            Err(DeskError::Refused(_)) => return None,
            Err(error) => return Some(turned_down(&error)),
        };
        match self.keep_answer(letter, came.raw, place, key).await {
            Ok(()) => Some(Taken::Kept(number)),
            Err(error) => {
                tracing::error!(%error, number, "a mail was added to a case, and is not kept as evidence yet");
                Some(Taken::Later(
                    "What it says is kept, the mail itself is not: send it again",
                ))
            }
        }
    }

    async fn keep_answer(
        &self,
        letter: &Letter,
        raw: &[u8],
        place: Place,
        key: &str,
    ) -> Result<(), NotTaken> {
        let whole = std::iter::once((raw, "The mail as it came, in answer to one of ours"));
        let carried = letter.carried.iter();
        let carried =
            carried.map(|bytes| (&**bytes, "The mail that it carries, as it stands in it"));
        for (n, (bytes, label)) in whole.chain(carried).enumerate() {
            let limit = bytes.len() as u64;
            let incoming = self
                .desk
                .receive_from_mail(&self.exhibits, place, limit)
                .await?;
            let arrived = Arrived {
                place,
                kept: written(incoming, bytes).await?,
                label: Text::from(label),
                kind: EvidenceKind::Mail,
                media: MEDIA.to_owned(),
            };
            let once = once(key, &format!("answer {n}"));
            self.desk.attach_from_reporter(arrived, Some(once)).await?;
        }
        Ok(())
    }

    /// Takes a mail for a project that there is not: it waits with those who have what is for none.
    async fn take_astray(&self, letter: &Letter, came: &Came<'_>, key: &str) -> Taken {
        match self.desk.first_project().await {
            Ok(first) => {
                let project = &*first;
                self.queue(letter, &Came { project, ..*came }, key).await
            }
            Err(error) => turned_down(&error),
        }
    }

    /// Whether there is the project; nothing where that cannot be known just now.
    pub async fn has_project(&self, project: &str) -> Option<bool> {
        self.desk.has_project(project).await
    }

    /// Where whoever is turned away reports instead.
    #[must_use]
    pub fn form(&self) -> String {
        format!("{}/report", self.desk.site().base_url)
    }

    /// Lets it wait until somebody has looked at it. Nothing leaves because of it.
    async fn queue(&self, letter: &Letter, came: &Came<'_>, key: &str) -> Taken {
        match self.put_into_queue(letter, came, key).await {
            Ok(item) => Taken::Queued(item),
            Err(NotTaken::Desk(error)) => turned_down(&error),
            Err(error) => {
                tracing::error!(%error, "a mail for the review queue could not be kept; its sender is asked to send it again");
                Taken::Later("It cannot be kept just now: send it again")
            }
        }
    }

    async fn put_into_queue(
        &self,
        letter: &Letter,
        came: &Came<'_>,
        key: &str,
    ) -> Result<u64, NotTaken> {
        let mail = self.receive(came.raw).await?;
        let mut carried = Vec::new();
        for bytes in &letter.carried {
            carried.push(self.receive(bytes).await?);
        }
        // Whoever opens it has looked at it: then its sender is answered, unless it is a program.
        let automatic = letter.is_automatic || came.from.is_none();
        let suspicious = came.suspicious || letter.is_suspicious();
        let asked = suspicious && self.may_answer(letter, came, key);
        let queued = QueueMail {
            project: came.project.to_owned(),
            mail,
            carried,
            report: letter.report(!automatic).unwrap_or_else(without_words),
            sender: letter.sender.clone(),
            suspicious,
            asked: letter.address.clone().filter(|_| asked),
            discounted: automatic || letter.verdict.as_ref().is_some_and(Verdict::is_forged),
        };
        Ok(self.desk.queue_mail(queued, once(key, "queued")).await?)
    }

    /// Keeps bytes for the queue.
    async fn receive(&self, bytes: &[u8]) -> Result<Kept, NotTaken> {
        let limit = bytes.len() as u64;
        let incoming = self.desk.receive_for_review(&self.exhibits, limit).await?;
        written(incoming, bytes).await
    }

    /// Whether its sender is written to. The same mail gets the same answer, however often it is sent.
    fn may_answer(&self, letter: &Letter, came: &Came<'_>, key: &str) -> bool {
        let Some(address) = &letter.address else {
            return false;
        };
        if letter.is_automatic || came.from.is_none() {
            return false;
        }
        let now = self.desk.store_and_clock().1.steady();
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        answered.retain(|_, (at, _)| now.duration_since(*at) < ANSWERED_EVERY);
        if let Some((_, known)) = answered.get(address) {
            return known == key;
        }
        let has_room = answered.len() < REMEMBERED;
        if has_room {
            answered.insert(address.clone(), (now, key.to_owned()));
        }
        has_room
    }

    /// Opens the case by a mail of this hash; nothing where there is no word.
    async fn open(
        &self,
        (letter, hash): (&Letter, &str),
        came: &Came<'_>,
        key: &str,
        answered: bool,
    ) -> Result<Option<Opened>, DeskError> {
        let Some(report) = letter.report(answered) else {
            return Ok(None);
        };
        let open = OpenReport {
            mailed: Some(Mailed {
                sha256: hash.to_owned(),
                waited: None,
            }),
            actor: nobody(),
            project: Some(came.project.to_owned()),
            report,
            happened_at: None,
            once: Some(once(key, "report")),
        };
        self.desk.open_report_from(open, came.by).await.map(Some)
    }

    /// Keeps the mail, and every mail that it carries, as evidence.
    async fn keep(
        &self,
        letter: &Letter,
        raw: &[u8],
        opened: &Opened,
        key: &str,
    ) -> Result<(), NotTaken> {
        self.add(raw, "The mail as it came", opened, once(key, "mail"))
            .await?;
        for (n, carried) in letter.carried.iter().enumerate() {
            let once = once(key, &format!("carried {n}"));
            self.add(
                carried,
                "The mail that it carries, as it stands in it",
                opened,
                once,
            )
            .await?;
        }
        Ok(())
    }

    async fn add(
        &self,
        bytes: &[u8],
        label: &str,
        opened: &Opened,
        once: OneUse,
    ) -> Result<(), NotTaken> {
        let limit = bytes.len() as u64;
        let (incoming, place) = self
            .desk
            .receive_from_reporter(&self.exhibits, &opened.receipt, limit)
            .await?;
        let arrived = Arrived {
            place,
            kept: written(incoming, bytes).await?,
            label: Text::from(label),
            kind: EvidenceKind::Mail,
            media: MEDIA.to_owned(),
        };
        Ok(self.desk.attach_from_reporter(arrived, Some(once)).await?)
    }
}

/// The whole of it, on disk.
async fn written(mut incoming: Incoming, bytes: &[u8]) -> Result<Kept, NotTaken> {
    let bytes = bytes.to_vec();
    let kept = tokio::task::spawn_blocking(move || {
        incoming.write(&bytes)?;
        incoming.finish()
    });
    Ok(kept.await.map_err(|_| NotTaken::GivenUp)??)
}

/// The report of a mail in which nothing can be read.
fn without_words() -> Report {
    Report {
        route: Route::Mail,
        ..Report::saying(Text::from(NO_WORDS))
    }
}

/// Why a mail is not kept as evidence.
#[derive(Debug, thiserror::Error)]
enum NotTaken {
    #[error("{0}")]
    Desk(#[from] DeskError),
    #[error("{0}")]
    Vault(#[from] NotKept),
    #[error("the process is ending")]
    GivenUp,
}

/// Nobody has checked who wrote it.
fn nobody() -> Actor {
    Actor {
        who: Who::Reporter,
        how: How::Open,
    }
}

fn once(key: &str, what: &str) -> OneUse {
    OneUse {
        actor: "mail".to_owned(),
        key: format!("{what} {key}"),
    }
}

/// What a sender hears of a report that was not opened. A mail may be sent again for days: what passes is waited for.
fn turned_down(error: &DeskError) -> Taken {
    match error {
        DeskError::Refused(refusal) => Taken::Refused(refusal.sentence.clone()),
        DeskError::BadInput { sentence, .. } => Taken::Refused(sentence.clone()),
        error => {
            tracing::error!(%error, "a mail could not be taken; its sender is asked to send it again");
            Taken::Later("It cannot be kept just now: send it again")
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use serde_json::json;

    use super::*;
    use crate::web::stage::Stage;

    fn answer(to: &str, more: &str) -> String {
        format!(
            "From: zoe@zoo.example\r\nSubject: Re: HH-1\r\nIn-Reply-To: <{to}@hen.example>\r\n{more}\r\nIt has a red tail. Please close it.\r\n"
        )
    }

    async fn takes(stage: &Stage, raw: &str) -> Taken {
        let takes = Takes::new(stage.app.desk.clone(), stage.app.exhibits.clone());
        let came = Came {
            raw: raw.as_bytes(),
            from: Some("zoe@zoo.example"),
            by: None,
            project: "farm",
            suspicious: false,
            alerts: None,
        };
        takes.take(&came).await
    }

    #[tokio::test]
    async fn an_answer_to_a_mail_of_ours_is_a_note_in_its_case_and_changes_nothing() {
        let stage = Stage::new().await;
        let words = stage.app.desk.subjects_of_mail("farm").await;
        let of_the_playbook =
            ["Security Incident", "Suspicious mail"].map(|words| Some(words.to_owned()));
        assert_eq!(words, of_the_playbook);
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        stage
            .command("HH-1", &ann, json!({ "command": "acknowledge" }))
            .await;
        let view = stage.get("/api/v1/cases/HH-1", Some(&ann)).await.json();
        let journal = stage
            .app
            .desk
            .journal_of(&"HH-1".parse().unwrap())
            .await
            .unwrap();
        let to = format!("case.{}", journal.0.simple());
        for _ in 0..2 {
            assert_eq!(
                takes(&stage, &answer(&to, "")).await,
                Taken::Kept("HH-1".to_owned())
            );
        }
        let told = stage
            .get("/api/v1/cases/HH-1/journal", Some(&ann))
            .await
            .text();
        assert!(
            told.contains("By mail, sender not verified: zoe@zoo.example wrote"),
            "{told}"
        );
        assert_eq!(
            (
                told.matches("details_added").count(),
                told.matches("exhibit_added").count()
            ),
            (1, 1),
            "{told}"
        );
        let after = stage.get("/api/v1/cases/HH-1", Some(&ann)).await.json();
        for field in ["status", "phase", "severity", "ic", "title"] {
            assert_eq!(after[field], view[field], "{field}");
        }
        // What a program wrote, and what answers nothing of ours, is looked at.
        let elsewhere = format!("case.{}", uuid::Uuid::from_u128(7).simple());
        for raw in [
            answer(&to, "Auto-Submitted: auto-replied\r\n"),
            answer(&elsewhere, ""),
        ] {
            assert!(
                matches!(takes(&stage, &raw).await, Taken::Queued(_)),
                "{raw}"
            );
        }
        // A restricted case takes nothing by mail, and the queue, which others read, does not either.
        let restrict = json!({ "command": "restrict", "reason": "an employee" });
        stage.command("HH-1", &ann, restrict).await;
        for more in [
            "X-Second: yes\r\n",
            "Auto-Submitted: auto-replied\r\nX-Third: yes\r\n",
        ] {
            let said = takes(&stage, &answer(&to, more)).await;
            assert_eq!(said, Taken::Refused(NOT_BY_MAIL.to_owned()), "{more}");
        }
    }
}
