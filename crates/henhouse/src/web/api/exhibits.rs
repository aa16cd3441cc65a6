//! `/api/v1/cases/{number}/exhibits`: bytes in, hashed and encrypted as they arrive; bytes out, only ever
//! as a download that nothing opens by itself.

use std::io::Read as _;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use procedure::chapters::evidence::exhibit::{AddExhibit, What};
use procedure::{Command, Order, Permission, may};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;

use super::range::{self, Range};
use super::upload;
use crate::desk::{CaseView, DeskError, OneUse, Onlooker, OpenExhibit};
use crate::vault::{Incoming, Kept, NotKept};
use crate::web::fields::Fields;
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

/// The most bytes of one exhibit.
pub(in crate::web) const LIMIT: u64 = 4 * 1024 * 1024 * 1024;
/// What may be said of an exhibit, in the query or in the form.
const FIELDS: &[&str] = &["kind", "label", "asset", "media", "as"];
const OCTETS: &str = "application/octet-stream";
/// A file that stops arriving for so long has broken off.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// Bytes are read from the vault in portions of so many.
const PORTION: usize = 64 * 1024;

/// An exhibit that is kept.
#[derive(Serialize, JsonSchema)]
pub struct ExhibitAnswer {
    /// Its number in the case, such as E-1.
    pub exhibit: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// How many bytes.
    pub size: u64,
    /// The same bytes had been kept in this case before.
    pub kept_before: bool,
    /// The entry.
    pub seq: u64,
}

/// Takes the bytes in, then says so in the journal.
pub(super) async fn add(mut call: Call) -> Answer {
    let mut fields = call.query(FIELDS)?;
    let acting = fields
        .get("as")
        .map(|person| Value::String(person.to_owned()));
    let onlooker = call.acting(acting)?.ok_or_else(Problem::sign_in)?;
    let number = call.number()?;
    let view = call.app.desk.case(&onlooker, &number).await?;
    if let Permission::No(refusal) = may(&view.case, &view.basis, &onlooker.actor, "add_exhibit") {
        return Err(refusal.into());
    }
    let (kept, media) = take_in(&mut call, &view, &mut fields).await?;
    let order = Order::from(command(&fields, &kept.hash.to_string(), kept.size, &media)?);
    let once = call.once()?;
    let answer = give(&call, &view, onlooker, order, once).await?;
    let added = ExhibitAnswer {
        exhibit: answer.1,
        sha256: kept.hash.to_string(),
        size: kept.size,
        kept_before: kept.before,
        seq: answer.0,
    };
    json::answer(StatusCode::CREATED, &added)
}

/// The bytes into the vault, and what is said of them into the fields.
async fn take_in(
    call: &mut Call,
    view: &CaseView,
    fields: &mut Fields,
) -> Result<(Kept, String), Problem> {
    let exhibits = call.app.exhibits.clone();
    if !upload::is_form(call) {
        let media = media(call, fields);
        // Read first, so that a label that will not do is told before a large file is sent.
        command(fields, &"0".repeat(64), 0, &media)?;
        let body = call.take_body();
        let incoming = call
            .app
            .desk
            .receive_exhibit(&exhibits, view, LIMIT)
            .await?;
        return Ok((receive(incoming, body).await?, media));
    }
    let incoming = call
        .app
        .desk
        .receive_exhibit(&exhibits, view, LIMIT)
        .await?;
    let uploaded = upload::form(call, incoming, fields).await?;
    fields.only(FIELDS)?;
    let media = fields.get("media").map(str::to_owned);
    let media = media
        .or(uploaded.media)
        .unwrap_or_else(|| OCTETS.to_owned());
    Ok((uploaded.kept, media.chars().take(100).collect()))
}

/// Says in the journal that the bytes have arrived; answers the entry and the exhibit's number.
///
/// # Errors
/// A refusal; the store's.
pub(in crate::web) async fn give(
    call: &Call,
    view: &CaseView,
    onlooker: Onlooker,
    order: Order,
    once: Option<OneUse>,
) -> Result<(u64, String), Problem> {
    let journal = view.row.journal;
    let told = call
        .app
        .desk
        .submit(journal, onlooker.actor.clone(), order, once)
        .await?;
    let added = told
        .entries
        .iter()
        .find(|entry| entry.kind == "exhibit_added");
    let seq = added.map_or(told.seq, |entry| entry.seq);
    let after = call.app.desk.case(&onlooker, &view.row.number).await?;
    let exhibits = &after.case.part.evidence.exhibits;
    let exhibit = exhibits.iter().find(|exhibit| exhibit.seq == seq);
    Ok((
        seq,
        exhibit
            .map(|exhibit| exhibit.id.clone())
            .unwrap_or_default(),
    ))
}

fn media(call: &Call, fields: &Fields) -> String {
    let header = call
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media = fields.get("media").or(header).unwrap_or(OCTETS);
    media.chars().take(100).collect()
}

fn command(fields: &Fields, sha256: &str, size: u64, media: &str) -> Result<Command, Problem> {
    let mut body =
        json!({ "what": { "upload": { "sha256": sha256, "size": size, "media": media } } });
    for name in ["kind", "label", "asset"] {
        if let Some(value) = fields.get(name) {
            body[name] = value.into();
        }
    }
    let exhibit: AddExhibit = json::read(body)
        .map_err(|problem| problem.with_fields(|field| field.trim_start_matches('/').to_owned()))?;
    Ok(exhibit.into())
}

/// Hands the bytes to the vault as they come, on a thread that may wait for the disk.
pub(super) struct Sink {
    sender: mpsc::Sender<Bytes>,
    keeping: tokio::task::JoinHandle<Result<Incoming, NotKept>>,
}

impl Sink {
    pub(super) fn new(mut incoming: Incoming) -> Self {
        let (sender, mut receiver) = mpsc::channel::<Bytes>(8);
        let keeping = tokio::task::spawn_blocking(move || {
            while let Some(bytes) = receiver.blocking_recv() {
                incoming.write(&bytes)?;
            }
            Ok(incoming)
        });
        Self { sender, keeping }
    }

    /// Takes more bytes; false once no more can be taken.
    pub(super) async fn take(&mut self, bytes: Bytes) -> bool {
        self.sender.send(bytes).await.is_ok()
    }

    /// Keeps nothing of it.
    pub(super) async fn give_up(self) {
        drop(self.sender);
        drop(self.keeping.await);
    }

    /// Ends the file and gives it its name.
    pub(super) async fn finish(self) -> Result<Kept, Problem> {
        drop(self.sender);
        let bug = |error: tokio::task::JoinError| DeskError::Bug(error.to_string());
        let incoming = self.keeping.await.map_err(bug)?.map_err(not_kept)?;
        let finished = tokio::task::spawn_blocking(move || incoming.finish()).await;
        finished.map_err(bug)?.map_err(not_kept)
    }
}

/// A body that is the file itself.
async fn receive(incoming: Incoming, body: Body) -> Result<Kept, Problem> {
    let mut sink = Sink::new(incoming);
    let mut stream = body.into_data_stream();
    while let Ok(next) = tokio::time::timeout(PATIENCE, stream.next()).await {
        match next {
            None => return sink.finish().await,
            Some(Ok(bytes)) => {
                if !sink.take(bytes).await {
                    return sink.finish().await;
                }
            }
            Some(Err(_)) => break,
        }
    }
    sink.give_up().await;
    Err(Problem::field(
        "file",
        "The file broke off, and nothing was kept; send it again.",
    ))
}

fn not_kept(error: NotKept) -> Problem {
    match error {
        NotKept::TooLarge { .. } => Problem::new("too-large", error.to_string()),
        error => DeskError::from(error).into(),
    }
}

/// Gives the bytes of an exhibit.
pub(super) async fn download(call: Call) -> Answer {
    let view = call.case().await?;
    let id = call.param("id");
    let opened = call
        .app
        .desk
        .open_exhibit(&call.app.exhibits, &view, id)
        .await?;
    let name = format!("{}-{id}.bin", view.row.number);
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .map_err(|_| Problem::not_found("exhibit"))?;
    let mut response = as_download(opened, &call.headers)?;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

/// Bytes on their way out, which nothing opens by itself; the caller names the file.
///
/// # Errors
/// 416 for a part that is not there.
pub(super) fn as_download(opened: OpenExhibit, asked: &HeaderMap) -> Answer {
    let size = opened.reading.size();
    let tag = HeaderValue::from_str(&format!("\"{}\"", opened.sha256))
        .map_err(|_| Problem::not_found("exhibit"))?;
    let part = range::asked(asked, &tag, size)?;
    let mut response = stream(opened, part);
    let headers = response.headers_mut();
    let octets = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, octets);
    let sandbox = HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'");
    headers.insert(header::CONTENT_SECURITY_POLICY, sandbox);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::ETAG, tag);
    Ok(response)
}

/// Bytes that turn out damaged break the answer off: half a file must never look whole. A part is
/// reached by reading what stands before it, because each byte is checked in its place.
fn stream(mut opened: OpenExhibit, part: Option<Range>) -> Response {
    let size = opened.reading.size();
    let (first, length) = part.map_or((0, size), |part| (part.first, part.length()));
    let (sender, receiver) = mpsc::channel::<std::io::Result<Bytes>>(4);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = skip(&mut opened.reading, first) {
            let _ = sender.blocking_send(Err(error));
            return;
        }
        let mut buffer = vec![0; PORTION];
        let mut reading = opened.reading.take(length);
        loop {
            let read = match reading.read(&mut buffer) {
                Ok(0) => return,
                Ok(count) => Ok(Bytes::copy_from_slice(&buffer[..count])),
                Err(error) => Err(error),
            };
            let ends = read.is_err();
            if sender.blocking_send(read).is_err() || ends {
                return;
            }
        }
    });
    let body = Body::from_stream(ReceiverStream::new(receiver));
    let mut response = ([(header::CONTENT_LENGTH, length)], body).into_response();
    if let Some(content) = part.and_then(|part| part.content(size)) {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        response
            .headers_mut()
            .insert(header::CONTENT_RANGE, content);
    }
    response
}

fn skip(reading: &mut impl std::io::Read, bytes: u64) -> std::io::Result<()> {
    std::io::copy(&mut reading.take(bytes), &mut std::io::sink()).map(drop)
}

/// Whether a command claims bytes that were never sent here.
pub(super) fn claims_bytes(command: &Command) -> bool {
    matches!(
        command,
        Command::AddExhibit(AddExhibit {
            what: What::Upload { .. },
            ..
        })
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use serde_json::json;

    use crate::web::stage::{Stage, bytes};

    const AT: &str = "/api/v1/cases/HH-1/exhibits";

    #[tokio::test]
    async fn bytes_go_in_and_come_out_as_a_download() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let auth = format!("Bearer {ann}");
        let file = b"<script>alert(1)</script>";
        let send = |query: &str| bytes(&format!("{AT}?{query}"), file).with("authorization", &auth);
        let said = stage
            .send(send("kind=log&label=the+log").with("content-type", "text/html"))
            .await;
        assert_eq!(
            (said.status, said.json()["exhibit"].as_str()),
            (201, Some("E-1")),
            "{}",
            said.text()
        );
        let got = stage.get(&format!("{AT}/E-1"), Some(&ann)).await;
        assert_eq!((got.status, got.text().as_bytes()), (200, &file[..]));
        assert_eq!(got.header("content-type"), "application/octet-stream");
        assert_eq!(got.header("x-content-type-options"), "nosniff");
        assert!(got.header("content-disposition").starts_with("attachment"));
        assert!(got.header("content-security-policy").contains("sandbox"));
        for (query, field) in [
            ("kind=log", "label"),
            ("kind=cake&label=x", "kind"),
            ("kind=log&label=x&z=1", "z"),
        ] {
            let said = stage.send(send(query)).await;
            assert_eq!(
                (said.status, said.json()["field"].as_str()),
                (422, Some(field)),
                "{}",
                said.text()
            );
        }
        assert_eq!(
            stage.get(&format!("{AT}/E-2"), Some(&ann)).await.status,
            404
        );
        assert_eq!(
            stage
                .get(&format!("{AT}/..%2Froot.key"), Some(&ann))
                .await
                .status,
            404
        );
    }

    fn form(file: &[u8], fields: &[(&str, &str)]) -> Vec<u8> {
        let mut body = Vec::new();
        let head = "Content-Disposition: form-data; name=\"file\"; filename=\"../../x.html\"";
        body.extend(format!("--edge\r\n{head}\r\nContent-Type: text/html\r\n\r\n").bytes());
        body.extend(file);
        for (name, value) in fields {
            let head = format!("Content-Disposition: form-data; name=\"{name}\"");
            body.extend(format!("\r\n--edge\r\n{head}\r\n\r\n{value}").bytes());
        }
        body.extend(b"\r\n--edge--\r\n");
        body
    }

    #[tokio::test]
    async fn a_form_brings_a_file_whole_whatever_it_is_called() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let send = async |body: Vec<u8>| {
            let asking = bytes(AT, &body).with("authorization", &format!("Bearer {ann}"));
            stage
                .send(asking.with("content-type", "multipart/form-data; boundary=edge"))
                .await
        };
        let file: Vec<u8> = (0..700_000_u32).flat_map(u32::to_le_bytes).collect();
        let said = send(form(&file, &[("kind", "log"), ("label", "the log")])).await;
        assert_eq!(said.status, 201, "{}", said.text());
        assert_eq!(said.json()["size"], file.len());
        let got = stage.get(&format!("{AT}/E-1"), Some(&ann)).await;
        assert_eq!(got.bytes(), file);
        assert!(
            !got.header("content-disposition").contains("html"),
            "no name of theirs"
        );
        for (body, field) in [
            (form(&file, &[("kind", "log")]), "label"),
            (
                form(&file, &[("kind", "log"), ("label", "x"), ("z", "1")]),
                "z",
            ),
            (
                form(&file, &[("kind", "log"), ("label", &"x".repeat(70_000))]),
                "label",
            ),
            (form(b"x", &[])[..40].to_vec(), "file"),
            (b"--edge--\r\n".to_vec(), "file"),
        ] {
            let said = send(body).await;
            let named = said.json()["field"].as_str().map(str::to_owned);
            assert_eq!(
                (said.status, named.as_deref()),
                (422, Some(field)),
                "{}",
                said.text()
            );
        }
        let case = stage.get("/api/v1/cases/HH-1", Some(&ann)).await.json();
        assert_eq!(case["exhibits"].as_array().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_part_of_an_exhibit_can_be_read() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let auth = format!("Bearer {ann}");
        let file: Vec<u8> = (0..=255).cycle().take(300_000).collect();
        let add = bytes(&format!("{AT}?kind=log&label=x"), &file);
        assert_eq!(
            stage.send(add.with("authorization", &auth)).await.status,
            201
        );
        let at = format!("{AT}/E-1");
        let read = async |range: &str| {
            let asking = stage.request("GET", &at, Some(&ann), None);
            stage.send(asking.with("range", range)).await
        };
        for (range, from, to) in [
            ("bytes=0-9", 0, 10),
            ("bytes=199990-200009", 199_990, 200_010),
            ("bytes=299990-", 299_990, 300_000),
            ("bytes=-10", 299_990, 300_000),
            ("bytes=299999-999999999", 299_999, 300_000),
        ] {
            let said = read(range).await;
            assert_eq!(
                (said.status, said.bytes()),
                (206, file[from..to].to_vec()),
                "{range}"
            );
            let content = format!("bytes {from}-{}/300000", to - 1);
            assert_eq!(said.header("content-range"), content);
        }
        let beyond = read("bytes=300000-").await;
        assert_eq!(beyond.status, 416, "{}", beyond.text());
        for whole in ["bytes=9-2", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6"] {
            assert_eq!(read(whole).await.status, 200, "{whole}");
        }
        let asking = stage
            .request("GET", &at, Some(&ann), None)
            .with("range", "bytes=0-9");
        let other = stage.send(asking.with("if-range", "\"another\"")).await;
        assert_eq!(other.status, 200, "of another file it would be no part");
    }

    #[tokio::test]
    async fn two_people_erase_the_bytes_and_the_proof_remains() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let bob = stage.token("bob", "member").await;
        let boss = stage.token("boss", "admin").await;
        for token in [&ann, &bob] {
            stage
                .command("HH-1", token, json!({ "command": "acknowledge" }))
                .await;
        }
        let add = bytes(&format!("{AT}?kind=log&label=x"), b"a password");
        let auth = format!("Bearer {ann}");
        let added = stage.send(add.with("authorization", &auth)).await.json();
        let ask = json!({ "command": "propose_redaction", "entry": added["seq"], "field": "bytes", "reason": "a password" });
        let commands = "/api/v1/cases/HH-1/commands";
        let hold = json!({ "command": "place_hold", "text": "Leave it", "people": ["bob"] });
        stage.command("HH-1", &ann, hold).await;
        let held = stage.post(commands, Some(&ann), ask.clone()).await;
        let rule = held.json()["rule"].as_str().map(str::to_owned);
        assert_eq!((held.status, rule.as_deref()), (409, Some("X39")));
        let release = json!({ "command": "release_hold", "hold": "H-1", "reason": "done" });
        stage.command("HH-1", &ann, release).await;
        stage.command("HH-1", &ann, ask).await;
        let second = json!({ "command": "second_redaction", "redaction": 1 });
        let alone = stage.post(commands, Some(&ann), second.clone()).await;
        assert_eq!(alone.status, 409, "not by one person: {}", alone.text());
        stage.command("HH-1", &bob, second).await;
        let gone = stage.get(&format!("{AT}/E-1"), Some(&ann)).await;
        assert_eq!(
            (gone.status, gone.text().contains("erased")),
            (409, true),
            "{}",
            gone.text()
        );
        let app = &stage.app;
        assert_eq!(app.desk.sweep_exhibits(&app.exhibits).await.unwrap(), 1);
        assert_eq!(app.desk.sweep_exhibits(&app.exhibits).await.unwrap(), 0);
        let case = stage.get("/api/v1/cases/HH-1", Some(&ann)).await.json();
        assert_eq!(case["exhibits"][0]["erased"], true);
        assert_eq!(
            case["exhibits"][0]["what"]["upload"]["sha256"],
            added["sha256"]
        );
        let checked = stage
            .post("/api/v1/admin/verify", Some(&boss), json!({}))
            .await
            .text();
        assert!(
            checked.contains("erased") && !checked.contains("tampered"),
            "{checked}"
        );
        let live = app.desk.index_lines().await;
        app.desk.rebuild().await.unwrap();
        assert_eq!(app.desk.index_lines().await, live);
    }

    #[tokio::test]
    async fn nobody_claims_bytes_that_they_did_not_send() {
        let stage = Stage::new().await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let upload = json!({ "sha256": "0".repeat(64), "size": 1, "media": "text/plain" });
        let claim = json!({ "command": "add_exhibit", "kind": "log", "label": "x", "what": { "upload": upload } });
        let said = stage
            .post("/api/v1/cases/HH-1/commands", Some(&ann), claim)
            .await;
        assert_eq!(
            (said.status, said.json()["field"].as_str()),
            (422, Some("/what/upload")),
            "{}",
            said.text()
        );
    }
}
