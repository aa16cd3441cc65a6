//! Projects: their journals, and the basis that each of their cases is given.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use casefile::chain::Chain;
use casefile::{Envelope, Hash, canonical};
use procedure::chapters::record::{BasisChanged, matters};
use procedure::project::{
    Directory, ProjectBody, ProjectCommand, ProjectEntry, ProjectState, decide_project,
};
use procedure::{Actor, Basis, Body, Case, Draft, Refusal};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::answers::{OneUse, keep_answer, kept_answer};
use super::error::{DeskError, Result};
use super::{Desk, Inner, contacts, journal, take};
use crate::store::{
    BasisRow, CaseFilter, JournalId, JournalKind, JournalRow, PersonId, ProjectRow, Tx, View,
    Viewer,
};
use crate::vault::JournalKey;

/// A project's journal folded, with the end of its chain.
#[derive(Clone)]
pub(crate) struct FoldedProject {
    /// The project, texts readable.
    pub state: Arc<ProjectState>,
    /// Names and addresses of its people.
    pub directory: Arc<Directory>,
    chain: Chain,
    basis: Arc<OnceLock<Option<KeptBasis>>>,
    /// Why its journal is not believed as a whole; what is here then is what could still be made out.
    damaged: Option<Arc<str>>,
}

/// The basis of a project's new cases, with its name worked out once and not at each report.
pub(crate) struct KeptBasis {
    /// The basis.
    pub basis: Arc<Basis>,
    /// The entry that names it.
    pub changed: BasisChanged,
    row: BasisRow,
}

impl FoldedProject {
    fn new(state: ProjectState, chain: Chain) -> Self {
        Self {
            directory: Arc::new(state.directory.clone()),
            state: Arc::new(state),
            chain,
            basis: Arc::default(),
            damaged: None,
        }
    }

    /// What could be made out of a journal that ends at `chain` and does not check out.
    pub(super) fn left_over(
        (state, directory): (ProjectState, Directory),
        chain: Chain,
        basis: Basis,
        damaged: &str,
    ) -> Result<Self> {
        Ok(Self {
            state: Arc::new(state),
            directory: Arc::new(directory),
            chain,
            basis: Arc::new(OnceLock::from(Some(KeptBasis::new(basis)?))),
            damaged: Some(damaged.into()),
        })
    }

    /// The basis of its new cases. `None` until it is set up.
    pub(crate) fn basis(&self) -> Result<Option<&KeptBasis>> {
        if let Some(known) = self.basis.get() {
            return Ok(known.as_ref());
        }
        let kept = self.state.basis().map(KeptBasis::new).transpose()?;
        Ok(self.basis.get_or_init(|| kept).as_ref())
    }
}

impl KeptBasis {
    fn new(basis: Basis) -> Result<Self> {
        let bytes = canonical::bytes(&basis).map_err(DeskError::bug)?;
        let hash: [u8; 32] = Sha256::digest(&bytes).into();
        Ok(Self {
            changed: BasisChanged {
                basis: Hash::from(hash).to_string(),
                revision: basis.project.revision,
                matters: Vec::new(),
            },
            basis: Arc::new(basis),
            row: BasisRow { hash, bytes },
        })
    }

    /// Keeps it under its hash, if it is not there already.
    pub(crate) fn keep(&self, tx: &mut dyn Tx) -> Result<()> {
        if tx.has_basis(self.row.hash)? {
            return Ok(());
        }
        Ok(tx.put_basis(&self.row)?)
    }
}

/// Bases and projects that were read, by hash and by journal.
#[derive(Default)]
pub(crate) struct Known {
    bases: Mutex<BTreeMap<String, Arc<Basis>>>,
    projects: Mutex<BTreeMap<JournalId, FoldedProject>>,
}

/// Open cases of a project are revised in portions of so many.
const PORTION: u32 = 200;

impl Inner {
    /// The basis in force for a case.
    pub(super) fn basis_of(&self, view: &dyn View, case: &Case) -> Result<Arc<Basis>> {
        let named = case.part.record.basis.as_deref();
        let name = named.ok_or_else(|| DeskError::Damaged("a case names no basis".into()))?;
        let bases = || {
            self.known
                .bases
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(known) = bases().get(name) {
            return Ok(Arc::clone(known));
        }
        let hash: Hash = name
            .parse()
            .map_err(|_| DeskError::Damaged("a basis has no name".into()))?;
        let bytes = view.basis(*hash.as_bytes())?;
        let bytes = bytes.ok_or_else(|| DeskError::Damaged(format!("basis {name} is missing")))?;
        if <[u8; 32]>::from(Sha256::digest(&bytes)) != *hash.as_bytes() {
            return Err(DeskError::Damaged(format!("basis {name} was changed")));
        }
        let basis: Basis = serde_json::from_slice(&bytes)
            .map_err(|error| DeskError::Damaged(format!("basis {name}: {error}")))?;
        let basis = Arc::new(basis);
        bases().insert(name.to_owned(), Arc::clone(&basis));
        Ok(basis)
    }

    /// Keeps a basis under its hash and answers the entry that names it.
    pub(super) fn keep_basis(&self, tx: &mut dyn Tx, basis: &Basis) -> Result<BasisChanged> {
        let kept = KeptBasis::new(basis.clone())?;
        kept.keep(tx)?;
        Ok(kept.changed)
    }

    /// A project with its texts readable, its journal checked to the end.
    pub(super) fn project(&self, view: &dyn View, id: JournalId) -> Result<FoldedProject> {
        let project = self.project_as_it_is(view, id)?;
        match project.damaged {
            Some(sentence) => Err(DeskError::Damaged(sentence.to_string())),
            None => Ok(project),
        }
    }

    /// The same for taking reports and calling people: where the journal does not check out, what can still be made out
    /// of it, because a report is never refused (R23).
    pub(super) fn project_as_it_is(&self, view: &dyn View, id: JournalId) -> Result<FoldedProject> {
        let head = view.head(id)?;
        let known = || {
            self.known
                .projects
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(project) = known().get(&id)
            && project.chain.head().hash == Hash::from(head.hash)
        {
            return Ok(project.clone());
        }
        let project = match self.read_project(view, id) {
            Err(DeskError::Damaged(sentence)) => {
                self.damage.found(id, &sentence);
                self.left_of(view, id, &sentence)?
            }
            read => {
                let project = read?;
                self.damage.mended(id);
                project
            }
        };
        known().insert(id, project.clone());
        Ok(project)
    }

    fn read_project(&self, view: &dyn View, id: JournalId) -> Result<FoldedProject> {
        let key = journal::key(view, &self.root, id)?;
        let mut chain = Chain::new(id.0);
        let mut state = ProjectState::default();
        journal::read(view, &key, &mut chain, |envelope| {
            state.apply(&project_entry(envelope)?);
            Ok(())
        })?;
        Ok(FoldedProject::new(state, chain))
    }

    /// Names and addresses of a project's people.
    pub(super) fn directory_of(&self, view: &dyn View, id: JournalId) -> Result<Arc<Directory>> {
        Ok(self.project_as_it_is(view, id)?.directory)
    }
}

pub(super) fn project_entry(envelope: Envelope) -> Result<ProjectEntry> {
    let unreadable = |error: serde_json::Error| {
        DeskError::Damaged(format!(
            "project entry {} cannot be understood: {error}",
            envelope.seq
        ))
    };
    let body = json!({ "kind": envelope.kind, "body": envelope.body });
    Ok(ProjectEntry {
        seq: envelope.seq,
        recorded_at: envelope.recorded_at,
        actor: serde_json::from_value(envelope.actor.clone()).map_err(unreadable)?,
        body: serde_json::from_value(body).map_err(unreadable)?,
    })
}

impl Desk {
    /// Founds a project by these commands, the first of which creates it; answers its journal.
    ///
    /// # Errors
    /// Refused where the name or letters do not fit or are taken.
    pub async fn create_project(
        &self,
        actor: Actor,
        commands: Vec<ProjectCommand>,
        once: Option<OneUse>,
    ) -> Result<JournalId> {
        let inner = Arc::clone(&self.inner);
        let asked = inner.asked(once, "found", &commands)?;
        self.write(move |tx| {
            if let Some(kept) = kept_answer(tx, asked.as_ref())? {
                return Ok(JournalId(kept));
            }
            free(tx, &commands)?;
            let now = inner.clock.now();
            let id = JournalId(inner.ids.uuid_v7(now));
            let key = JournalKey::create(id.0, &inner.ids);
            let kind = JournalKind::Project;
            tx.create_journal(&JournalRow {
                id,
                kind,
                parent: None,
                created_at: now,
            })?;
            tx.put_journal_key(id, &key.wrap(&inner.root, &inner.ids))?;
            let mut project = FoldedProject::new(ProjectState::default(), Chain::new(id.0));
            for command in &commands {
                project = carry_out(&inner, tx, &key, project, &actor, command)?;
            }
            index(tx, id, &project.state)?;
            keep_answer(tx, asked, &id.0, inner.clock.wall())?;
            Ok(id)
        })
        .await
    }

    /// Carries a command out on a project. A revision reaches every open case of the project in
    /// the same transaction, so that a walk goes on with the new list.
    ///
    /// # Errors
    /// Refused by a rule, or where it names something unknown.
    pub async fn change_project(
        &self,
        id: JournalId,
        actor: Actor,
        command: ProjectCommand,
        once: Option<OneUse>,
    ) -> Result<Arc<ProjectState>> {
        let inner = Arc::clone(&self.inner);
        let asked = inner.asked(once, "change", &(id.0, &command))?;
        self.write(move |tx| {
            let key = journal::key(tx, &inner.root, id)?;
            let before = inner.project(tx, id)?;
            if kept_answer::<u64>(tx, asked.as_ref())?.is_some() {
                return Ok(before.state);
            }
            if let ProjectCommand::Revise { directory, .. } = &command {
                contacts::reachable(&before.state.directory, directory)?;
            }
            let revision = before.state.revision;
            let project = carry_out(&inner, tx, &key, before, &actor, &command)?;
            index(tx, id, &project.state)?;
            if project.state.revision != revision {
                revise_cases(&inner, tx, id, &project.state)?;
            }
            keep_answer(tx, asked, &project.state.seq, inner.clock.wall())?;
            Ok(project.state)
        })
        .await
    }

    /// A project as it stands.
    ///
    /// # Errors
    /// Not found, or damaged.
    pub async fn project(&self, id: JournalId) -> Result<Arc<ProjectState>> {
        let inner = Arc::clone(&self.inner);
        self.inner
            .store
            .read(move |view| Ok(inner.project(view, id)?.state))
            .await
    }

    /// A project for taking reports and showing what is there; of one whose journal does not check out, what can still
    /// be made out.
    ///
    /// # Errors
    /// Not found; the store's.
    pub async fn project_as_it_is(&self, id: JournalId) -> Result<Arc<ProjectState>> {
        let inner = Arc::clone(&self.inner);
        let read = move |view: &dyn View| Ok(inner.project_as_it_is(view, id)?.state);
        self.inner.store.read(read).await
    }

    /// Every project, by short name.
    ///
    /// # Errors
    /// The store's.
    pub async fn projects(&self) -> Result<Vec<ProjectRow>> {
        self.inner.store.read(|view| Ok(view.projects()?)).await
    }

    /// The project of that short name; where none is named, the oldest that has people.
    ///
    /// # Errors
    /// Not found.
    pub async fn find_project(&self, slug: Option<String>) -> Result<ProjectRow> {
        self.inner
            .store
            .read(move |view| find(view, slug.as_deref()))
            .await
    }
}

/// Whether the short name is still free, and the letters of the case numbers: of two projects that
/// share them nobody could tell from a number which is meant.
fn free(tx: &dyn Tx, commands: &[ProjectCommand]) -> Result<()> {
    for command in commands {
        let ProjectCommand::Create { slug, prefix, .. } = command else {
            continue;
        };
        if tx.project_by_slug(slug)?.is_some() {
            let taken = "Another project has this short name.";
            return Err(Refusal::conflict(taken, "Choose another one.").into());
        }
        if let Some(other) = tx.projects()?.iter().find(|other| other.prefix == *prefix) {
            let taken = format!(
                "The cases of {} are numbered {prefix}-1, {prefix}-2 already.",
                other.name
            );
            return Err(Refusal::conflict(taken, "Choose other letters.").into());
        }
    }
    Ok(())
}

/// The project of that short name; without a name, the installation's first.
pub(super) fn find(view: &dyn View, slug: Option<&str>) -> Result<ProjectRow> {
    let found = match slug {
        Some(slug) => view.project_by_slug(slug)?,
        None => first(view)?,
    };
    found.ok_or(DeskError::NotFound("project"))
}

/// The oldest project that takes cases, so that founding another one never takes a report away
/// from those who had it before; of those with nobody on the contact sheet only if all are such.
fn first(view: &dyn View) -> Result<Option<ProjectRow>> {
    let mut projects = view.projects()?;
    projects.retain(|project| !project.archived);
    if projects.len() < 2 {
        return Ok(projects.pop());
    }
    let mut founded = BTreeMap::new();
    for journal in view.journals(JournalKind::Project)? {
        founded.insert(journal.id, journal.created_at);
    }
    projects.sort_by_key(|project| (founded.get(&project.journal).copied(), project.journal));
    for project in &projects {
        if !view.members(project.journal)?.is_empty() {
            return Ok(Some(project.clone()));
        }
    }
    Ok(projects.into_iter().next())
}

fn carry_out(
    inner: &Inner,
    tx: &mut dyn Tx,
    key: &JournalKey,
    project: FoldedProject,
    actor: &Actor,
    command: &ProjectCommand,
) -> Result<FoldedProject> {
    let now = inner.clock.now();
    let FoldedProject {
        state, mut chain, ..
    } = project;
    let mut state = Arc::unwrap_or_clone(state);
    for body in decide_project(&state, now, actor, command)? {
        let saying = saying(actor, &body)?;
        let written = journal::append(tx, key, &inner.ids, &mut chain, now, saying)?;
        let (seq, recorded_at) = (written.seq, written.recorded_at);
        state.apply(&ProjectEntry {
            seq,
            recorded_at,
            actor: actor.clone(),
            body,
        });
    }
    Ok(FoldedProject::new(state, chain))
}

fn saying(actor: &Actor, body: &ProjectBody) -> Result<journal::Saying> {
    let Value::Object(mut tagged) = serde_json::to_value(body).map_err(DeskError::bug)? else {
        return Err(DeskError::bug("a project entry is not an object"));
    };
    Ok(journal::Saying {
        actor: serde_json::to_value(actor).map_err(DeskError::bug)?,
        happened_at: Value::Null,
        kind: body.kind().to_owned(),
        body: tagged.remove("body").unwrap_or_default(),
    })
}

/// Writes a project's row and its people.
pub(super) fn index(tx: &mut dyn Tx, id: JournalId, state: &ProjectState) -> Result<()> {
    let (row, people) = made_of(id, state);
    tx.put_project(&row)?;
    Ok(tx.set_members(id, &people)?)
}

/// A project's row and its people, as its journal makes them.
pub(super) fn made_of(id: JournalId, state: &ProjectState) -> (ProjectRow, BTreeSet<PersonId>) {
    let name = state.name.as_ref().and_then(|name| name.plain());
    let row = ProjectRow {
        journal: id,
        slug: state.slug.clone(),
        name: name.unwrap_or(&state.slug).to_owned(),
        prefix: state.prefix.clone(),
        basis: None,
        archived: false,
        seq: state.seq,
    };
    let people = state.project().map(|project| {
        project
            .roster
            .iter()
            .map(|member| member.person.to_string())
            .collect()
    });
    (row, people.unwrap_or_default())
}

/// Every open case goes on with the project as it is now and the playbook that it pinned.
fn revise_cases(
    inner: &Arc<Inner>,
    tx: &mut dyn Tx,
    project: JournalId,
    state: &ProjectState,
) -> Result<()> {
    let Some(facts) = state.project() else {
        return Ok(());
    };
    let filter = CaseFilter {
        project: Some(project),
        open: Some(true),
        ..CaseFilter::default()
    };
    let mut open = Vec::new();
    let mut cursor = None;
    loop {
        let page = tx.list_cases(&filter, &Viewer::System, cursor.as_ref(), PORTION)?;
        open.extend(page.rows.into_iter().map(|row| row.journal));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    for id in open {
        take::on_case(inner, tx, id, |bench| {
            let basis = bench.basis.with_project(facts.clone());
            let changed = BasisChanged {
                matters: matters(&bench.basis.project, &basis.project),
                ..inner.keep_basis(bench.tx, &basis)?
            };
            bench.basis = Arc::new(basis);
            let body = Body::BasisChanged(changed);
            bench.append(vec![Draft {
                happened_at: None,
                actor: Actor::system(),
                body,
            }])
        })?;
    }
    Ok(())
}
