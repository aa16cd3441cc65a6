//! What there is to choose from in a case, for whoever looks: what they may not read is not offered.

use procedure::at::At;
use procedure::chapters::closeout::in_force;
use procedure::{PersonId, Text};

use crate::desk::CaseView;
use crate::report::by_hand::{fits_lead, fits_step};
use crate::report::forms::Of;
use crate::report::{Names, Times};

/// Something that can be chosen: its value, and what it is called.
pub(in crate::web::pages) type Offer = (String, String);

/// So much of a text stands beside its number.
const TEXT_LIMIT: usize = 80;

/// Everything of a sort that the act may be about, in its order.
pub(super) fn offers(of: Of, command: &str, view: &CaseView, at: At) -> Vec<Offer> {
    let names = Names::new(&view.directory);
    let times = Times::new(view.basis.project.calendar.rules().clone(), at.now);
    match of {
        Of::Person => people(view, names),
        Of::Asset | Of::Stakeholder | Of::Dependency | Of::Skill => of_project(of, view, names),
        Of::Lead | Of::Step | Of::Disruption | Of::Exhibit | Of::Hold => of_work(of, command, view),
        Of::Notice | Of::Deviation | Of::Call | Of::Redaction | Of::Report | Of::Sitrep => {
            of_record(of, view, &times)
        }
        Of::Shift => of_shifts(at, names, &times),
        Of::Standing => standing(view, at, of_shifts(at, names, &times)),
        Of::Cause | Of::FollowUp | Of::Line => of_retrospective(of, view),
        _ => of_playbook(of, at),
    }
}

/// A text in a few words, if whoever looks may read the entry that it stands in.
pub(super) fn brief(view: &CaseView, seq: u64, text: &Text) -> String {
    let plain = text.plain().filter(|_| view.may_read(seq));
    let plain = plain.unwrap_or("(text withheld)");
    let mut short: String = plain.chars().take(TEXT_LIMIT).collect();
    if short.len() < plain.len() {
        short.push('…');
    }
    short.replace('\n', " ")
}

fn numbered(id: &str, words: &str) -> Offer {
    (id.to_owned(), format!("{id} {words}"))
}

/// Whoever responds first, then the roster.
pub(in crate::web::pages) fn people(view: &CaseView, names: Names) -> Vec<Offer> {
    let subject = view.case.part.secrecy.subject.as_ref();
    let responders = view.case.part.commander.responders.keys();
    let roster = view.basis.project.roster.iter();
    let mut people: Vec<&PersonId> = Vec::new();
    for person in responders.chain(roster.map(|member| &member.person)) {
        if !people.contains(&person) && Some(person) != subject {
            people.push(person);
        }
    }
    let offer = |id: &&PersonId| (id.to_string(), names.person(id));
    people.iter().map(offer).collect()
}

fn of_project(of: Of, view: &CaseView, names: Names) -> Vec<Offer> {
    let project = &view.basis.project;
    match of {
        Of::Asset => {
            let assets = project.assets.iter();
            assets
                .map(|asset| (asset.id.to_string(), names.asset(&asset.id)))
                .collect()
        }
        Of::Stakeholder => {
            let known = project.stakeholders.iter();
            known
                .map(|known| (known.id.to_string(), names.stakeholder(&known.id)))
                .collect()
        }
        Of::Dependency => {
            let all = project.dependencies.iter();
            all.map(|id| (id.to_string(), names.dependency(id)))
                .collect()
        }
        _ => {
            let skills = project.roster.iter().flat_map(|member| &member.skills);
            let skills: std::collections::BTreeSet<&String> = skills.collect();
            skills
                .into_iter()
                .map(|skill| (skill.clone(), skill.clone()))
                .collect()
        }
    }
}

fn of_work(of: Of, command: &str, view: &CaseView) -> Vec<Offer> {
    let part = &view.case.part;
    match of {
        Of::Lead => {
            let open = part
                .work
                .leads
                .iter()
                .filter(|lead| fits_lead(command, lead));
            let readable = open.filter(|lead| view.may_read(lead.seq));
            readable
                .map(|lead| numbered(&lead.id, &brief(view, lead.seq, &lead.text)))
                .collect()
        }
        Of::Step => {
            let open = part
                .work
                .steps
                .iter()
                .filter(|step| fits_step(command, step));
            let readable = open.filter(|step| view.may_read(step.seq));
            readable
                .map(|step| numbered(&step.id, &brief(view, step.seq, &step.text)))
                .collect()
        }
        Of::Disruption => {
            let all = part.disruption.disruptions.iter();
            let open = all.filter(|one| one.ended.is_none() && one.withdrawn.is_none());
            let readable = open.filter(|one| view.may_read(one.seq));
            readable
                .map(|one| numbered(&one.id, &brief(view, one.seq, &one.text)))
                .collect()
        }
        Of::Exhibit => {
            let all = part.evidence.exhibits.iter();
            let readable = all.filter(|one| view.may_read(one.seq));
            readable
                .map(|one| numbered(&one.id, &brief(view, one.seq, &one.label)))
                .collect()
        }
        _ => {
            let holds = part.evidence.holds_in_force();
            let readable = holds.filter(|hold| view.may_read(hold.seq));
            readable
                .map(|hold| numbered(&hold.id, &brief(view, hold.seq, &hold.text)))
                .collect()
        }
    }
}

fn of_record(of: Of, view: &CaseView, times: &Times) -> Vec<Offer> {
    let part = &view.case.part;
    let place = |n: usize, words: String| (n.to_string(), words);
    match of {
        Of::Notice => {
            let drafts = part.outside.drafts.iter();
            let drafts = drafts.filter(|draft| draft.sent.is_none());
            drafts
                .map(|draft| {
                    let words = draft.text.plain().unwrap_or("(text withheld)");
                    let words: String = words.chars().take(TEXT_LIMIT).collect();
                    numbered(&draft.name, &words)
                })
                .collect()
        }
        Of::Deviation => {
            let all = part.record.deviations.iter();
            let open = all.filter(|one| one.explained.is_none());
            open.map(|one| {
                let rule = one.rule.sentence();
                numbered(&one.id, &format!("({}) {rule}", times.at(one.at)))
            })
            .collect()
        }
        Of::Call => {
            let calls = (1..).zip(&part.record.calls);
            let open = calls.filter(|(_, call)| call.closed.is_none());
            open.map(|(n, call)| place(n, format!("{n}, opened {}", times.at(call.opened.at))))
                .collect()
        }
        Of::Redaction => {
            let all = (1..).zip(&part.record.redactions);
            let open = all.filter(|(_, one)| one.answer.is_none());
            open.map(|(n, one)| place(n, format!("{n}: {} of entry {}", one.field, one.entry)))
                .collect()
        }
        Of::Report => {
            let reports = (1..).zip(&part.intake.reports);
            reports
                .map(|(n, told)| {
                    let words = brief(view, told.seq, &told.report.text);
                    place(n, format!("{n}: {words}"))
                })
                .collect()
        }
        _ => {
            let sitreps = (1..).zip(&part.sitreps.sitreps);
            sitreps
                .map(|(n, one)| place(n, format!("{n}, {}", times.at(one.mark.at))))
                .collect()
        }
    }
}

/// What a false alarm left in force, each with what it is.
fn standing(view: &CaseView, at: At, shifts: Vec<Offer>) -> Vec<Offer> {
    let part = &view.case.part;
    let words = |id: &str| {
        let mut holds = part.evidence.holds_in_force();
        let hold = holds.find(|hold| hold.id == id);
        let step = part.work.steps.iter().find(|step| step.id == id);
        let told = hold.map(|hold| (hold.seq, &hold.text));
        let told = told.or(step.map(|step| (step.seq, &step.text)));
        let shift = id.strip_prefix("shift-").unwrap_or_default();
        let shift = shifts.iter().find(|(n, _)| n == shift);
        let told = told.map(|(seq, text)| format!("{id} {}", brief(view, seq, text)));
        told.or(shift.map(|(_, words)| words.clone()))
    };
    let offer = |one: procedure::chapters::closeout::Standing| {
        let words = words(&one.id).unwrap_or_else(|| one.id.clone());
        (one.id, words)
    };
    in_force(at).into_iter().map(offer).collect()
}

fn of_shifts(at: At, names: Names, times: &Times) -> Vec<Offer> {
    let shifts = (1..).zip(&at.case.part.endurance.shifts);
    let to_come = shifts.filter(|(_, shift)| !shift.cancelled && shift.until > at.now);
    let offer = |(n, shift): (u32, &procedure::chapters::endurance::Shift)| {
        let (from, until) = (times.at(shift.from), times.at(shift.until));
        let who = names.person(&shift.person);
        (n.to_string(), format!("{who}, {from} to {until}"))
    };
    to_come.map(offer).collect()
}

fn of_retrospective(of: Of, view: &CaseView) -> Vec<Offer> {
    let part = &view.case.part.retrospective;
    match of {
        Of::Cause => {
            let all = part.causes.iter();
            all.map(|one| numbered(&one.id, &brief(view, one.mark.seq, &one.text)))
                .collect()
        }
        Of::FollowUp => {
            let open = part.follow_ups.iter().filter(|one| one.done.is_none());
            open.map(|one| numbered(&one.id, &brief(view, one.mark.seq, &one.text)))
                .collect()
        }
        _ => {
            let shown = part.shown();
            shown
                .map(|line| {
                    let entries: Vec<String> = line.entries.iter().map(u64::to_string).collect();
                    let first = line.entries.first().copied().unwrap_or_default();
                    let told = line.text.as_ref().map(|text| brief(view, first, text));
                    let entries = format!("(entries {})", entries.join(", "));
                    numbered(&line.id, &told.unwrap_or(entries))
                })
                .collect()
        }
    }
}

fn of_playbook(of: Of, at: At) -> Vec<Offer> {
    let playbook = &at.basis.playbook;
    let retro = &playbook.retrospective;
    let choices = |list: &[procedure::playbook::Choice]| -> Vec<Offer> {
        let offer = |one: &procedure::playbook::Choice| match one.group.as_str() {
            // A group of one says nothing more: "Not known: Not known".
            group if list.iter().filter(|other| other.group == group).count() < 2 => {
                (one.value.clone(), one.label.clone())
            }
            "" => (one.value.clone(), one.label.clone()),
            group => (one.value.clone(), format!("{group}: {}", one.label)),
        };
        list.iter().map(offer).collect()
    };
    match of {
        Of::Method => {
            let methods = retro.methods.iter();
            methods
                .map(|one| (one.id.clone(), one.title.clone()))
                .collect()
        }
        Of::OutcomeList => choices(&retro.outcomes),
        Of::Section => choices(&retro.report_sections),
        Of::Discovery => choices(&retro.discovery_methods),
        Of::Threat => choices(&retro.threat_actions),
        Of::Pick => {
            let picks = playbook.assessment.picks.iter();
            picks
                .map(|one| (one.id.clone(), one.label.clone()))
                .collect()
        }
        Of::Template => {
            let all = playbook.steps.templates.iter();
            all.map(|one| (one.id.clone(), one.title.clone())).collect()
        }
        Of::Class => {
            let lists = playbook.evidence.iter();
            lists
                .map(|list| (list.class.clone(), list.label.clone()))
                .collect()
        }
        Of::EvidenceItem => {
            let mut items: Vec<Offer> = Vec::new();
            for item in playbook.evidence.iter().flat_map(|list| &list.items) {
                if !items.iter().any(|(id, _)| *id == item.id) {
                    items.push((item.id.clone(), item.label.clone()));
                }
            }
            items
        }
        _ => {
            let phases = playbook.checklists.phases();
            let items = phases.into_iter().flat_map(|(_, items)| items);
            items
                .map(|item| (item.id.clone(), item.text.clone()))
                .collect()
        }
    }
}
