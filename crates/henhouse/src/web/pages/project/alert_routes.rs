//! `/projects/{slug}/alert-routes`: whom the events of the project's alerts call first. Routes that ask several things, or have
//! several hours, are made by the command line or the API, and are shown, moved and taken off here like the others.

use askama::Template;
use jiff::civil::Time;
use procedure::Text;
use procedure::id::{PolicyId, ScheduleId};
use procedure::on_call::Window;
use procedure::project::{AlertRoute, ProjectState, RouteHours, RouteTo};

use super::alert_rules::{self, IS};
use super::{Opened, Tabs, alert_list};
use crate::web::Call;
use crate::web::api::alert_routes as api;
use crate::web::fields::Fields;
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;
use crate::web::words::{Words, key};

/// The days, as the words of a form.
const DAYS: [&str; 7] = [
    key("project-route-mon"),
    key("project-route-tue"),
    key("project-route-wed"),
    key("project-route-thu"),
    key("project-route-fri"),
    key("project-route-sat"),
    key("project-route-sun"),
];

#[derive(Template)]
#[template(path = "alert_routes.html")]
struct RoutesPage {
    frame: Frame,
    slug: String,
    tabs: Tabs,
    routes: Vec<Row>,
    sources: Vec<String>,
    ways: Vec<(&'static str, &'static str)>,
    /// Whom one may call: the value of the choice, and its words.
    calls: Vec<(String, String)>,
    typed: Typed,
}

/// A route, in words.
struct Row {
    name: String,
    said: String,
    first: bool,
    /// How many alerts it kept that called nobody.
    held: i64,
}

/// What was typed.
#[derive(Default)]
struct Typed {
    name: String,
    source: String,
    field: String,
    is: String,
    value: String,
    not: bool,
    from: String,
    to: String,
    calls: String,
}

/// Shows them.
pub(super) async fn show(call: Call) -> Answer {
    let opened = Opened::of(&call).await?;
    page(&call, 200, &opened, |frame| frame, Typed::default())
}

/// Adds a route, takes one off, or moves one up.
pub(super) async fn change(mut call: Call) -> Answer {
    let fields = call.form().await?.without_nul()?;
    let opened = Opened::of(&call).await?;
    let typed = typed(&fields);
    let routes = &opened.state.alert_routes.routes;
    let routes = match alert_list::moved(routes, &fields, |route| route.name.as_str()) {
        Some(routes) => routes,
        None => {
            let zone = opened.facts.calendar.zone();
            let Ok(hours) = hours(&typed, zone) else {
                let words = call.words().say("project-route-hours-wrong").into_owned();
                return wrong(&call, &opened, "from", words, typed);
            };
            let added = AlertRoute {
                hours,
                ..route(&typed)
            };
            routes.iter().cloned().chain([added]).collect()
        }
    };
    match api::put(&call, opened.id, routes).await {
        Ok(_) => Ok(frame::lead_to(&format!(
            "/projects/{}/alert-routes",
            opened.slug()
        ))),
        Err(problem) if problem.status < 500 => {
            wrong(&call, &opened, "name", problem.detail, typed)
        }
        Err(problem) => Err(problem),
    }
}

fn wrong(call: &Call, opened: &Opened, field: &'static str, words: String, typed: Typed) -> Answer {
    page(call, 422, opened, |frame| frame.wrong(field, words), typed)
}

fn typed(fields: &Fields) -> Typed {
    let typed = |name| frame::typed(fields, name);
    Typed {
        name: typed("name"),
        source: typed("source"),
        field: typed("field"),
        is: typed("is"),
        value: typed("value"),
        not: fields.get("not").is_some(),
        from: typed("from"),
        to: typed("until"),
        calls: typed("calls"),
    }
}

/// The route that the form says, but for its hours.
fn route(typed: &Typed) -> AlertRoute {
    let test = alert_rules::test(&typed.field, typed.not, &typed.is, &typed.value);
    let to = match typed.calls.split_once(':') {
        Some(("policy", id)) => RouteTo::Policy(PolicyId(id.to_owned())),
        Some(("schedule", id)) => RouteTo::Schedule(ScheduleId(id.to_owned())),
        _ if typed.calls == "nobody" => RouteTo::Nobody,
        _ => RouteTo::Usual,
    };
    AlertRoute {
        name: typed.name.clone(),
        sources: alert_list::named(&typed.source),
        all: test.into_iter().collect(),
        to,
        ..AlertRoute::default()
    }
}

/// The hours of the form: from a time of day to another in the project's zone, or every hour.
fn hours(typed: &Typed, zone: &str) -> Result<Option<RouteHours>, jiff::Error> {
    if typed.from.is_empty() && typed.to.is_empty() {
        return Ok(None);
    }
    let (from, to): (Time, Time) = (typed.from.parse()?, typed.to.parse()?);
    Ok(Some(RouteHours {
        zone: zone.to_owned(),
        windows: vec![Window::Day { from, to }],
    }))
}

fn page(
    call: &Call,
    status: u16,
    opened: &Opened,
    with: impl FnOnce(Frame) -> Frame,
    typed: Typed,
) -> Answer {
    let (w, state) = (call.words(), &opened.state);
    let routes = state.alert_routes.routes.iter().enumerate();
    let row = |(n, route): (usize, &AlertRoute)| Row {
        name: route.name.clone(),
        said: in_words(w, state, route),
        first: n == 0,
        held: alert_list::held(state.held.by_route.get(&route.name)),
    };
    let page = RoutesPage {
        slug: opened.slug().to_owned(),
        tabs: opened.tabs(w, "/alert-routes"),
        routes: routes.map(row).collect(),
        sources: alert_list::sources(state),
        ways: IS.iter().map(|(word, _, label)| (*word, *label)).collect(),
        calls: calls(w, state),
        typed,
        frame: with(opened.frame(call, "project-alert-routes", "project")),
    };
    frame::page(status, &page)
}

/// Whom a route may call.
fn calls(w: Words, state: &ProjectState) -> Vec<(String, String)> {
    let plain = [("usual", RouteTo::Usual), ("nobody", RouteTo::Nobody)];
    let mut all: Vec<(String, String)> = plain
        .into_iter()
        .map(|(value, to)| (value.to_owned(), whom(w, state, &to)))
        .collect();
    let Some(there) = state.schedules() else {
        return all;
    };
    all.extend(there.policies.keys().map(|id| {
        let to = RouteTo::Policy(id.clone());
        (format!("policy:{id}"), whom(w, state, &to))
    }));
    all.extend(there.all.keys().map(|id| {
        let to = RouteTo::Schedule(id.clone());
        (format!("schedule:{id}"), whom(w, state, &to))
    }));
    all
}

/// Whom a route calls, in words.
fn whom(w: Words, state: &ProjectState, to: &RouteTo) -> String {
    let named = |title: Option<&Text>, id: &str| {
        let title = title.and_then(Text::plain);
        title.unwrap_or(id).to_owned()
    };
    match to {
        RouteTo::Usual => w.say("project-route-usual").into_owned(),
        RouteTo::Nobody => w.say("project-route-nobody").into_owned(),
        RouteTo::Policy(id) => {
            let name = named(state.directory.policies.get(id), &id.0);
            w.with("project-route-policy", "name", name.as_str())
                .to_string()
        }
        RouteTo::Schedule(id) => {
            let name = named(state.directory.schedules.get(id), &id.0);
            w.with("project-route-schedule", "name", name.as_str())
                .to_string()
        }
    }
}

/// A route in one line.
fn in_words(w: Words, state: &ProjectState, route: &AlertRoute) -> String {
    let mut asked = Vec::new();
    if !route.sources.is_empty() {
        let names: Vec<&str> = route.sources.iter().map(String::as_str).collect();
        let names = names.join(", ");
        asked.push(
            w.with("project-rule-of", "sources", names.as_str())
                .to_string(),
        );
    }
    asked.extend(
        route
            .all
            .iter()
            .map(|test| alert_rules::test_in_words(w, test)),
    );
    let any: Vec<String> = route
        .any
        .iter()
        .map(|test| alert_rules::test_in_words(w, test))
        .collect();
    if !any.is_empty() {
        asked.push(any.join(&format!(" {} ", w.say("project-route-or"))));
    }
    if asked.is_empty() {
        asked.push(w.say("project-rule-each").into_owned());
    }
    let mut said = format!("{}: {}.", asked.join(", "), whom(w, state, &route.to));
    if let Some(hours) = &route.hours {
        let windows: Vec<String> = hours.windows.iter().map(|one| window(w, one)).collect();
        let (when, zone) = (windows.join(", "), hours.zone.replace('_', " "));
        let words = w
            .with("project-route-hours", "when", when.as_str())
            .and("zone", zone.as_str());
        said.push_str(&format!(" {words}"));
    }
    said
}

fn window(w: Words, window: &Window) -> String {
    let time = |time: &Time| time.strftime("%H:%M").to_string();
    let day = |day: procedure::calendar::Day| {
        let label = DAYS.get(day as usize).copied().unwrap_or_default();
        w.say(label).into_owned()
    };
    match window {
        Window::Day { from, to } => format!("{}\u{2013}{}", time(from), time(to)),
        Window::Week {
            from_day,
            from,
            to_day,
            to,
        } => format!(
            "{} {}\u{2013}{} {}",
            day(*from_day),
            time(from),
            day(*to_day),
            time(to)
        ),
    }
}
