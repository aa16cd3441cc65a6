//! An ordered map that can take back what was done to it since a mark.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::ops::RangeBounds;

#[derive(Debug)]
pub(super) struct Table<K, V> {
    rows: BTreeMap<K, V>,
    /// What stood under a key before, oldest change first.
    undo: Vec<(K, Option<V>)>,
    savepoint: usize,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            undo: Vec::new(),
            savepoint: 0,
        }
    }
}

impl<K: Ord + Clone, V: Clone> Table<K, V> {
    pub(super) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.rows.get(key)
    }

    pub(super) fn values(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.rows.values()
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.rows.iter()
    }

    pub(super) fn range<R: RangeBounds<K>>(
        &self,
        range: R,
    ) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.rows.range(range)
    }

    pub(super) fn put(&mut self, key: K, value: V) {
        let before = self.rows.insert(key.clone(), value);
        self.undo.push((key, before));
    }

    pub(super) fn remove(&mut self, key: &K) -> bool {
        let Some(before) = self.rows.remove(key) else {
            return false;
        };
        self.undo.push((key.clone(), Some(before)));
        true
    }

    /// Removes the rows for which `gone` holds; says how many.
    pub(super) fn remove_where(&mut self, gone: impl Fn(&K, &V) -> bool) -> u64 {
        let keys: Vec<K> = self
            .rows
            .iter()
            .filter(|(k, v)| gone(k, v))
            .map(|(k, _)| k.clone())
            .collect();
        for key in &keys {
            self.remove(key);
        }
        keys.len() as u64
    }

    /// Removes and gives the rows from that key on for as long as `same` holds.
    pub(super) fn remove_from(&mut self, from: K, same: impl Fn(&K) -> bool) -> Vec<(K, V)> {
        let rows = self.rows.range(from..).take_while(|(k, _)| same(k));
        let rows: Vec<(K, V)> = rows.map(|(k, v)| (k.clone(), v.clone())).collect();
        for (key, _) in &rows {
            self.remove(key);
        }
        rows
    }

    pub(super) fn set_savepoint(&mut self) {
        self.savepoint = self.undo.len();
    }

    pub(super) fn undo_savepoint(&mut self) {
        self.undo_to(self.savepoint);
    }

    pub(super) fn undo_all(&mut self) {
        self.undo_to(0);
        self.savepoint = 0;
    }

    pub(super) fn settle(&mut self) {
        self.undo.clear();
        self.savepoint = 0;
    }

    fn undo_to(&mut self, mark: usize) {
        while self.undo.len() > mark {
            match self.undo.pop() {
                Some((key, Some(before))) => self.rows.insert(key, before),
                Some((key, None)) => self.rows.remove(&key),
                None => None,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn what_was_done_since_the_savepoint_is_taken_back() {
        let mut table = Table::default();
        table.put(1, "one");
        table.set_savepoint();
        table.put(1, "uno");
        table.put(2, "due");
        table.remove(&1);
        table.undo_savepoint();
        assert_eq!(table.iter().collect::<Vec<_>>(), [(&1, &"one")]);
        table.undo_all();
        assert_eq!(table.iter().count(), 0);
    }
}
