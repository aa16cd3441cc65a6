//! `/admin/health`: is Henhouse well? Whether people can be called, whether the record holds, how old the backup is, and who
//! watches the watcher; each in a sentence, with what to do.

use askama::Template;
use jiff::Timestamp;

use super::{frame_of, mail_of, tabs};
use crate::desk::{Brings, Entrance, Lacks, MAIL};
use crate::report::Times;
use crate::report::mailbox::MailboxReach;
use crate::report::queue::QueueReach;
use crate::report::to_do::{ChannelReach, MailReach};
use crate::web::pages::frame::{self, Frame};
use crate::web::pages::me::{MESSAGES, person};
use crate::web::pages::project::Tabs;
use crate::web::registry::Answer;
use crate::web::words::{Words, key};
use crate::web::{Call, Problem};

#[derive(Template)]
#[template(path = "admin_health.html")]
struct HealthPage {
    frame: Frame,
    tabs: Tabs,
    done: Option<&'static str>,
    /// Everything is as it should be.
    worst: State,
    verdict: String,
    rows: Vec<Row>,
    glass: bool,
    facts: Vec<String>,
}

/// One thing that is looked at.
struct Row {
    title: String,
    said: Vec<String>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    Well,
    /// It is not set up.
    Open,
    /// Nobody knows yet.
    Untried,
    Wrong,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Well => key("admin-well"),
            Self::Open => key("admin-open"),
            Self::Untried => key("admin-untried"),
            Self::Wrong => key("admin-wrong"),
        }
    }

    fn shape(self) -> &'static str {
        match self {
            Self::Well => "●",
            Self::Open | Self::Untried => "○",
            Self::Wrong => "▲",
        }
    }

    fn is_wrong(self) -> bool {
        self == Self::Wrong
    }
}

/// Shows it.
pub(super) async fn show(call: Call) -> Answer {
    let frame = frame_of(&call, "admin-health").await;
    let (w, desk) = (call.words(), &call.app.desk);
    let row = |title: &str, said: Vec<String>, state: State| Row {
        title: w.say(title).into_owned(),
        said,
        state,
    };
    let or_well = |title: &str, said: Vec<String>, well: &str| match said.is_empty() {
        true => row(title, vec![w.say(well).into_owned()], State::Well),
        false => row(title, said, State::Wrong),
    };
    let times = frame::times(&call).await;
    let calls = mail((w, &times), mail_of(desk));
    let mut standing = desk.silence();
    standing.extend(desk.lag().troubles());
    let away = desk.away_figures();
    let database = away.since.map(|since| {
        let so_long = w.span(desk.clock().wall().duration_since(since));
        w.with("admin-database-away", "span", so_long)
            .and("n", away.waiting)
            .into()
    });
    let mut rows = vec![calls];
    rows.extend(
        desk.channels()
            .into_iter()
            .filter(|channel| channel.route != MAIL)
            .map(|reach| channel((w, &times), reach)),
    );
    let now = desk.clock().wall();
    let all = desk.entrances().await?;
    let brings = [Brings::Mail, Brings::AlertMail, Brings::Calls].into_iter();
    rows.extend(brings.filter_map(|brings| entrances(w, brings, &all)));
    rows.extend(
        desk.mailboxes()
            .iter()
            .map(|reach| mailbox((w, &times), reach, now)),
    );
    rows.extend(
        desk.queues()
            .into_iter()
            .map(|reach| queue((w, &times), reach)),
    );
    rows.extend([
        or_well(key("admin-time"), standing, key("admin-time-well")),
        or_well(
            key("admin-record"),
            desk.troubles().await?,
            key("admin-record-well"),
        ),
        or_well(
            key("admin-database"),
            database.into_iter().collect(),
            key("admin-database-well"),
        ),
        backup(&call),
        watcher(&call),
    ]);
    let glass = desk.break_glass_secret().await?.is_some();
    let done = match call.page_query().get("done") {
        Some("test") => Some(key("admin-done-test")),
        Some("no-test") => Some(key("admin-done-no-test")),
        Some("glass") => Some(key("admin-done-glass")),
        _ => None,
    };
    let facts = [
        w.with("admin-version", "version", env!("CARGO_PKG_VERSION"))
            .into(),
        w.with("admin-backend", "backend", desk.backend()).into(),
        w.with("admin-address", "address", desk.site().base_url.as_str())
            .into(),
    ];
    let page = HealthPage {
        tabs: tabs(w, "/admin/health"),
        worst: worst(&rows),
        verdict: verdict(w, &rows),
        facts: facts.into(),
        done,
        rows,
        glass,
        frame,
    };
    frame::page(200, &page)
}

/// What stands above all of it: what is wrong, or else still to be done, by name.
fn verdict(w: Words, rows: &[Row]) -> String {
    let worst = worst(rows);
    let named = rows.iter().filter(|row| match worst {
        State::Wrong => row.state.is_wrong(),
        _ => row.state != State::Well,
    });
    let named: Vec<&str> = named.map(|row| row.title.as_str()).collect();
    let what = named.join(", ");
    match worst {
        State::Well => w.say("admin-all-well").into_owned(),
        State::Open | State::Untried => w.with("admin-part-well", "what", what).into(),
        State::Wrong => w.with("admin-not-well", "what", what).into(),
    }
}

fn worst(rows: &[Row]) -> State {
    let all = rows.iter().map(|row| row.state);
    all.max().unwrap_or(State::Well)
}

/// By what a row is told: words, and times.
type Told<'a> = (Words, &'a Times);

/// Whether mail leaves, by which everybody is called.
fn mail((w, times): Told, (reach, channel): (MailReach, Option<ChannelReach>)) -> Row {
    let last = channel.as_ref().and_then(|channel| channel.last_success);
    let (said, state) = match reach {
        MailReach::Failing(said) => (
            w.with("admin-mail-failing", "said", said).into(),
            State::Wrong,
        ),
        MailReach::NotSet => (w.say("admin-mail-none").into_owned(), State::Wrong),
        MailReach::Untried => (w.say("admin-mail-untried").into_owned(), State::Untried),
        MailReach::Reached => match last.map(|at| times.dated(at)) {
            Some(at) => (w.with("admin-mail-answered", "at", at).into(), State::Well),
            None => (w.say("admin-mail-reached").into_owned(), State::Well),
        },
    };
    let more = channel.iter().flat_map(|channel| when((w, times), channel));
    Row {
        title: w.say("admin-calls").into_owned(),
        said: std::iter::once(said).chain(more).collect(),
        state,
    }
}

/// Whether messages leave by a channel beside mail.
fn channel((w, times): Told, channel: ChannelReach) -> Row {
    let said_when = when((w, times), &channel);
    let last = channel.last_success.map(|at| times.dated(at));
    let (said, state) = match channel.reach {
        MailReach::Failing(said) => (
            w.with("admin-channel-failing", "said", said).into(),
            State::Wrong,
        ),
        MailReach::Reached => match last {
            Some(at) => (
                w.with("admin-channel-answered", "at", at).into(),
                State::Well,
            ),
            None => (w.say("admin-channel-reached").into_owned(), State::Well),
        },
        MailReach::NotSet | MailReach::Untried => {
            (w.say("admin-channel-untried").into_owned(), State::Untried)
        }
    };
    Row {
        title: w.with("admin-channel", "channel", channel.route).into(),
        said: std::iter::once(said).chain(said_when).collect(),
        state,
    }
}

/// Whether what comes in by mail or by telephone has a project, and alerts their source; nothing where nothing comes in so.
fn entrances(w: Words, brings: Brings, all: &[(Entrance, Option<Lacks>)]) -> Option<Row> {
    let ours = || all.iter().filter(|(one, _)| one.brings == brings);
    let n = ours().count();
    let astray = ours().filter_map(|(one, lacks)| Some(astray(w, one, lacks.as_ref()?)));
    let astray: Vec<String> = astray.collect();
    let (title, well) = match brings {
        Brings::Mail => (
            key("admin-addresses"),
            w.with("admin-addresses-well", "n", n),
        ),
        Brings::AlertMail => (
            key("admin-alert-mail"),
            w.with("admin-alert-mail-well", "n", n),
        ),
        Brings::Calls => (
            key("admin-voicemail"),
            w.with("admin-voicemail-well", "n", n),
        ),
    };
    let (said, state) = match astray.is_empty() {
        true => (vec![well.into()], State::Well),
        false => (astray, State::Wrong),
    };
    (n > 0).then(|| Row {
        title: w.say(title).into_owned(),
        said,
        state,
    })
}

/// What an entrance lacks.
fn astray(w: Words, one: &Entrance, lacks: &Lacks) -> String {
    let (at, project) = (one.at.as_str(), one.project.as_str());
    let said = match (one.brings, lacks) {
        (Brings::Mail, _) => w
            .with("admin-addresses-astray", "address", at)
            .and("project", project),
        (Brings::AlertMail, Lacks::Project) => w
            .with("admin-alert-mail-astray", "address", at)
            .and("project", project),
        (Brings::AlertMail, Lacks::Source) => w
            .with("admin-alert-mail-no-source", "address", at)
            .and("project", project)
            .and("source", one.source.as_deref().unwrap_or_default()),
        (Brings::Calls, _) => w
            .with("admin-voicemail-astray", "address", at)
            .and("project", project),
    };
    said.into()
}

/// Whether a mailbox is read.
fn mailbox((w, times): Told, reach: &MailboxReach, now: Timestamp) -> Row {
    let since = reach.broken_since(now);
    let mut said: Vec<String> = Vec::new();
    if let Some(since) = since {
        said.push(
            w.with("admin-mailbox-failing", "at", times.dated(since))
                .into(),
        );
    }
    if let Some((_, why)) = &reach.failing {
        said.push(w.with("admin-mailbox-why", "said", why.as_str()).into());
    }
    match reach.last_read.map(|at| times.dated(at)) {
        Some(at) if reach.elsewhere => {
            said.push(w.with("admin-mailbox-elsewhere", "at", at).into());
        }
        Some(at) => said.push(w.with("admin-mailbox-read", "at", at).into()),
        None if reach.failing.is_none() => said.push(w.say("admin-mailbox-untried").into_owned()),
        None => {}
    }
    if reach.later > 0 {
        said.push(w.with("admin-mailbox-later", "n", reach.later).into());
    }
    if let Some(why) = &reach.left_because {
        said.push(
            w.with("admin-mailbox-left", "n", reach.left)
                .and("said", why.as_str())
                .into(),
        );
    }
    if let Some(why) = &reach.unmarked {
        said.push(
            w.with("admin-mailbox-unmarked", "said", why.as_str())
                .into(),
        );
    }
    if let Some(project) = &reach.astray {
        said.push(
            w.with("admin-mailbox-astray", "project", project.as_str())
                .into(),
        );
    }
    let state = match reach.last_read {
        _ if !reach.troubles(now).is_empty() => State::Wrong,
        None => State::Untried,
        Some(_) => State::Well,
    };
    Row {
        title: w
            .with("admin-mailbox", "mailbox", reach.name.as_str())
            .into(),
        said,
        state,
    }
}

/// Whether alerts come out of a queue.
fn queue((w, times): Told, queue: QueueReach) -> Row {
    let since = queue.failing_since.map(|at| times.dated(at));
    let success = queue.last_success.map(|at| times.dated(at));
    let (first, state): (String, State) = match (queue.said, &success) {
        (Some(said), _) => (
            w.with("admin-queue-failing", "said", said).into(),
            State::Wrong,
        ),
        (None, Some(_)) => (
            w.with("admin-queue-asked", "n", queue.taken).into(),
            State::Well,
        ),
        (None, None) => (w.say("admin-channel-untried").into_owned(), State::Untried),
    };
    let more: [Option<String>; 2] = [
        since.map(|at| w.with("admin-channel-since", "at", at).into()),
        success.map(|at| w.with("admin-queue-success", "at", at).into()),
    ];
    Row {
        title: w.with("admin-queue", "queue", queue.name).into(),
        said: std::iter::once(first)
            .chain(more.into_iter().flatten())
            .collect(),
        state,
    }
}

/// Since when a channel does not do its work, and when it last did: of one that does, that is said with it.
fn when((w, times): Told, channel: &ChannelReach) -> Vec<String> {
    let since = channel.failing_since.map(|at| times.dated(at));
    let works = channel.reach == MailReach::Reached;
    let success = channel.last_success.filter(|_| !works);
    let success = success.map(|at| times.dated(at));
    let failure = channel.last_failure.map(|at| times.dated(at));
    let said: [Option<String>; 3] = [
        since.map(|at| w.with("admin-channel-since", "at", at).into()),
        success.map(|at| w.with("admin-channel-success", "at", at).into()),
        failure.map(|at| w.with("admin-channel-failure", "at", at).into()),
    ];
    said.into_iter().flatten().collect()
}

fn backup(call: &Call) -> Row {
    let w = call.words();
    let title = w.say("admin-backup").into_owned();
    let Some(standing) = call
        .app
        .keeper
        .known()
        .filter(|known| known.planned || known.last.is_some())
    else {
        let said = vec![w.say("admin-backup-none").into_owned()];
        return Row {
            title,
            said,
            state: State::Open,
        };
    };
    let mut said = vec![match standing.age() {
        Some(age) => w.with("admin-backup-age", "span", w.span(age)).into(),
        None => w.say("admin-backup-never").into_owned(),
    }];
    if let Some(failed) = &standing.failed {
        said.push(
            w.with("admin-backup-failed", "said", failed.as_str())
                .into(),
        );
    }
    let state = if standing.late || standing.failed.is_some() {
        State::Wrong
    } else {
        State::Well
    };
    Row { title, said, state }
}

fn watcher(call: &Call) -> Row {
    let w = call.words();
    let (said, state) = match call.app.desk.beat_age() {
        None => (w.say("admin-watcher-none").into_owned(), State::Open),
        Some(age) if age > 300 => (
            w.with("admin-watcher-late", "n", age / 60).into(),
            State::Wrong,
        ),
        Some(age) => (w.with("admin-watcher-well", "n", age).into(), State::Well),
    };
    Row {
        title: w.say("admin-watcher").into_owned(),
        said: vec![said],
        state,
    }
}

/// Sends a message to oneself, or ends the break-glass account.
pub(super) async fn act(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let (actor, desk) = (call.known()?.actor(), &call.app.desk);
    let done = match fields.get("act") {
        Some("test") => {
            let person = person(&call)?;
            call.app.gate.count_message(&person, MESSAGES)?;
            let sent = desk.test_message(actor, person).await?;
            if sent > 0 { "test" } else { "no-test" }
        }
        Some("glass") => {
            desk.end_break_glass(actor).await?;
            "glass"
        }
        _ => return Err(Problem::field("/act", "There is no such button here.")),
    };
    Ok(frame::lead_to(&format!("/admin/health?done={done}")))
}
