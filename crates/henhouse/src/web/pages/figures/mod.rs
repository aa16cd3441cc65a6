//! `/figures`: what the figures of the cases say, a quarter beside the one before (R84-R87). Each chart has
//! a table that says the same; unknown stands apart and is never nought; exercises are not among them
//! (R124), and nothing here counts people (R105).

use std::collections::BTreeMap;

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use jiff::tz::TimeZone;
use procedure::metrics::{Figures, Spread};
use procedure::playbook::{Choice, Playbook};

use super::frame::{self, Frame};
use crate::desk::{Counted, ProjectRow, Tally};
use crate::report::figures::{Chart, Quarter, chart, csv};
use crate::web::registry::Answer;
use crate::web::words::{Words, key};
use crate::web::{Call, Problem};

/// So many cases are listed on the page; the spreadsheet has them all.
const LISTED: usize = 200;
/// With fewer cases a comparison says little.
const FEW: usize = 5;
/// Of two times of which one is at most so many hundredths longer neither is called faster.
const ALIKE: i64 = 5;

/// A length of time that is measured.
struct Measure {
    /// Names it in the spreadsheet, and its place on the page.
    id: &'static str,
    /// The name of its text.
    label: &'static str,
    of: fn(&Figures) -> Option<i64>,
}

const MEASURES: [Measure; 5] = [
    Measure {
        id: "discovery",
        label: key("figures-discovery"),
        of: |figures| figures.discovery,
    },
    Measure {
        id: "containment",
        label: key("figures-containment"),
        of: |figures| figures.containment,
    },
    Measure {
        id: "acknowledgement",
        label: key("figures-acknowledgement"),
        of: |figures| figures.acknowledgement,
    },
    Measure {
        id: "ic",
        label: key("figures-ic"),
        of: |figures| figures.ic,
    },
    Measure {
        id: "first_sitrep",
        label: key("figures-first-sitrep"),
        of: |figures| figures.first_sitrep,
    },
];
/// Those by which it is said whether we are faster.
const ASKED: [usize; 2] = [2, 1];

#[derive(Template)]
#[template(path = "figures.html")]
struct FiguresPage {
    frame: Frame,
    projects: Vec<(String, String, bool)>,
    /// What a link to another quarter goes on with.
    chosen: String,
    quarter: Named,
    before: Named,
    after: Option<Named>,
    zone: String,
    answers: Vec<String>,
    cases: (usize, usize),
    unread: usize,
    more: bool,
    measures: Vec<Measured>,
    counts: Vec<(&'static str, [String; 2])>,
    discovered: Vec<Share>,
    actions: Vec<Share>,
    listed: Vec<Listed>,
    columns: Vec<&'static str>,
}

/// A length of time, drawn and in a table.
struct Measured {
    id: &'static str,
    label: &'static str,
    chart: Option<Chart>,
    /// What the marks of its axis stand for.
    ticks: Vec<String>,
    rows: Vec<Row>,
}

/// A quarter, as an address has it and as people say it.
struct Named {
    name: String,
    said: String,
}

impl Named {
    fn of(quarter: &Quarter, words: Words) -> Self {
        let said = words
            .with("figures-quarter-of", "n", i32::from(quarter.of_year()))
            .and("year", quarter.year().to_string());
        Self {
            name: quarter.name(),
            said: said.to_string(),
        }
    }
}

/// A quarter in the table of a chart.
struct Row {
    quarter: String,
    known: usize,
    unknown: usize,
    median: String,
    ninetieth: String,
}

/// How many cases share something.
struct Share {
    label: String,
    cases: usize,
    /// Pixels of its bar.
    bar: usize,
}

/// A case with what is measured of it.
struct Listed {
    number: String,
    opened: String,
    values: Vec<String>,
}

/// What is looked at.
struct Sight {
    projects: Vec<ProjectRow>,
    project: Option<ProjectRow>,
    playbook: Option<Playbook>,
    quarter: Quarter,
    zone: TimeZone,
}

/// Shows the page.
pub(super) async fn show(call: Call) -> Answer {
    let sight = sight(&call).await?;
    let (now, before) = (sight.quarter.clone(), sight.quarter.before());
    let (these, those) = (
        tally(&call, &sight, &now).await?,
        tally(&call, &sight, &before).await?,
    );
    let frame = Frame::new(&call, call.words().say("figures-title"))
        .at("/figures")
        .worded("figures");
    let mut frame = frame.with_lines(&call.app.desk).await;
    frame.wide = true;
    let words = frame.w;
    let measured = |measure: &Measure| {
        let spreads = [spread(&these, measure), spread(&those, measure)];
        let names = [&now, &before].map(|quarter| Named::of(quarter, words).said);
        let rows: Vec<(String, &Spread)> = names.into_iter().zip(&spreads).collect();
        let chart = chart(&rows);
        let ticks = chart.iter().flat_map(|chart| &chart.ticks);
        Measured {
            id: measure.id,
            label: measure.label,
            ticks: ticks.map(|one| tick(words, one.seconds)).collect(),
            chart,
            rows: rows
                .iter()
                .map(|(name, spread)| row(name, spread, words))
                .collect(),
        }
    };
    let next = Quarter::of(call.app.desk.now(), sight.zone.clone());
    let after = after(&now, &next);
    let slug = sight.project.as_ref().map(|row| row.slug.as_str());
    let playbook = sight.playbook.as_ref();
    let page = FiguresPage {
        projects: sight
            .projects
            .iter()
            .map(|row| {
                (
                    row.slug.clone(),
                    row.name.clone(),
                    Some(row.slug.as_str()) == slug,
                )
            })
            .collect(),
        chosen: slug.map_or_else(String::new, |slug| format!("&project={slug}")),
        zone: sight.zone.iana_name().unwrap_or("UTC").to_owned(),
        answers: answers(words, (&these, &now), (&those, &before)),
        cases: (these.cases.len(), those.cases.len()),
        unread: these.unread + those.unread,
        more: these.more || those.more,
        measures: MEASURES.iter().map(measured).collect(),
        counts: counts(&these, &those, words),
        discovered: shares(
            &these,
            discovered,
            playbook.map(|one| one.retrospective.discovery_methods.as_slice()),
            words,
        ),
        actions: shares(
            &these,
            acted,
            playbook.map(|one| one.retrospective.threat_actions.as_slice()),
            words,
        ),
        listed: these
            .cases
            .iter()
            .take(LISTED)
            .map(|case| listed(case, &sight.zone, words))
            .collect(),
        columns: MEASURES.iter().map(|measure| measure.label).collect(),
        quarter: Named::of(&now, words),
        before: Named::of(&before, words),
        after: after.map(|after| Named::of(&after, words)),
        frame,
    };
    frame::page(200, &page)
}

/// The same for a spreadsheet, case by case.
pub(super) async fn table(call: Call) -> Answer {
    let sight = sight(&call).await?;
    let these = tally(&call, &sight, &sight.quarter).await?;
    let head = [
        "case",
        "project",
        "opened_at",
        "severity",
        "discovered_by",
        "threat_actions",
    ];
    let times = MEASURES
        .iter()
        .map(|measure| format!("seconds_{}", measure.id));
    let rest = [
        "sitreps_on_time",
        "sitreps_late",
        "minutes_over_shifts",
        "escalations",
    ];
    let mut rows: Vec<Vec<String>> = Vec::with_capacity(these.cases.len() + 1);
    rows.push(
        head.map(str::to_owned)
            .into_iter()
            .chain(times)
            .chain(rest.map(str::to_owned))
            .collect(),
    );
    rows.extend(these.cases.iter().map(|case| cells(case, &sight)));
    let name = format!(
        "attachment; filename=\"figures-{}.csv\"",
        sight.quarter.name()
    );
    let name = HeaderValue::from_str(&name).map_err(|_| Problem::not_found("quarter"))?;
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((StatusCode::OK, headers, csv(rows)).into_response())
}

fn cells(case: &Counted, sight: &Sight) -> Vec<String> {
    const UNKNOWN: &str = "unknown";
    let figures = &case.figures;
    let or_unknown = |value: Option<String>| value.unwrap_or_else(|| UNKNOWN.to_owned());
    let project = sight
        .projects
        .iter()
        .find(|row| row.journal == case.project);
    let actions = figures.actions.as_ref().map(|all| match all.as_slice() {
        [] => "none".to_owned(),
        some => some.join("; "),
    });
    let mut cells = vec![
        case.number.to_string(),
        project.map_or_else(String::new, |row| row.slug.clone()),
        case.opened_at.to_string(),
        case.severity.clone().unwrap_or_default(),
        or_unknown(figures.discovered_by.clone()),
        or_unknown(actions),
    ];
    let times = MEASURES.iter().map(|measure| (measure.of)(figures));
    cells.extend(times.map(|seconds| or_unknown(seconds.map(|seconds| seconds.to_string()))));
    let rest = [
        figures.sitreps_on_time,
        figures.sitreps_late,
        figures.minutes_over_shifts,
        figures.escalations,
    ];
    cells.extend(rest.map(|n| n.to_string()));
    cells
}

/// What the address asks for; what it asks for and is not there is left out.
async fn sight(call: &Call) -> Result<Sight, Problem> {
    let desk = &call.app.desk;
    let query = call.page_query();
    let projects = desk.projects_of(&call.onlooker()?).await?;
    let wanted = query.get("project");
    let project = projects
        .iter()
        .find(|row| Some(row.slug.as_str()) == wanted)
        .cloned();
    if wanted.is_some() && project.is_none() {
        return Err(Problem::not_found("project"));
    }
    let basis = match project.as_ref().or(projects.first()) {
        Some(row) => desk.project_as_it_is(row.journal).await?.basis(),
        None => None,
    };
    let zone = basis
        .as_ref()
        .filter(|_| project.is_some() || projects.len() == 1);
    let zone = zone.map_or(TimeZone::UTC, |basis| {
        basis.project.calendar.rules().clone()
    });
    let quarter = query
        .get("quarter")
        .and_then(|text| Quarter::read(text, zone.clone()));
    let quarter = quarter.unwrap_or_else(|| Quarter::of(desk.now(), zone.clone()));
    let playbook = basis.map(|basis| basis.playbook);
    Ok(Sight {
        projects,
        project,
        playbook,
        quarter,
        zone,
    })
}

async fn tally(call: &Call, sight: &Sight, quarter: &Quarter) -> Result<Tally, Problem> {
    let project = sight.project.as_ref().map(|row| row.journal);
    Ok(call
        .app
        .desk
        .count_figures(&call.onlooker()?, project, quarter.span())
        .await?)
}

fn after(shown: &Quarter, present: &Quarter) -> Option<Quarter> {
    let (mut one, mut steps) = (present.clone(), 0);
    while steps < 400 && one.before() != *shown {
        one = one.before();
        steps += 1;
    }
    (steps < 400).then_some(one)
}

fn spread(tally: &Tally, measure: &Measure) -> Spread {
    Spread::of(tally.cases.iter().map(|case| (measure.of)(&case.figures)))
}

/// A length of time in words; under a minute in seconds.
fn length(words: Words, seconds: i64) -> String {
    match seconds {
        0..60 => words.with("figures-seconds", "n", seconds).to_string(),
        _ => words.span(jiff::SignedDuration::from_secs(seconds)),
    }
}

/// What a mark of the axis stands for, in short.
fn tick(words: Words, seconds: i64) -> String {
    let said = match seconds {
        0..60 => words.with("figures-tick-seconds", "n", seconds),
        60..3_600 => words.with("figures-tick-minutes", "n", seconds / 60),
        3_600..86_400 => words.with("figures-tick-hours", "n", seconds / 3_600),
        86_400..31_536_000 => words.with("figures-tick-days", "n", seconds / 86_400),
        _ => words.with("figures-tick-years", "n", seconds / 31_536_000),
    };
    said.to_string()
}

fn row(quarter: &str, spread: &Spread, words: Words) -> Row {
    let said = |seconds: Option<i64>| {
        seconds.map_or_else(
            || words.say("figures-unknown").into_owned(),
            |seconds| length(words, seconds),
        )
    };
    Row {
        quarter: quarter.to_owned(),
        known: spread.known.len(),
        unknown: spread.unknown,
        median: said(spread.median()),
        ninetieth: said(spread.ninetieth()),
    }
}

/// Whether we are faster than in the quarter before, in sentences.
fn answers(
    words: Words,
    (these, now): (&Tally, &Quarter),
    (those, before): (&Tally, &Quarter),
) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    let mut few = false;
    for measure in ASKED.iter().filter_map(|n| MEASURES.get(*n)) {
        let (new, old) = (spread(these, measure), spread(those, measure));
        let what = words.say(measure.label);
        let (Some(new_median), Some(old_median)) = (new.median(), old.median()) else {
            said.push(words.with("figures-cannot-say", "what", what).into());
            continue;
        };
        few |= new.known.len().min(old.known.len()) < FEW;
        let verdict = words.say(verdict(new_median, old_median));
        let answer = words
            .with("figures-answer", "what", what)
            .and("verdict", verdict)
            .and("now", length(words, new_median))
            .and("n", new.known.len())
            .and("quarter", Named::of(now, words).said)
            .and("then", length(words, old_median))
            .and("m", old.known.len())
            .and("before", Named::of(before, words).said);
        said.push(answer.into());
    }
    if few {
        said.push(words.say("figures-few").into_owned());
    }
    said
}

fn verdict(now: i64, before: i64) -> &'static str {
    let longer = now.max(before) - now.min(before);
    if longer * 100 <= now.max(before) * ALIKE {
        key("figures-alike")
    } else if now < before {
        key("figures-faster")
    } else {
        key("figures-slower")
    }
}

fn counts(these: &Tally, those: &Tally, words: Words) -> Vec<(&'static str, [String; 2])> {
    let both = |count: &dyn Fn(&Tally) -> String| [count(these), count(those)];
    let sum = |tally: &Tally, of: fn(&Figures) -> u32| -> u64 {
        tally
            .cases
            .iter()
            .map(|case| u64::from(of(&case.figures)))
            .sum()
    };
    let on_time = |tally: &Tally| {
        let (kept, late) = (
            sum(tally, |one| one.sitreps_on_time),
            sum(tally, |one| one.sitreps_late),
        );
        match (kept * 100).checked_div(kept + late) {
            None => words.say("figures-none").into_owned(),
            Some(part) => words
                .with("figures-on-time-of", "kept", kept)
                .and("all", kept + late)
                .and("part", part)
                .into(),
        }
    };
    let over = |tally: &Tally| match sum(tally, |one| one.minutes_over_shifts) {
        0 => words.say("figures-none").into_owned(),
        minutes => hours(words, minutes),
    };
    vec![
        (
            key("figures-cases"),
            both(&|tally| tally.cases.len().to_string()),
        ),
        (key("figures-on-time"), both(&on_time)),
        (key("figures-over"), both(&over)),
        (
            key("figures-escalations"),
            both(&|tally| sum(tally, |one| one.escalations).to_string()),
        ),
    ]
}

/// Hours and minutes: a day of work is no day of the calendar.
fn hours(words: Words, minutes: u64) -> String {
    let hours = words.with("frame-hours", "n", minutes / 60).to_string();
    let rest = words.with("frame-minutes", "n", minutes % 60).to_string();
    match (minutes / 60, minutes % 60) {
        (0, _) => rest,
        (_, 0) => hours,
        _ => format!("{hours} {rest}"),
    }
}

fn discovered(figures: &Figures) -> Option<Vec<String>> {
    figures.discovered_by.clone().map(|one| vec![one])
}

fn acted(figures: &Figures) -> Option<Vec<String>> {
    match figures.actions.clone()? {
        none if none.is_empty() => Some(vec!["none".to_owned()]),
        some => Some(some),
    }
}

/// How many cases share a value, the most first; where nobody said it comes last and is called unknown.
fn shares(
    tally: &Tally,
    of: fn(&Figures) -> Option<Vec<String>>,
    list: Option<&[Choice]>,
    words: Words,
) -> Vec<Share> {
    const BAR: usize = 200;
    let (mut counts, mut unsaid): (BTreeMap<String, usize>, usize) = (BTreeMap::new(), 0);
    for case in &tally.cases {
        match of(&case.figures) {
            Some(values) => values
                .into_iter()
                .for_each(|value| *counts.entry(value).or_default() += 1),
            None => unsaid += 1,
        }
    }
    let most = counts
        .values()
        .copied()
        .max()
        .unwrap_or(0)
        .max(unsaid)
        .max(1);
    let label = |value: &str| {
        let known = list
            .unwrap_or_default()
            .iter()
            .find(|choice| choice.value == value);
        known.map_or_else(|| value.replace('_', " "), |choice| choice.label.clone())
    };
    let share = |label: String, cases: usize| Share {
        label,
        cases,
        bar: cases * BAR / most,
    };
    let mut shares: Vec<Share> = counts
        .iter()
        .map(|(value, n)| share(label(value), *n))
        .collect();
    shares.sort_by_key(|share| std::cmp::Reverse(share.cases));
    if unsaid > 0 {
        shares.push(share(words.say("figures-unsaid").into_owned(), unsaid));
    }
    shares
}

fn listed(case: &Counted, zone: &TimeZone, words: Words) -> Listed {
    let opened = case.opened_at.to_zoned(zone.clone());
    let value = |measure: &Measure| {
        let seconds = (measure.of)(&case.figures);
        seconds.map_or_else(
            || words.say("figures-unknown").into_owned(),
            |seconds| length(words, seconds),
        )
    };
    Listed {
        number: case.number.to_string(),
        opened: words.language().typed_day(opened.date()),
        values: MEASURES.iter().map(value).collect(),
    }
}

#[cfg(test)]
mod tests;
