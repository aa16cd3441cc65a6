//! Projects and bases as they were read, kept for as long as they are the newest.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use casefile::chain::Chain;
use casefile::{Envelope, Hash, canonical};
use procedure::chapters::record::BasisChanged;
use procedure::project::{Directory, ProjectBody, ProjectEntry, ProjectState};
use procedure::{Basis, Case};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::desk::error::{DeskError, Result};
use crate::desk::{Inner, cases, journal};
use crate::store::{BasisRow, Head, JournalId, Tx, View};

/// A project's journal folded, with the end of its chain.
#[derive(Clone)]
pub(crate) struct FoldedProject {
    /// The project, texts readable.
    pub state: Arc<ProjectState>,
    /// Names and addresses of its people.
    pub directory: Arc<Directory>,
    pub(super) chain: Chain,
    basis: Arc<OnceLock<Option<KeptBasis>>>,
    /// Why its journal is not taken as a whole; what is here then is what could still be made out.
    partly: Option<Partly>,
}

/// Why a project's journal is not taken as a whole.
#[derive(Clone)]
pub(in crate::desk) enum Partly {
    Damaged(Arc<str>),
    /// A newer version wrote what this one does not know.
    Newer(Arc<str>),
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
    pub(super) fn new(state: ProjectState, chain: Chain) -> Self {
        Self {
            directory: Arc::new(state.directory.clone()),
            state: Arc::new(state),
            chain,
            basis: Arc::default(),
            partly: None,
        }
    }

    /// What could be made out of a journal that ends at `chain` and is not taken as a whole.
    pub(in crate::desk) fn left_over(
        (state, directory): (ProjectState, Directory),
        chain: Chain,
        basis: Basis,
        why: Partly,
    ) -> Result<Self> {
        Ok(Self {
            state: Arc::new(state),
            directory: Arc::new(directory),
            chain,
            basis: Arc::new(OnceLock::from(Some(KeptBasis::new(basis)?))),
            partly: Some(why),
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

impl Inner {
    /// The basis in force for a case.
    pub(in crate::desk) fn basis_of(&self, view: &dyn View, case: &Case) -> Result<Arc<Basis>> {
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
    pub(in crate::desk) fn keep_basis(
        &self,
        tx: &mut dyn Tx,
        basis: &Basis,
    ) -> Result<BasisChanged> {
        let kept = KeptBasis::new(basis.clone())?;
        kept.keep(tx)?;
        Ok(kept.changed)
    }

    /// A project with its texts readable, its journal checked to the end.
    pub(in crate::desk) fn project(&self, view: &dyn View, id: JournalId) -> Result<FoldedProject> {
        let project = self.project_as_it_is(view, id)?;
        match project.partly {
            Some(Partly::Damaged(sentence)) => Err(DeskError::Damaged(sentence.to_string())),
            Some(Partly::Newer(sentence)) => Err(DeskError::Newer(sentence.to_string())),
            None => Ok(project),
        }
    }

    /// The same for taking reports and calling people: where the journal does not check out, what can still be made out
    /// of it, because a report is never refused (R23).
    pub(in crate::desk) fn project_as_it_is(
        &self,
        view: &dyn View,
        id: JournalId,
    ) -> Result<FoldedProject> {
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
        let before = known().get(&id).cloned();
        let project = match self.read_on(view, id, before, head) {
            Err(DeskError::Damaged(sentence)) => {
                self.damage.found(id, &sentence);
                self.left_of(view, id, Partly::Damaged(sentence.into()))?
            }
            Err(DeskError::Newer(sentence)) => {
                tracing::warn!(journal = %id, sentence, "a newer version wrote this project; what is known of it is used");
                self.left_of(view, id, Partly::Newer(sentence.into()))?
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

    /// What was read before is read on from there, unless it was never committed.
    fn read_on(
        &self,
        view: &dyn View,
        id: JournalId,
        before: Option<FoldedProject>,
        head: Head,
    ) -> Result<FoldedProject> {
        let sound = before.filter(|known| known.partly.is_none() && known.state.seq < head.seq);
        let Some(FoldedProject {
            state, mut chain, ..
        }) = sound
        else {
            return self.read_project(view, id);
        };
        let key = journal::key(view, &self.root, id)?;
        let mut state = Arc::unwrap_or_clone(state);
        let read = journal::read(view, &key, &mut chain, |envelope| {
            state.apply(&project_entry(envelope)?);
            Ok(())
        });
        match read {
            Ok(()) if chain.head().hash == Hash::from(head.hash) => {
                Ok(FoldedProject::new(state, chain))
            }
            _ => self.read_project(view, id),
        }
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
    pub(in crate::desk) fn directory_of(
        &self,
        view: &dyn View,
        id: JournalId,
    ) -> Result<Arc<Directory>> {
        Ok(self.project_as_it_is(view, id)?.directory)
    }
}

pub(in crate::desk) fn project_entry(envelope: Envelope) -> Result<ProjectEntry> {
    let unreadable = |error: serde_json::Error| {
        DeskError::Damaged(format!(
            "project entry {} cannot be understood: {error}",
            envelope.seq
        ))
    };
    if !ProjectBody::KINDS.contains(&envelope.kind.as_str()) {
        return Err(DeskError::newer(envelope.seq, &envelope.kind));
    }
    let body = json!({ "kind": envelope.kind, "body": envelope.body });
    Ok(ProjectEntry {
        seq: envelope.seq,
        recorded_at: envelope.recorded_at,
        actor: serde_json::from_value(envelope.actor.clone()).map_err(unreadable)?,
        body: serde_json::from_value(body).map_err(|error| match cases::is_newer(&error) {
            true => DeskError::newer(
                envelope.seq,
                &format!("{}, with a word that is not known here", envelope.kind),
            ),
            false => unreadable(error),
        })?,
    })
}
