//! `/cases/{number}/leads` and `/cases/{number}/steps`: what people work on, what nobody has yet first, each
//! with where it comes from, what came of it and what can be done about it.

use askama::Template;
use procedure::at::At;
use procedure::chapters::disruption::{Disruption, consent};
use procedure::chapters::work::{Lead, LeadState, Step, StepState};
use procedure::{PersonId, Text};

use super::head::{self, Head};
use crate::desk::CaseView;
use crate::report::actions::{self, Action};
use crate::report::by_hand::ByHand;
use crate::report::{Names, Times, marking};
use crate::web::Call;
use crate::web::pages::acts::{self, Verb};
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;
use crate::web::words::{Words, key};

/// Something that people work on, and what can be done about it.
pub(super) struct Row {
    pub action: Action,
    /// Who has it, where it stands, and by when.
    pub stands: String,
    /// Something is still to be done about it.
    pub open: bool,
    /// Nobody has it.
    pub unowned: bool,
    /// It waits for the retrospective.
    pub later: bool,
    /// More of it: the name of the text, and what there is.
    pub more: Vec<(&'static str, String)>,
    /// What is to be done about it, before it is known who looks.
    asks: Vec<ByHand>,
    pub verbs: Vec<Verb>,
    /// Whose it is, where nothing of it is the reader's to do.
    pub whose: Option<String>,
}

/// How people and times are told.
pub(super) type ToldAs<'a> = (Names<'a>, &'a Times);

fn asks(may_act: bool, id: &str, field: &str, commands: Vec<&str>) -> Vec<ByHand> {
    let commands = commands.into_iter().filter(|_| may_act);
    let acts = commands.map(|command| ByHand::about(command, &[(field, id)]));
    acts.collect()
}

/// The buttons of rows that are shown: those that are the reader's to press, else whose they are.
pub(super) fn give_verbs<'r>(view: &CaseView, at: At, rows: impl IntoIterator<Item = &'r mut Row>) {
    for row in rows {
        for act in &row.asks {
            match acts::is_theirs(view, at, act) {
                Ok(()) => row.verbs.extend(Verb::here(view, act)),
                Err(whose) => row.whose = row.whose.take().or(Some(whose)),
            }
        }
        row.whose = row.whose.take().filter(|_| row.verbs.is_empty());
    }
}

/// The leads that the reader may read: unowned ones first, then open ones, each in its order.
pub(super) fn leads(view: &CaseView, may_act: bool, (names, times): ToldAs) -> Vec<Row> {
    let told = actions::leads(&view.case, names).into_iter();
    let all = told.zip(&view.case.part.work.leads);
    let readable = all.filter(|(action, _)| view.may_read(action.seq));
    let w = Words::new(times.language());
    let row = |(action, lead): (Action, &Lead)| Row {
        stands: format!(
            "{}, {}",
            owner(w, names, lead.owner.as_ref()),
            w.say(of_a_lead(lead.state))
        ),
        open: lead.is_open(),
        unowned: lead.is_open() && lead.owner.is_none(),
        later: false,
        more: more_of_a_lead(lead, (names, times)),
        asks: asks(may_act, &action.id, "lead", what_a_lead_asks(lead)),
        verbs: Vec::new(),
        whose: None,
        action,
    };
    first_things_first(readable.map(row).collect())
}

/// The steps that the reader may read, in the same order; then those that wait.
pub(super) fn steps(view: &CaseView, may_act: bool, (names, times): ToldAs) -> Vec<Row> {
    let told = actions::steps(&view.case, names, times).into_iter();
    let all = told.zip(&view.case.part.work.steps);
    let readable = all.filter(|(action, _)| view.may_read(action.seq));
    let w = Words::new(times.language());
    let row = |(action, step): (Action, &Step)| Row {
        stands: step_stands(w, step, (names, times)),
        open: !step.is_settled(),
        unowned: step.is_open() && step.owner.is_none(),
        later: !step.is_immediate(),
        more: more_of_a_step(step, (names, times)),
        asks: asks(may_act, &action.id, "step", what_a_step_asks(step)),
        verbs: Vec::new(),
        whose: None,
        action,
    };
    first_things_first(readable.map(row).collect())
}

/// The disruptions that the reader may read.
pub(super) fn disruptions(view: &CaseView, at: At, may_act: bool, w: Words) -> Vec<Row> {
    let told = actions::disruptions(&view.case).into_iter();
    let all = told.zip(&view.case.part.disruption.disruptions);
    let readable = all.filter(|(action, _)| view.may_read(action.seq));
    let row = |(action, one): (Action, &Disruption)| Row {
        stands: w.say(of_a_disruption(one)).into_owned(),
        open: one.ended.is_none() && one.withdrawn.is_none(),
        unowned: false,
        later: false,
        more: Vec::new(),
        asks: asks(
            may_act,
            &action.id,
            "disruption",
            what_a_disruption_asks(at, one),
        ),
        verbs: Vec::new(),
        whose: None,
        action,
    };
    readable.map(row).collect()
}

fn owner(w: Words, names: Names, owner: Option<&PersonId>) -> String {
    let nobody = || w.say("case-stands-nobody").into_owned();
    owner.map_or_else(nobody, |owner| names.person(owner))
}

fn step_stands(w: Words, step: &Step, (names, times): ToldAs) -> String {
    let stands = format!(
        "{}, {}",
        owner(w, names, step.owner.as_ref()),
        w.say(of_a_step(step.state))
    );
    let over = matches!(step.state, StepState::Verified | StepState::Dropped);
    match step.due.filter(|_| !over) {
        Some(due) => format!(
            "{stands}, {}",
            w.with("case-stands-due", "at", times.at(due))
        ),
        None => stands,
    }
}

/// The name of the text of how a lead stands.
pub(in crate::web::pages) fn of_a_lead(state: LeadState) -> &'static str {
    match state {
        LeadState::Open => key("case-stands-open"),
        LeadState::InWork => key("case-stands-followed"),
        LeadState::Done => key("case-stands-done"),
        LeadState::Dropped => key("case-stands-dropped"),
    }
}

/// The name of the text of how a step stands.
pub(in crate::web::pages) fn of_a_step(state: StepState) -> &'static str {
    match state {
        StepState::Planned => key("case-stands-planned"),
        StepState::InWork => key("case-stands-begun"),
        StepState::Done => key("case-stands-unverified"),
        StepState::Verified => key("case-stands-verified"),
        StepState::Dropped => key("case-stands-dropped"),
    }
}

fn of_a_disruption(one: &Disruption) -> &'static str {
    match (&one.began, &one.ended, &one.withdrawn) {
        (_, _, Some(_)) => key("case-stands-withdrawn"),
        (_, Some(_), _) => key("case-stands-over"),
        (Some(_), None, None) => key("case-stands-goes-on"),
        (None, None, None) => key("case-stands-asked"),
    }
}

fn first_things_first(mut rows: Vec<Row>) -> Vec<Row> {
    rows.sort_by_key(|row| (!row.open, row.later, !row.unowned));
    rows
}

fn more_of_a_lead(lead: &Lead, (names, times): ToldAs) -> Vec<(&'static str, String)> {
    let mut more = vec![(
        key("case-added"),
        format!("{}, {}", names.who(&lead.by), times.at(lead.added_at)),
    )];
    put(&mut more, key("case-source"), lead.source.as_ref());
    more.push((key("case-marking"), marking::word(lead.marking).to_owned()));
    put(&mut more, key("case-finding"), lead.finding.as_ref());
    put(
        &mut more,
        key("case-dropped"),
        lead.dropped_because.as_ref(),
    );
    more
}

fn more_of_a_step(step: &Step, (names, times): ToldAs) -> Vec<(&'static str, String)> {
    let mut more = vec![(
        key("case-added"),
        format!("{}, {}", names.who(&step.by), times.at(step.added_at)),
    )];
    if let Some(asset) = &step.asset {
        more.push((key("case-asset"), names.asset(asset)));
    }
    if let Some(done) = &step.finished {
        let done = format!("{}, {}", names.who(&done.by), times.at(done.at));
        more.push((key("case-done"), done));
    }
    if let Some(check) = &step.verified {
        let mark = format!("{}, {}", names.who(&check.mark.by), times.at(check.mark.at));
        let how = check.reason.as_ref().and_then(Text::plain);
        let how = how.map(|how| format!(": {how}")).unwrap_or_default();
        more.push((key("case-verified"), format!("{mark}{how}")));
    }
    put(
        &mut more,
        key("case-dropped"),
        step.dropped.as_ref().map(|(_, why)| why),
    );
    more
}

fn put(more: &mut Vec<(&'static str, String)>, label: &'static str, text: Option<&Text>) {
    if let Some(text) = text {
        let text = text.plain().unwrap_or("(text withheld)");
        more.push((label, text.to_owned()));
    }
}

fn what_a_lead_asks(lead: &Lead) -> Vec<&'static str> {
    match (lead.state, &lead.owner) {
        (LeadState::Open, None) => vec!["assign_lead"],
        (LeadState::Open, Some(_)) => vec!["start_lead"],
        (LeadState::InWork, _) => vec!["finish_lead"],
        _ => Vec::new(),
    }
}

fn what_a_step_asks(step: &Step) -> Vec<&'static str> {
    match (step.state, &step.owner) {
        (StepState::Planned, None) => vec!["assign_step"],
        (StepState::Planned, Some(_)) => vec!["start_step"],
        (StepState::InWork, _) => vec!["finish_step"],
        (StepState::Done, _) => vec!["verify_step"],
        _ => Vec::new(),
    }
}

fn what_a_disruption_asks(at: At, one: &Disruption) -> Vec<&'static str> {
    match (one.is_waiting(), one.goes_on()) {
        // At High nobody's permission is needed: what may begin is begun (R60, R93).
        (true, _) if consent(at, one, at.severity(), at.now).go => vec!["start_disruption"],
        (true, _) => vec!["answer_disruption", "record_contact"],
        (_, true) => vec!["send_disruption_notice", "end_disruption"],
        _ => Vec::new(),
    }
}

/// A heading with its rows.
struct Group {
    /// Where the page has it.
    place: &'static str,
    /// The name of its text.
    label: &'static str,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "case_work.html")]
struct WorkPage {
    frame: Frame,
    head: Head,
    /// The name of the text that says that there is nothing yet.
    empty: &'static str,
    groups: Vec<Group>,
    /// What can be added: the act, and the name of its text.
    adds: Vec<(&'static str, &'static str)>,
    /// So many are shown; the older ones that are over are left out beyond the limit.
    left_out: usize,
    /// Where an act of this page leads back to.
    back: &'static str,
}

/// So many that are over are shown, the newest.
const OVER: usize = 100;
/// Many people have a hand in what they own.
const OPEN: usize = 150;

/// Shows the leads.
pub(in crate::web::pages) async fn leads_page(call: Call) -> Answer {
    page(call, "/leads").await
}

/// Shows the steps and the disruptions.
pub(in crate::web::pages) async fn steps_page(call: Call) -> Answer {
    page(call, "/steps").await
}

async fn page(call: Call, here: &'static str) -> Answer {
    let view = call.case().await?;
    let at = At::new(&view.case, &view.basis, call.app.desk.now());
    let times = head::times(&call, &view);
    let known = call.known()?;
    let acts = known.may_write() && known.person.is_some();
    let told_as = (Names::new(&view.directory), &times);
    let (rows, empty, adds) = match here {
        "/leads" => (
            vec![leads(&view, acts, told_as)],
            key("case-leads-none"),
            vec![("add_lead", key("case-lead-add"))],
        ),
        _ => (
            vec![
                steps(&view, acts, told_as),
                disruptions(&view, at, acts, call.words()),
            ],
            key("case-steps-none"),
            vec![
                ("add_step", key("case-step-add")),
                ("request_disruption", key("case-disruption-add")),
            ],
        ),
    };
    let (mut groups, left_out) = groups(rows);
    give_verbs(
        &view,
        at,
        groups.iter_mut().flat_map(|group| &mut group.rows),
    );
    let page = WorkPage {
        head: Head::of(&call, &view, at, &times, here),
        frame: head::frame(&call, &view),
        empty,
        groups,
        adds: if acts { adds } else { Vec::new() },
        back: here.trim_start_matches('/'),
        left_out,
    };
    frame::page(200, &page)
}

/// Nobody's, now, later, over; disruptions have a part of their own.
fn groups(kinds: Vec<Vec<Row>>) -> (Vec<Group>, usize) {
    let mut groups = [
        ("unowned", key("case-unowned")),
        ("now", key("case-work-now")),
        ("later", key("case-work-later")),
        ("disruptions", key("case-disruptions")),
        ("over", key("case-work-over")),
    ]
    .map(|(place, label)| Group {
        place,
        label,
        rows: Vec::new(),
    });
    for (n, rows) in kinds.into_iter().enumerate() {
        for row in rows {
            let place = match (&row, n) {
                (Row { open: false, .. }, _) => 4,
                (_, 1) => 3,
                (Row { unowned: true, .. }, _) => 0,
                (Row { later: true, .. }, _) => 2,
                _ => 1,
            };
            if let Some(group) = groups.get_mut(place) {
                group.rows.push(row);
            }
        }
    }
    let mut left_out = 0;
    for group in &mut groups {
        let most = match group.place {
            "over" => {
                group.rows.reverse();
                OVER
            }
            _ => OPEN,
        };
        left_out += group.rows.len().saturating_sub(most);
        group.rows.truncate(most);
    }
    let groups = groups.into_iter().filter(|group| !group.rows.is_empty());
    (groups.collect(), left_out)
}
