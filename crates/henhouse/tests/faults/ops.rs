//! What the kernel asks of the forgetful disk. Times stand still, and whoever is not its owner is not let in.

use std::ffi::{OsStr, OsString};
use std::sync::MutexGuard;
use std::time::{Duration, SystemTime};

use fuser::{
    FileAttr, FileType, Filesystem, ReplyAttr, ReplyCreate, ReplyData, ReplyDirectory, ReplyEmpty,
    ReplyEntry, ReplyOpen, ReplyStatfs, ReplyWrite, Request, TimeOrNow,
};
use rustix::fs::FileType as Kind;
use rustix::io::Errno;

use super::disk::{Body, Disk, File, Folder, Loss, Node, Number};
use super::mount::{Call, Shared, State};

/// The disk as FUSE knows it.
pub(super) struct Ops(pub(super) Shared);

/// The kernel asks again for every name: after a cut each stands for something else.
const NOT_AT_ALL: Duration = Duration::ZERO;
/// What stands of a file is its own until it has a new number.
const LONG: Duration = Duration::from_secs(3_600);
const BLOCK: u32 = 4096;
/// So many blocks has the disk, half of them free.
const BLOCKS: u64 = 1 << 20;

type Done<T = ()> = Result<T, Errno>;

impl Ops {
    fn attributes(disk: &Disk, number: Number) -> Done<FileAttr> {
        let node = disk.node(number).ok_or(Errno::NOENT)?;
        Ok(attributes(number, node))
    }

    fn find(&self, parent: Number, name: &OsStr) -> Done<FileAttr> {
        let mut state = self.0.look()?;
        let folder = state.disk.folder(parent).ok_or(Errno::NOTDIR)?;
        let number = *folder.live.get(name).ok_or(Errno::NOENT)?;
        Self::attributes(&state.disk, number)
    }

    fn make(&self, call: Call, parent: Number, name: &OsStr, made: (u32, Body)) -> Done<FileAttr> {
        let mut state = self.0.reach(call, parent)?;
        let folder = state.disk.folder(parent).ok_or(Errno::NOTDIR)?;
        if folder.live.contains_key(name) {
            return Err(Errno::EXIST);
        }
        let number = state.disk.make(parent, name, made.0, made.1);
        Self::attributes(&state.disk, number.ok_or(Errno::NOENT)?)
    }

    fn resize(&self, number: Number, mode: Option<u32>, length: Option<u64>) -> Done<FileAttr> {
        let mut state = match length {
            Some(_) => self.0.reach(Call::Length, number)?,
            None => self.0.look()?,
        };
        if let Some(length) = length {
            let file = state.disk.file(number).ok_or(Errno::INVAL)?;
            file.set_length(length as usize);
        }
        if let Some(node) = state.disk.node_mut(number) {
            let kind = Kind::from_raw_mode(node.mode).as_raw_mode();
            node.mode = mode.map_or(node.mode, |mode| kind | mode & 0o7777);
        }
        Self::attributes(&state.disk, number)
    }

    fn remove(&self, parent: Number, name: &OsStr) -> Done {
        let mut state = self.0.reach(Call::Remove, parent)?;
        let folder = state.disk.folder(parent).ok_or(Errno::NOTDIR)?;
        let number = folder.take(name).ok_or(Errno::NOENT)?;
        state.loses_a_name(Some(number));
        Ok(())
    }

    fn remove_folder(&self, parent: Number, name: &OsStr) -> Done {
        let number = self.find(parent, name)?.ino;
        let mut state = self.0.look()?;
        let folder = state.disk.folder(number).ok_or(Errno::NOTDIR)?;
        if !folder.live.is_empty() {
            return Err(Errno::NOTEMPTY);
        }
        drop(state);
        self.remove(parent, name)
    }

    fn move_name(&self, parent: Number, from: &OsStr, to: &OsStr) -> Done {
        let mut state = self.0.reach(Call::Rename, parent)?;
        let folder = state.disk.folder(parent).ok_or(Errno::NOTDIR)?;
        if !folder.live.contains_key(from) {
            return Err(Errno::NOENT);
        }
        let replaced = folder.rename(from, to);
        state.loses_a_name(replaced);
        Ok(())
    }

    fn name_too(&self, number: Number, parent: Number, name: &OsStr) -> Done<FileAttr> {
        let mut state = self.0.reach(Call::Link, number)?;
        let folder = state.disk.folder(parent).ok_or(Errno::NOTDIR)?;
        if folder.live.contains_key(name) {
            return Err(Errno::EXIST);
        }
        folder.give(name, number);
        if let Some(node) = state.disk.node_mut(number) {
            node.links += 1;
        }
        Self::attributes(&state.disk, number)
    }

    fn file(&self, call: Call, number: Number) -> Done<MutexGuard<'_, State>> {
        let mut state = self.0.reach(call, number)?;
        state.disk.file(number).ok_or(Errno::NOENT)?;
        Ok(state)
    }

    fn put(&self, number: Number, at: i64, bytes: &[u8]) -> Done<u32> {
        let mut state = self.file(Call::Write, number)?;
        let file = state.disk.file(number).ok_or(Errno::NOENT)?;
        file.write(place(at)?, bytes);
        Ok(bytes.len() as u32)
    }

    /// Makes a file or the names of a folder last. Where that fails a part of it lasts, and the rest is lost: the
    /// system has forgotten that it owed it.
    fn sync(&self, call: Call, number: Number) -> Done {
        let reached = self.0.reach(call, number).map(drop);
        let mut state = self.0.lock();
        let State { disk, chance, .. } = &mut *state;
        let loss = Loss::any(chance);
        match (
            &mut disk.node_mut(number).ok_or(Errno::NOENT)?.body,
            reached,
        ) {
            (Body::File(file), Ok(())) => file.sync(),
            (Body::Folder(folder), Ok(())) => folder.sync(),
            (Body::File(file), Err(_)) => file.sync_partly(loss, chance),
            (Body::Folder(folder), Err(_)) => folder.sync_partly(loss, chance),
            (Body::Other, _) => {}
        }
        reached
    }

    fn names(&self, number: Number) -> Done<Vec<(Number, FileType, OsString)>> {
        let mut state = self.0.reach(Call::List, number)?;
        let folder = state.disk.folder(number).ok_or(Errno::NOTDIR)?;
        let mut names = vec![
            (number, FileType::Directory, OsString::from(".")),
            (number, FileType::Directory, OsString::from("..")),
        ];
        let live = folder.live.clone();
        names.extend(live.into_iter().filter_map(|(name, number)| {
            let node = state.disk.node(number)?;
            Some((number, kind(node), name))
        }));
        Ok(names)
    }
}

fn place(at: i64) -> Done<usize> {
    usize::try_from(at).map_err(|_| Errno::INVAL)
}

fn kind(node: &Node) -> FileType {
    match node.body {
        Body::File(_) => FileType::RegularFile,
        Body::Folder(_) => FileType::Directory,
        Body::Other => FileType::Socket,
    }
}

fn attributes(number: Number, node: &Node) -> FileAttr {
    let size = match &node.body {
        Body::File(file) => file.live.len() as u64,
        _ => 0,
    };
    let owner = rustix::process::geteuid().as_raw();
    let then = SystemTime::UNIX_EPOCH;
    FileAttr {
        ino: number,
        size,
        blocks: size.div_ceil(512),
        atime: then,
        mtime: then,
        ctime: then,
        crtime: then,
        kind: kind(node),
        perm: (node.mode & 0o7777) as u16,
        nlink: node.links,
        uid: owner,
        gid: rustix::process::getegid().as_raw(),
        rdev: 0,
        blksize: BLOCK,
        flags: 0,
    }
}

/// Answers with what was done, or with the number of the error.
macro_rules! answer {
    ($reply:ident, $done:expr, $with:expr) => {
        match $done {
            Ok(done) => $with($reply, done),
            Err(error) => $reply.error(error.raw_os_error()),
        }
    };
}

impl Filesystem for Ops {
    fn lookup(&mut self, _: &Request<'_>, parent: u64, name: &OsStr, reply: ReplyEntry) {
        answer!(reply, self.find(parent, name), entered);
    }

    fn getattr(&mut self, _: &Request<'_>, number: u64, _: Option<u64>, reply: ReplyAttr) {
        let looked = self.0.look();
        let found = looked.and_then(|state| Self::attributes(&state.disk, number));
        answer!(reply, found, |reply: ReplyAttr, found| reply
            .attr(&LONG, &found));
    }

    fn setattr(
        &mut self,
        _: &Request<'_>,
        number: u64,
        mode: Option<u32>,
        _: Option<u32>,
        _: Option<u32>,
        size: Option<u64>,
        _: Option<TimeOrNow>,
        _: Option<TimeOrNow>,
        _: Option<SystemTime>,
        _: Option<u64>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<u32>,
        reply: ReplyAttr,
    ) {
        let set = self.resize(number, mode, size);
        answer!(reply, set, |reply: ReplyAttr, set| reply.attr(&LONG, &set));
    }

    fn mknod(
        &mut self,
        _: &Request<'_>,
        parent: u64,
        name: &OsStr,
        mode: u32,
        _: u32,
        _: u32,
        reply: ReplyEntry,
    ) {
        let body = match Kind::from_raw_mode(mode) {
            Kind::RegularFile => Body::File(File::default()),
            _ => Body::Other,
        };
        answer!(
            reply,
            self.make(Call::Create, parent, name, (mode, body)),
            entered
        );
    }

    fn mkdir(
        &mut self,
        _: &Request<'_>,
        parent: u64,
        name: &OsStr,
        mode: u32,
        _: u32,
        reply: ReplyEntry,
    ) {
        let made = (0o40000 | mode & 0o7777, Body::Folder(Folder::default()));
        answer!(
            reply,
            self.make(Call::MakeFolder, parent, name, made),
            entered
        );
    }

    fn unlink(&mut self, _: &Request<'_>, parent: u64, name: &OsStr, reply: ReplyEmpty) {
        answer!(reply, self.remove(parent, name), well);
    }

    fn rmdir(&mut self, _: &Request<'_>, parent: u64, name: &OsStr, reply: ReplyEmpty) {
        answer!(reply, self.remove_folder(parent, name), well);
    }

    fn rename(
        &mut self,
        _: &Request<'_>,
        parent: u64,
        name: &OsStr,
        new_parent: u64,
        new_name: &OsStr,
        _: u32,
        reply: ReplyEmpty,
    ) {
        // Between folders it would be two promises; the program makes use of none.
        if parent == new_parent {
            answer!(reply, self.move_name(parent, name, new_name), well);
        } else {
            reply.error(Errno::XDEV.raw_os_error());
        }
    }

    fn link(&mut self, _: &Request<'_>, number: u64, parent: u64, name: &OsStr, reply: ReplyEntry) {
        answer!(reply, self.name_too(number, parent, name), entered);
    }

    fn open(&mut self, _: &Request<'_>, number: u64, _: i32, reply: ReplyOpen) {
        let opened = self.file(Call::Open, number).map(drop);
        answer!(reply, opened, |reply: ReplyOpen, ()| reply.opened(0, 0));
    }

    fn read(
        &mut self,
        _: &Request<'_>,
        number: u64,
        _: u64,
        offset: i64,
        size: u32,
        _: i32,
        _: Option<u64>,
        reply: ReplyData,
    ) {
        let mut reached = match self.file(Call::Read, number) {
            Ok(reached) => reached,
            Err(error) => return reply.error(error.raw_os_error()),
        };
        let bytes = reached.disk.file(number).map_or(&[][..], |file| &file.live);
        let from = place(offset).unwrap_or(usize::MAX).min(bytes.len());
        let to = from.saturating_add(size as usize).min(bytes.len());
        reply.data(&bytes[from..to]);
    }

    fn write(
        &mut self,
        _: &Request<'_>,
        number: u64,
        _: u64,
        offset: i64,
        data: &[u8],
        _: u32,
        _: i32,
        _: Option<u64>,
        reply: ReplyWrite,
    ) {
        let written = self.put(number, offset, data);
        answer!(reply, written, ReplyWrite::written);
    }

    fn flush(&mut self, _: &Request<'_>, _: u64, _: u64, _: u64, reply: ReplyEmpty) {
        reply.ok();
    }

    fn fsync(&mut self, _: &Request<'_>, number: u64, _: u64, _: bool, reply: ReplyEmpty) {
        answer!(reply, self.sync(Call::Sync, number), well);
    }

    fn fsyncdir(&mut self, _: &Request<'_>, number: u64, _: u64, _: bool, reply: ReplyEmpty) {
        answer!(reply, self.sync(Call::SyncFolder, number), well);
    }

    fn readdir(
        &mut self,
        _: &Request<'_>,
        number: u64,
        _: u64,
        offset: i64,
        mut reply: ReplyDirectory,
    ) {
        let names = match self.names(number) {
            Ok(names) => names,
            Err(error) => return reply.error(error.raw_os_error()),
        };
        let left = names.into_iter().zip(1..).skip(place(offset).unwrap_or(0));
        for ((number, kind, name), next) in left {
            if reply.add(number, next, kind, name) {
                break;
            }
        }
        reply.ok();
    }

    fn statfs(&mut self, _: &Request<'_>, _: u64, reply: ReplyStatfs) {
        reply.statfs(
            BLOCKS,
            BLOCKS / 2,
            BLOCKS / 2,
            BLOCKS,
            BLOCKS,
            BLOCK,
            255,
            BLOCK,
        );
    }

    fn create(
        &mut self,
        _: &Request<'_>,
        parent: u64,
        name: &OsStr,
        mode: u32,
        _: u32,
        _: i32,
        reply: ReplyCreate,
    ) {
        let made = (0o100000 | mode & 0o7777, Body::File(File::default()));
        let made = self.make(Call::Create, parent, name, made);
        answer!(reply, made, |reply: ReplyCreate, made| reply.created(
            &NOT_AT_ALL,
            &made,
            0,
            0,
            0
        ));
    }
}

fn entered(reply: ReplyEntry, found: FileAttr) {
    reply.entry(&NOT_AT_ALL, &found, 0);
}

fn well(reply: ReplyEmpty, (): ()) {
    reply.ok();
}
