//! `/` and `/now`: what is asked of me, soonest first, and the open cases.

use askama::Template;
use jiff::tz::TimeZone;
use procedure::playbook::Severity;

use super::acts::Verb;
use super::frame::{self, Due, Frame, Mark};
use super::list::Row;
use crate::desk::{Asked, Waits};
use crate::report::to_do::ToDo;
use crate::web::api::to_do;
use crate::web::registry::Answer;
use crate::web::words::{Words, key};
use crate::web::{Call, unreached};

#[derive(Template)]
#[template(path = "welcome.html")]
struct WelcomePage {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "now.html")]
struct NowPage {
    frame: Frame,
    /// By case, the most urgent first.
    asked: Vec<Group>,
    cases: Vec<Row>,
    more: bool,
    /// Mail that waits to be looked at.
    mail: Waits,
    /// When some of it is a report by itself.
    mail_opens: Option<Due>,
    as_of: String,
    /// Which sources of alerts call nobody, and until when: the project's short name, and the words.
    shadows: Vec<(String, String)>,
    /// What keeps people from being called.
    warning: Option<String>,
    /// What is still to be set up, for admins: what keeps people from being called, and the rest.
    blocking: Vec<ToDo>,
    to_do: Vec<ToDo>,
}

/// What one case asks.
struct Group {
    number: String,
    title: String,
    severity: Mark,
    restricted: bool,
    /// What has a time or can be settled here, soonest first.
    shown: Vec<Wanted>,
    /// What waits without a time.
    folded: Vec<Wanted>,
    /// Something of it can be settled here.
    acts: bool,
}

struct Wanted {
    what: String,
    due: Option<Due>,
    overdue: bool,
    /// The act that settles it from here, in one tap, and the name of what its button says.
    act: Option<(&'static str, &'static str)>,
    /// Else what does.
    verb: Option<Verb>,
}

/// The first page of the server.
pub(super) async fn front(call: Call) -> Answer {
    if call.known.is_some() {
        return now(call).await;
    }
    let frame = Frame::new(&call, call.words().say("frame-welcome-title")).worded("frame");
    let frame = frame.with_lines(&call.app.desk).await;
    frame::page(200, &WelcomePage { frame })
}

/// Shows what is asked.
pub(super) async fn now(call: Call) -> Answer {
    let board = call.app.desk.now_of(&call.onlooker()?).await?;
    let may_act = call.known()?.may_write() && call.known()?.person.is_some();
    let first = board.asked.first().map(|asked| asked.times.clone());
    let times = first.or_else(|| board.cases.first().map(|open| open.times.clone()));
    let times = times.map(|times| times.in_words_of(call.words().language()));
    let cases = board.cases.into_iter();
    let cases: Vec<Row> = cases.map(|open| Row::open(open, call.words())).collect();
    let asked = by_case(board.asked, &cases, (may_act, call.words()));
    let frame = Frame::new(&call, call.words().say("now-title"))
        .worded("now")
        .at("/now")
        .following("/api/v1/now/events");
    let mut frame = frame.with_lines(&call.app.desk).await;
    frame.wide = true;
    let now = call.app.desk.now();
    let to_do = to_do(&call, call.words()).await?;
    let set_up = to_do.is_empty();
    let (blocking, to_do): (Vec<ToDo>, Vec<ToDo>) =
        to_do.into_iter().partition(|item| item.blocks_calls);
    let mail = call.app.desk.review_waits(&call.onlooker()?).await?;
    let zone = times
        .clone()
        .unwrap_or_else(|| call.words().times(TimeZone::UTC, now));
    let page = NowPage {
        // Whoever can settle it is told how instead.
        warning: unreached::to_team(call.words(), &call.app.desk.mail_reach()).filter(|_| set_up),
        shadows: super::project::in_shadow(&call).await?,
        blocking,
        to_do,
        frame,
        asked,
        cases,
        mail,
        mail_opens: mail.opens_at.map(|at| Due::of(&zone, at)),
        more: board.more,
        as_of: times.map_or_else(
            || now.strftime("%H:%M UTC").to_string(),
            |times| times.at(now),
        ),
    };
    frame::page(200, &page)
}

/// What is asked, by case; the case whose first thing is due soonest comes first.
fn by_case(asked: Vec<Asked>, cases: &[Row], as_who: (bool, Words)) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for asked in asked {
        let number = asked.number.to_string();
        let place = groups.iter().position(|group| group.number == number);
        let place = place.unwrap_or_else(|| {
            let row = cases.iter().find(|row| row.number == number);
            groups.push(Group {
                number,
                title: asked.title.clone().unwrap_or_default(),
                severity: row.map_or_else(|| Mark::of(Severity::Unknown), |row| row.severity),
                restricted: row.is_some_and(|row| row.restricted),
                shown: Vec::new(),
                folded: Vec::new(),
                acts: false,
            });
            groups.len() - 1
        });
        let (group, wanted) = (&mut groups[place], wanted(asked, as_who));
        group.acts |= wanted.act.is_some();
        match wanted.due.is_some() || wanted.act.is_some() {
            true => group.shown.push(wanted),
            false => group.folded.push(wanted),
        }
    }
    groups
}

fn wanted(asked: Asked, (may_act, w): (bool, Words)) -> Wanted {
    let times = asked.times.in_words_of(w.language());
    let owed = asked.obligation;
    let act = match owed.settle_with {
        Some("acknowledge") => Some(("take", key("now-take"))),
        // Before it has rung there is nothing to answer.
        Some("still_here") if owed.overdue => Some(("still_here", key("now-still-here"))),
        _ => None,
    };
    let act = act.filter(|_| may_act);
    let verb = asked.act.filter(|_| may_act && act.is_none());
    let number = asked.number.to_string();
    Wanted {
        verb: verb
            .and_then(|verb| Verb::of(&number, &verb))
            .map(|verb| verb.naming(asked.whom).looked_at(asked.disrupts)),
        due: owed.due.map(|due| Due::of(&times, due)),
        overdue: owed.overdue,
        act,
        what: owed.what,
    }
}

#[cfg(test)]
mod tests {
    use crate::web::stage::Stage;

    #[tokio::test]
    async fn strangers_are_asked_to_report_and_responders_what_is_theirs() {
        let stage = Stage::new().await;
        let html = stage.get("/", None).await.text();
        assert!(
            html.contains("Report something") && html.contains("Sign in"),
            "{html}"
        );
        assert!(!html.contains("Open cases"), "{html}");
        let ann = stage.token("ann", "member").await;
        let html = stage.get("/now", Some(&ann)).await.text();
        assert!(html.contains("Nothing is asked of you."), "{html}");
        stage.report().await;
        for path in ["/", "/now"] {
            let html = stage.get(path, Some(&ann)).await.text();
            for must in [
                "HH-1",
                "Take it",
                "The chickens are escaping",
                "Not assessed",
                "nobody has it",
            ] {
                assert!(html.contains(must), "{must}: {html}");
            }
        }
        let eve = stage.token("eve", "member").await;
        assert!(!stage.get("/now", Some(&eve)).await.text().contains("HH-1"));
        let led = stage.get("/now", None).await;
        assert_eq!(
            (led.status, led.header("location")),
            (303, "/sign-in?next=/now")
        );
    }

    #[tokio::test]
    async fn what_is_asked_stands_by_case_and_what_has_no_time_is_folded() {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "member").await;
        for n in 1..=2 {
            stage.report().await;
            let take = serde_json::json!({ "command": "acknowledge" });
            stage.command(&format!("HH-{n}"), &ann, take).await;
        }
        let secret = serde_json::json!({ "text": "zebra", "project": "farm", "restricted": true });
        stage.report_as(secret).await;
        let html = stage.get("/now", Some(&ann)).await.text();
        let (asked, open) = html.split_once("Open cases").unwrap_or_default();
        for number in ["HH-1", "HH-2", "HH-3"] {
            let heads = asked.matches(&format!("<h2 id=\"{number}\">")).count();
            assert_eq!(heads, 1, "{number} has one place: {html}");
        }
        let places = ["HH-1", "HH-3"].map(|n| asked.find(&format!("<h2 id=\"{n}\">")));
        assert!(places[0] < places[1], "what is due first is first: {html}");
        for part in [asked, open] {
            assert_eq!(part.matches(">Restricted<").count(), 1, "{part}");
        }
        let board = stage.get("/api/v1/now", Some(&ann)).await.json();
        let all = board["asked"].as_array().cloned().unwrap_or_default();
        let undated = all.iter().filter(|asked| asked["due"].is_null()).count();
        let folds = asked.split("<details>").skip(1);
        let folds: usize = folds
            .filter_map(|fold| fold.split("</details>").next())
            .map(|fold| fold.matches("<li>").count())
            .sum();
        assert!(undated > 0, "there is something to fold: {board}");
        assert_eq!(folds, undated, "{html}");
        assert_eq!(asked.matches("<li>").count(), all.len(), "{html}");
    }

    #[tokio::test]
    async fn people_are_named_and_times_are_the_projects() {
        let stage = Stage::in_zone("Europe/Berlin").await;
        stage.report().await;
        let ann = stage.token("ann", "member").await;
        let html = stage.get("/now", Some(&ann)).await.text();
        assert!(html.contains("04:10 CET (03:10 UTC)"), "{html}");
        let take = serde_json::json!({ "command": "acknowledge" });
        stage.command("HH-1", &ann, take).await;
        let html = stage.get("/now", Some(&ann)).await.text();
        assert!(html.contains("The ann has it"), "{html}");
    }

    #[tokio::test]
    async fn what_is_asked_stands_above_what_is_still_to_be_set_up() {
        let stage = Stage::new().await;
        let ann = stage.token("ann", "admin").await;
        let pond = serde_json::json!({ "slug": "pond", "name": "The pond", "prefix": "PO" });
        stage.post("/api/v1/projects", Some(&ann), pond).await;
        let html = stage.get("/now", Some(&ann)).await.text();
        assert!(
            html.contains("<h2 id=\"to-do\">Still to set up, so"),
            "{html}"
        );
        stage.report().await;
        let html = stage.get("/now", Some(&ann)).await.text();
        let folded =
            "<details><summary><strong>Still to set up, so that every report calls somebody";
        assert!(
            html.contains(folded) && !html.contains("id=\"to-do\""),
            "{html}"
        );
    }
}
