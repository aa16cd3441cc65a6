//! Writing an object: at once if it is short, else in parts, one of which is in memory. It has its name when the store
//! has said so and holds as many bytes as were sent; what broke off is taken back.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use rusty_s3::actions::{CompleteMultipartUploadResponse, CreateMultipartUpload};
use sha2::{Digest as _, Sha256};

use super::Bucket;
use super::ask::{self, Sent};

const TOO_LONG: &str = "it has more than 10,000 parts: raise part_mebibytes in [backup.s3]";
const CHECKSUM: &str = "x-amz-checksum-sha256";

/// An object that is being written.
pub(super) struct Upload<'a> {
    bucket: &'a Bucket,
    inside: &'a str,
    part: Vec<u8>,
    length: u64,
    parts: Option<Parts>,
}

/// The parts that were sent.
struct Parts {
    id: String,
    /// As the store calls each, and its SHA-256.
    done: Vec<(String, String)>,
}

impl<'a> Upload<'a> {
    pub(super) fn new(bucket: &'a Bucket, inside: &'a str) -> Self {
        Self {
            bucket,
            inside,
            part: Vec::new(),
            length: 0,
            parts: None,
        }
    }

    /// Ends it; answers its length in bytes.
    ///
    /// # Errors
    /// The store did not take it: nothing has the name then that was sent here.
    pub(super) fn finish(mut self) -> io::Result<u64> {
        if self.parts.is_some() {
            self.send_part()?;
            self.complete()?;
        } else {
            self.send_whole()?;
        }
        match self.bucket.length(self.inside)? {
            Some(length) if length == self.length => Ok(length),
            there => {
                // By its name alone it would be taken for whole.
                self.bucket.remove(self.inside)?;
                let there = there.map_or_else(|| "nothing".to_owned(), |there| there.to_string());
                let sent = self.length;
                Err(io::Error::other(format!(
                    "the object store took {sent} bytes and now holds {there}"
                )))
            }
        }
    }

    fn send_whole(&mut self) -> io::Result<()> {
        let (body, sum) = self.take_part();
        let key = self.bucket.key(self.inside);
        let inner = &self.bucket.0;
        let action = inner.address.put_object(Some(&inner.keys), &key);
        let sent = Sent {
            headers: vec![(CHECKSUM, sum.clone())],
            body,
            only_new: true,
        };
        match self.bucket.ask(action, &sent) {
            // Names are never used twice: an earlier try of ours came through, only its answer did not.
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            answer => took(&answer?, &sum),
        }
    }

    fn send_part(&mut self) -> io::Result<()> {
        let (body, sum) = self.take_part();
        let key = self.bucket.key(self.inside);
        let inner = &self.bucket.0;
        if self.parts.is_none() {
            let action = inner
                .address
                .create_multipart_upload(Some(&inner.keys), &key);
            let sent = Sent {
                headers: vec![("x-amz-checksum-algorithm", "SHA256".to_owned())],
                ..Sent::default()
            };
            let text = ask::text(self.bucket.ask(action, &sent)?)?;
            let begun = CreateMultipartUpload::parse_response(&text)
                .map_err(|_| ask::not_understood("that a large object is begun", &text))?;
            self.parts = Some(Parts {
                id: begun.upload_id().to_owned(),
                done: Vec::new(),
            });
        }
        let Some(parts) = &mut self.parts else {
            return Ok(());
        };
        let number = u16::try_from(parts.done.len() + 1).ok();
        let number = number.filter(|number| *number <= 10_000);
        let number = number.ok_or_else(|| io::Error::other(TOO_LONG))?;
        let keys = Some(&inner.keys);
        let action = inner.address.upload_part(keys, &key, number, &parts.id);
        let sent = Sent {
            headers: vec![(CHECKSUM, sum.clone())],
            body,
            only_new: false,
        };
        let answer = self.bucket.ask(action, &sent)?;
        took(&answer, &sum)?;
        let etag = answer.headers().get(reqwest::header::ETAG);
        let etag = etag.and_then(|etag| etag.to_str().ok());
        let etag = etag.ok_or_else(|| ask::not_understood("what it calls a part", ""))?;
        parts.done.push((etag.to_owned(), sum));
        Ok(())
    }

    /// Makes one object of the parts. It may be answered well and say in its text that it failed.
    fn complete(&mut self) -> io::Result<()> {
        let Some(parts) = &self.parts else {
            return Ok(());
        };
        let key = self.bucket.key(self.inside);
        let inner = &self.bucket.0;
        let (keys, none) = (Some(&inner.keys), std::iter::empty::<&str>());
        let address = &inner.address;
        let action = address.complete_multipart_upload(keys, &key, &parts.id, none);
        let sent = Sent {
            headers: vec![("content-type", "application/xml".to_owned())],
            body: Bytes::from(parts.list()),
            only_new: true,
        };
        match self.bucket.ask(action, &sent) {
            Err(cause) if came_through(&cause) => {
                // An earlier try may have come through without its answer: whoever reads the length sees it.
                self.bucket.length(self.inside)?.ok_or(cause)?;
            }
            answer => {
                let text = ask::text(answer?)?;
                CompleteMultipartUploadResponse::parse(&text)
                    .map_err(|_| ask::not_understood("that it put the parts together", &text))?;
            }
        }
        self.parts = None;
        Ok(())
    }

    fn take_part(&mut self) -> (Bytes, String) {
        let body = Bytes::from(std::mem::take(&mut self.part));
        let sum = STANDARD.encode(Sha256::digest(&body));
        (body, sum)
    }
}

/// Whether this is what a second try is told if the first one worked.
fn came_through(cause: &io::Error) -> bool {
    matches!(
        cause.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::AlreadyExists
    )
}

/// Whether the store has the bytes that were sent, as far as it says.
fn took(answer: &reqwest::blocking::Response, sum: &str) -> io::Result<()> {
    match answer.headers().get(CHECKSUM) {
        Some(other) if other != sum => Err(io::Error::other(
            "the object store has other bytes than were sent, by its checksum",
        )),
        _ => Ok(()),
    }
}

impl Parts {
    /// The parts as the store wants to be told of them. It makes the names, so they are escaped.
    fn list(&self) -> String {
        let mut list = String::from("<CompleteMultipartUpload>");
        for (n, (etag, sum)) in self.done.iter().enumerate() {
            let etag = etag.replace('&', "&amp;").replace('<', "&lt;");
            list += &format!(
                "<Part><PartNumber>{}</PartNumber><ETag>{etag}</ETag><ChecksumSHA256>{sum}</ChecksumSHA256></Part>",
                n + 1
            );
        }
        list + "</CompleteMultipartUpload>"
    }
}

impl Write for Upload<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = self.bucket.0.part;
        if self.part.len() == part {
            self.send_part()?;
        }
        let count = bytes.len().min(part - self.part.len());
        self.part.extend_from_slice(&bytes[..count]);
        self.length += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Upload<'_> {
    /// Takes the parts back of what did not come to its end; they would be paid for.
    fn drop(&mut self) {
        if let Some(parts) = &self.parts {
            let key = self.bucket.key(self.inside);
            let inner = &self.bucket.0;
            let action = inner
                .address
                .abort_multipart_upload(Some(&inner.keys), &key, &parts.id);
            if let Err(cause) = self.bucket.ask(action, &Sent::default()) {
                tracing::warn!(%cause, "parts of a backup that did not come to its end stay in the bucket");
            }
        }
    }
}
