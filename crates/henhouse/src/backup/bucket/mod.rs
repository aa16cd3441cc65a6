//! Backups in a bucket of a store that speaks S3, by signed requests.
//!
//! An object is there whole or not at all. Whatever the store answers is read before it is believed; a key or a
//! signature never stands in what we say.

mod ask;
mod fetch;
mod settings;
mod upload;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rusty_s3::actions::ListObjectsV2;
use rusty_s3::{Bucket as Address, Credentials};

use self::ask::Sent;
use self::fetch::Fetch;
pub use self::settings::S3Settings;
use self::upload::Upload;
use super::error::{BackupError, Result};
use super::manifest::Piece;
use super::place::{EXHIBITS, Found, MANIFEST, is_a_backup};
use crate::clock::Clock;

/// A part of a bucket.
#[derive(Clone)]
pub(super) struct Bucket(Arc<Inner>);

struct Inner {
    http: reqwest::blocking::Client,
    address: Address,
    keys: Credentials,
    /// Before every name in the bucket: empty, or ended by a slash.
    prefix: String,
    /// How long a part is, in bytes.
    part: usize,
    clock: Clock,
    /// The store does not know "only if nothing has this name".
    overwrites: AtomicBool,
}

/// One page of a list, or all of them.
#[derive(Default)]
struct Listed {
    /// Names and lengths, without the prefix.
    objects: Vec<(String, u64)>,
    /// Names up to the next slash, without the prefix.
    folders: BTreeSet<String>,
}

impl Bucket {
    /// The bucket and prefix that stand behind `s3://`.
    ///
    /// # Errors
    /// Settings that cannot be used.
    pub(super) fn new(rest: &str, settings: &S3Settings) -> Result<Self> {
        let (address, prefix) = settings.address(rest)?;
        Ok(Self(Arc::new(Inner {
            http: settings.client()?,
            address,
            keys: settings.keys()?,
            prefix,
            part: settings.part()?,
            clock: Clock::real(),
            overwrites: AtomicBool::new(false),
        })))
    }

    pub(super) fn shown(&self) -> String {
        let inner = &self.0;
        let all = format!("s3://{}/{}", inner.address.name(), inner.prefix);
        all.trim_end_matches('/').to_owned()
    }

    pub(super) fn backups(&self) -> io::Result<Vec<Found>> {
        let mut found = Vec::new();
        for name in self.list("", true)?.folders {
            if is_a_backup(&name) {
                let whole = self.length(&format!("{name}/{MANIFEST}"))?.is_some();
                found.push(Found { name, whole });
            }
        }
        Ok(found)
    }

    pub(super) fn put(
        &self,
        inside: &str,
        write: impl FnOnce(&mut (dyn Write + Send)) -> Result<()>,
        failed: impl Fn(io::Error) -> BackupError,
    ) -> Result<u64> {
        let mut upload = Upload::new(self, inside);
        write(&mut upload)?;
        upload.finish().map_err(failed)
    }

    pub(super) fn open(&self, inside: &str) -> io::Result<Fetch> {
        Fetch::open(self.clone(), inside)
    }

    pub(super) fn exhibits(&self) -> io::Result<BTreeMap<Piece, u64>> {
        let listed = self.list(&format!("{EXHIBITS}/"), false)?;
        let pieces = listed.objects.into_iter().filter_map(|(name, length)| {
            let (journal, rest) = name.strip_prefix(EXHIBITS)?[1..].split_once('/')?;
            let hash: casefile::ExhibitHash = rest.split_once('/')?.1.parse().ok()?;
            let (journal, sha256) = (journal.parse().ok()?, *hash.as_bytes());
            Some((Piece { journal, sha256 }, length))
        });
        Ok(pieces.collect())
    }

    /// What lies there is another length than it should be, or nothing lies there.
    pub(super) fn put_exhibit(&self, inside: &str, source: &mut dyn Read) -> io::Result<()> {
        if self.length(inside)?.is_some() {
            self.remove(inside)?;
        }
        let mut upload = Upload::new(self, inside);
        io::copy(source, &mut upload)?;
        upload.finish().map(drop)
    }

    /// Removes an object; it is no mistake that there is none.
    pub(super) fn remove(&self, inside: &str) -> io::Result<()> {
        let key = self.key(inside);
        let action = self.0.address.delete_object(Some(&self.0.keys), &key);
        match self.ask(action, &Sent::default()) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
            gone => gone.map(drop),
        }
    }

    /// How long an object is, in bytes, if it is there.
    fn length(&self, inside: &str) -> io::Result<Option<u64>> {
        let key = self.key(inside);
        let action = self.0.address.head_object(Some(&self.0.keys), &key);
        match self.ask(action, &Sent::default()) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(cause),
            Ok(answer) => {
                let length = answer.headers().get(reqwest::header::CONTENT_LENGTH);
                let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
                let none = || io::Error::other("the object store does not say how long it is");
                length.ok_or_else(none).map(Some)
            }
        }
    }

    /// Every object whose name begins so; with `shallow` only up to the next slash.
    fn list(&self, begin: &str, shallow: bool) -> io::Result<Listed> {
        let (mut listed, mut next) = (Listed::default(), None::<String>);
        let inner = &self.0;
        loop {
            let mut action = inner.address.list_objects_v2(Some(&inner.keys));
            action.with_prefix(self.key(begin));
            if shallow {
                action.with_delimiter("/");
            }
            if let Some(token) = next.take() {
                action.with_continuation_token(token);
            }
            let text = ask::text(self.ask(action, &Sent::default())?)?;
            let page = ListObjectsV2::parse_response(&text)
                .map_err(|_| ask::not_understood("a list", &text))?;
            let own = |name: &str| name.strip_prefix(&inner.prefix).map(str::to_owned);
            for object in page.contents {
                let length = object.size.unwrap_or_default();
                listed
                    .objects
                    .extend(own(&object.key).map(|name| (name, length)));
            }
            let folders = page.common_prefixes.iter();
            let folders = folders.filter_map(|folder| own(folder.prefix.trim_end_matches('/')));
            listed.folders.extend(folders);
            next = page.next_continuation_token;
            if next.is_none() {
                return Ok(listed);
            }
        }
    }

    fn key(&self, inside: &str) -> String {
        format!("{}{inside}", self.0.prefix)
    }
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bucket({})", self.shown())
    }
}
