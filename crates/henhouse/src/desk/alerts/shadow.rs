//! Sources in shadow: who lets one call nobody, who hears of it, whom Henhouse would have called meanwhile, and whom the
//! other pager says that it called.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use procedure::chapters::intake::shadow;
use procedure::project::{AlertSource, ProjectCommand, ShadowEnded, SourceShadowed};
use procedure::{Actor, Body, Entry, Text, Who};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::desk::error::{DeskError, Result};
use crate::desk::installation::Addressee;
use crate::desk::{Desk, Inner, NOT_SENT_SHADOW, Onlooker, StoreError, journal};
use crate::report::Words;
use crate::report::shadow as words;
use crate::report::time::dated_utc;
use crate::store::{
    Attempt, CaseFilter, CaseNumber, CaseOrder, JournalId, Lane, NoticeId, OutboxRow, SHADOW, Tx,
    View,
};

/// So many of the last events in shadow are shown.
const MOST_SHOWN: u32 = 200;
/// The longest reason, in characters: it stands in a mail.
const LONGEST_WHY: usize = 500;
/// So many calls of the other pager are kept.
const MOST_CALLS: usize = 5_000;

/// An event in shadow.
#[derive(Clone, Debug)]
pub struct InShadow {
    /// The number that people say.
    pub number: CaseNumber,
    /// What its first alert is called.
    pub title: String,
    /// The keys by which its senders mean its alerts.
    pub aliases: Vec<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Since when nobody would be called any more: it is over where it came from, or somebody took note of it there.
    pub stopped_at: Option<Timestamp>,
    /// Whom Henhouse would have called, in order.
    pub calls: Vec<WouldCall>,
}

/// Somebody who would have been called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WouldCall {
    /// When.
    pub at: Timestamp,
    /// Whom; nobody where it is the pager of the project.
    pub person: Option<String>,
    /// By which route first.
    pub route: String,
    /// They have no address on file: nothing would have left.
    pub unreachable: bool,
    /// Because of what.
    pub because: Because,
}

/// Because of what somebody would have been called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Because {
    /// With the alert: they were on call, first on the sheet, or it is the pager.
    AtOnce,
    /// A step of the project's policy, from 1, in this round.
    Policy(u32, u32),
    /// The contact sheet: this place, in this round.
    Sheet(u32, u32),
    /// Something was owed.
    Owed,
}

/// Somebody whom the other pager called, as it says itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TheirCall {
    /// The key of the alert.
    pub alias: String,
    /// Whom, by mail address.
    pub mail: String,
    /// When.
    pub at: Timestamp,
    /// It stands in their list, and was not called.
    #[serde(default)]
    pub quiet: bool,
    /// Somebody took note of it there then.
    #[serde(default)]
    pub acknowledged_at: Option<Timestamp>,
}

/// What the other pager says, as it was brought here.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Brought {
    /// When it was brought.
    pub at: Option<Timestamp>,
    /// Each call.
    pub calls: Vec<TheirCall>,
}

impl Desk {
    /// Lets a source call nobody until then. Those who would be called hear of it, and the admins.
    ///
    /// # Errors
    /// Refused without a reason, for longer than may be, for a source that is none, or to a program.
    pub async fn shadow_source(
        &self,
        project: JournalId,
        actor: Actor,
        shadowed: SourceShadowed,
    ) -> Result<()> {
        let why = shadowed.why.plain().unwrap_or_default().trim();
        if why.is_empty() || why.chars().count() > LONGEST_WHY {
            return Err(DeskError::BadInput {
                field: "why".to_owned(),
                sentence: format!(
                    "Say in at most {LONGEST_WHY} characters which pager calls people meanwhile."
                ),
            });
        }
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            let until = dated_utc(shadowed.until);
            let why = shadowed.why.plain().unwrap_or_default().to_owned();
            let id = shadowed.id.clone();
            let command = ProjectCommand::ShadowSource(shadowed);
            inner.change_within(tx, project, &actor, &command)?;
            let (source, asker, farm) = inner.named(tx, project, &id, &actor)?;
            let told = words::begun(&farm, &source.name, &until, &why, &asker);
            inner.tell_of_shadow(tx, (project, &id), &actor, "shadow_begun", &told)
        })
        .await
    }

    /// Lets a source in shadow call people from now on. Those who are called then hear of it.
    ///
    /// # Errors
    /// Refused where it does not stand in shadow, or to a program.
    pub async fn end_shadow(&self, project: JournalId, actor: Actor, id: String) -> Result<()> {
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            let command = ProjectCommand::EndShadow(ShadowEnded { id: id.clone() });
            inner.change_within(tx, project, &actor, &command)?;
            let (source, asker, farm) = inner.named(tx, project, &id, &actor)?;
            let told = words::ended(&farm, &source.name, &asker);
            inner.tell_of_shadow(tx, (project, &id), &actor, "shadow_ended", &told)
        })
        .await
    }

    /// The last events of a project that stand in shadow, newest first, with whom Henhouse would have called.
    ///
    /// # Errors
    /// The store's.
    pub async fn in_shadow(
        &self,
        onlooker: &Onlooker,
        project: JournalId,
    ) -> Result<Vec<InShadow>> {
        let filter = CaseFilter {
            project: Some(project),
            status: vec![SHADOW.to_owned()],
            order: CaseOrder::Number,
            ..CaseFilter::default()
        };
        let rows = self.list(onlooker, filter, None, MOST_SHOWN).await?.rows;
        let mut all = Vec::new();
        for row in rows {
            let view = self.case(onlooker, &row.number).await?;
            let entries = self.entries(&view, 0, u32::MAX).await?;
            let sent = self.deliveries_with_attempts(&view).await?;
            let alerts = &view.case.part.intake.alerts;
            let plain =
                |text: &Option<Text>| text.as_ref().and_then(Text::plain).map(str::to_owned);
            let aliases = alerts.values().filter_map(|alert| plain(&alert.alias));
            let stopped = shadow::calls_until(&view.case) == Some(Timestamp::MIN);
            let last = alerts.values().map(|alert| alert.last_at).max();
            all.push(InShadow {
                number: row.number,
                title: crate::report::title(&view.case).unwrap_or_default(),
                aliases: aliases.collect(),
                opened_at: view.case.opened_at,
                stopped_at: last.filter(|_| stopped),
                calls: calls(&entries, &sent),
            });
        }
        Ok(all)
    }

    /// Keeps what the other pager says that it did, in the place of what was said before. It is encrypted under the
    /// project's key, and stands in no journal: it is their word.
    ///
    /// # Errors
    /// Bad input for too many; the store's.
    pub async fn keep_theirs(&self, project: JournalId, calls: Vec<TheirCall>) -> Result<()> {
        if calls.len() > MOST_CALLS {
            return Err(DeskError::BadInput {
                field: "calls".to_owned(),
                sentence: format!("At most {MOST_CALLS} calls; bring those of fewer days."),
            });
        }
        let inner = Arc::clone(&self.inner);
        self.write(move |tx| {
            let key = journal::key(tx, &inner.root, project)?;
            let theirs = Brought {
                at: Some(inner.clock.now()),
                calls,
            };
            let bytes = serde_json::to_vec(&theirs).map_err(DeskError::bug)?;
            let cipher = key.close_message(&bytes, &inner.ids);
            Ok(tx.put_setting(&setting(project), &cipher)?)
        })
        .await
    }

    /// What the other pager says that it did.
    ///
    /// # Errors
    /// The store's.
    pub async fn theirs(&self, project: JournalId) -> Result<Brought> {
        let inner = Arc::clone(&self.inner);
        let read = move |view: &dyn View| {
            let Some(cipher) = view.setting(&setting(project))? else {
                return Ok(Brought::default());
            };
            let key = journal::key(view, &inner.root, project)?;
            let bytes = key.open_message(&cipher).unwrap_or_default();
            Ok::<_, DeskError>(serde_json::from_slice(&bytes).unwrap_or_default())
        };
        self.inner.store.read(read).await
    }
}

/// Under what it is kept.
fn setting(project: JournalId) -> String {
    format!("shadow.theirs.{}", project.0.simple())
}

/// The pages among what would have left, each with its cause.
fn calls(entries: &[Arc<Entry>], sent: &[(OutboxRow, Vec<Attempt>)]) -> Vec<WouldCall> {
    let entries = entries.iter().map(|entry| (entry.seq, entry.as_ref()));
    let entries: BTreeMap<u64, &Entry> = entries.collect();
    let mut all: BTreeMap<(u64, NoticeId), WouldCall> = BTreeMap::new();
    let pages = sent.iter().filter(|(row, _)| row.lane == Lane::Urgent);
    for (row, attempts) in pages {
        let Some(entry) = entries.get(&row.seq) else {
            continue;
        };
        let because = match &entry.body {
            Body::Reported(_) => Because::AtOnce,
            Body::Called(called) => match called.step {
                Some(step) => Because::Policy(step.saturating_add(1), called.round),
                None => Because::Sheet(called.position, called.round),
            },
            _ => Because::Owed,
        };
        let call = WouldCall {
            at: entry.recorded_at,
            person: row.person.clone(),
            route: row.route.clone(),
            unreachable: !attempts.iter().any(would_have_left),
            because,
        };
        all.insert((row.seq, row.notice), call);
    }
    all.into_values().collect()
}

fn would_have_left(attempt: &Attempt) -> bool {
    attempt.receipt.as_deref() == Some(NOT_SENT_SHADOW)
}

impl Inner {
    /// The source, who asks, and the project's name, for a mail.
    fn named(
        &self,
        tx: &mut dyn Tx,
        project: JournalId,
        id: &str,
        actor: &Actor,
    ) -> Result<(AlertSource, String, String)> {
        let state = self.project_as_it_is(tx, project)?.state;
        let source = state.sources.get(id).cloned();
        let source = source.ok_or(DeskError::NotFound("alert source"))?;
        let asker = match &actor.who {
            Who::Person(person) => {
                let account = tx.account(&person.0)?;
                account.map_or_else(|| person.to_string(), |account| account.name)
            }
            _ => {
                return Err(StoreError::Invalid("a shadow is begun by a person".to_owned()).into());
            }
        };
        let name = state.name.as_ref().and_then(Text::plain);
        let name = name.unwrap_or(&state.slug).to_owned();
        Ok((source, asker, name))
    }

    /// Writes to everybody on the project's contact sheet and to every admin, each once.
    fn tell_of_shadow(
        &self,
        tx: &mut dyn Tx,
        (project, source): (JournalId, &str),
        actor: &Actor,
        kind: &str,
        words: &Words,
    ) -> Result<()> {
        let body = json!({ "project": project.0, "source": source });
        let seq = self.note(tx, actor, kind, body)?;
        let mut to: BTreeMap<String, Addressee> = BTreeMap::new();
        for account in tx.accounts()? {
            if account.role == "admin"
                && !account.disabled
                && let Some(admin) = Addressee::of(&account, account.email.clone())
            {
                to.insert(admin.key(), admin);
            }
        }
        let directory = self.project_as_it_is(tx, project)?.directory;
        for (person, contact) in &directory.people {
            let plain = |text: &Text| text.plain().map(str::to_owned);
            if let Some(mail) = contact.mail.as_ref().and_then(plain) {
                let one = Addressee::named(&person.0, plain(&contact.name), mail);
                to.entry(one.key()).or_insert(one);
            }
        }
        let to: Vec<_> = to.into_values().map(|one| (one, words)).collect();
        self.write_to(tx, seq, &to)
    }
}
