//! What can still be made out of a project whose journal does not check out, so that its reports are taken and somebody
//! is called. Nothing is changed by it, and nothing is written behind the damage.

use std::collections::BTreeMap;

use casefile::chain::Chain;
use casefile::{Commitment, Head, sealed};
use procedure::Basis;
use procedure::basis::{Member, Project, Role};
use procedure::project::{Contact, Directory, ProjectState};
use procedure::{PersonId, Text};

use super::cases::Folded;
use super::error::{DeskError, Result};
use super::projects::{FoldedProject, Partly, project_entry};
use super::{Inner, journal};
use crate::founding;
use crate::store::{CaseFilter, EntryRow, JournalId, View, Viewer};
use crate::vault::JournalKey;

/// Entries are read in portions of so many.
const PORTION: u32 = 1_000;
/// At most so many cases are looked into for a basis that holds.
const CASES: u32 = 20;
/// The zone of a project of which not even that is left.
const ZONE: &str = "UTC";

impl Inner {
    /// A project as far as it can be made out: each entry that holds by itself counts, those that do not are stepped
    /// over. What the rules look at comes from there or from the newest case whose basis holds, whichever is later; if
    /// neither names anybody, from the installation's admins, so that somebody is called.
    pub(super) fn left_of(
        &self,
        view: &dyn View,
        id: JournalId,
        why: Partly,
    ) -> Result<FoldedProject> {
        let key = journal::key(view, &self.root, id).ok();
        let state = self.readable(view, id, key.as_ref())?;
        let kept = self.basis_of_a_case(view, id)?;
        let mut directory = state.directory.clone();
        let admins = add_accounts(view, &mut directory)?;
        let mut basis = match (state.basis(), kept) {
            (Some(read), Some(kept)) if kept.project.revision > read.project.revision => kept,
            (Some(read), _) => read,
            (None, Some(kept)) => kept,
            (None, None) => Basis::new(
                founding::handbook(),
                state
                    .project()
                    .map_or_else(|| founding::empty_project(ZONE), Ok)?,
            ),
        };
        if !answers(&basis.project, &directory) {
            basis.project.roster.extend(admins);
        }
        let head = view.head(id)?;
        let head = Head {
            seq: head.seq,
            hash: head.hash.into(),
        };
        let chain = Chain::resume(id.0, head, self.clock.now());
        FoldedProject::left_over((state, directory), chain, basis, why)
    }

    /// The entries that hold by themselves, folded.
    fn readable(
        &self,
        view: &dyn View,
        id: JournalId,
        key: Option<&JournalKey>,
    ) -> Result<ProjectState> {
        let mut state = ProjectState::default();
        let mut after = 0;
        loop {
            let rows = view.entries(id, after, PORTION)?;
            let Some(last) = rows.last() else {
                return Ok(state);
            };
            after = last.seq;
            for row in &rows {
                let texts = match key {
                    Some(key) => texts(view, key, row)?,
                    None => BTreeMap::new(),
                };
                let Ok(mut envelope) = by_itself(row) else {
                    continue;
                };
                let text = |commitment: &Commitment| texts.get(commitment).cloned();
                sealed::open_value(&mut envelope.body, &text);
                if let Ok(entry) = project_entry(envelope) {
                    state.apply(&entry);
                }
            }
        }
    }

    /// The basis of the newest case of the project that can be read.
    fn basis_of_a_case(&self, view: &dyn View, project: JournalId) -> Result<Option<Basis>> {
        let filter = CaseFilter {
            project: Some(project),
            ..CaseFilter::default()
        };
        let page = view.list_cases(&filter, &Viewer::System, None, CASES)?;
        for row in page.rows {
            let mut folded = Folded::empty(row.journal);
            let read = folded.catch_up(view, &self.root, row.journal);
            match read.and_then(|()| self.basis_of(view, &folded.case)) {
                Ok(basis) => {
                    let (playbook, project) = (basis.playbook.clone(), basis.project.clone());
                    return Ok(Some(Basis::new(playbook, project)));
                }
                Err(DeskError::Store(error)) => return Err(error.into()),
                Err(_) => {}
            }
        }
        Ok(None)
    }
}

/// An entry whose bytes have their hash, whatever stands before it.
fn by_itself(row: &EntryRow) -> Result<casefile::Envelope> {
    let parsed = casefile::Envelope::parse(&row.bytes);
    let parsed = parsed.map_err(|error| DeskError::Damaged(error.to_string()))?;
    let before = Head {
        seq: row.seq.saturating_sub(1),
        hash: parsed.prev,
    };
    let mut chain = Chain::resume(row.journal.0, before, row.recorded_at);
    journal::check(&mut chain, row)
}

/// The texts of an entry that can be opened.
fn texts(
    view: &dyn View,
    key: &JournalKey,
    row: &EntryRow,
) -> Result<BTreeMap<Commitment, String>> {
    let sealed = view.sealed_between(row.journal, row.seq.saturating_sub(1), row.seq)?;
    let opened = sealed.iter().filter_map(|row| {
        let commitment = Commitment::from(row.commitment);
        let opened = key.decrypt(&commitment, &row.cipher).ok()?;
        Some((commitment, opened.text))
    });
    Ok(opened.collect())
}

/// Whoever has an account with an address can be reached by it, if the project's own directory is lost. Answers the admins
/// among them, as a contact sheet.
fn add_accounts(view: &dyn View, directory: &mut Directory) -> Result<Vec<Member>> {
    let mut admins = Vec::new();
    for account in view
        .accounts()?
        .into_iter()
        .filter(|account| !account.disabled)
    {
        let Some(mail) = account.email else { continue };
        let person = PersonId::from(account.person.as_str());
        let contact = directory.people.entry(person.clone()).or_insert(Contact {
            name: Text::from(account.name.as_str()),
            mail: None,
            phone: None,
            routes: Vec::new(),
        });
        if contact.mail.as_ref().and_then(Text::plain).is_none() {
            contact.mail = Some(Text::from(mail.as_str()));
        }
        if account.role == "admin" {
            admins.push(Member {
                person,
                roles: [Role::Responder].into(),
                skills: Default::default(),
                has_phone: false,
                has_mail: true,
            });
        }
    }
    Ok(admins)
}

/// Whether some responder can be reached.
fn answers(project: &Project, directory: &Directory) -> bool {
    let mut responders = project.with_role(Role::Responder);
    responders.any(|member| {
        let contact = directory.people.get(&member.person);
        contact.is_some_and(|contact| contact.mail.as_ref().and_then(Text::plain).is_some())
    })
}
