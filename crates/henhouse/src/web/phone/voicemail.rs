//! A number that people call to report something, as Twilio tells of it: the call, the recording, and its words later. The
//! report is made of the recording, so that nobody waits for the words.

use procedure::chapters::intake::{AddDetails, Report, Route};
use procedure::{Command, Order};
use serde_json::json;

use super::twilio::{form, twiml, xml};
use super::{phones, stranger};
use crate::desk::{OpenReport, Opened};
use crate::inbound::voicemail::is_number;
use crate::report::voicemail::{self as words, LONGEST};
use crate::web::fields::Fields;
use crate::web::registry::Answer;
use crate::web::{Call, Problem};

pub(super) const CALL: &str = "/hooks/twilio/voicemail";
pub(super) const KEPT: &str = "/hooks/twilio/voicemail/kept";
pub(super) const TEXT: &str = "/hooks/twilio/voicemail/text";

/// Somebody calls.
pub(super) async fn call(mut call: Call) -> Answer {
    signed(&mut call).await?;
    let site = call.app.desk.site();
    let at = |path: &str| xml(&format!("{}{path}", site.base_url));
    let record = format!(
        "<Record action=\"{}\" method=\"POST\" timeout=\"10\" finishOnKey=\"#\" maxLength=\"{LONGEST}\" playBeep=\"true\" \
         transcribe=\"true\" transcribeCallback=\"{}\"/>",
        at(KEPT),
        at(TEXT),
    );
    let [greeting, silence] =
        [words::greeting(site.drill), words::silence()].map(|say| spoken(&say));
    Ok(twiml(&format!("{greeting}{record}{silence}<Hangup/>")))
}

/// They are done.
pub(super) async fn kept(mut call: Call) -> Answer {
    let (fields, project) = signed(&mut call).await?;
    let said = match report(&call, &fields, project).await {
        Ok(opened) => words::kept(&opened.number),
        Err(problem) => {
            tracing::error!(
                why = problem.detail,
                "a voice message could not be kept as a report; Twilio has its recording"
            );
            words::not_kept()
        }
    };
    Ok(twiml(&format!("{}<Hangup/>", spoken(&said))))
}

/// What was said, once it is written down.
pub(super) async fn text(mut call: Call) -> Answer {
    let (fields, project) = signed(&mut call).await?;
    let opened = report(&call, &fields, project).await?;
    let said = fields.get("TranscriptionText");
    let done = fields.get("TranscriptionStatus") == Some("completed");
    let text = words::words(said.filter(|_| done)).as_str().into();
    let order = Order::from(Command::from(AddDetails { text }));
    let once = call.one_use(format!("words of {}", of_call(&fields)?));
    let desk = &call.app.desk;
    desk.say_by_receipt(&opened.receipt, order, Some(once))
        .await?;
    Ok(twiml(""))
}

/// The report of a call, which counts once: made with its recording, or with its words where that went wrong.
async fn report(call: &Call, fields: &Fields, project: String) -> Result<Opened, Problem> {
    let from = fields.get("From").filter(|number| is_number(number));
    let text = words::report(from, fields.get("RecordingUrl").unwrap_or_default());
    let said = json!({ "text": text, "phone": from });
    let report: Report = serde_json::from_value(said)
        .map_err(|_| Problem::new("fault", "A voice message makes no report."))?;
    let open = OpenReport {
        mailed: None,
        actor: call.actor_or_reporter(),
        project: there(call, project).await,
        report: Report {
            route: Route::Told,
            ..report
        },
        happened_at: None,
        once: Some(call.one_use(format!("voice message {}", of_call(fields)?))),
    };
    Ok(call.app.desk.open_report_from(open, call.address).await?)
}

/// The project, if it is there: what somebody said is not lost for a slip in the settings.
async fn there(call: &Call, project: String) -> Option<String> {
    if call.app.desk.has_project(&project).await != Some(false) {
        return Some(project);
    }
    tracing::error!(
        project,
        "[voicemail] names a project that is not there; its calls go to the first one: correct the settings"
    );
    None
}

/// The call, by two letters and 32 digits.
fn of_call(fields: &Fields) -> Result<&str, Problem> {
    let is_id = |id: &&str| {
        let digits = id.strip_prefix("CA").unwrap_or_default();
        digits.len() == 32 && digits.chars().all(|c| c.is_ascii_hexdigit())
    };
    fields.get("CallSid").filter(is_id).ok_or_else(stranger)
}

/// The fields of a form that the account of the number signed, and its project.
async fn signed(call: &mut Call) -> Result<(Fields, String), Problem> {
    let (fields, url, signature) = form(call).await?;
    let voicemail = phones(call)?.voicemail();
    let project = voicemail.project(&url, fields.pairs(), &signature);
    let project = project.ok_or_else(stranger)?.clone();
    Ok((fields, project))
}

fn spoken(words: &str) -> String {
    format!("<Say>{}</Say>", xml(words))
}
