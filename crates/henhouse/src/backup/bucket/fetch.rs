//! Reading an object as a stream; where the connection breaks off it goes on at the same byte of the same object.

use std::io::{self, Read};

use reqwest::StatusCode;
use reqwest::blocking::Response;
use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderName};

use super::Bucket;
use super::ask::Sent;

/// So often an object's stream may break off.
const BREAKS: u32 = 8;

/// An object that is being read.
pub(in crate::backup) struct Fetch {
    bucket: Bucket,
    inside: String,
    answer: Response,
    etag: Option<String>,
    length: u64,
    at: u64,
    breaks: u32,
}

impl Fetch {
    pub(super) fn open(bucket: Bucket, inside: &str) -> io::Result<Self> {
        let answer = get(&bucket, inside, Vec::new())?;
        let header = |name: HeaderName| {
            let value = answer.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let length = header(CONTENT_LENGTH).and_then(|length| length.parse().ok());
        let none = || io::Error::other("the object store does not say how long it is");
        Ok(Self {
            length: length.ok_or_else(none)?,
            etag: header(ETAG),
            bucket,
            inside: inside.to_owned(),
            answer,
            at: 0,
            breaks: 0,
        })
    }

    /// Asks for the rest.
    fn go_on(&mut self, trouble: io::Error) -> io::Result<()> {
        self.breaks += 1;
        let Some(etag) = self.etag.clone().filter(|_| self.breaks <= BREAKS) else {
            return Err(trouble);
        };
        let headers = vec![("range", format!("bytes={}-", self.at)), ("if-match", etag)];
        let answer = get(&self.bucket, &self.inside, headers)?;
        let range = answer.headers().get(CONTENT_RANGE);
        let range = range.and_then(|range| range.to_str().ok()).unwrap_or("");
        let wanted = format!("bytes {}-{}/{}", self.at, self.length - 1, self.length);
        if answer.status() != StatusCode::PARTIAL_CONTENT || range != wanted {
            return Err(trouble);
        }
        self.answer = answer;
        Ok(())
    }
}

fn get(
    bucket: &Bucket,
    inside: &str,
    headers: Vec<(&'static str, String)>,
) -> io::Result<Response> {
    let key = bucket.key(inside);
    let action = bucket.0.address.get_object(Some(&bucket.0.keys), &key);
    let sent = Sent {
        headers,
        ..Sent::default()
    };
    bucket.ask(action, &sent)
}

impl Read for Fetch {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let left = usize::try_from(self.length - self.at).unwrap_or(usize::MAX);
            let room = into.len().min(left);
            if room == 0 {
                return Ok(0);
            }
            let trouble = match self.answer.read(&mut into[..room]) {
                Ok(0) => io::Error::other("the object store broke off"),
                Ok(count) => {
                    self.at += count as u64;
                    return Ok(count);
                }
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
                Err(cause) => io::Error::other(format!("the object store broke off: {cause}")),
            };
            self.go_on(trouble)?;
        }
    }
}
