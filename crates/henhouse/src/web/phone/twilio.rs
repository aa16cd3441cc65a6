//! Twilio's webhooks. Their answers are its own language, TwiML.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use uuid::Uuid;

use super::{BODY_LIMIT, phones, stranger};
use crate::phones::{Became, Voice};
use crate::web::fields::Fields;
use crate::web::registry::Answer;
use crate::web::{Call, Problem};

pub(super) const STATUS: &str = "/hooks/twilio/status/{notice}";
pub(super) const KEY: &str = "/hooks/twilio/key/{notice}";
pub(super) const SMS: &str = "/hooks/twilio/sms";
pub(super) const TYPE: &str = "text/xml; charset=utf-8";

/// What became of a message or a call.
pub(super) async fn status(mut call: Call) -> Answer {
    let fields = signed(&mut call).await?;
    let notice = notice(&call)?;
    let sid = fields.get("MessageSid").or(fields.get("CallSid"));
    let sid = sid.filter(|sid| sid.len() <= 64 && sid.chars().all(|c| c.is_ascii_alphanumeric()));
    let (word, became) = match fields.get("MessageStatus") {
        Some(word) => (word, of_message(word)),
        None => {
            let word = fields.get("CallStatus").unwrap_or_default();
            (word, of_call(word))
        }
    };
    if let Some(became) = became {
        let error = fields
            .get("ErrorCode")
            .filter(|code| code.len() <= 8 && code.chars().all(|c| c.is_ascii_digit()));
        let error = error.map_or_else(String::new, |code| format!(", error {code}"));
        let receipt = format!("Twilio: {word}{error} {}", sid.unwrap_or_default());
        phones(&call)?
            .became(notice, became, receipt.trim_end())
            .await;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn of_message(word: &str) -> Option<Became> {
    match word {
        "accepted" | "scheduled" | "queued" | "sending" | "sent" => Some(Became::Handed),
        "delivered" | "read" => Some(Became::Arrived),
        "undelivered" | "failed" | "canceled" => Some(Became::Lost),
        _ => None,
    }
}

/// A call counts as answered by its key alone: a mailbox answers too.
fn of_call(word: &str) -> Option<Became> {
    match word {
        "queued" | "initiated" | "ringing" | "in-progress" => Some(Became::Handed),
        "completed" | "busy" | "no-answer" => Some(Became::Missed),
        "failed" | "canceled" => Some(Became::Lost),
        _ => None,
    }
}

/// A key that was pressed.
pub(super) async fn key(mut call: Call) -> Answer {
    let fields = signed(&mut call).await?;
    let notice = notice(&call)?;
    let number = fields.get("To").unwrap_or_default();
    let pressed = fields.get("Digits").unwrap_or_default();
    let answer = phones(&call)?.pressed(notice, number, pressed).await;
    let at = format!("{}{}", call.app.desk.site().base_url, call.uri.path());
    Ok(match answer {
        Voice::Say(text) => twiml(&format!("<Say>{}</Say><Hangup/>", xml(&text))),
        Voice::Dial(number) => twiml(&format!("<Dial>{}</Dial>", xml(&number))),
        Voice::Ask(text) => twiml(&format!(
            "<Gather input=\"dtmf\" numDigits=\"1\" timeout=\"8\" action=\"{}\" method=\"POST\"><Say>{}</Say></Gather>",
            xml(&at),
            xml(&text)
        )),
    })
}

/// A text message that came back.
pub(super) async fn sms(mut call: Call) -> Answer {
    let fields = signed(&mut call).await?;
    let number = fields.get("From").unwrap_or_default();
    let text = fields.get("Body").unwrap_or_default();
    // Twilio signs names and values without anything between: without a whole id the same words may be sent again and again.
    let id = fields.get("MessageSid").filter(|id| is_id(id));
    let id = id.ok_or_else(stranger)?;
    let said = phones(&call)?.told("twilio", id, number, text).await;
    Ok(match said {
        Some(said) => twiml(&format!("<Message>{}</Message>", xml(&said))),
        None => twiml(""),
    })
}

/// The fields of a form that Twilio signed.
async fn signed(call: &mut Call) -> Result<Fields, Problem> {
    let (fields, url, signature) = form(call).await?;
    match phones(call)?.is_from_twilio(&url, fields.pairs(), &signature) {
        true => Ok(fields),
        false => Err(stranger()),
    }
}

/// A form, the address that it was sent to, and what it is signed with.
pub(super) async fn form(call: &mut Call) -> Result<(Fields, String, String), Problem> {
    let signature = call.headers.get("x-twilio-signature");
    let signature = signature.and_then(|value| value.to_str().ok());
    let signature = signature.ok_or_else(stranger)?.to_owned();
    let bytes = call.bytes(BODY_LIMIT).await?;
    let fields = Fields::parse(&bytes).map_err(|_| stranger())?;
    let query = call.uri.path_and_query().map_or("", |whole| whole.as_str());
    let url = format!("{}{query}", call.app.desk.site().base_url);
    Ok((fields, url, signature))
}

/// Two letters and 32 digits.
fn is_id(id: &str) -> bool {
    let digits = id.strip_prefix("SM").or_else(|| id.strip_prefix("MM"));
    digits.is_some_and(|all| all.len() == 32 && all.chars().all(|c| c.is_ascii_hexdigit()))
}

fn notice(call: &Call) -> Result<Uuid, Problem> {
    let notice = call.param("notice").parse();
    notice.map_err(|_| Problem::not_found("notice"))
}

pub(super) fn twiml(inner: &str) -> Response {
    let body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>{inner}</Response>");
    ([(header::CONTENT_TYPE, TYPE)], body).into_response()
}

pub(super) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
