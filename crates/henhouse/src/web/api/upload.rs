//! A file and what is said of it as a browser's form sends them (`multipart/form-data`, RFC 7578). The
//! file goes to the vault as it comes; it is never held whole.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request, multipart::Field};
use axum::http::header;

use super::exhibits::{PATIENCE, Sink};
use crate::vault::{Incoming, Kept};
use crate::web::fields::Fields;
use crate::web::metered::Meter;
use crate::web::{Call, Problem};

/// The most bytes of one field beside the file.
const FIELD_LIMIT: usize = 64 * 1024;
/// The most fields beside the file.
const FIELDS: usize = 20;
/// So much of what follows may come before it is used.
const AHEAD: usize = 1024 * 1024;
/// The name of the field that holds the file.
const FILE: &str = "file";

/// Whether a form with a file is sent.
pub(in crate::web) fn is_form(call: &Call) -> bool {
    let media = call.headers.get(header::CONTENT_TYPE);
    let media = media.and_then(|value| value.to_str().ok());
    media.is_some_and(|media| {
        let media = media.trim_start().to_ascii_lowercase();
        media.starts_with("multipart/form-data")
    })
}

/// A file that was kept, with the media type that it came with.
pub(super) struct Uploaded {
    pub(super) kept: Kept,
    pub(super) media: Option<String>,
}

/// Takes the form in: the file into the vault, the rest into the fields.
pub(super) async fn form(
    call: &mut Call,
    incoming: Incoming,
    fields: &mut Fields,
) -> Result<Uploaded, Problem> {
    let (body, meter) = Meter::of(call.take_body(), AHEAD);
    let mut request = Request::new(body);
    *request.headers_mut() = call.headers.clone();
    DefaultBodyLimit::disable().apply(&mut request);
    let read = Multipart::from_request(request, &()).await;
    let mut form = read.map_err(|error| broken(&error.body_text()))?;
    let mut sink = Some(Sink::new(incoming));
    let mut uploaded = None;
    for _ in 0..=FIELDS {
        meter.allow(AHEAD);
        let next = form.next_field().await;
        let Some(field) = next.map_err(|error| broken(&error.body_text()))? else {
            return uploaded.ok_or_else(|| {
                Problem::field(FILE, "Send the file as the field `file` of the form.")
            });
        };
        if field.name() == Some(FILE) {
            let Some(sink) = sink.take() else {
                return Err(Problem::field(FILE, "Send one file at a time."));
            };
            uploaded = Some(file(field, sink, &meter).await?);
        } else {
            let (name, value) = text(field).await?;
            fields.push(name, value);
        }
    }
    Err(Problem::field("", "The form has too many fields."))
}

async fn file(mut field: Field<'_>, mut sink: Sink, meter: &Meter) -> Result<Uploaded, Problem> {
    let media = field.content_type().map(str::to_owned);
    loop {
        match chunk(&mut field).await {
            Ok(Some(bytes)) => {
                meter.used(bytes.len());
                if !sink.take(bytes).await {
                    break;
                }
            }
            Ok(None) => break,
            Err(problem) => {
                sink.give_up().await;
                return Err(problem);
            }
        }
    }
    let kept = sink.finish().await?;
    Ok(Uploaded { kept, media })
}

async fn text(mut field: Field<'_>) -> Result<(String, String), Problem> {
    let name = field.name().unwrap_or_default().to_owned();
    let mut bytes = Vec::new();
    while let Some(more) = chunk(&mut field).await? {
        bytes.extend_from_slice(&more);
        if bytes.len() > FIELD_LIMIT {
            return Err(Problem::field(
                name,
                "This is longer than 64 KiB; shorten it.",
            ));
        }
    }
    match String::from_utf8(bytes) {
        Ok(value) => Ok((name, value)),
        Err(_) => {
            let detail = format!("{name} is not UTF-8; send the text as UTF-8.");
            Err(Problem::field(name, detail))
        }
    }
}

/// The next bytes of a field, which come within a while or not at all.
async fn chunk(field: &mut Field<'_>) -> Result<Option<Bytes>, Problem> {
    match tokio::time::timeout(PATIENCE, field.chunk()).await {
        Ok(next) => next.map_err(|error| broken(&error.body_text())),
        Err(_) => Err(broken("it stopped arriving")),
    }
}

fn broken(said: &str) -> Problem {
    Problem::field(
        FILE,
        format!("The form cannot be read ({said}), and nothing was kept; send it again."),
    )
}
