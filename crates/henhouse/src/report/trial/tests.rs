//! Held against every scenario of the procedure: what somebody could do was never said to be shut, and whatever is said
//! to be open is taken in one way at least, or what is typed decides.

use std::collections::{BTreeMap, BTreeSet};

use procedure::at::At;
use procedure::chapters::closeout::in_force;
use procedure::playbook::Choice;

use super::*;
use crate::report::by_hand::{fits_lead, fits_step};
use crate::report::forms::{CHAPTERS, find};
use crate::report::stage::{self, Stage, actor, line::Player, script};

/// The lines of a scenario after which every form is looked at, each so-manieth of its file.
const STRIDE: usize = 29;

/// Forms of which it is not known whether they are taken: what is typed decides.
const TYPED: &[(&str, &str)] = &[
    ("answer_criteria", "the playbook has the criteria"),
    ("confirm", "what is harmed, and whose it is"),
    ("correct_note", "the number of a note"),
    ("merge_case", "the number of another case"),
    ("propose_redaction", "the field of an entry"),
    ("restrict_entry", "the number of an entry"),
];

/// What there is to choose from.
fn ids(of: Of, command: &str, at: At) -> Vec<String> {
    let (part, project, playbook) = (&at.case.part, at.project(), at.playbook());
    let retro = &playbook.retrospective;
    let values = |list: &[Choice]| list.iter().map(|one| one.value.clone()).collect();
    let nth = |count: usize| (1..=count).map(|n| n.to_string()).collect();
    match of {
        Of::Person => {
            let mut people: Vec<String> = Vec::new();
            let known = project.roster.iter().map(|member| &member.person);
            for person in part.commander.responders.keys().chain(known) {
                if !people.contains(&person.0) {
                    people.push(person.0.clone());
                }
            }
            people
        }
        Of::Asset => project
            .assets
            .iter()
            .map(|one| one.id.to_string())
            .collect(),
        Of::Stakeholder => project
            .stakeholders
            .iter()
            .map(|one| one.id.to_string())
            .collect(),
        Of::Lead => {
            let fit = part.work.leads.iter().filter(|one| fits_lead(command, one));
            fit.map(|one| one.id.clone()).collect()
        }
        Of::Step => {
            let fit = part.work.steps.iter().filter(|one| fits_step(command, one));
            fit.map(|one| one.id.clone()).collect()
        }
        Of::Disruption => part
            .disruption
            .disruptions
            .iter()
            .map(|one| one.id.clone())
            .collect(),
        Of::Hold => part
            .evidence
            .holds_in_force()
            .map(|one| one.id.clone())
            .collect(),
        Of::Notice => part
            .outside
            .drafts
            .iter()
            .map(|one| one.name.clone())
            .collect(),
        Of::Deviation => part
            .record
            .deviations
            .iter()
            .map(|one| one.id.clone())
            .collect(),
        Of::Cause => part
            .retrospective
            .causes
            .iter()
            .map(|one| one.id.clone())
            .collect(),
        Of::FollowUp => part
            .retrospective
            .follow_ups
            .iter()
            .map(|one| one.id.clone())
            .collect(),
        Of::Line => part
            .retrospective
            .shown()
            .map(|one| one.id.clone())
            .collect(),
        Of::Exhibit => part
            .evidence
            .exhibits
            .iter()
            .map(|one| one.id.clone())
            .collect(),
        Of::Call => nth(part.record.calls.len()),
        Of::Redaction => nth(part.record.redactions.len()),
        Of::Report => nth(part.intake.reports.len()),
        Of::Sitrep => nth(part.sitreps.sitreps.len()),
        Of::Shift => nth(part.endurance.shifts.len()),
        Of::Standing => in_force(at).into_iter().map(|one| one.id).collect(),
        Of::Method => retro.methods.iter().map(|one| one.id.clone()).collect(),
        Of::OutcomeList => values(&retro.outcomes),
        Of::Section => values(&retro.report_sections),
        Of::Discovery => values(&retro.discovery_methods),
        Of::Class => playbook
            .evidence
            .iter()
            .map(|one| one.class.clone())
            .collect(),
        Of::EvidenceItem => {
            let items = playbook.evidence.iter().flat_map(|list| &list.items);
            items.map(|item| item.id.clone()).collect()
        }
        Of::Template => playbook
            .steps
            .templates
            .iter()
            .map(|one| one.id.clone())
            .collect(),
        Of::Item => {
            let phases = playbook.checklists.phases();
            let items = phases.into_iter().flat_map(|(_, items)| items);
            items.map(|item| item.id.clone()).collect()
        }
        _ => Vec::new(),
    }
}

fn on<T>(stage: &Stage, who: &str, command: &str, ask: impl FnOnce(Trial) -> T) -> T {
    let ids = |of: Of| ids(of, command, stage.at());
    ask(Trial {
        case: &stage.case,
        basis: &stage.basis,
        now: stage.now,
        actor: &actor(who),
        ids: &ids,
    })
}

/// A line that gives a command: who, which, and its fields.
fn given(step: &str) -> Option<(&str, &'static Form, &str)> {
    let (who, rest) = step.split_once(": ")?;
    let (command, fields) = rest.split_once(' ').unwrap_or((rest, ""));
    Some((
        who.split_once(' ').map_or(who, |(who, _)| who),
        find(command)?,
        fields,
    ))
}

/// What was wrong before a line that was taken.
fn shut(stage: &Stage, who: &str, form: &Form, fields: &str) -> Option<String> {
    let came = on(stage, who, form.command, |trial| trial.form(form).came());
    if let Came::Refused(no) = came
        && !(no.waivable && fields.contains("waive="))
    {
        return Some(format!("is shut: {} {}", no.sentence, no.yes_when));
    }
    form.fields.iter().find_map(|field| {
        let chooses = matches!(
            field.control,
            Control::One(_) | Control::Nth(_) | Control::Choice(_)
        );
        let value = said(fields, field.name).filter(|_| chooses)?;
        let fits = on(stage, who, form.command, |trial| {
            trial.form(form).fits(field.name, value)
        });
        (fits != Fit::Yes).then(|| format!("does not offer {}={value}", field.name))
    })
}

/// What a line says in a field.
fn said<'a>(fields: &'a str, name: &str) -> Option<&'a str> {
    let all = format!(" {fields}");
    let place = all.find(&format!(" {name}="))? + name.len() + 1;
    let value = fields.get(place..)?;
    match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => value.split(' ').next(),
    }
}

#[test]
fn whatever_somebody_does_in_any_scenario_was_open_to_them() {
    let mut wrong = BTreeMap::new();
    let (mut taken, mut seen) = (0, BTreeSet::new());
    for scenario in script::all() {
        let start = "2026-03-02T03:00Z".parse().expect("a time");
        let mut player = Player::new(Stage::new(stage::project::basis(), start));
        for (n, step) in &scenario.steps {
            let given = given(step).filter(|_| player.stage.case.exists());
            let before = player.stage.case.seq;
            let no = given.and_then(|(who, form, fields)| shut(&player.stage, who, form, fields));
            let played = player.play(step);
            played.unwrap_or_else(|why| panic!("{}: {why}", scenario.place));
            let Some((_, form, _)) = given.filter(|_| player.stage.case.seq > before) else {
                continue;
            };
            taken += 1;
            seen.insert(form.command);
            if let Some(no) = no {
                let place = format!("{}, line {n}: {step}: {no}", scenario.place);
                wrong.entry(form.command).or_insert(place);
            }
        }
    }
    assert!(taken > 1000 && seen.len() > 90, "{taken} of {}", seen.len());
    let told: Vec<String> = wrong.into_values().collect();
    assert!(told.is_empty(), "\n{}", told.join("\n"));
}

/// Whatever is drawn as ready has a way in which it is taken: no form waits to be refused for what is known already.
#[test]
fn what_looks_open_is_taken_in_one_way_at_least() {
    let mut wrong = BTreeMap::new();
    let (mut open, mut closed) = (0, 0);
    for scenario in script::all() {
        let start = "2026-03-02T03:00Z".parse().expect("a time");
        let mut player = Player::new(Stage::new(stage::project::basis(), start));
        let last = scenario.steps.last().map(|(n, _)| *n);
        for (n, step) in &scenario.steps {
            let played = player.play(step);
            played.unwrap_or_else(|why| panic!("{}: {why}", scenario.place));
            if !player.stage.case.exists() || !(n % STRIDE == 0 || Some(*n) == last) {
                continue;
            }
            let stage = &player.stage;
            let roster = stage.basis.project.roster.iter();
            let people: Vec<String> = roster
                .map(|member| member.person.0.clone())
                .take(3)
                .collect();
            for form in CHAPTERS.iter().flat_map(|chapter| chapter.forms) {
                for who in &people {
                    match on(stage, who, form.command, |trial| trial.form(form).came()) {
                        Came::Taken => open += 1,
                        Came::Refused(_) => closed += 1,
                        Came::Open if has_nothing(form, stage) => closed += 1,
                        Came::Open => {
                            let place =
                                format!("{} for {who}: {}, line {n}", form.command, scenario.place);
                            let found = wrong.entry(form.command).or_insert((0, place));
                            found.0 += 1;
                        }
                    }
                }
            }
        }
    }
    assert!(
        open > 10_000 && closed > 10_000,
        "{open} open, {closed} shut"
    );
    let known = |command: &str| TYPED.iter().any(|(typed, _)| *typed == command);
    let told: Vec<String> = wrong
        .iter()
        .filter(|(command, _)| !known(command))
        .map(|(_, (n, place))| format!("{n} times, {place}"))
        .collect();
    assert!(told.is_empty(), "\n{}", told.join("\n"));
}

/// Something has to be chosen and there is nothing: the page shows that by itself.
fn has_nothing(form: &Form, stage: &Stage) -> bool {
    let must = form
        .fields
        .iter()
        .filter(|field| field.wanted == Wanted::Always);
    let mut sorts = must.filter_map(|field| match field.control {
        Control::One(of) | Control::Nth(of) | Control::Some(of) => Some(of),
        _ => None,
    });
    sorts.any(|of| ids(of, form.command, stage.at()).is_empty())
}
