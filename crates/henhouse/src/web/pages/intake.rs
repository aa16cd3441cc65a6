//! Forms that may carry files. The words come first and count whatever becomes of the files: a
//! report is on disk before the first byte of a photo is looked at.

use std::borrow::Cow;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{DefaultBodyLimit, FromRequest as _, Request};
use axum::http::header;
use procedure::Text;
use procedure::playbook::EvidenceKind;

use crate::desk::Arrived;
use crate::vault::{Incoming, Kept, NotKept};
use crate::web::api::upload;
use crate::web::call::BODY_LIMIT;
use crate::web::fields::{self, Fields};
use crate::web::metered::Meter;
use crate::web::pages::frame;
use crate::web::words::Words;
use crate::web::{Call, Problem};

/// The most bytes of one file: a long video of a phone is sent another way.
pub(super) const FILE_LIMIT: u64 = 32 * 1024 * 1024;
/// What is more than a file may be is read on for so many bytes, so that the browser sees the answer.
const READ_ON_LIMIT: u64 = 512 * 1024 * 1024;
/// The words with what stands around them, and what comes of a file before somebody has looked at it, are no more bytes
/// than this.
const WORDS_LIMIT: usize = BODY_LIMIT + AHEAD;
/// So much of what follows may come before it is used.
const AHEAD: usize = 1024 * 1024;
/// At most so many files of one form are kept.
const FILES_LIMIT: usize = 10;
/// The longest name of a file, in characters.
const NAME_LIMIT: usize = 200;
/// The words, and then each portion of a file, arrive within so long.
const PATIENCE: Duration = Duration::from_secs(30);
/// The name of the fields that carry files.
const FILE_FIELD: &str = "file";
/// The hidden field that stands after all words and before the files.
const WORDS_END_FIELD: &str = "words_end";

/// What became of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Files {
    /// There were none.
    None,
    /// All are kept.
    Kept,
    /// One did not arrive whole.
    Broken,
    /// One has a name that no form can carry.
    BadName,
    /// There were more than are kept.
    TooMany,
    /// One is too large.
    TooLarge,
    /// The disk is full, or cannot be written.
    NoRoom,
}

impl Files {
    /// As it stands in the address of the page that says it; nothing where there is nothing to say.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Kept => "kept",
            Self::Broken => "broken",
            Self::BadName => "bad-name",
            Self::TooMany => "too-many",
            Self::TooLarge => "too-large",
            Self::NoRoom => "no-room",
        }
    }

    /// What is said of it.
    pub(super) fn said(w: Words, word: &str) -> Option<Cow<'static, str>> {
        Some(match word {
            "kept" => w.say("receipt-file-kept"),
            "broken" => w.say("receipt-file-broken"),
            "bad-name" => w.say("receipt-file-name"),
            "too-many" => w.say("receipt-file-many"),
            "too-large" => w.say("receipt-file-large"),
            "no-room" => w.say("receipt-file-room"),
            _ => return None,
        })
    }
}

/// A file that was received.
pub(super) struct Received {
    /// Its bytes as they are kept.
    pub kept: Kept,
    /// What its sender calls it.
    pub name: String,
    /// The media type that came with it. Never trusted.
    pub media: String,
    /// Another file came after it, and was not taken.
    pub others: bool,
}

/// A form as it was sent: its words, and files that may follow them.
pub(super) struct Posted {
    /// The words.
    pub fields: Fields,
    rest: Option<Multipart>,
    meter: Meter,
}

impl Posted {
    /// Reads the words of a form.
    ///
    /// # Errors
    /// 413, or 422 naming the field that is not UTF-8; what breaks off.
    pub(super) async fn read(call: &mut Call) -> Result<Self, Problem> {
        let kind = call.headers.get(header::CONTENT_TYPE).cloned();
        let Some(kind) = kind.filter(|_| upload::is_form(call)) else {
            let fields = Fields::parse(&call.bytes(BODY_LIMIT).await?)?;
            let (rest, meter) = Default::default();
            return Ok(Self {
                fields,
                rest,
                meter,
            });
        };
        let (body, meter) = Meter::of(call.take_body(), WORDS_LIMIT);
        let mut request = Request::new(body);
        request.headers_mut().insert(header::CONTENT_TYPE, kind);
        // Words and files have limits of their own.
        DefaultBodyLimit::disable().apply(&mut request);
        let parts = Multipart::from_request(request, &()).await;
        let parts = parts.map_err(|_| broke_off())?;
        let read = tokio::time::timeout(PATIENCE, words(parts, meter)).await;
        read.map_err(|_| broke_off())?
    }

    /// Reads on without keeping anything, so that the browser sees the answer.
    pub(super) async fn skip(mut self) {
        let (mut left, meter) = (READ_ON_LIMIT, self.meter.clone());
        while let Ok(Some(mut part)) = self.next().await {
            if read_on(&mut part, &meter, &mut left).await.is_none() {
                return;
            }
        }
    }

    /// Keeps the files with the report of this receipt. The words count whatever becomes of them.
    pub(super) async fn keep(mut self, call: &Call, receipt: &str, once: Option<&str>) -> Files {
        let (mut files, mut count, mut left) = (Files::None, 0, READ_ON_LIMIT);
        let meter = self.meter.clone();
        loop {
            let mut part = match self.next().await {
                Ok(Some(part)) => part,
                Ok(None) => return files,
                Err(trouble) => return files.max(trouble),
            };
            let became = if part.name() != Some(FILE_FIELD) || chosen(&part).is_none() {
                Files::None
            } else if count == FILES_LIMIT {
                Files::TooMany
            } else {
                count += 1;
                let once = once.map(|key| format!("{key} file {count}"));
                keep_one(call, receipt, (&mut part, &meter), once)
                    .await
                    .unwrap_or_else(|trouble| trouble)
            };
            files = files.max(became);
            if read_on(&mut part, &meter, &mut left).await.is_none() {
                return files.max(Files::Broken);
            }
        }
    }

    /// The first file, received into `incoming`; nothing where none was chosen. What follows it is read,
    /// and not kept.
    pub(super) async fn one_file(mut self, incoming: Incoming) -> Result<Option<Received>, Files> {
        let (mut left, meter) = (READ_ON_LIMIT, self.meter.clone());
        while let Some(mut part) = self.next().await? {
            let name = chosen(&part).filter(|_| part.name() == Some(FILE_FIELD));
            let Some(name) = name else {
                let read = read_on(&mut part, &meter, &mut left).await;
                read.ok_or(Files::Broken)?;
                continue;
            };
            let media = media(&part);
            let received = receive(incoming, &mut part, &meter).await;
            if received.is_err() {
                read_on(&mut part, &meter, &mut left).await;
            }
            let kept = received?;
            drop(part);
            let others = self.others(&mut left).await;
            return Ok(Some(Received {
                kept,
                name,
                media,
                others,
            }));
        }
        Ok(None)
    }

    /// Whether another file follows. It is read, so that the browser sees the answer.
    async fn others(&mut self, left: &mut u64) -> bool {
        let (mut others, meter) = (false, self.meter.clone());
        while let Ok(Some(mut part)) = self.next().await {
            others |= part.name() == Some(FILE_FIELD) && chosen(&part).is_some();
            if read_on(&mut part, &meter, left).await.is_none() {
                break;
            }
        }
        others
    }

    /// The next part. One that cannot be read is not the same as none.
    async fn next(&mut self) -> Result<Option<Field<'_>>, Files> {
        let Some(rest) = self.rest.as_mut() else {
            return Ok(None);
        };
        self.meter.allow(AHEAD);
        let next = tokio::time::timeout(PATIENCE, rest.next_field()).await;
        next.map_err(|_| Files::Broken)?.map_err(|error| {
            // What stands before the bytes holds little else than the name.
            if error.body_text().starts_with("failed to read headers") {
                Files::BadName
            } else {
                Files::Broken
            }
        })
    }
}

/// The words, up to the mark that they are all there. A file that stands before it is not kept.
async fn words(mut parts: Multipart, meter: Meter) -> Result<Posted, Problem> {
    let (mut fields, mut left) = (Fields::default(), BODY_LIMIT);
    while let Some(mut part) = parts.next_field().await.map_err(|_| broke_off())? {
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = part.file_name().is_some() || chosen(&part).is_some();
        let mut bytes = Vec::new();
        while let Some(more) = part.chunk().await.map_err(|_| broke_off())? {
            if is_file {
                meter.used(more.len());
                continue;
            }
            left = left.checked_sub(more.len()).ok_or_else(too_long)?;
            bytes.extend_from_slice(&more);
        }
        if name == WORDS_END_FIELD {
            let rest = Some(parts);
            return Ok(Posted {
                fields,
                rest,
                meter,
            });
        }
        if !is_file {
            let value = String::from_utf8(bytes).map_err(|_| {
                let detail = format!("{name} is not UTF-8; send the text as UTF-8.");
                Problem::field(name.clone(), detail)
            })?;
            fields.push(name, value);
        }
        if fields.count() > fields::MOST {
            return Err(fields::too_many());
        }
    }
    let rest = None;
    Ok(Posted {
        fields,
        rest,
        meter,
    })
}

async fn keep_one(
    call: &Call,
    receipt: &str,
    (part, meter): (&mut Field<'_>, &Meter),
    once: Option<String>,
) -> Result<Files, Files> {
    let name = chosen(part).unwrap_or_default();
    let media = media(part);
    let (desk, exhibits) = (&call.app.desk, &call.app.exhibits);
    let begun = desk.receive_from_reporter(exhibits, receipt, FILE_LIMIT);
    let (incoming, place) = begun.await.map_err(|_| Files::NoRoom)?;
    let kept = receive(incoming, part, meter).await?;
    let arrived = Arrived {
        place,
        kept,
        label: label(&name),
        kind: kind(&name, &media),
        media,
    };
    let once = once.map(|key| call.one_use(key));
    let said = desk.attach_from_reporter(arrived, once).await;
    said.map_err(|error| {
        tracing::error!(%error, "a reporter's file was not kept");
        Files::NoRoom
    })?;
    Ok(Files::Kept)
}

async fn receive(
    mut incoming: Incoming,
    part: &mut Field<'_>,
    meter: &Meter,
) -> Result<Kept, Files> {
    loop {
        let more = tokio::time::timeout(PATIENCE, part.chunk()).await;
        match more {
            Ok(Ok(Some(bytes))) => {
                meter.used(bytes.len());
                incoming = take(incoming, bytes).await?;
            }
            Ok(Ok(None)) => break,
            Ok(Err(_)) | Err(_) => return Err(Files::Broken),
        }
    }
    let finished = tokio::task::spawn_blocking(move || incoming.finish()).await;
    finished.map_err(|_| Files::NoRoom)?.map_err(not_kept)
}

async fn take(mut incoming: Incoming, bytes: Bytes) -> Result<Incoming, Files> {
    let taken = tokio::task::spawn_blocking(move || {
        incoming.write(&bytes)?;
        Ok(incoming)
    });
    taken.await.map_err(|_| Files::NoRoom)?.map_err(not_kept)
}

fn not_kept(error: NotKept) -> Files {
    match error {
        NotKept::TooLarge { .. } => Files::TooLarge,
        error => {
            tracing::error!(%error, "a reporter's file was not kept");
            Files::NoRoom
        }
    }
}

/// Reads a part to its end; nothing if it breaks off or is longer than we read on.
async fn read_on(part: &mut Field<'_>, meter: &Meter, left: &mut u64) -> Option<()> {
    loop {
        let more = tokio::time::timeout(PATIENCE, part.chunk()).await;
        match more.ok()?.ok()? {
            Some(bytes) => {
                meter.used(bytes.len());
                *left = left.checked_sub(bytes.len() as u64)?;
            }
            None => return Some(()),
        }
    }
}

fn media(part: &Field<'_>) -> String {
    let media = part.content_type().unwrap_or("application/octet-stream");
    media.chars().take(100).collect()
}

/// What the file that was chosen is called; nothing where none was. A name with quotes, line ends or bytes that are no
/// UTF-8 is one as well: what is left of it will do.
fn chosen(part: &Field<'_>) -> Option<String> {
    if let Some(name) = part.file_name().filter(|name| !name.is_empty()) {
        return Some(name.to_owned());
    }
    let disposition = part.headers().get(header::CONTENT_DISPOSITION)?;
    let disposition = String::from_utf8_lossy(disposition.as_bytes());
    let (_, name) = disposition.split_once("filename=")?;
    let name = name.trim();
    let none = name.is_empty() || name == "\"\"" || name.starts_with("\"\";");
    let name = name.strip_prefix('"').unwrap_or(name);
    (!none).then(|| name.strip_suffix('"').unwrap_or(name).to_owned())
}

/// What the file is called, as its sender has it.
pub(super) fn label(name: &str) -> Text {
    let name: String = name
        .chars()
        .filter(|c| !frame::steers(*c))
        .take(NAME_LIMIT)
        .collect();
    match name.trim() {
        "" => Text::from("A file sent with the report"),
        name => Text::from(name),
    }
}

/// A mail as it arrived (R115), else a file.
pub(super) fn kind(name: &str, media: &str) -> EvidenceKind {
    let name = name.to_ascii_lowercase();
    if media.starts_with("message/rfc822") || name.ends_with(".eml") || name.ends_with(".msg") {
        return EvidenceKind::Mail;
    }
    EvidenceKind::File
}

fn broke_off() -> Problem {
    Problem::new("not-json", "The form broke off; send it again.")
}

fn too_long() -> Problem {
    Problem::new(
        "too-large",
        "The words are longer than 1 MiB together. Shorten them, or attach them as a file.",
    )
}
