//! Commands to a project become entries, or a refusal that names its rule.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::vec::Vec;

use jiff::Timestamp;

use super::check::{self, bad_name, short_name};
use super::{
    Contact, Directory, Edition, PlaybookProposed, PlaybookReviewed, ProjectBody, ProjectCommand,
    ProjectCreated, ProjectRevised, ProjectState,
};
use super::{alert_rules, heartbeats, routes, schedules, shadow, sources};
use crate::actor::{Actor, Who};
use crate::at::{after, minutes};
use crate::basis::Project;
use crate::decide::Refusal;
use crate::id::PersonId;
use crate::playbook::check::{Weight, check_playbook};
use crate::playbook::{Overridden, Playbook};
use crate::rule::Rule;
use crate::switch::on;
use crate::text::Text;

/// Turns a command to a project into the entries to append, or refuses.
///
/// # Errors
/// A [`Refusal`], with the rule and what would make it a yes.
pub fn decide_project(
    state: &ProjectState,
    now: Timestamp,
    actor: &Actor,
    command: &ProjectCommand,
) -> Result<Vec<ProjectBody>, Refusal> {
    let founds = matches!(command, ProjectCommand::Create { .. });
    if founds == state.exists() {
        return Err(if founds {
            Refusal::conflict("This project exists already.", "Revise it.")
        } else {
            Refusal::invalid("There is no such project.", "Found it first.")
        });
    }
    match command {
        ProjectCommand::Create {
            name,
            slug,
            prefix,
            playbook,
        } => create(name, slug, prefix, playbook),
        ProjectCommand::Revise {
            project,
            directory,
            name,
        } => revise(state, project, directory, name.as_ref()),
        ProjectCommand::ProposePlaybook {
            playbook,
            note,
            overridden,
        } => propose(state, playbook, note.as_ref(), overridden.as_ref()),
        ProjectCommand::ReviewPlaybook {
            edition,
            accepted,
            note,
        } => review(state, now, actor, *edition, *accepted, note.as_ref()),
        ProjectCommand::AddSource(add) => sources::add(state, add),
        ProjectCommand::WithdrawSource { id } => sources::withdraw(state, id),
        ProjectCommand::ShadowSource(shadowed) => shadow::begin(state, now, actor, shadowed),
        ProjectCommand::EndShadow(ended) => shadow::end(state, now, actor, ended),
        ProjectCommand::HearTopic(heard) => sources::hear(state, heard),
        ProjectCommand::SetAlertRules { rules } => alert_rules::set(state, rules),
        ProjectCommand::SetAlertRoutes {
            routes,
            zones,
            import,
        } => routes::set(state, routes, zones, import.as_ref()),
        ProjectCommand::SetHeartbeat(beat) => heartbeats::set(state, beat),
        ProjectCommand::HoldAlert(held) => Ok(alloc::vec![ProjectBody::AlertHeld(held.clone())]),
        ProjectCommand::SetSchedule(set) => schedules::set(state, set),
        ProjectCommand::RemoveSchedule { id } => schedules::remove(state, id),
        ProjectCommand::SetTeam(set) => schedules::set_team(state, set),
        ProjectCommand::SetPolicy(set) => schedules::set_policy(state, set),
        ProjectCommand::RemovePolicy { id } => schedules::remove_policy(state, id),
        ProjectCommand::UsePolicy { id } => schedules::use_policy(state, id.as_ref()),
        ProjectCommand::StandIn(ask) => schedules::stand_in(state, now, ask),
        ProjectCommand::EndCover { schedule, cover } => {
            schedules::end_cover(state, schedule, cover)
        }
        ProjectCommand::OfferSwap(offer) => schedules::offer(state, now, actor, offer),
        ProjectCommand::AnswerSwap(answered) => schedules::answer(state, now, actor, answered),
    }
}

fn create(
    name: &Text,
    slug: &str,
    prefix: &str,
    playbook: &Playbook,
) -> Result<Vec<ProjectBody>, Refusal> {
    let in_slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !short_name(slug, 40, in_slug) || slug.starts_with('-') {
        let allowed = "Use small letters, digits and hyphens, at most 40.";
        return Err(bad_name("A project's name in addresses", slug, allowed));
    }
    let in_prefix = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    if !short_name(prefix, 8, in_prefix) || prefix.starts_with(|c: char| c.is_ascii_digit()) {
        let allowed = "Use capital letters and digits, a letter first, at most 8.";
        return Err(bad_name("What case numbers begin with", prefix, allowed));
    }
    Ok(alloc::vec![
        ProjectBody::ProjectCreated(ProjectCreated {
            name: name.clone(),
            slug: slug.into(),
            prefix: prefix.into(),
        }),
        proposed(playbook, None, None),
    ])
}

/// A whole new snapshot. Whether somebody can be reached follows from the directory,
/// and cannot be said otherwise.
fn revise(
    state: &ProjectState,
    project: &Project,
    directory: &Directory,
    name: Option<&Text>,
) -> Result<Vec<ProjectBody>, Refusal> {
    if project.revision != state.revision {
        return Err(Refusal::conflict(
            format!("The project stands at revision {} now.", state.revision),
            "Load it again and repeat your change.",
        ));
    }
    check::coherent(project, directory)?;
    let mut project = project.clone();
    project.revision += 1;
    project.editions.clear();
    project.schedules = state.schedules().cloned().unwrap_or_default();
    let stays: BTreeSet<PersonId> = project.roster.iter().map(|m| m.person.clone()).collect();
    project.schedules.keep_only(|person| stays.contains(person));
    project.pager = directory.pager.is_some();
    for member in &mut project.roster {
        let contact = directory.people.get(&member.person);
        member.has_phone = contact.is_some_and(|contact| contact.phone.is_some());
        member.has_mail = contact.is_some_and(Contact::takes_messages);
    }
    Ok(alloc::vec![ProjectBody::ProjectRevised(Box::new(
        ProjectRevised {
            warnings: check::warnings(&project, directory),
            project,
            directory: directory.clone(),
            name: name.cloned(),
        }
    ))])
}

fn propose(
    state: &ProjectState,
    playbook: &Playbook,
    note: Option<&Text>,
    overridden: Option<&Overridden>,
) -> Result<Vec<ProjectBody>, Refusal> {
    sound(playbook)?;
    let last = state.editions.keys().last().copied().unwrap_or(0);
    if playbook.edition <= last {
        return Err(Refusal::conflict(
            format!("Edition {} exists already.", playbook.edition),
            format!("Give the proposal edition {}.", last.saturating_add(1)),
        ));
    }
    Ok(alloc::vec![proposed(playbook, note, overridden)])
}

/// A playbook that cannot work is not even proposed; it is checked as a whole, whatever it
/// was made from.
fn sound(playbook: &Playbook) -> Result<(), Refusal> {
    let findings = check_playbook(playbook);
    let errors = || {
        findings
            .iter()
            .filter(|finding| finding.weight == Weight::Error)
    };
    match errors().next() {
        Some(first) => Err(Refusal::invalid(
            format!(
                "{} ({}; errors in all: {})",
                first.sentence,
                first.place,
                errors().count()
            ),
            first.fix.clone(),
        )),
        None => Ok(()),
    }
}

fn proposed(
    playbook: &Playbook,
    note: Option<&Text>,
    overridden: Option<&Overridden>,
) -> ProjectBody {
    let (playbook, note, overridden) = (playbook.clone(), note.cloned(), overridden.cloned());
    ProjectBody::PlaybookProposed(Box::new(PlaybookProposed {
        playbook,
        note,
        overridden,
    }))
}

fn review(
    state: &ProjectState,
    now: Timestamp,
    actor: &Actor,
    number: u32,
    accepted: bool,
    note: Option<&Text>,
) -> Result<Vec<ProjectBody>, Refusal> {
    let edition = state.unreviewed().find(|e| e.playbook.edition == number);
    let Some(edition) = edition else {
        return Err(Refusal::conflict(
            format!("Edition {number} does not wait for a review."),
            "Propose the change as a new edition.",
        ));
    };
    if !matches!(actor.who, Who::Person(_)) {
        return Err(Refusal::forbidden(
            Some(Rule::X30),
            "A playbook is reviewed by a person.",
            "Sign in, or use a personal token.",
        ));
    }
    if state
        .in_force()
        .is_some_and(|now_used| accepted && now_used.playbook.edition > number)
    {
        return Err(Refusal::conflict(
            "A newer edition is in force already.",
            "Propose the change on top of it, as a new edition.",
        ));
    }
    if !accepted && note.is_none() {
        return Err(Refusal::invalid(
            "Turning an edition down needs a reason.",
            "Say in a note what should be different.",
        ));
    }
    let one_person = accepted && edition.author == actor.who && another_is_asked_for(state);
    if one_person && on(Rule::X30) {
        own_review(state, edition, now, note)?;
    }
    Ok(alloc::vec![ProjectBody::PlaybookReviewed(
        PlaybookReviewed {
            edition: number,
            accepted,
            note: note.cloned(),
            one_person,
        }
    )])
}

/// The author may accept their own edition only after a while and with a reason (M16).
fn own_review(
    state: &ProjectState,
    edition: &Edition,
    now: Timestamp,
    note: Option<&Text>,
) -> Result<(), Refusal> {
    let wait = state
        .in_force()
        .map_or(0, |used| used.playbook.command.one_person_confirm_minutes);
    if note.is_some() && now >= after(edition.proposed_at, minutes(wait)) {
        return Ok(());
    }
    Err(Refusal::rule(
        Rule::X30,
        "A playbook is reviewed by somebody other than its author.",
        format!(
            "Ask somebody else; if nobody answers, accept it yourself with a note \
             {wait} minutes after proposing it."
        ),
    ))
}

/// By the playbook in force, so that an edition cannot free itself.
fn another_is_asked_for(state: &ProjectState) -> bool {
    state
        .in_force()
        .is_none_or(|used| used.playbook.upkeep.review_by_another)
}
