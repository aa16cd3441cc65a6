//! Vonage's webhooks of its SMS API. A reply is sent by itself and not in the answer, so none is sent.

use axum::http::StatusCode;
use axum::response::IntoResponse as _;

use super::{BODY_LIMIT, phones, stranger};
use crate::phones::Became;
use crate::web::fields::Fields;
use crate::web::registry::Answer;
use crate::web::{Call, Problem};

pub(super) const STATUS: &str = "/hooks/vonage/status";
pub(super) const SMS: &str = "/hooks/vonage/sms";

/// What became of a text message. Our notice comes back as `client-ref`.
pub(super) async fn status(mut call: Call) -> Answer {
    let fields = signed(&mut call).await?;
    let notice = fields
        .get("client-ref")
        .and_then(|notice| notice.parse().ok());
    let word = fields.get("status").unwrap_or_default();
    let became = match word {
        "accepted" | "buffered" => Some(Became::Handed),
        "delivered" => Some(Became::Arrived),
        "failed" | "expired" | "rejected" | "undeliverable" => Some(Became::Lost),
        _ => None,
    };
    if let Some((notice, became)) = notice.zip(became) {
        let error = fields.get("err-code").unwrap_or("0");
        let is_plain = error.len() <= 4 && error.chars().all(|c| c.is_ascii_digit());
        let error = if is_plain { error } else { "?" };
        let receipt = format!("Vonage: {word}, error {error}");
        phones(&call)?.became(notice, became, &receipt).await;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A text message that came back.
pub(super) async fn sms(mut call: Call) -> Answer {
    let fields = signed(&mut call).await?;
    let number = format!("+{}", fields.get("msisdn").unwrap_or_default());
    let text = fields.get("text").unwrap_or_default();
    let id = fields.get("messageId").unwrap_or_default();
    let _said = phones(&call)?.told("vonage", id, &number, text).await;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The fields of a form that Vonage signed.
async fn signed(call: &mut Call) -> Result<Fields, Problem> {
    let bytes = call.bytes(BODY_LIMIT).await?;
    let fields = Fields::parse(&bytes).map_err(|_| stranger())?;
    match phones(call)?.is_from_vonage(fields.pairs()) {
        true => Ok(fields),
        false => Err(stranger()),
    }
}
