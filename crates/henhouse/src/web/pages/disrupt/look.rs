//! One disruption: may it begin, by which rule, who was asked, who has said what, and until when one waits.

use askama::Template;
use procedure::at::At;
use procedure::chapters::disruption::payload::{
    Answer as Says, AnswerDisruption, EndDisruption, Outcome, RecordContact, Route, Scope,
    SendDisruptionNotice, SettleDisruption, StartDisruption, TeamVote, WithdrawDisruption,
};
use procedure::chapters::disruption::{
    Disruption, Stand, asks_whom, consent, others_in_response, stands, team_is_asked,
};
use procedure::{Command, PersonId, Rule, Text};

use super::{Policy, around, kept};
use crate::desk::CaseView;
use crate::report::{self, Names, Times};
use crate::web::fields::Fields;
use crate::web::pages::deed::{self, No};
use crate::web::pages::frame::{self, Due, Frame};
use crate::web::registry::Answer;
use crate::web::words::Words;
use crate::web::{Call, Problem};

#[derive(Template)]
#[template(path = "disrupt.html")]
struct LookPage {
    frame: Frame,
    number: String,
    case_title: String,
    id: String,
    text: String,
    extent: String,
    acting: String,
    waiting: String,
    policy: Policy,
    /// How it stands: asked, going on, over, withdrawn.
    stage: Stage,
    go: bool,
    stopped: bool,
    rule: String,
    rule_says: String,
    sentence: String,
    yes_when: String,
    /// When time alone lets it begin.
    unlocks: Option<Due>,
    deciders: Vec<Decider>,
    /// Of the team: name, and what they said.
    team: Vec<(String, String)>,
    /// The reader is asked as one of the team.
    votes: bool,
    /// The reader is asked as one who decides.
    decides: bool,
    /// The reader may settle a split.
    settles: bool,
    /// Steps that wait for evidence or for something else first: their ids, and the refusals.
    first: Vec<(String, String)>,
    /// Of each thing that is touched: it is to be left alone, or captured before.
    kept: Vec<String>,
    told: bool,
    /// The project has nobody but its own people to tell.
    inside_alone: bool,
    notice: String,
    reason: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Waits,
    GoesOn,
    Over,
    Withdrawn,
}

/// One of those who decide.
struct Decider {
    id: String,
    name: String,
    says: String,
    tried: String,
    /// They have not decided: what is tried next can be noted in one tap.
    open: bool,
    has_phone: bool,
    written: bool,
}

/// Shows it.
pub(in crate::web::pages) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    page(&call, 200, None, &view, &call.page_query())
}

/// Does what its buttons say.
pub(in crate::web::pages) async fn act(mut call: Call) -> Answer {
    let fields = call.form().await?;
    let view = call.case().await?;
    let id = call.param("disruption").to_ascii_uppercase();
    let given = match command(&call, id.clone(), &fields) {
        Ok(command) => deed::give(&call, &view, command, (&fields, 0)).await,
        Err(no) => Err(no),
    };
    match given {
        Ok(()) => {
            let number = &view.row.number;
            Ok(frame::lead_to(&format!("/cases/{number}/disrupt/{id}")))
        }
        Err(no) => {
            let view = call.case().await?;
            page(&call, no.status(), Some(no), &view, &fields)
        }
    }
}

fn command(call: &Call, disruption: String, fields: &Fields) -> Result<Command, No> {
    let reason = frame::text(&frame::typed(fields, "reason"));
    let needs = || {
        let words = call.words().say("disrupt-reason-first").into_owned();
        No::Other(Problem::field("/reason", words))
    };
    Ok(match fields.get("act").unwrap_or_default() {
        "start" => StartDisruption { disruption, reason }.into(),
        "agree" => TeamVote {
            disruption,
            agree: true,
            reason,
        }
        .into(),
        "disagree" => TeamVote {
            disruption,
            agree: false,
            reason,
        }
        .into(),
        "yes" => AnswerDisruption {
            disruption,
            answer: Says::Yes,
            reason,
        }
        .into(),
        "no" => AnswerDisruption {
            disruption,
            answer: Says::No,
            reason,
        }
        .into(),
        "later" => AnswerDisruption {
            disruption,
            answer: Says::Later,
            reason,
        }
        .into(),
        "go" => SettleDisruption {
            disruption,
            go: true,
            reason: reason.ok_or_else(needs)?,
        }
        .into(),
        "stop" => SettleDisruption {
            disruption,
            go: false,
            reason: reason.ok_or_else(needs)?,
        }
        .into(),
        "withdraw" => WithdrawDisruption {
            disruption,
            reason: reason.ok_or_else(needs)?,
        }
        .into(),
        "end" => EndDisruption {
            disruption,
            result: reason,
        }
        .into(),
        "notice" => {
            let text = frame::text(&frame::typed(fields, "notice"));
            let text = text.ok_or_else(|| {
                let words = call.words().say("disrupt-notice-first").into_owned();
                No::Other(Problem::field("/notice", words))
            })?;
            SendDisruptionNotice { disruption, text }.into()
        }
        act => {
            let (route, outcome) = match act {
                "wrote" => (Route::Mail, Outcome::NoAnswer),
                "called" => (Route::Phone, Outcome::NoAnswer),
                "said_yes" => (Route::Phone, Outcome::Agreed),
                "said_no" => (Route::Phone, Outcome::Declined),
                _ => {
                    let words = call.words().say("disrupt-choose-first");
                    return Err(No::Other(Problem::field("/act", &*words)));
                }
            };
            let decider = PersonId::from(fields.get("decider").unwrap_or_default());
            RecordContact {
                disruption,
                decider,
                route,
                outcome,
                reason,
            }
            .into()
        }
    })
}

fn page(call: &Call, status: u16, no: Option<No>, view: &CaseView, said: &Fields) -> Answer {
    let id = call.param("disruption").to_ascii_uppercase();
    let found = view.case.part.disruption.find(&id);
    let found = found.filter(|found| view.may_read(found.seq));
    let found = found.ok_or_else(|| Problem::not_found("disruption"))?;
    let number = view.row.number.to_string();
    let mut frame = around(call, view, &id);
    frame.follows = Some(format!(
        "/api/v1/cases/{number}/events?after={}",
        view.case.seq
    ));
    if let Some(no) = &no {
        let field = match no {
            No::Other(problem)
                if problem
                    .wrong_fields()
                    .iter()
                    .any(|one| one.field == "/notice") =>
            {
                "notice"
            }
            No::Other(problem) if !problem.wrong_fields().is_empty() => "reason",
            No::Refused(refusal) if refusal.sentence.contains("says why") => "reason",
            _ => "",
        };
        frame = no.at(frame, field);
    }
    let w = frame.w;
    let at = At::new(&view.case, &view.basis, call.app.desk.now());
    let (times, names) = (times(w, at), Names::new(&view.directory));
    let consent = consent(at, found, at.severity(), at.now);
    let me = view.onlooker.actor.as_person();
    let stands = stands(at, found);
    let policy = asks_whom(at, found.scope);
    let team = team_is_asked(at, policy);
    let waits = found.is_waiting() && !view.case.is_over();
    let mine = stands.iter().find(|stand| Some(&stand.person) == me);
    let voted = |person: &PersonId| found.votes.iter().rfind(|vote| &vote.person == person);
    let plain = |text: Option<&Text>| text.and_then(Text::plain).unwrap_or_default().to_owned();
    let page = LookPage {
        case_title: report::title(&view.case).unwrap_or_default(),
        text: plain(Some(&found.text)),
        extent: extent(w, found, names),
        acting: plain(found.risk_of_acting.as_ref()),
        waiting: plain(found.risk_of_waiting.as_ref()),
        policy: Policy::of(w, at, policy),
        stage: stage(found),
        go: consent.go,
        stopped: consent.stopped,
        rule: consent.rule.id().to_owned(),
        rule_says: consent.rule.sentence().to_owned(),
        sentence: names.in_words(&consent.sentence),
        yes_when: names.in_words(&consent.yes_when),
        // While the team has not agreed, what runs is its own time, behind which those who decide are still asked.
        unlocks: consent
            .unlocks_at
            .filter(|_| waits && !consent.go)
            .filter(|_| consent.rule != Rule::X20 || !found.project_impact)
            .map(|unlocks| Due::of(&times, unlocks)),
        deciders: stands
            .iter()
            .map(|stand| decider(w, &times, names, stand))
            .collect(),
        team: match team {
            true => others_in_response(at, found)
                .iter()
                .map(|person| {
                    (
                        names.person(person),
                        vote_words(w, voted(person).map(|vote| vote.agree)),
                    )
                })
                .collect(),
            false => Vec::new(),
        },
        votes: waits
            && team
            && me.is_some_and(|me| Some(me) != found.requester() && voted(me).is_none()),
        decides: waits && mine.is_some_and(|stand| stand.reply.is_none() && !stand.involved),
        settles: waits && me == view.case.ic() && stands.iter().any(said_no),
        first: first(at, view, found, names),
        kept: kept::of(w, at, view, found),
        told: !found.notices.is_empty(),
        inside_alone: view.basis.project.stakeholders.is_empty(),
        notice: match said.get("notice") {
            Some(_) => frame::typed(said, "notice"),
            None => notice(w, &times, found),
        },
        reason: frame::typed(said, "reason"),
        id,
        number,
        frame,
    };
    frame::page(status, &page)
}

fn times(w: Words, at: At) -> Times {
    w.times(at.basis.project.calendar.rules().clone(), at.now)
}

fn stage(found: &Disruption) -> Stage {
    match (&found.withdrawn, &found.ended, &found.began) {
        (Some(_), _, _) => Stage::Withdrawn,
        (_, Some(_), _) => Stage::Over,
        (_, _, Some(_)) => Stage::GoesOn,
        _ => Stage::Waits,
    }
}

fn said_no(stand: &Stand) -> bool {
    stand
        .reply
        .as_ref()
        .is_some_and(|reply| reply.answer == Says::No)
}

fn extent(w: Words, found: &Disruption, names: Names) -> String {
    let scope = match found.scope {
        Scope::Partial => w.say("disrupt-partial"),
        Scope::Complete => w.say("disrupt-complete"),
    };
    let mut said = vec![scope.into_owned()];
    let long = found
        .expected_minutes
        .map(|minutes| w.span(jiff::SignedDuration::from_mins(i64::from(minutes))));
    said.extend(long);
    said.extend((!found.assets.is_empty()).then(|| names.assets(&found.assets)));
    said.join(", ")
}

fn decider(w: Words, times: &Times, names: Names, stand: &Stand) -> Decider {
    let says = match &stand.reply {
        Some(reply) => {
            let word = match reply.answer {
                Says::Yes => w.say("disrupt-says-yes"),
                Says::No => w.say("disrupt-says-no"),
                Says::Later => w.say("disrupt-says-later"),
            };
            let reason = reply.reason.as_ref().and_then(Text::plain);
            match reason {
                Some(reason) => format!("{word}: {reason}"),
                None => word.into_owned(),
            }
        }
        None if stand.involved => w.say("disrupt-involved").into_owned(),
        None => w.say("disrupt-silent").into_owned(),
    };
    let tried = [
        stand
            .written
            .map(|at| w.with("disrupt-written", "at", times.at(at)).to_string()),
        stand
            .called
            .map(|at| w.with("disrupt-called", "at", times.at(at)).to_string()),
    ];
    let decided = stand
        .reply
        .as_ref()
        .is_some_and(|reply| reply.answer != Says::Later);
    Decider {
        id: stand.person.to_string(),
        name: names.person(&stand.person),
        says,
        tried: tried.into_iter().flatten().collect::<Vec<_>>().join(", "),
        open: !decided && !stand.involved,
        has_phone: stand.has_phone,
        written: stand.written.is_some(),
    }
}

fn vote_words(w: Words, agree: Option<bool>) -> String {
    let words = match agree {
        Some(true) => w.say("disrupt-agrees"),
        Some(false) => w.say("disrupt-disagrees"),
        None => w.say("disrupt-silent"),
    };
    words.into_owned()
}

/// What its steps still ask for, such as evidence before anything is changed.
fn first(at: At, view: &CaseView, found: &Disruption, names: Names) -> Vec<(String, String)> {
    let agenda = view.agenda(at.now);
    let of_steps = agenda
        .permits
        .iter()
        .filter(|permit| permit.command == "start_step");
    let mine = of_steps.filter(|permit| {
        permit
            .on
            .as_ref()
            .is_some_and(|on| found.steps.contains(on))
    });
    let refused = mine.filter_map(|permit| Some((permit.on.clone()?, permit.refused.as_ref()?)));
    let said = refused.map(|(on, refusal)| {
        let rule = refusal
            .rule
            .map(|rule| format!("{rule}: "))
            .unwrap_or_default();
        (
            on,
            names.in_words(&format!("{rule}{} {}", refusal.sentence, refusal.yes_when)),
        )
    });
    said.collect()
}

/// What people read about it, begun from what was asked for.
fn notice(w: Words, times: &Times, found: &Disruption) -> String {
    let what = found.text.plain().unwrap_or_default();
    let ends = found
        .began
        .as_ref()
        .zip(found.expected_minutes)
        .map(|(began, minutes)| {
            let ends = procedure::at::after(began.at, procedure::at::minutes(minutes));
            w.with("disrupt-notice-until", "at", w.both(times, ends))
                .to_string()
        });
    match ends {
        Some(ends) => format!("{what}\n{ends}"),
        None => what.to_owned(),
    }
}
