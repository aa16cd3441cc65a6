//! `POST /in/sns/{source}`: a topic of Amazon SNS, which signs what it sends. The body is read before anybody knows who sends
//! it: it is a small one. What it says of its topic is compared with what the source names before anything is fetched.

use procedure::project::Sender;

use super::bearer::accepted;
use super::{later, small_body, stranger, take};
use crate::desk::{DeskError, Received, Sending};
use crate::inbound::alerts::sns;
use crate::inbound::sns::{Envelope, Kind, SnsError};
use crate::web::registry::Answer;
use crate::web::{Call, Problem};

pub(in crate::web) const PATH: &str = "/in/sns/{source}";

/// What goes into Amazon's settings.
pub(super) fn snippet(address: &str, topics: impl Iterator<Item = impl AsRef<str>>) -> String {
    let mut said = String::new();
    for topic in topics {
        said.push_str(&format!(
            "aws sns subscribe --protocol https --topic-arn {} \\\n  --notification-endpoint {address}\n",
            topic.as_ref()
        ));
    }
    said
}

/// Takes a message.
pub(super) async fn message(mut call: Call) -> Answer {
    let (raw, _room) = small_body(&mut call).await?;
    let desk = call.app.desk.clone();
    if desk.is_away() {
        return Err(later(&DeskError::NotFound("database")));
    }
    let found = desk.source_at(Sender::Sns, call.param("source").to_owned());
    let from = found.await.map_err(|error| later(&error))?;
    let from = from.ok_or_else(stranger)?;
    let header = |name: &str| call.headers.get(name)?.to_str().ok();
    if header("x-amz-sns-rawdelivery").is_some_and(|raw| raw.eq_ignore_ascii_case("true")) {
        return Err(refused(&from, SnsError::Raw));
    }
    let read = Envelope::read(&raw, header("x-amz-sns-message-type"));
    let envelope = read.map_err(|error| refused(&from, error))?;
    if !from.source.topics.contains_key(envelope.topic()) {
        return Err(refused(&from, SnsError::OtherTopic));
    }
    let verified = call.app.sns.verify(&envelope, desk.now()).await;
    verified.map_err(|error| refused(&from, error))?;
    match envelope.kind() {
        Kind::Notification => {
            let mut alert = sns::read(&raw);
            alert.message = Some(envelope.id().to_owned());
            accepted(&take(&call, &from, alert).await?)
        }
        Kind::Subscribed => {
            let confirmed = call.app.sns.confirm(&envelope).await;
            confirmed.map_err(|error| refused(&from, error))?;
            noted(&call, &from, envelope.topic(), true).await
        }
        Kind::Ended => noted(&call, &from, envelope.topic(), false).await,
    }
}

/// Notes how it stands with the subscription. No alert came.
async fn noted(call: &Call, from: &Sending, topic: &str, runs: bool) -> Answer {
    let heard = call.app.desk.hear_topic(from, topic.to_owned(), runs).await;
    heard.map_err(|error| later(&error))?;
    let source = &*from.source.name;
    if runs {
        tracing::info!(source, topic, "a subscription of Amazon SNS was confirmed");
    } else {
        tracing::warn!(
            source,
            topic,
            "a topic of Amazon SNS sends here no more: its subscription was ended there"
        );
    }
    let none = Received {
        id: None,
        times: 0,
        opened: false,
    };
    accepted(&none)
}

/// What cannot be verified for want of Amazon is sent again; the rest is told, and said in the log: nobody reads what SNS hears.
fn refused(from: &Sending, error: SnsError) -> Problem {
    let source = &*from.source.name;
    tracing::warn!(source, %error, "a message to a source of Amazon SNS was not taken");
    let kind = match error {
        SnsError::Unreachable(..) => "unavailable",
        SnsError::Raw | SnsError::Unreadable(_) => "bad-input",
        SnsError::OtherTopic | SnsError::OtherHost | SnsError::OutOfTime | SnsError::Forged(_) => {
            "sign-in"
        }
    };
    let again = kind == "unavailable";
    let mut problem = Problem::new(kind, error.to_string());
    problem.retry_after = again.then_some(super::SOON);
    problem
}
