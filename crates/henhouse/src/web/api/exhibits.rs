//! `/api/v1/cases/{number}/exhibits`: bytes in, hashed and encrypted as they arrive; bytes out, only ever
//! as a download that nothing opens by itself.

use std::io::Read as _;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use procedure::chapters::evidence::exhibit::{AddExhibit, What};
use procedure::{Command, Order, Permission, may};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::ReceiverStream;

use crate::desk::{CaseView, DeskError, Onlooker, OpenExhibit};
use crate::vault::{Incoming, Kept, NotKept};
use crate::web::fields::Fields;
use crate::web::registry::Answer;
use crate::web::{Call, Problem, json};

/// The most bytes of one exhibit.
const LIMIT: u64 = 4 * 1024 * 1024 * 1024;
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
    let fields = call.query(&["kind", "label", "asset", "media", "as"])?;
    let acting = fields
        .get("as")
        .map(|person| Value::String(person.to_owned()));
    let onlooker = call.acting(acting)?.ok_or_else(Problem::sign_in)?;
    let number = call.number()?;
    let view = call.app.desk.case(&onlooker, &number).await?;
    if let Permission::No(refusal) = may(&view.case, &view.basis, &onlooker.actor, "add_exhibit") {
        return Err(refusal.into());
    }
    let media = media(&call, &fields);
    // Read first, so that a label that will not do is told before a large file is sent.
    command(&fields, &"0".repeat(64), 0, &media)?;
    let body = call.take_body();
    let incoming = call
        .app
        .desk
        .receive_exhibit(&call.app.exhibits, &view, LIMIT)
        .await?;
    let kept = receive(incoming, body).await?;
    let order = Order::from(command(&fields, &kept.hash.to_string(), kept.size, &media)?);
    let answer = give(&call, &view, onlooker, order).await?;
    let added = ExhibitAnswer {
        exhibit: answer.1,
        sha256: kept.hash.to_string(),
        size: kept.size,
        kept_before: kept.before,
        seq: answer.0,
    };
    json::answer(StatusCode::CREATED, &added)
}

async fn give(
    call: &Call,
    view: &CaseView,
    onlooker: Onlooker,
    order: Order,
) -> Result<(u64, String), Problem> {
    let once = call.once()?;
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
    let media = fields
        .get("media")
        .or(header)
        .unwrap_or("application/octet-stream");
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
    let exhibit: AddExhibit = json::read(body).map_err(|mut problem| {
        problem.field = problem
            .field
            .map(|field| field.trim_start_matches('/').to_owned());
        problem
    })?;
    Ok(exhibit.into())
}

/// Hands the bytes to the vault as they come.
async fn receive(mut incoming: Incoming, body: Body) -> Result<Kept, Problem> {
    let (sender, mut receiver) = mpsc::channel::<Bytes>(8);
    let keeping = tokio::task::spawn_blocking(move || {
        while let Some(bytes) = receiver.blocking_recv() {
            incoming.write(&bytes)?;
        }
        Ok::<_, NotKept>(incoming)
    });
    let mut stream = body.into_data_stream();
    let mut broken = false;
    while let Some(bytes) = stream.next().await {
        let Ok(bytes) = bytes else {
            broken = true;
            break;
        };
        if sender.send(bytes).await.is_err() {
            break;
        }
    }
    drop(sender);
    let incoming = keeping
        .await
        .map_err(|error| DeskError::Bug(error.to_string()))?;
    let incoming = incoming.map_err(not_kept)?;
    if broken {
        return Err(Problem::field(
            "file",
            "The file broke off, and nothing was kept; send it again.",
        ));
    }
    let finished = tokio::task::spawn_blocking(move || incoming.finish()).await;
    finished
        .map_err(|error| DeskError::Bug(error.to_string()))?
        .map_err(not_kept)
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
    let mut response = stream(opened);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_DISPOSITION, name);
    let octets = HeaderValue::from_static("application/octet-stream");
    headers.insert(header::CONTENT_TYPE, octets);
    let sandbox = HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'");
    headers.insert(header::CONTENT_SECURITY_POLICY, sandbox);
    Ok(response)
}

/// Bytes that turn out damaged break the answer off: half a file must never look whole.
fn stream(mut opened: OpenExhibit) -> Response {
    let size = opened.reading.size();
    let (sender, receiver) = mpsc::channel::<std::io::Result<Bytes>>(4);
    tokio::task::spawn_blocking(move || {
        let mut buffer = vec![0; PORTION];
        loop {
            let read = match opened.reading.read(&mut buffer) {
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
    ([(header::CONTENT_LENGTH, size)], body).into_response()
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
