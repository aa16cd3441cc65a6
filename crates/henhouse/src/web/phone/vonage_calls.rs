//! Vonage's webhooks of its Voice API: JSON, each with a token of its own. What is answered to a key is its own language, NCCO.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{BODY_LIMIT, phones, stranger};
use crate::phones::{Became, Voice};
use crate::report::ncco::{asks, talk};
use crate::web::form::bearer;
use crate::web::registry::Answer;
use crate::web::{Call, Problem};

pub(super) const EVENT: &str = "/hooks/vonage/call/{notice}";
pub(super) const KEY: &str = "/hooks/vonage/key/{notice}";
pub(super) const TYPE: &str = "application/json";

/// What became of a call. It counts as answered by its key alone: a mailbox answers too.
pub(super) async fn event(mut call: Call) -> Answer {
    let (notice, said) = signed(&mut call).await?;
    let word = said["status"].as_str().unwrap_or_default();
    let became = match word {
        "started" | "ringing" | "answered" | "human" => Some(Became::Handed),
        "completed" | "busy" | "timeout" | "unanswered" | "rejected" | "machine" => {
            Some(Became::Missed)
        }
        "failed" | "cancelled" => Some(Became::Lost),
        _ => None,
    };
    if let Some(became) = became {
        let receipt = format!("Vonage: {word}");
        phones(&call)?.became(notice, became, &receipt).await;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A key that was pressed, or none in its time.
pub(super) async fn key(mut call: Call) -> Answer {
    let (notice, said) = signed(&mut call).await?;
    let pressed = said["dtmf"]["digits"].as_str().unwrap_or_default();
    if pressed.is_empty() {
        return Ok(ncco(&json!([talk(
            "Nothing was pressed. The next person is called."
        )])));
    }
    let answer = phones(&call)?
        .pressed(notice, &number(&said), pressed)
        .await;
    let at = format!("{}{}", call.app.desk.site().base_url, call.uri.path());
    Ok(match answer {
        Voice::Say(text) => ncco(&json!([talk(&text)])),
        Voice::Dial(number) => {
            let to = number.trim_start_matches('+');
            ncco(&json!([{ "action": "connect", "endpoint": [{ "type": "phone", "number": to }] }]))
        }
        Voice::Ask(text) => ncco(&asks(talk(&text), &at)),
    })
}

/// The body that Vonage signed, and which page it is about. The address is not signed: what was said of another number's call
/// is not about this page.
async fn signed(call: &mut Call) -> Result<(Uuid, Value), Problem> {
    let token = bearer(&call.headers).ok_or_else(stranger)?.to_owned();
    let bytes = call.bytes(BODY_LIMIT).await?;
    if !phones(call)?.is_call_from_vonage(&token, &bytes) {
        return Err(stranger());
    }
    let said: Value = serde_json::from_slice(&bytes).map_err(|_| stranger())?;
    let notice = notice(call)?;
    let desk = &call.app.desk;
    match desk.left_to_number(notice, &number(&said)).await? {
        true => Ok((notice, said)),
        false => Err(stranger()),
    }
}

fn number(said: &Value) -> String {
    format!("+{}", said["to"].as_str().unwrap_or_default())
}

fn notice(call: &Call) -> Result<Uuid, Problem> {
    let notice = call.param("notice").parse();
    notice.map_err(|_| Problem::not_found("notice"))
}

fn ncco(actions: &Value) -> Response {
    ([(header::CONTENT_TYPE, TYPE)], actions.to_string()).into_response()
}
