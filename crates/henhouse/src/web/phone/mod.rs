//! Where gateways of telephones tell what was pressed, what was written back and what became of a page. Each is known by
//! the signature of its vendor; nobody else is looked at.

mod twilio;
mod voicemail;
mod vonage;
mod vonage_calls;

use axum::http::Method;

use super::registry::{Permission, Route};
use super::{Call, Problem};
use crate::desk::DeskError;
use crate::phones::Phones;

/// No gateway sends more.
const BODY_LIMIT: usize = 64 * 1024;

/// The addresses.
#[rustfmt::skip]
pub(super) fn routes() -> Vec<Route> {
    let (post, source) = (Method::POST, Permission::Source);
    vec![
        Route::api(post.clone(), twilio::STATUS, "twilio_status", source,
            "What became of a text message or a call, told and signed by Twilio.", twilio::status).answers(204),
        Route::api(post.clone(), twilio::KEY, "twilio_key", source,
            "A key that was pressed in a call, told and signed by Twilio: 4 takes the page, 5 passes it on.", twilio::key).as_type(twilio::TYPE),
        Route::api(post.clone(), twilio::SMS, "twilio_sms", source,
            "A text message that came back, told and signed by Twilio: 4 takes a page, 5 passes it on.", twilio::sms).as_type(twilio::TYPE),
        Route::api(post.clone(), voicemail::CALL, "voicemail_call", source,
            "Somebody calls a number to report something, told and signed by Twilio: what is said to them, and that it is recorded.", voicemail::call).as_type(twilio::TYPE),
        Route::api(post.clone(), voicemail::KEPT, "voicemail_kept", source,
            "A recording of such a call, told and signed by Twilio: it is a report. The same call counts once.", voicemail::kept).as_type(twilio::TYPE),
        Route::api(post.clone(), voicemail::TEXT, "voicemail_text", source,
            "What was said in such a call, told and signed by Twilio: it is added to the report.", voicemail::text).as_type(twilio::TYPE),
        Route::api(post.clone(), vonage::STATUS, "vonage_status", source,
            "What became of a text message, told and signed by Vonage.", vonage::status).answers(204),
        Route::api(post.clone(), vonage_calls::EVENT, "vonage_call", source,
            "What became of a call, told and signed by Vonage.", vonage_calls::event).answers(204),
        Route::api(post.clone(), vonage_calls::KEY, "vonage_key", source,
            "A key that was pressed in a call, told and signed by Vonage: 4 takes the page, 5 passes it on.", vonage_calls::key).as_type(vonage_calls::TYPE),
        Route::api(post, vonage::SMS, "vonage_sms", source,
            "A text message that came back, told and signed by Vonage: 4 takes a page, 5 passes it on.", vonage::sms).answers(204),
        Route::api(Method::GET, "/a/{name}", "short_link", Permission::Link,
            "Leads from the short link in a text message to the page that it is about. Nothing is done by it.", short).answers(303),
    ]
}

/// Leads to the link; one that is dead leads to the page that says so and what to do instead.
async fn short(call: Call) -> super::registry::Answer {
    use axum::response::{IntoResponse as _, Redirect};
    let token = match call.app.desk.behind_short(call.param("name")).await {
        Ok(token) => token,
        Err(DeskError::NotFound(_)) => "dead".to_owned(),
        Err(error) => return Err(error.into()),
    };
    Ok(Redirect::to(&format!("/ack/{token}")).into_response())
}

/// What the settings say of telephones; nobody is believed where they say nothing.
fn phones(call: &Call) -> Result<&Phones, Problem> {
    call.app.phones.get().ok_or_else(stranger)
}

fn stranger() -> Problem {
    Problem::new(
        "sign-in",
        "This is signed by no gateway that the settings name.",
    )
}

#[cfg(test)]
mod tests {
    use crate::web::stage::Stage;

    #[tokio::test]
    async fn a_dead_short_link_leads_to_the_page_that_says_so() {
        let stage = Stage::new().await;
        let said = stage.get("/a/0123456789abcdef", None).await;
        assert_eq!(said.status, 303, "{}", said.text());
        let said = stage.get("/ack/dead", None).await;
        assert_eq!(said.status, 404);
        assert!(
            said.text().contains("This link does not work"),
            "{}",
            said.text()
        );
    }
}
