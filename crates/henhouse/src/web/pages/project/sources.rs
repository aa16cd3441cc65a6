//! `/projects/{slug}/sources`: the programs that may send alerts to a project, each with what has to be put into it.
//! A key is shown once, when it was made.

use askama::Template;
use procedure::project::{AlertSource, Sender};

use super::{Opened, Tabs};
use crate::desk::NewSource;
use crate::report::Times;
use crate::web::api::sources::{self, GATHER_MINUTES};
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;
use crate::web::words::key;
use crate::web::{Call, alerts};

/// The senders that one may choose: the word, and the name of its text.
const SENDERS: [(&str, Sender); 9] = [
    ("alertmanager", Sender::Alertmanager),
    ("opsgenie", Sender::Opsgenie),
    ("pagerduty", Sender::Pagerduty),
    ("slack", Sender::Slack),
    ("grafana", Sender::Grafana),
    ("eventbridge", Sender::Eventbridge),
    ("webhook", Sender::Webhook),
    ("sns", Sender::Sns),
    ("sqs", Sender::Sqs),
];

#[derive(Template)]
#[template(path = "sources.html")]
struct SourcesPage {
    frame: Frame,
    slug: String,
    tabs: Tabs,
    sources: Vec<Row>,
    senders: Vec<(&'static str, &'static str)>,
    /// What was typed.
    name: String,
    minutes: String,
    topics: String,
    /// The key of a source just made. It is shown this once.
    made: Option<Made>,
}

struct Row {
    id: String,
    name: String,
    sender: &'static str,
    live: i64,
    since: String,
    minutes: i64,
    topics: Vec<String>,
}

struct Made {
    /// Where one opens anything.
    key: Option<String>,
    address: String,
    snippet: String,
}

/// Lists them.
pub(super) async fn show(call: Call) -> Answer {
    let opened = Opened::of(&call).await?;
    let frame = opened.frame(&call, "project-sources", "project");
    page(&call, 200, frame, Typed::default(), None).await
}

/// Makes one, or withdraws one.
pub(super) async fn change(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let opened = Opened::of(&call).await?;
    if let Some(id) = fields.get("withdraw") {
        let (desk, actor) = (&call.app.desk, call.known()?.actor());
        desk.withdraw_source(opened.id, actor, id.to_owned())
            .await?;
        return Ok(frame::lead_to(&format!(
            "/projects/{}/sources",
            opened.slug()
        )));
    }
    let typed = Typed {
        name: frame::typed(&fields, "name"),
        minutes: frame::typed(&fields, "minutes"),
        topics: frame::typed(&fields, "topics"),
    };
    let frame = opened.frame(&call, "project-sources", "project");
    let Ok(minutes) = typed.minutes.parse::<u32>() else {
        let words = call
            .words()
            .say("project-source-minutes-wrong")
            .into_owned();
        return page(&call, 422, frame.wrong("minutes", words), typed, None).await;
    };
    let chosen = fields.get("sender").unwrap_or_default();
    let sender = SENDERS.iter().find(|(word, _)| *word == chosen);
    let sender = sender.map_or(Sender::default(), |(_, sender)| *sender);
    let topics = typed.topics.split_whitespace().map(str::to_owned);
    let new = NewSource {
        name: typed.name.clone(),
        sender,
        gather_minutes: minutes,
        topics: topics.collect(),
    };
    match sources::make(&call, opened.id, new).await {
        Ok((key, source)) => {
            let address = alerts::address(&call.app.desk.site().base_url, sender);
            let secret = sources::secret(&call, &source);
            let snippet = alerts::snippet(&address, &source, &key, secret.as_deref());
            let base = &call.app.desk.site().base_url;
            let made = Made {
                key: sender.has_key().then_some(key),
                address: alerts::address_of(base, &source),
                snippet,
            };
            page(&call, 200, frame, Typed::default(), Some(made)).await
        }
        Err(problem) if problem.status < 500 => {
            page(&call, 422, frame.wrong("name", problem.detail), typed, None).await
        }
        Err(problem) => Err(problem),
    }
}

struct Typed {
    name: String,
    minutes: String,
    topics: String,
}

impl Default for Typed {
    fn default() -> Self {
        Self {
            name: String::new(),
            minutes: GATHER_MINUTES.to_string(),
            topics: String::new(),
        }
    }
}

async fn page(call: &Call, status: u16, frame: Frame, typed: Typed, made: Option<Made>) -> Answer {
    let (opened, desk) = (Opened::of(call).await?, &call.app.desk);
    let (mut rows, times) = (Vec::new(), opened.times(call));
    for source in opened.state.live_sources() {
        let live = desk.live_alerts(source.id.clone()).await?;
        rows.push(Row {
            id: source.id.clone(),
            name: source.name.clone(),
            sender: said(source.sender),
            live: i64::try_from(live).unwrap_or(i64::MAX),
            since: times.dated(source.added_at),
            minutes: i64::from(source.gather_minutes),
            topics: topics(call, &times, source),
        });
    }
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    let page = SourcesPage {
        slug: opened.slug().to_owned(),
        tabs: opened.tabs(call.words(), "/sources"),
        sources: rows,
        senders: SENDERS
            .iter()
            .map(|(word, sender)| (*word, said(*sender)))
            .collect(),
        name: typed.name,
        minutes: typed.minutes,
        topics: typed.topics,
        made,
        frame,
    };
    frame::page(status, &page)
}

/// How it stands with each of its topics.
fn topics(call: &Call, times: &Times, source: &AlertSource) -> Vec<String> {
    let w = call.words();
    let said = source.topics.iter().map(|(topic, heard)| {
        let topic = topic.as_str();
        let Some(heard) = heard else {
            return w.with("project-topic-waits", "topic", topic).into();
        };
        let since = times.dated(heard.since);
        match heard.runs {
            true => w
                .with("project-topic-runs", "topic", topic)
                .and("since", since)
                .into(),
            false => w
                .with("project-topic-ended", "topic", topic)
                .and("since", since)
                .into(),
        }
    });
    said.collect()
}

fn said(sender: Sender) -> &'static str {
    match sender {
        Sender::Alertmanager => key("project-sender-alertmanager"),
        Sender::Opsgenie => key("project-sender-opsgenie"),
        Sender::Pagerduty => key("project-sender-pagerduty"),
        Sender::Slack => key("project-sender-slack"),
        Sender::Grafana => key("project-sender-grafana"),
        Sender::Eventbridge => key("project-sender-eventbridge"),
        Sender::Webhook => key("project-sender-webhook"),
        Sender::Sns => key("project-sender-sns"),
        Sender::Sqs => key("project-sender-sqs"),
    }
}
