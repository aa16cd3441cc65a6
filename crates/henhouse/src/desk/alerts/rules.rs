//! The project's alert rules at work: what becomes of an alert, and what is held back until planned work is over. What is held
//! back stands in the project's journal, and is counted.

use std::sync::Arc;

use jiff::Timestamp;
use procedure::chapters::intake::Gravity;
use procedure::project::{
    AlertFacts, AlertHeld, AlertThen, AlertVerdict, HeldStep, ProjectCommand, ProjectState,
    RouteTo, Routed, gathers_for, judge_alert,
};
use procedure::{Actor, Text};

use super::take::{LONGEST_ALIAS, LONGEST_TITLE, LONGEST_WORDS, actor, gathers, running, text};
use super::{Alert, Foreseen, Received, Sending, Sent, beats, foreseen, index, patterns, take};
use crate::desk::error::{DeskError, Result};
use crate::desk::{Desk, Inner};
use crate::store::{AlertRow, CaseNumber, JournalId, Tx, View};

/// What would become of an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Would {
    /// What the rules say.
    pub verdict: AlertVerdict,
    /// It is one that goes on already, and was sent so often.
    pub repeats: Option<u64>,
    /// The event that it is or would be part of; none where it would open one, or is held back, or
    /// where that is only for its members.
    pub case: Option<CaseNumber>,
    /// It is held back.
    pub held: bool,
    /// Until when its source stands in shadow, and calls nobody.
    pub shadow_until: Option<Timestamp>,
    /// Whom the event that it would open would call within the hour, while nobody answers.
    pub calls: Vec<Foreseen>,
}

impl Desk {
    /// What would become of an alert, were it sent now. Nothing is kept of it.
    ///
    /// # Errors
    /// The store's.
    pub async fn would_become(&self, from: &Sending, alert: Alert) -> Result<Would> {
        let (inner, from) = (Arc::clone(&self.inner), from.clone());
        let look = move |view: &dyn View| would(&inner, view, &from, &alert);
        self.inner.store.read(look).await
    }

    /// Lets go what waited for planned work that is over: it still goes on, so it is an alert. Answers how many.
    pub(in crate::desk) async fn let_held_alerts(&self) -> Result<usize> {
        let Some(exhibits) = self.inner.exhibits.get().cloned() else {
            return Ok(0);
        };
        let (inner, now) = (Arc::clone(&self.inner), self.now());
        let look = move |view: &dyn View| {
            let mut all = Vec::new();
            let aside = inner.ailing.waiting(inner.clock.steady());
            for (project, state) in projects(&inner, view)? {
                for held in state.let_go_at(now) {
                    let source = state.sources.get(&held.source).cloned();
                    if let Some(source) = source
                        && !aside.contains(&as_ailing(&held))
                    {
                        all.push((Sending { project, source }, held));
                    }
                }
            }
            Ok::<_, DeskError>(all)
        };
        let all = self.inner.store.read(look).await?;
        let mut told = 0;
        for (from, held) in &all {
            let words = |text: &Option<Text>| {
                let words = text.as_ref().and_then(Text::plain);
                words.unwrap_or_default().to_owned()
            };
            let alert = Alert {
                sent: Sent::Fires,
                alias: words(&held.alias),
                title: words(&held.title),
                words: words(&held.words),
                gravity: held.gravity,
                let_go: Some(Box::new(held.clone())),
                raw: words(&held.words).into_bytes(),
                ..Alert::default()
            };
            let taken = self.take_alert(&exhibits, from, alert).await;
            told += usize::from(self.was_told(as_ailing(held), taken));
        }
        Ok(told)
    }

    /// Whether something was told. What could not be is left aside for a while: it must not silence the others.
    pub(super) fn was_told(&self, id: JournalId, taken: Result<Received>) -> bool {
        match taken {
            Ok(received) => {
                self.inner.ailing.recovered(id);
                received.id.is_some()
            }
            Err(error) => {
                let wait = self.inner.ailing.failed(id, self.inner.clock.steady());
                let again = wait.as_secs();
                tracing::error!(%id, %error, again, "an alert that is due cannot be told");
                false
            }
        }
    }
}

/// When the next planned work is over that alerts wait for.
pub(in crate::desk) fn earliest_wake(inner: &Inner, view: &dyn View) -> Option<Timestamp> {
    inner.exhibits.get()?;
    let beats = beats::earliest_wake(inner, view);
    let aside = inner.ailing.waiting(inner.clock.steady());
    let projects = projects(inner, view).unwrap_or_default().into_iter();
    let until = projects.filter_map(|(_, state)| {
        state.held_until(|held| {
            state.sources.contains_key(&held.source) && !aside.contains(&as_ailing(held))
        })
    });
    until.chain(beats).min()
}

/// The projects that can be read. Another is left aside for a while: it must not silence them.
pub(super) fn projects(
    inner: &Inner,
    view: &dyn View,
) -> Result<Vec<(JournalId, Arc<ProjectState>)>> {
    let aside = inner.ailing.waiting(inner.clock.steady());
    let mut all = Vec::new();
    for project in view.projects()? {
        let id = project.journal;
        if aside.contains(&id) {
            continue;
        }
        match inner.project_as_it_is(view, id) {
            Ok(project) => all.push((id, project.state)),
            Err(DeskError::Store(error)) if !error.is_of_one_case() => return Err(error.into()),
            Err(error) => {
                inner.ailing.failed(id, inner.clock.steady());
                tracing::error!(journal = %id, %error, "the alerts of this project cannot be looked at");
            }
        }
    }
    Ok(all)
}

/// As what it is left aside.
fn as_ailing(held: &AlertHeld) -> JournalId {
    JournalId(held.alert.parse().unwrap_or_default())
}

fn would(inner: &Inner, view: &dyn View, from: &Sending, alert: &Alert) -> Result<Would> {
    let now = inner.clock.now();
    let verdict = verdict(inner, view, from, alert, now)?;
    let alias = take::kept_alias(&alert.alias);
    let key = index::key(&from.source.id, &alias);
    let known = view.alert_by_key(&from.source.id, key)?;
    let known = known.filter(|row| row.live);
    let mut would = Would {
        repeats: known.as_ref().map(|row| row.times),
        held: verdict.then == AlertThen::Counts,
        verdict,
        case: None,
        shadow_until: from.source.in_shadow(now).map(|shadow| shadow.until),
        calls: Vec::new(),
    };
    if let Some(row) = &known
        && let Some(case) = running(inner, view, row.journal)?
    {
        would.case = Some(case.number).filter(|_| !case.restricted);
        would.held = false;
    } else if !would.held {
        let seen = |id, alert: &str| {
            let readable = inner.reading.load(view, &inner.root, id)?;
            Ok(take::gathered_by(readable.case(), alert))
        };
        let case = gathers(inner, view, (from, now), &would.verdict, seen)?;
        would.case = case.map(|case| case.number);
        would.repeats = None;
        if would.case.is_none() {
            would.calls = foreseen::calls(inner, view, (from, alert), &would.verdict, now)?;
        }
    }
    Ok(would)
}

/// What the project's rules make of an alert.
pub(super) fn verdict(
    inner: &Inner,
    view: &dyn View,
    from: &Sending,
    alert: &Alert,
    now: Timestamp,
) -> Result<AlertVerdict> {
    let state = inner.project_as_it_is(view, from.project)?.state;
    if let Some(held) = &alert.let_go {
        let rule = state.alert_rules.iter().find(|rule| rule.name == held.rule);
        let then = rule.map_or(AlertThen::Joins, |rule| rule.then);
        return Ok(AlertVerdict {
            rule: rule.cloned(),
            // What was held back until now is told, though others of its kind are only counted from now on.
            then: if then == AlertThen::Counts {
                AlertThen::Joins
            } else {
                then
            },
            group: held
                .group
                .as_ref()
                .filter(|_| rule.is_some())
                .and_then(Text::plain)
                .unwrap_or_default()
                .to_owned(),
            routed: told_by(&state, &held.routes, now),
            ..AlertVerdict::default()
        });
    }
    if state.alert_rules.is_empty() && state.alert_routes.routes.is_empty() {
        return Ok(AlertVerdict::default());
    }
    let windows = state.project().map(|project| project.maintenance);
    let windows = windows.unwrap_or_default();
    let mut facts = facts(from, alert);
    facts.fitting = patterns::fitting(&inner.patterns, &state, &facts);
    let routes = state.alert_routes.fitting(&facts);
    let verdict = judge_alert(&state.alert_rules, &windows, &facts, now);
    let routed = state.alert_routes.first_of(&routes, now);
    let nobody = routed
        .as_ref()
        .is_some_and(|routed| routed.to == RouteTo::Nobody);
    Ok(AlertVerdict {
        then: if nobody {
            AlertThen::Counts
        } else {
            verdict.then
        },
        routes,
        routed,
        ..verdict
    })
}

/// The route of what was held back until now. It is told, though a route would call nobody by now.
fn told_by(state: &ProjectState, routes: &[String], now: Timestamp) -> Option<Routed> {
    let routed = state.alert_routes.first_of(routes, now);
    routed.filter(|routed| routed.to != RouteTo::Nobody)
}

/// Whom an event calls that could not be held back: whoever is called to any report.
pub(super) fn after_all(verdict: &mut AlertVerdict) {
    verdict.routed = verdict
        .routed
        .take()
        .filter(|routed| routed.to != RouteTo::Nobody);
}

/// Whom a route calls; nothing where none fitted, or where it calls as usual.
pub(super) fn calls(routed: Option<&Routed>) -> Option<&RouteTo> {
    routed
        .map(|routed| &routed.to)
        .filter(|to| **to != RouteTo::Usual)
}

/// What a rule may look at. Of what its sender calls as we do, ours counts.
fn facts(from: &Sending, alert: &Alert) -> AlertFacts {
    let mut fields = alert.fields.clone();
    let gravity = alert.gravity.map_or("", gravity_word);
    for (name, word) in [
        ("title", &*alert.title),
        ("words", &alert.words),
        ("alias", &alert.alias),
        ("gravity", gravity),
    ] {
        fields.insert(name.to_owned(), word.to_owned());
    }
    let source = from.source.name.clone();
    AlertFacts {
        source,
        fields,
        ..AlertFacts::default()
    }
}

/// The word for it in rules.
#[must_use]
pub fn gravity_word(gravity: Gravity) -> &'static str {
    match gravity {
        Gravity::Info => "info",
        Gravity::Warning => "warning",
        Gravity::Error => "error",
        Gravity::Critical => "critical",
    }
}

/// Whether one more may be held back in this project. What cannot be written down is not held back.
pub(super) fn has_room(inner: &Inner, view: &dyn View, from: &Sending, now: Timestamp) -> bool {
    let project = inner.project(view, from.project);
    project.is_ok_and(|project| project.state.held.has_room(now))
}

/// Notes that an alert is held back.
pub(super) fn hold(
    inner: &Inner,
    tx: &mut dyn Tx,
    (from, row): (&Sending, &AlertRow),
    alert: &Alert,
    verdict: &AlertVerdict,
) -> Result<()> {
    let held = AlertHeld {
        rule: verdict
            .rule
            .as_ref()
            .map(|rule| rule.name.clone())
            .unwrap_or_default(),
        route: by_route(verdict),
        routes: verdict.routes.clone(),
        window: verdict.window.clone(),
        gravity: alert.gravity,
        alias: text(&alert.alias, LONGEST_ALIAS),
        title: text(&alert.title, LONGEST_TITLE),
        words: text(&alert.words, LONGEST_WORDS),
        group: text(&verdict.group, LONGEST_WORDS),
        ..told(row, HeldStep::Held)
    };
    note(inner, tx, from, actor(from), held)
}

/// The route that holds it back, where no rule does.
fn by_route(verdict: &AlertVerdict) -> Option<String> {
    let nobody = verdict
        .routed
        .as_ref()
        .filter(|routed| routed.to == RouteTo::Nobody);
    let rule = verdict.rule.as_ref();
    let counts =
        verdict.window.is_some() || rule.is_some_and(|rule| rule.then == AlertThen::Counts);
    nobody
        .filter(|_| !counts)
        .map(|routed| routed.route.clone())
}

/// Notes that an alert became graver while it waits, and what it says now.
pub(super) fn grew(
    inner: &Inner,
    tx: &mut dyn Tx,
    (from, row): (&Sending, &AlertRow),
    alert: &Alert,
) -> Result<()> {
    let state = inner.project_as_it_is(tx, from.project)?.state;
    let Some(before) = state.held.waiting.get(&row.id.to_string()) else {
        return Ok(());
    };
    if alert.gravity <= before.gravity {
        return Ok(());
    }
    let held = AlertHeld {
        times: row.times,
        gravity: alert.gravity,
        title: text(&alert.title, LONGEST_TITLE).or_else(|| before.title.clone()),
        words: text(&alert.words, LONGEST_WORDS).or_else(|| before.words.clone()),
        ..before.clone()
    };
    note(inner, tx, from, actor(from), held)
}

/// Notes that it is not held back any more.
pub(super) fn release(
    inner: &Inner,
    tx: &mut dyn Tx,
    (from, row): (&Sending, &AlertRow),
    step: HeldStep,
) -> Result<()> {
    let by = if step == HeldStep::Let {
        Actor::system()
    } else {
        actor(from)
    };
    note(inner, tx, from, by, told(row, step))
}

fn told(row: &AlertRow, step: HeldStep) -> AlertHeld {
    AlertHeld {
        source: row.source.clone(),
        alert: row.id.to_string(),
        step,
        rule: String::new(),
        route: None,
        routes: Vec::new(),
        window: None,
        times: row.times,
        gravity: None,
        alias: None,
        title: None,
        words: None,
        group: None,
    }
}

fn note(
    inner: &Inner,
    tx: &mut dyn Tx,
    from: &Sending,
    actor: Actor,
    held: AlertHeld,
) -> Result<()> {
    let command = ProjectCommand::HoldAlert(Box::new(held));
    inner.change_within(tx, from.project, &actor, &command)
}

/// How long after its event was opened an alert still joins it.
pub(super) fn span(verdict: &AlertVerdict, from: &Sending) -> jiff::SignedDuration {
    gathers_for(verdict, from.source.gather_minutes)
}

/// What is still known of an alert that is held back: its key and its name.
pub(super) fn known(state: &ProjectState, id: &str) -> (String, String) {
    let last = state.held.last.iter().map(|(_, held)| held);
    let mut all = state.held.waiting.values().chain(last);
    let held = all.find(|held| held.alert == id);
    let words = |text: Option<&Text>| text.and_then(Text::plain).unwrap_or_default().to_owned();
    let alias = held.and_then(|held| held.alias.as_ref());
    let title = held.and_then(|held| held.title.as_ref());
    (words(alias), words(title))
}

impl Desk {
    /// The source of this name or id, for a try.
    ///
    /// # Errors
    /// Not found.
    pub async fn source_of(&self, project: JournalId, name: &str) -> Result<Sending> {
        let state = self.project_as_it_is(project).await?;
        let mut sources = state.live_sources();
        let source = sources.find(|source| source.name == name || source.id == name);
        let source = source.ok_or(DeskError::NotFound("alert source"))?.clone();
        Ok(Sending { project, source })
    }
}
