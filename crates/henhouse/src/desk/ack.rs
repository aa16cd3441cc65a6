//! Answering by the link in a page: looking never acts, and each press acts once.

use jiff::Timestamp;
use procedure::agenda::Owner;
use procedure::at::At;
use procedure::chapters::calling::{self, PassOn};
use procedure::chapters::commander::{Acknowledge, Join};
use procedure::playbook::Severity;
use procedure::{Actor, Command, How, Order, PersonId, Refusal, RefusalKind};

use serde::{Deserialize, Serialize};

use super::Desk;
use super::answers::OneUse;
use super::error::{DeskError, Result};
use super::receipt::stands_for;
use super::views::{CaseView, Onlooker};
use crate::auth::link::{Link, LinkError, Purpose};
use crate::report::people::public_lines;
use crate::report::{self, Names, Times};
use crate::store::{JournalId, NoticeId, View};

/// What somebody presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Press {
    /// "I have it".
    Take,
    /// "Not me: call the next".
    PassOn,
    /// "Somebody has it, and I help".
    Join,
}

impl Press {
    /// As it is told apart from the others that one link allows.
    const fn word(self) -> &'static str {
        match self {
            Self::Take => "take",
            Self::PassOn => "pass_on",
            Self::Join => "join",
        }
    }
}

/// What the link leads to, as things stand.
#[derive(Clone, Debug)]
pub struct Called {
    /// The number that people say.
    pub number: String,
    /// What the case is called.
    pub noun: &'static str,
    /// Its title.
    pub title: Option<String>,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// Who was called by this link.
    pub person: String,
    /// What they are called.
    pub name: Option<String>,
    /// What became of it so far.
    pub stands: Stands,
    /// Its severity.
    pub severity: Severity,
    /// It exists only for its members: no word of it stands on a page opened by a link.
    pub restricted: bool,
    /// How many were called in the present walk.
    pub asked: usize,
    /// By when the team owes an answer, as long as nobody has given one (R26).
    pub answer_by: Option<Timestamp>,
    /// When the next person is called, or the sheet begins again.
    pub next_call_at: Option<Timestamp>,
    /// Since when whoever has it has it.
    pub since: Option<Timestamp>,
    /// What the IC owes first.
    pub next: Option<String>,
    /// Times as the project says them.
    pub times: Times,
    /// Numbers that anybody may call: what the line is, and the number.
    pub public_numbers: Vec<(String, String)>,
}

/// What became of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stands {
    /// Nobody has it.
    Open,
    /// The holder of this link has it.
    Yours,
    /// Somebody else has it: who, what they are called, since when. `joined`: the holder helps.
    Taken {
        /// Who.
        ic: String,
        /// What they are called.
        name: Option<String>,
        /// Since when.
        since: Timestamp,
        /// The holder of this link is in the response too.
        joined: bool,
    },
    /// The case is over.
    Over,
}

/// What whoever opened a link is answered.
#[derive(Clone, Debug)]
pub enum Answered {
    /// How things stand.
    Known(Box<Called>),
    /// The database is away: what was pressed is noted, and nobody can say how things stand.
    Noted(Noted),
}

/// An answer without the database.
#[derive(Clone, Debug)]
pub struct Noted {
    /// What was pressed, and when; nothing if nothing was yet.
    pub pressed: Option<(Press, Timestamp)>,
    /// Times as the first project says them.
    pub times: Times,
    /// Numbers that anybody may call: what the line is, and the number.
    pub public_numbers: Vec<(String, String)>,
}

impl Desk {
    pub(super) async fn called_now(&self, link: &Link) -> Result<Called> {
        let view = self.seen_by(link).await?;
        Ok(called(&view, &link.claims.person, self.now()))
    }

    pub(super) async fn press_now(&self, link: &Link, press: Press) -> Result<Called> {
        self.seen_by(link).await?;
        let order = Order::from(match press {
            Press::Take => Command::from(Acknowledge { only_command: true }),
            Press::PassOn => PassOn {}.into(),
            Press::Join => Join {}.into(),
        });
        let once = OneUse {
            actor: "link".to_owned(),
            key: format!("{} {}", link.id, press.word()),
        };
        let journal = self.leads_to(link).await?;
        match self.submit(journal, actor(link), order, Some(once)).await {
            Ok(_) => {}
            Err(DeskError::Refused(refusal)) if refusal.kind == RefusalKind::Conflict => {}
            Err(error) => return Err(error),
        }
        self.note_answered(&link.claims.person).await;
        self.called_now(link).await
    }

    pub(super) fn act_link(&self, token: &str) -> Result<Link> {
        self.act_link_at(token, self.inner.clock.wall())
    }

    pub(super) fn act_link_at(&self, token: &str, now: Timestamp) -> Result<Link> {
        let link = self.inner.links.verify(token, Purpose::Acknowledge, now);
        link.map_err(|error| match error {
            LinkError::Expired => Refusal::conflict(
                "This link has expired.",
                "Sign in to see where the case stands.",
            )
            .into(),
            _ => DeskError::NotFound("link"),
        })
    }

    /// The case that a link leads to, which may stand for the one that it was made for.
    async fn leads_to(&self, link: &Link) -> Result<JournalId> {
        let begun = JournalId(link.claims.journal);
        let read = move |view: &dyn View| stands_for(view, begun);
        let found = self.inner.store.read(read).await?;
        found.ok_or(DeskError::NotFound("link"))
    }

    /// Whether the database does not know yet of what a link leads to: its report waits on the disk of the node that called
    /// for it; or the report has come, and as long as nobody has it people are called anew, to whom it may be restricted.
    pub(super) async fn is_to_come(&self, link: &Link) -> Result<bool> {
        let (begun, notice) = (JournalId(link.claims.journal), NoticeId(link.id));
        let read = move |view: &dyn View| {
            let Some(case) = stands_for(view, begun)? else {
                return Ok(true);
            };
            let waits = view
                .case(case)?
                .is_some_and(|row| row.open && row.ic.is_none());
            Ok(waits && view.delivery(notice)?.is_none())
        };
        self.inner.store.read(read).await
    }

    async fn seen_by(&self, link: &Link) -> Result<CaseView> {
        let id = self.leads_to(link).await?;
        let read = self.inner.store.read(move |view: &dyn View| view.case(id));
        let row = read.await?.ok_or(DeskError::NotFound("link"))?;
        let onlooker = Onlooker {
            actor: actor(link),
            admin: false,
        };
        let view = self.case(&onlooker, &row.number).await;
        let view = view.map_err(|error| match error {
            DeskError::NotFound(_) => DeskError::NotFound("link"),
            error => error,
        })?;
        if !belongs(&view, &link.claims.person) {
            return Err(DeskError::NotFound("link"));
        }
        Ok(view)
    }
}

/// A link does not outlive its person's part: whoever was called and left the contact sheet since opens nothing by it.
fn belongs(view: &CaseView, person: &str) -> bool {
    let (person, project) = (PersonId::from(person), &view.basis.project);
    project.member(&person).is_some()
        || project.second_chain.contains(&person)
        || view.case.part.commander.responders.contains_key(&person)
}

fn actor(link: &Link) -> Actor {
    Actor::person(&link.claims.person.as_str().into(), How::SignedLink)
}

fn called(view: &CaseView, person: &str, now: Timestamp) -> Called {
    let case = &view.case;
    let agenda = view.agenda(now);
    let mut owed = agenda.obligations.iter();
    let first =
        owed.find(|owed| owed.owner == Owner::Ic || owed.owner == Owner::Person(person.into()));
    let me = PersonId::from(person);
    let commander = &case.part.commander;
    let since = commander.intervals.last().map(|interval| interval.from);
    let stands = match case.ic().zip(since) {
        _ if case.is_over() => Stands::Over,
        Some((ic, _)) if *ic == me => Stands::Yours,
        Some((ic, since)) if commander.silent_since.is_none() => Stands::Taken {
            ic: ic.to_string(),
            name: view.name_of(ic),
            since,
            joined: commander.responders.contains_key(&me),
        },
        _ => Stands::Open,
    };
    Called {
        number: view.row.number.to_string(),
        noun: case.noun(),
        title: report::title(case),
        reported_at: case.part.intake.reported_at().unwrap_or(case.opened_at),
        name: view.name_of(&me),
        person: person.to_owned(),
        stands,
        severity: case.part.assess.severity,
        restricted: case.part.secrecy.restricted,
        asked: case.part.calling.walk().len(),
        answer_by: calling::answer_due(At::new(case, &view.basis, now)),
        next_call_at: calling::next_call_at(At::new(case, &view.basis, now)),
        since,
        next: first.map(|owed| Names::new(&view.directory).in_words(&owed.what)),
        times: Times::new(view.basis.project.calendar.rules().clone(), now),
        public_numbers: public_lines(&view.directory, &view.basis.playbook),
    }
}

#[cfg(test)]
impl Desk {
    /// The token of the link in a waiting page to a person, as its mail holds it.
    pub(crate) async fn page_link(&self, person: &str) -> Option<String> {
        let person = person.to_owned();
        let read = move |view: &dyn View| {
            let mut links = Vec::new();
            for case in view.journals(crate::store::JournalKind::Case)? {
                for row in view.deliveries_of(case.id)? {
                    if row.person.as_deref() == Some(&person)
                        && row.lane == crate::store::Lane::Urgent
                    {
                        links.push((row.journal, row.notice));
                    }
                }
            }
            Ok::<_, DeskError>(links)
        };
        let (journal, notice) = self.inner.store.read(read).await.ok()?.pop()?;
        let claims = crate::auth::link::LinkClaims {
            purpose: Purpose::Acknowledge,
            journal: journal.0,
            person: person_of(&self.inner, notice).await?,
            notice: notice.to_string(),
            expires: Timestamp::MAX,
        };
        self.inner.links.encode(notice.0, &claims).ok()
    }
}

#[cfg(test)]
async fn person_of(inner: &super::Inner, notice: crate::store::NoticeId) -> Option<String> {
    let row = inner
        .store
        .read(move |view: &dyn View| view.delivery(notice));
    row.await.ok()??.person
}
