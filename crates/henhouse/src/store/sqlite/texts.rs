//! Search texts on their way into the index of words.
//!
//! FTS5 writes what it holds at every savepoint: a small tree for each job, which it then has to
//! merge with all the others. So texts wait here and are written together, before the commit or
//! before somebody looks. A job that is undone takes its own with it.

/// The texts of the running batch.
#[derive(Default)]
pub(super) struct Texts {
    all: Vec<(i64, String)>,
    /// So many of them are written.
    written: usize,
    /// How many there were, and were written, when the running job began.
    before: (usize, usize),
}

impl Texts {
    /// A job begins.
    pub(super) fn mark(&mut self) {
        self.before = (self.all.len(), self.written);
    }

    /// The job is undone, and with it everything that was written since it began, whoever's.
    pub(super) fn undo(&mut self) {
        let (all, written) = self.before;
        self.all.truncate(all);
        self.written = written;
    }

    /// The batch is over.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Keeps a text under its number until it is written.
    pub(super) fn put(&mut self, number: i64, text: String) {
        self.all.push((number, text));
    }

    /// What is to be written now.
    pub(super) fn write(&mut self) -> &[(i64, String)] {
        let from = std::mem::replace(&mut self.written, self.all.len());
        &self.all[from..]
    }
}
