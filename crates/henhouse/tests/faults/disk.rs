//! A disk that forgets: what was written and not yet made to last is lost at a power cut, or a part of it is, in any
//! order. Names are as forgetful as bytes: a file made, linked, renamed or removed is so for good only when its folder
//! was synced. It is harder than any real file system, and allowed by what POSIX promises.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use super::chance::Chance;

/// The number of a file or folder.
pub type Number = u64;
/// The topmost folder.
pub const ROOT: Number = 1;

/// Everything on the disk, as programs see it and as it would be after a cut.
#[derive(Clone)]
pub struct Disk {
    nodes: BTreeMap<Number, Node>,
    last: Number,
}

/// A file or a folder.
#[derive(Clone)]
pub struct Node {
    /// Kind and permissions, as `stat` has them.
    pub mode: u32,
    pub links: u32,
    /// The name under which it was made, for people.
    pub name: OsString,
    pub body: Body,
}

#[derive(Clone)]
pub enum Body {
    File(File),
    Folder(Folder),
    /// A socket.
    Other,
}

/// The bytes of a file.
#[derive(Clone, Default)]
pub struct File {
    pub live: Vec<u8>,
    safe: Vec<u8>,
    pending: Vec<Change>,
}

#[derive(Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Length(usize),
}

/// The names in a folder.
#[derive(Clone, Default)]
pub struct Folder {
    pub live: BTreeMap<OsString, Number>,
    safe: BTreeMap<OsString, Number>,
    pending: Vec<Naming>,
}

#[derive(Clone)]
enum Naming {
    Given(OsString, Number),
    Gone(OsString),
    /// Within one folder, where every file system does it whole or not at all.
    Moved(OsString, OsString, Number),
}

/// What a cut leaves of what was not made to last.
#[derive(Clone, Copy, Debug)]
pub struct Loss {
    /// What is written whole or not at all, in bytes.
    pub sector: usize,
    /// How many sectors and names of a hundred are kept all the same.
    pub keeps: usize,
}

impl Loss {
    /// All of it.
    pub const ALL: Self = Self {
        sector: 512,
        keeps: 0,
    };
    /// Nothing of it: the program died, the machine went on.
    pub const NONE: Self = Self {
        sector: 512,
        keeps: 100,
    };

    /// Any.
    pub fn any(chance: &mut Chance) -> Self {
        Self {
            sector: *chance.pick(&[512, 4096]),
            keeps: *chance.pick(&[0, 0, 10, 50, 90, 100]),
        }
    }
}

impl File {
    /// Writes; what lies between the end and a place beyond it is zeros.
    pub fn write(&mut self, at: usize, bytes: &[u8]) {
        put(&mut self.live, at, bytes);
        self.pending.push(Change::Write(at, bytes.to_vec()));
    }

    pub fn set_length(&mut self, length: usize) {
        self.live.resize(length, 0);
        self.pending.push(Change::Length(length));
    }

    /// Everything written so far lasts.
    pub fn sync(&mut self) {
        for change in self.pending.drain(..) {
            match change {
                Change::Write(at, bytes) => put(&mut self.safe, at, &bytes),
                Change::Length(length) => self.safe.resize(length, 0),
            }
        }
    }

    /// A part of what was written lasts, and the rest never will, although it can be read until the next cut: so it is
    /// after a sync that failed, and no later sync brings it back.
    pub fn sync_partly(&mut self, loss: Loss, chance: &mut Chance) {
        for change in self.pending.drain(..) {
            match change {
                Change::Length(length) if chance.percent(loss.keeps) => self.safe.resize(length, 0),
                Change::Length(_) => {}
                Change::Write(at, bytes) => {
                    for (at, piece) in sectors(at, &bytes, loss.sector) {
                        if chance.percent(loss.keeps) {
                            put(&mut self.safe, at, piece);
                        }
                    }
                }
            }
        }
    }
}

fn put(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if file.len() < at + bytes.len() {
        file.resize(at + bytes.len(), 0);
    }
    file[at..at + bytes.len()].copy_from_slice(bytes);
}

/// The parts of a write, each within one sector.
fn sectors(at: usize, bytes: &[u8], sector: usize) -> impl Iterator<Item = (usize, &[u8])> {
    let mut done = 0;
    std::iter::from_fn(move || {
        let (from, left) = (at + done, bytes.len() - done);
        let piece = &bytes[done..done + left.min(sector - from % sector)];
        done += piece.len();
        (left > 0).then_some((from, piece))
    })
}

impl Folder {
    pub fn give(&mut self, name: &OsStr, number: Number) {
        self.live.insert(name.to_owned(), number);
        self.pending.push(Naming::Given(name.to_owned(), number));
    }

    pub fn take(&mut self, name: &OsStr) -> Option<Number> {
        let number = self.live.remove(name)?;
        self.pending.push(Naming::Gone(name.to_owned()));
        Some(number)
    }

    /// Another name for a file, in place of whatever had that name.
    pub fn rename(&mut self, from: &OsStr, to: &OsStr) -> Option<Number> {
        let number = self.live.remove(from)?;
        let replaced = self.live.insert(to.to_owned(), number);
        self.pending
            .push(Naming::Moved(from.to_owned(), to.to_owned(), number));
        replaced
    }

    /// Every name lasts as it is.
    pub fn sync(&mut self) {
        self.pending.clear();
        self.safe.clone_from(&self.live);
    }

    /// Some of the changes last; see [`File::sync_partly`].
    pub fn sync_partly(&mut self, loss: Loss, chance: &mut Chance) {
        for naming in std::mem::take(&mut self.pending) {
            if !chance.percent(loss.keeps) {
                continue;
            }
            match naming {
                Naming::Given(name, number) => {
                    self.safe.insert(name, number);
                }
                Naming::Gone(name) => {
                    self.safe.remove(&name);
                }
                Naming::Moved(from, to, number) => {
                    self.safe.remove(&from);
                    self.safe.insert(to, number);
                }
            }
        }
    }
}

impl Disk {
    /// An empty one.
    pub fn new() -> Self {
        let root = Node {
            mode: 0o40700,
            links: 2,
            name: OsString::new(),
            body: Body::Folder(Folder::default()),
        };
        Self {
            nodes: BTreeMap::from([(ROOT, root)]),
            last: ROOT,
        }
    }

    pub fn node(&self, number: Number) -> Option<&Node> {
        self.nodes.get(&number)
    }

    pub fn node_mut(&mut self, number: Number) -> Option<&mut Node> {
        self.nodes.get_mut(&number)
    }

    pub fn file(&mut self, number: Number) -> Option<&mut File> {
        match &mut self.nodes.get_mut(&number)?.body {
            Body::File(file) => Some(file),
            _ => None,
        }
    }

    pub fn folder(&mut self, number: Number) -> Option<&mut Folder> {
        match &mut self.nodes.get_mut(&number)?.body {
            Body::Folder(folder) => Some(folder),
            _ => None,
        }
    }

    /// Something new in a folder.
    pub fn make(&mut self, parent: Number, name: &OsStr, mode: u32, body: Body) -> Option<Number> {
        let number = self.last + 1;
        self.folder(parent)?.give(name, number);
        self.last = number;
        let node = Node {
            mode,
            links: 1,
            name: name.to_owned(),
            body,
        };
        self.nodes.insert(number, node);
        Some(number)
    }

    /// The same under numbers that `other` never used.
    pub fn renumbered_after(&self, other: &Self) -> Self {
        let mut disk = self.clone();
        disk.last = disk.last.max(other.last);
        disk.cut(Loss::NONE, &mut Chance::of(0));
        disk
    }

    /// The power goes and comes back. Everything that is still there has a new number, so that nothing that the kernel
    /// remembers of it counts.
    pub fn cut(&mut self, loss: Loss, chance: &mut Chance) {
        for node in self.nodes.values_mut() {
            match &mut node.body {
                Body::File(file) => file.sync_partly(loss, chance),
                Body::Folder(folder) => folder.sync_partly(loss, chance),
                Body::Other => {}
            }
        }
        let mut old = std::mem::take(&mut self.nodes);
        let mut moved = BTreeMap::new();
        self.keep(ROOT, ROOT, &mut old, &mut moved);
        for number in moved.values() {
            let links = self.names_of(*number);
            if let Some(node) = self.nodes.get_mut(number) {
                node.links = links;
            }
        }
    }

    /// Keeps what hangs below `old` under the number `new`.
    fn keep(
        &mut self,
        old: Number,
        new: Number,
        nodes: &mut BTreeMap<Number, Node>,
        moved: &mut BTreeMap<Number, Number>,
    ) {
        let Some(mut node) = nodes.remove(&old) else {
            return;
        };
        moved.insert(old, new);
        let mut below = Vec::new();
        match &mut node.body {
            Body::File(file) => file.live.clone_from(&file.safe),
            Body::Folder(folder) => {
                for number in folder.safe.values_mut() {
                    let known = moved.get(number).copied();
                    let renewed = known.unwrap_or_else(|| {
                        self.last += 1;
                        moved.insert(*number, self.last);
                        below.push((*number, self.last));
                        self.last
                    });
                    *number = renewed;
                }
                folder.live.clone_from(&folder.safe);
            }
            Body::Other => {}
        }
        self.nodes.insert(new, node);
        for (old, new) in below {
            self.keep(old, new, nodes, moved);
        }
    }

    fn names_of(&self, number: Number) -> u32 {
        let folders = self.nodes.values().filter_map(|node| match &node.body {
            Body::Folder(folder) => Some(folder),
            _ => None,
        });
        let names = folders.flat_map(|folder| folder.live.values());
        names.filter(|named| **named == number).count() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOME: Loss = Loss {
        sector: 512,
        keeps: 50,
    };

    fn disk_with(bytes: &[u8]) -> (Disk, Number) {
        let mut disk = Disk::new();
        let body = Body::File(File::default());
        let number = disk.make(ROOT, OsStr::new("egg"), 0o100600, body).unwrap();
        disk.file(number).unwrap().write(0, bytes);
        (disk, number)
    }

    fn egg(disk: &mut Disk) -> Option<Vec<u8>> {
        let number = *disk.folder(ROOT).unwrap().live.get(OsStr::new("egg"))?;
        Some(disk.file(number).unwrap().live.clone())
    }

    #[test]
    fn bytes_and_names_are_there_after_a_cut_only_if_each_was_synced() {
        let mut chance = Chance::of(1);
        for (file, folder, left) in [
            (false, false, None),
            (true, false, None),
            (false, true, Some(Vec::new())),
            (true, true, Some(b"yolk".to_vec())),
        ] {
            let (mut disk, number) = disk_with(b"yolk");
            if file {
                disk.file(number).unwrap().sync();
            }
            if folder {
                disk.folder(ROOT).unwrap().sync();
            }
            disk.cut(Loss::ALL, &mut chance);
            assert_eq!(egg(&mut disk), left);
        }
    }

    #[test]
    fn a_write_may_be_torn_between_sectors_and_never_within_one() {
        let mut torn = 0;
        for seed in 0..20 {
            let (mut disk, number) = disk_with(&[1; 2_048]);
            disk.file(number).unwrap().sync();
            disk.folder(ROOT).unwrap().sync();
            disk.file(number).unwrap().write(0, &[2; 2_048]);
            disk.cut(SOME, &mut Chance::of(seed));
            let egg = egg(&mut disk).unwrap();
            let whole = |sector: &[u8]| sector.iter().all(|byte| *byte == sector[0]);
            assert!(egg.chunks(512).all(whole));
            torn += usize::from(!whole(&egg));
        }
        assert!(torn > 10, "{torn}");
    }

    #[test]
    fn what_a_failed_sync_lost_no_later_sync_brings_back() {
        let (mut disk, number) = disk_with(b"yolk");
        disk.folder(ROOT).unwrap().sync();
        let file = disk.file(number).unwrap();
        file.sync_partly(Loss::ALL, &mut Chance::of(1));
        file.sync();
        assert_eq!(file.live, b"yolk", "it can be read until the cut");
        disk.cut(Loss::NONE, &mut Chance::of(1));
        assert_eq!(egg(&mut disk), Some(Vec::new()));
    }

    #[test]
    fn a_file_with_two_names_is_one_file_after_a_cut() {
        let (mut disk, number) = disk_with(b"yolk");
        disk.folder(ROOT).unwrap().give(OsStr::new("twin"), number);
        disk.cut(Loss::NONE, &mut Chance::of(1));
        let live = disk.folder(ROOT).unwrap().live.clone();
        assert_eq!(live[OsStr::new("egg")], live[OsStr::new("twin")]);
        assert_ne!(live[OsStr::new("egg")], number);
        assert_eq!(disk.node(live[OsStr::new("egg")]).unwrap().links, 2);
    }
}
