//! `/healthz`, `/readyz`, `/metrics`: for whoever runs the server. They say nothing about any case.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::desk::{Brings, Entrance, Joining, Lacks};
use crate::report::trouble;
use crate::web::registry::Answer;
use crate::web::{Call, Problem};

pub(super) const METRICS_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Label {
    operation: &'static str,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Channel {
    channel: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Mailbox {
    mailbox: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Queue {
    queue: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Backend {
    backend: &'static str,
}

/// The process runs.
pub(super) async fn health(_: Call) -> Answer {
    Ok(plain("ok\n"))
}

/// The server can do its work: the store answers, the waker gets up, the outbox is looked at, and nobody stops it. What is
/// damaged or late is said below, and reports are taken all the same: whoever is turned away by a probe reports nothing.
pub(super) async fn ready(call: Call) -> Answer {
    if *call.app.stopping.borrow() {
        let mut problem = Problem::new("unavailable", "The server is stopping.");
        problem.retry_after = Some(1);
        return Err(problem);
    }
    let desk = &call.app.desk;
    let (now, kept) = (desk.now(), desk.away_figures());
    let mut said = "ready\n".to_owned();
    if let Some(oldest) = kept.oldest {
        let waited = now.duration_since(oldest);
        said.push_str(&trouble::of_the_spool(kept.waiting, waited));
        said.push('\n');
    }
    if kept.looking_back {
        said.push_str("what was kept on this node's disk before its start is still being read\n");
    }
    if let Some(since) = kept.since {
        let joining = desk.joining();
        if let Joining::Refused(why) = joining {
            let mut problem = Problem::new("unavailable", trouble::of_a_refused_database(&why));
            problem.retry_after = Some(5);
            return Err(problem);
        }
        let mut lines = vec![trouble::of_the_database(now.duration_since(since))];
        if let Joining::Away(why) = joining {
            let known = desk.knows_as_of().map(|at| now.duration_since(at));
            lines.push(trouble::of_a_start_without(&why, known));
        }
        lines.extend(trouble::of_those_not_called(kept.uncalled));
        said.push_str(&lines.join("\n"));
        said.push('\n');
        return Ok(plain(said));
    }
    desk.next_wake().await?;
    let silent = desk.silence();
    if !silent.is_empty() {
        let mut problem = Problem::new("unavailable", silent.join("; "));
        problem.retry_after = Some(30);
        return Err(problem);
    }
    let late = desk.lag().troubles();
    let backup = call.app.keeper.known().filter(|standing| standing.late);
    let backup = backup.map(|standing| trouble::of_the_backup(standing.age()));
    let mailboxes = desk.mailboxes().into_iter();
    let mailboxes = mailboxes.flat_map(|mailbox| mailbox.troubles(desk.clock().wall()));
    let queues = desk.queues().into_iter();
    let queues = queues.filter_map(|queue| queue.trouble(desk.clock().wall()));
    let entrances = desk.entrances().await?.into_iter();
    let astray = entrances.filter_map(|(entrance, lacks)| {
        let Entrance {
            brings,
            project,
            source,
            ..
        } = &entrance;
        Some(match (brings, lacks?) {
            (Brings::Mail, _) => trouble::of_mail_turned_away(project),
            (Brings::Calls, _) => trouble::of_calls_astray(project),
            (Brings::AlertMail, Lacks::Project) => trouble::of_alert_mail_astray(project, None),
            (Brings::AlertMail, Lacks::Source) => {
                trouble::of_alert_mail_astray(project, source.as_deref())
            }
        })
    });
    let around = late
        .into_iter()
        .chain(backup)
        .chain(astray)
        .chain(mailboxes)
        .chain(queues);
    for trouble in around.chain(desk.troubles().await?) {
        said.push_str(&trouble);
        said.push('\n');
    }
    Ok(plain(said))
}

/// Figures for Prometheus.
pub(super) async fn metrics(call: Call) -> Answer {
    let mut registry = Registry::with_prefix("henhouse");
    let answers = Family::<Label, Counter>::default();
    for (operation, status, n) in call.app.traffic.counts() {
        answers
            .get_or_create(&Label { operation, status })
            .inc_by(n);
    }
    registry.register("http_answers", "Answers by operation and status", answers);
    for (name, help, value) in call.app.desk.figures() {
        let counter: Counter = Counter::default();
        counter.inc_by(value);
        registry.register(name, help, counter);
    }
    let damaged: Gauge = Gauge::default();
    damaged.set(i64::try_from(call.app.desk.damaged()).unwrap_or(i64::MAX));
    registry.register(
        "damaged_journals",
        "Journals that do not check out",
        damaged,
    );
    away(&call, &mut registry);
    late(&call, &mut registry);
    channels(&call, &mut registry);
    mailboxes(&call, &mut registry);
    queues(&call, &mut registry);
    backup(&call, &mut registry);
    let store = Family::<Backend, Gauge>::default();
    let backend = call.app.desk.backend();
    store.get_or_create(&Backend { backend }).set(1);
    registry.register("store", "What keeps the rows", store);
    let mut text = String::new();
    encode(&mut text, &registry).map_err(|error| {
        Problem::new("fault", format!("The figures cannot be written: {error}."))
    })?;
    Ok(([(header::CONTENT_TYPE, METRICS_TYPE)], text).into_response())
}

/// How each channel is.
fn channels(call: &Call, registry: &mut Registry) {
    let (failing, success) = (
        Family::<Channel, Gauge>::default(),
        Family::<Channel, Gauge>::default(),
    );
    let now = call.app.desk.clock().wall();
    for channel in call.app.desk.channels() {
        let label = Channel {
            channel: channel.route,
        };
        let since = channel.failing_since;
        let seconds = since.map_or(0, |since| now.duration_since(since).as_secs().max(1));
        failing.get_or_create(&label).set(seconds);
        if let Some(at) = channel.last_success {
            success.get_or_create(&label).set(at.as_second());
        }
    }
    registry.register(
        "channel_failing_seconds",
        "Since when nothing leaves by a channel; 0 while it works",
        failing,
    );
    registry.register(
        "channel_last_success_timestamp_seconds",
        "When a channel last did its work",
        success,
    );
}

/// How each mailbox is that is read.
fn mailboxes(call: &Call, registry: &mut Registry) {
    let all = call.app.desk.mailboxes();
    if all.is_empty() {
        return;
    }
    let gauge = Family::<Mailbox, Gauge>::default;
    let (failing, read, left) = (gauge(), gauge(), gauge());
    let taken = Family::<Mailbox, Counter>::default();
    let now = call.app.desk.clock().wall();
    for mailbox in all {
        let label = Mailbox {
            mailbox: mailbox.name.clone(),
        };
        let since = mailbox.broken_since(now);
        let seconds = since.map_or(0, |since| now.duration_since(since).as_secs().max(1));
        failing.get_or_create(&label).set(seconds);
        if let Some(at) = mailbox.last_read {
            read.get_or_create(&label).set(at.as_second());
        }
        let stays = i64::try_from(mailbox.left).unwrap_or(i64::MAX);
        left.get_or_create(&label).set(stays);
        taken.get_or_create(&label).inc_by(mailbox.taken);
    }
    for (name, help, gauge) in [
        (
            "mailbox_failing_seconds",
            "Since when nobody reads a mailbox; 0 while it is read",
            failing,
        ),
        (
            "mailbox_last_read_timestamp_seconds",
            "When a mailbox was looked through last",
            read,
        ),
        (
            "mailbox_left",
            "Mails in a mailbox that cannot be taken and are left there",
            left,
        ),
    ] {
        registry.register(name, help, gauge);
    }
    registry.register("mailbox_taken", "Mails taken from a mailbox", taken);
}

/// How it stands with each queue that is asked for alerts.
fn queues(call: &Call, registry: &mut Registry) {
    let (failing, taken) = (
        Family::<Queue, Gauge>::default(),
        Family::<Queue, Counter>::default(),
    );
    let now = call.app.desk.clock().wall();
    for queue in call.app.desk.queues() {
        let label = Queue { queue: queue.name };
        let since = queue.failing_since;
        let seconds = since.map_or(0, |since| now.duration_since(since).as_secs().max(1));
        failing.get_or_create(&label).set(seconds);
        taken.get_or_create(&label).inc_by(queue.taken);
    }
    registry.register(
        "queue_failing_seconds",
        "Since when no alerts come out of a queue; 0 while it answers and what it gives is kept",
        failing,
    );
    registry.register(
        "queue_messages",
        "Messages that were taken off a queue",
        taken,
    );
}

/// How old the last backup is, if there is one, and whether it is too old.
fn backup(call: &Call, registry: &mut Registry) {
    let Some(standing) = call.app.keeper.known() else {
        return;
    };
    let age = standing.age_seconds;
    let entries = standing
        .last
        .map(|made| i64::try_from(made.entries).unwrap_or(i64::MAX));
    let late = standing.planned.then(|| i64::from(standing.late));
    for (name, help, value) in [
        ("backup_age_seconds", "How old the last backup is", age),
        ("backup_entries", "Entries in the last backup", entries),
        (
            "backup_late",
            "1 if the last backup is older than the settings allow",
            late,
        ),
    ] {
        if let Some(value) = value {
            let gauge: Gauge = Gauge::default();
            gauge.set(value);
            registry.register(name, help, gauge);
        }
    }
}

/// Whether the database is away, and what waits for it.
fn away(call: &Call, registry: &mut Registry) {
    let (away, now) = (call.app.desk.away_figures(), call.app.desk.now());
    let seconds = |at: Option<jiff::Timestamp>| at.map_or(0, |at| now.duration_since(at).as_secs());
    let waiting = i64::try_from(away.waiting).unwrap_or(i64::MAX);
    for (name, help, value) in [
        (
            "database_away_seconds",
            "Since when the database is away; 0 while it answers",
            seconds(away.since),
        ),
        (
            "spool_waiting",
            "Reports and taps on this node's disk that wait for the database",
            waiting,
        ),
        (
            "spool_oldest_seconds",
            "How long the oldest of them waits",
            seconds(away.oldest),
        ),
        (
            "spool_uncalled",
            "Reports among them for which nobody was called from here",
            i64::try_from(away.uncalled).unwrap_or(i64::MAX),
        ),
        (
            "known_projects_age_seconds",
            "Since what this node knows of the projects was seen to be so",
            seconds(call.app.desk.knows_as_of()),
        ),
    ] {
        let gauge: Gauge = Gauge::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    }
    for (name, help, value) in [
        (
            "spool_kept",
            "Reports and taps that were kept on this node's disk",
            away.kept,
        ),
        ("spool_settled", "Of these, carried out", away.settled),
    ] {
        let counter: Counter = Counter::default();
        counter.inc_by(value);
        registry.register(name, help, counter);
    }
}

/// What stands still, as of the auditor's last look.
fn late(call: &Call, registry: &mut Registry) {
    let (lag, desk) = (call.app.desk.lag(), &call.app.desk);
    let unarmed = i64::try_from(lag.unarmed).unwrap_or(i64::MAX);
    let silent = i64::try_from(desk.silence().len()).unwrap_or(i64::MAX);
    let mut figures = vec![
        (
            "late_wake_seconds",
            "How long some case has waited for its time",
            lag.wake.as_secs(),
        ),
        (
            "late_page_seconds",
            "How long some page has waited for an attempt",
            lag.page.as_secs(),
        ),
        (
            "late_mail_seconds",
            "How long any mail has",
            lag.mail.as_secs(),
        ),
        (
            "unarmed_cases",
            "Cases that owed something without a wake",
            unarmed,
        ),
        (
            "silent_parts",
            "Parts of this process that do not answer",
            silent,
        ),
    ];
    if let Some(age) = desk.beat_age() {
        figures.push((
            "heartbeat_age_seconds",
            "Since the outside monitor took one",
            age,
        ));
    }
    for (name, help, value) in figures {
        let gauge: Gauge = Gauge::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    }
}

fn plain(text: impl Into<String>) -> Response {
    (
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
        text.into(),
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use crate::web::stage::Stage;

    #[tokio::test]
    async fn the_probes_answer_without_sign_in() {
        let stage = Stage::new().await;
        assert_eq!(stage.get("/healthz", None).await.text(), "ok\n");
        assert_eq!(stage.get("/readyz", None).await.text(), "ready\n");
        stage.report().await;
        let said = stage.get("/metrics", None).await.text();
        assert!(
            said.contains("henhouse_http_answers_total{operation=\"report\",status=\"201\"} 1"),
            "{said}"
        );
        assert!(said.contains("henhouse_store_commits_total"), "{said}");
        assert!(said.contains("henhouse_store{backend="), "{said}");
        assert!(!said.contains("HH-1"));
    }
}
