//! The same mail elsewhere: what a kept mail can be known again by, which other cases and waiting mails have the same, and the
//! acts that follow: making them one case (R29, R118), and warning colleagues (R110). What stands in journals of it are keyed
//! hashes; the words are read out of the kept mail each time that somebody looks, so that what is erased is gone.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::sync::Arc;

use casefile::ExhibitHash;
use hmac::{Hmac, KeyInit as _, Mac as _};
use procedure::at::At;
use procedure::chapters::evidence::exhibit::What;
use procedure::chapters::intake::{MergeCase, WarnColleagues, colleagues};
use procedure::id::CaseId;
use procedure::playbook::EvidenceKind;
use procedure::review::{MailMarked, Place};
use procedure::{Actor, Order, Refusal, Text};
use serde_json::json;
use sha2::Sha256;

use super::{MARKED, QueueMail, WARNED};
use crate::desk::answers::{OneUse, keep_answer, kept_answer};
use crate::desk::error::{DeskError, Result};
use crate::desk::installation::Addressee;
use crate::desk::take::{on_case, take};
use crate::desk::views::{CaseView, Onlooker};
use crate::desk::{Desk, Inner, journal};
use crate::indicators::{self, Indicator};
use crate::report::warning;
use crate::store::{CaseNumber, JournalId, Tx, View};
use crate::vault::{Exhibits, JournalKey};

/// What the key of the hashes is derived under.
const LABEL: &str = "henhouse/indicator/v1";
/// So many mails of a case are looked into, the newest; and so many bytes of each.
const MAILS: usize = 10;
const BYTES: u64 = 8 * 1024 * 1024;
/// So many cases and mails are shown that have the same.
const SHOWN: usize = 100;

/// What the mails of a case, or one mail of the queue, have in common with others.
pub struct Alike {
    /// What they can be known again by.
    pub indicators: Vec<Indicator>,
    /// Cases that have some of it, those with most of it first.
    pub cases: Vec<Like<CaseNumber>>,
    /// Mails in the queue that have some of it.
    pub mails: Vec<Like<u64>>,
}

/// Something that has the same.
pub struct Like<T> {
    /// Its number.
    pub number: T,
    /// What it is called.
    pub title: String,
    /// So much of it is the same.
    pub same: usize,
    /// Likely the same mail: not only the host of a link is the same.
    pub telling: bool,
    /// It can be gathered: it is not over, and of the same project.
    pub open: bool,
}

/// What became of gathering.
#[derive(Debug, Default)]
pub struct Gathered {
    /// So many were gathered.
    pub done: usize,
    /// What was not, and why.
    pub not: Vec<(String, String)>,
}

/// A warning, before it is sent.
pub struct Warning {
    /// Who gets it, by name.
    pub people: Vec<String>,
    /// Subject and text as they leave.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// What a warning is about.
enum About {
    Case(Box<CaseView>),
    Mail { item: u64, project: JournalId },
}

impl Desk {
    /// What the mails of a case have in common with others that the onlooker may see.
    ///
    /// # Errors
    /// Not found where the case does not exist for the onlooker; the store's.
    pub async fn alike(&self, onlooker: &Onlooker, number: &CaseNumber) -> Result<Alike> {
        let view = self.case(onlooker, number).await?;
        let id = view.row.journal;
        let exhibits = view.case.part.evidence.exhibits.iter().rev();
        let mails = exhibits.filter(|exhibit| {
            exhibit.kind == EvidenceKind::Mail
                && view.may_read(exhibit.seq)
                && !view.bytes_are_erased(exhibit.seq)
        });
        let mails = mails.filter_map(|exhibit| match &exhibit.what {
            What::Upload { sha256, size, .. } => Some((sha256.parse().ok()?, *size)),
            _ => None,
        });
        let mails: Vec<(ExhibitHash, u64)> = mails.take(MAILS).collect();
        let inner = Arc::clone(&self.inner);
        let key = move |view: &dyn View| journal::key(view, &inner.root, id);
        let key = self.inner.store.read(key).await?;
        let found = self.look_into(key, mails).await;
        let own = Some(Place::Case(CaseId(id.to_string())));
        let project = view.row.project;
        self.elsewhere(onlooker, found, own, project).await
    }

    /// The same for one mail of the queue.
    ///
    /// # Errors
    /// Not found where the mail does not exist for the onlooker; the store's.
    pub async fn alike_in_queue(&self, onlooker: &Onlooker, item: u64) -> Result<Alike> {
        let mail = self.queued_mail(onlooker, item).await?;
        let hash = mail.mail.mail.sha256.parse();
        let hash = hash.map_err(|_| DeskError::NotFound("mail"))?;
        let key = self.key_of_queue().await?;
        let found = self.look_into(key, vec![(hash, mail.mail.mail.size)]).await;
        let project = mail.project.journal;
        self.elsewhere(onlooker, found, Some(Place::Item(item)), project)
            .await
    }

    /// Makes other cases and waiting mails part of a case, in one act: each keeps what it is, and its reporters go on hearing.
    /// What cannot be is left as it was, and said.
    ///
    /// # Errors
    /// Not found where the case does not exist for the onlooker; the store's.
    pub async fn gather(
        &self,
        onlooker: &Onlooker,
        number: &CaseNumber,
        cases: Vec<CaseNumber>,
        mails: Vec<u64>,
    ) -> Result<Gathered> {
        let into = self.case(onlooker, number).await?;
        let other = CaseId(into.row.journal.to_string());
        let mut gathered = Gathered::default();
        let mut note = |what: String, done: Result<()>| match done {
            Ok(()) => {
                gathered.done += 1;
                Ok(())
            }
            Err(
                error @ (DeskError::Refused(_)
                | DeskError::NotFound(_)
                | DeskError::BadInput { .. }),
            ) => {
                gathered.not.push((what, error.to_string()));
                Ok(())
            }
            Err(error) => Err(error),
        };
        for case in cases {
            let merged = match self.case(onlooker, &case).await {
                Ok(view) => {
                    let merge = MergeCase {
                        other: other.clone(),
                        reason: Some(Text::from("The same mail")),
                    };
                    let order = Order::from(procedure::Command::from(merge));
                    let actor = onlooker.actor.clone();
                    self.submit(view.row.journal, actor, order, None)
                        .await
                        .map(drop)
                }
                Err(error) => Err(error),
            };
            note(case.to_string(), merged)?;
        }
        for item in mails {
            let joined = self.join_queued(onlooker, item, number).await.map(drop);
            note(format!("M-{item}"), joined)?;
        }
        Ok(gathered)
    }

    /// A warning to the colleagues of a project, as it would leave: `of` is a case or a mail of the queue.
    ///
    /// # Errors
    /// Not found where it does not exist for the onlooker; refused for a restricted case.
    pub async fn warning(&self, onlooker: &Onlooker, of: &str, words: &str) -> Result<Warning> {
        let about = self.warned_about(onlooker, of).await?;
        let (inner, who) = (Arc::clone(&self.inner), onlooker.actor.clone());
        let words = words.to_owned();
        let look = move |view: &dyn View| {
            let to = inner.colleagues(view, &about)?;
            let said = warning::words(&inner.called(view, &about, &who)?, &words, &inner.asks_at());
            Ok::<_, DeskError>(Warning {
                people: to.into_iter().map(|(_, name, _)| name).collect(),
                subject: said.subject,
                text: said.text,
            })
        };
        self.inner.store.read(look).await
    }

    /// Sends that warning, once. Answers how many got it.
    ///
    /// # Errors
    /// As [`Desk::warning`]; refused where nobody would get it.
    pub async fn warn(
        &self,
        onlooker: &Onlooker,
        of: &str,
        words: &str,
        once: Option<OneUse>,
    ) -> Result<usize> {
        let about = self.warned_about(onlooker, of).await?;
        let (inner, actor) = (Arc::clone(&self.inner), onlooker.actor.clone());
        let words = words.to_owned();
        let asked = self.inner.asked(once, "warn", &(of, &words))?;
        self.write(move |tx| {
            if let Some(kept) = kept_answer(tx, asked.as_ref())? {
                return Ok(kept);
            }
            let count = match &about {
                About::Case(case) => inner.warn_from(tx, case.row.journal, &actor, &words)?,
                About::Mail { item, .. } => inner.warn_of(tx, (&about, *item), &actor, &words)?,
            };
            keep_answer(tx, asked, &count, inner.clock.wall())?;
            Ok(count)
        })
        .await
    }

    async fn warned_about(&self, onlooker: &Onlooker, of: &str) -> Result<About> {
        let item = of.strip_prefix("M-").and_then(|item| item.parse().ok());
        if let Some(item) = item {
            let mail = self.queued_mail(onlooker, item).await?;
            // What is part of a case is warned of as that case is.
            return match mail.settled {
                Some((_, Some(number))) => self.warned_about_case(onlooker, &number).await,
                _ => Ok(About::Mail {
                    item,
                    project: mail.project.journal,
                }),
            };
        }
        let number: CaseNumber = of.parse().map_err(|_| DeskError::NotFound("case"))?;
        self.warned_about_case(onlooker, &number).await
    }

    async fn warned_about_case(&self, onlooker: &Onlooker, number: &CaseNumber) -> Result<About> {
        let view = self.case(onlooker, number).await?;
        if view.case.part.secrecy.restricted {
            return Err(Refusal::forbidden(
                None,
                "This case is for its members only: nothing of it is sent to everybody.",
                "Warn people in words that say nothing of the case, in your channel.",
            )
            .into());
        }
        Ok(About::Case(Box::new(view)))
    }

    /// What a mail on its way into the queue can be known again by.
    pub(super) async fn tags_of_queued(&self, came: &QueueMail) -> Vec<String> {
        let Ok(key) = self.key_of_queue().await else {
            return Vec::new();
        };
        let mail = (came.mail.hash, came.mail.size);
        let found = self.look_into(key, vec![mail]).await;
        self.inner.tags(&found).into_values().collect()
    }

    /// Writes down by what a mail that became part of a case can be known again. The mail itself is kept, whatever becomes of
    /// this: a failure is only logged.
    pub(in crate::desk) async fn mark_mail(&self, case: JournalId, hash: &ExhibitHash, size: u64) {
        let inner = Arc::clone(&self.inner);
        let key = move |view: &dyn View| journal::key(view, &inner.root, case);
        let Ok(key) = self.inner.store.read(key).await else {
            return;
        };
        let found = self.look_into(key, vec![(*hash, size)]).await;
        let tags: Vec<String> = self.inner.tags(&found).into_values().collect();
        if tags.is_empty() {
            return;
        }
        let inner = Arc::clone(&self.inner);
        let marked = MailMarked {
            case: CaseId(case.to_string()),
            tags,
        };
        let written = self.write(move |tx| {
            let wanted: BTreeSet<String> = marked.tags.iter().cloned().collect();
            let known = inner.queue(tx)?.alike(&wanted);
            if known.get(&Place::Case(marked.case.clone())) == Some(&wanted.len()) {
                return Ok(());
            }
            let body = serde_json::to_value(&marked).map_err(DeskError::bug)?;
            inner.note(tx, &Actor::system(), MARKED, body).map(drop)
        });
        if let Err(error) = written.await {
            tracing::warn!(%error, "a mail is kept, and cannot be known again yet");
        }
    }

    /// Reads kept mails and finds what they can be known again by. What cannot be read has none.
    async fn look_into(&self, key: JournalKey, mails: Vec<(ExhibitHash, u64)>) -> Vec<Indicator> {
        let Some(exhibits) = self.inner.exhibits.get().cloned() else {
            return Vec::new();
        };
        let look = move || {
            let found = mails
                .iter()
                .filter(|(_, size)| *size <= BYTES)
                .flat_map(|(hash, _)| read(&exhibits, &key, hash));
            let all: BTreeSet<Indicator> = found.collect();
            all.into_iter().collect()
        };
        tokio::task::spawn_blocking(look).await.unwrap_or_default()
    }

    async fn elsewhere(
        &self,
        onlooker: &Onlooker,
        indicators: Vec<Indicator>,
        own: Option<Place>,
        project: JournalId,
    ) -> Result<Alike> {
        let tags = self.inner.tags(&indicators);
        let all: BTreeSet<String> = tags.values().cloned().collect();
        let telling = tags.iter().filter(|(one, _)| one.kind.is_telling());
        let telling: BTreeSet<String> = telling.map(|(_, tag)| tag.clone()).collect();
        let inner = Arc::clone(&self.inner);
        let find = move |view: &dyn View| {
            let queue = inner.queue(view)?;
            let tells = queue.alike(&telling);
            let mut cases = BTreeMap::new();
            let mut items = Vec::new();
            for (place, same) in queue.alike(&all) {
                let tells = tells.contains_key(&place);
                match &place {
                    _ if Some(&place) == own.as_ref() => {}
                    Place::Item(item) => items.push((*item, same, tells)),
                    Place::Case(case) => {
                        let id = case.0.parse().ok().map(JournalId);
                        let row = id.map(|id| view.case(id)).transpose()?.flatten();
                        cases.extend(row.map(|row| (row.number, (same, tells))));
                    }
                }
            }
            Ok::<_, DeskError>((cases, items))
        };
        let (cases, items) = self.inner.store.read(find).await?;
        let mut alike = Alike {
            indicators,
            cases: Vec::new(),
            mails: Vec::new(),
        };
        for (number, (same, telling)) in cases {
            // What does not exist for the onlooker is not even counted.
            let Ok(view) = self.case(onlooker, &number).await else {
                continue;
            };
            alike.cases.push(Like {
                number,
                title: crate::report::title(&view.case).unwrap_or_default(),
                same,
                telling,
                open: !view.case.is_over() && view.row.project == project,
            });
            if alike.cases.len() >= SHOWN {
                break;
            }
        }
        for (item, same, telling) in items {
            let Ok(mail) = self.queued_mail(onlooker, item).await else {
                continue;
            };
            let title = mail.mail.report.title.as_ref().and_then(Text::plain);
            alike.mails.push(Like {
                number: item,
                title: title.unwrap_or_default().to_owned(),
                same,
                telling,
                open: mail.project.journal == project,
            });
            if alike.mails.len() >= SHOWN {
                break;
            }
        }
        alike
            .cases
            .sort_by_key(|like| std::cmp::Reverse((like.telling, like.same)));
        Ok(alike)
    }
}

impl About {
    fn project(&self) -> JournalId {
        match self {
            Self::Case(view) => view.row.project,
            Self::Mail { project, .. } => *project,
        }
    }
}

impl Inner {
    /// Each as a keyed hash, so that two can be found to be the same and none can be guessed.
    fn tags(&self, found: &[Indicator]) -> BTreeMap<Indicator, String> {
        let key = self.root.derived(LABEL);
        let tag = |one: &Indicator| {
            let mut mac = Hmac::<Sha256>::new_from_slice(key.as_slice())
                .expect("HMAC takes a key of any length");
            mac.update(one.kind.word().as_bytes());
            mac.update(b"\0");
            mac.update(one.words.as_bytes());
            let hash = mac.finalize().into_bytes();
            hash.iter()
                .take(16)
                .map(|byte| format!("{byte:02x}"))
                .collect()
        };
        found.iter().map(|one| (one.clone(), tag(one))).collect()
    }

    /// Whom a warning goes to, what they are called and where they are written to: of a case as the procedure says it, of a
    /// mail everybody on the contact sheet who has an address.
    fn colleagues(&self, view: &dyn View, about: &About) -> Result<Vec<(String, String, String)>> {
        let folded = self.project_as_it_is(view, about.project())?;
        let of_case = match about {
            About::Case(case) => {
                let at = At::new(&case.case, &case.basis, self.clock.now());
                Some(colleagues(at))
            }
            About::Mail { .. } => None,
        };
        let people = folded.directory.people.iter();
        let people = people.filter(|(person, contact)| match &of_case {
            Some(warned) => warned.contains(*person),
            None => contact.mail.is_some(),
        });
        let to = people.map(|(person, contact)| {
            let address = contact.mail.as_ref().and_then(Text::plain);
            let name = contact.name.plain().unwrap_or(&person.0);
            let address = address.unwrap_or_default();
            (person.0.clone(), name.to_owned(), address.to_owned())
        });
        Ok(to.collect())
    }

    /// Warns from a case: who was warned by whom, and in which words, stands in its journal.
    fn warn_from(
        self: &Arc<Self>,
        tx: &mut dyn Tx,
        case: JournalId,
        actor: &Actor,
        words: &str,
    ) -> Result<usize> {
        let text = Text::from(words);
        let order = Order::from(procedure::Command::from(WarnColleagues { text }));
        let mut count = 0;
        on_case(self, tx, case, |bench| {
            count = colleagues(At::new(&bench.folded.case, &bench.basis, bench.now)).len();
            take(bench, actor, &order)
        })?;
        Ok(count)
    }

    /// Warns of a mail that waits: it stands in the installation's journal, and goes along where the mail becomes part of a case.
    fn warn_of(
        &self,
        tx: &mut dyn Tx,
        (about, item): (&About, u64),
        actor: &Actor,
        words: &str,
    ) -> Result<usize> {
        let mut to = self.colleagues(tx, about)?;
        to.retain(|(_, _, address)| !address.is_empty());
        if to.is_empty() {
            let nobody = "Nobody on the contact sheet has a mail address.";
            return Err(Refusal::conflict(nobody, "Warn them in your channel.").into());
        }
        let said = warning::words(&self.called(tx, about, actor)?, words, &self.asks_at());
        let text = serde_json::to_value(Text::from(said.text.as_str())).map_err(DeskError::bug)?;
        let body = json!({
            "project": about.project().to_string(), "people": to.len(), "item": item, "text": text,
        });
        let seq = self.note(tx, actor, WARNED, body)?;
        let count = to.len();
        let to = to
            .into_iter()
            .map(|(person, name, address)| (Addressee::named(&person, Some(name), address), &said));
        let to: Vec<_> = to.collect();
        self.write_to(tx, seq, &to)?;
        Ok(count)
    }

    /// Where anybody answers the questions about a suspicious mail.
    fn asks_at(&self) -> String {
        format!("{}/suspicious", self.site.base_url)
    }

    /// What somebody is called on the contact sheet.
    fn called(&self, view: &dyn View, about: &About, actor: &Actor) -> Result<String> {
        let folded = self.project_as_it_is(view, about.project())?;
        let names = crate::report::Names::new(&folded.directory);
        Ok(names.who(&actor.who))
    }
}

fn read(exhibits: &Exhibits, key: &JournalKey, hash: &ExhibitHash) -> Vec<Indicator> {
    let mut raw = Vec::new();
    let Ok(reading) = exhibits.read(key, hash) else {
        return Vec::new();
    };
    match reading.take(BYTES).read_to_end(&mut raw) {
        Ok(_) => indicators::of(&raw),
        Err(_) => Vec::new(),
    }
}
