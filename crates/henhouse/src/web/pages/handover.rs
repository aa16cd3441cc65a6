//! `/cases/{number}/handover`: command on its way from one to another. Whoever has it writes the briefing, begun block by
//! block from the record, and offers it; whoever gets it reads, says in their own words what they take over, and accepts;
//! and where nobody answers, command is taken in two steps with a reason. Whose it is at each moment is the engine's.

use std::collections::BTreeMap;

use askama::Template;
use procedure::at::{At, after, minutes};
use procedure::chapters::commander::{
    AcceptHandover, ConfirmTakeOver, DeclineHandover, Handover, OfferHandover, Post, ReadBack,
    TakeOver, WithdrawHandover, may_command,
};
use procedure::playbook::Playbook;
use procedure::{Body, PersonId, Text};

use super::acts::who_there_is;
use super::deed::{self, No};
use super::frame::{self, Due, Frame, Mark};
use crate::desk::CaseView;
use crate::report::translated::{Told, told as told_in};
use crate::report::{self, Names, Times, draft, people};
use crate::web::fields::Fields;
use crate::web::registry::Answer;
use crate::web::words::Words;
use crate::web::{Call, Problem};

/// So many entries after an offer are looked through for what was added to its briefing.
const ADDED: u32 = 500;
/// The briefing as a whole, as a problem names it.
const BRIEFING: &str = "/briefing";

#[derive(Template)]
#[template(path = "handover.html")]
struct HandoverPage {
    frame: Frame,
    number: String,
    case_title: String,
    severity: Mark,
    ic: String,
    view: View,
    /// The blocks of the briefing.
    blocks: Vec<Block>,
    /// Who could take it: id, name, chosen.
    people: Vec<(String, String, bool)>,
    /// The other one: who offered it, or to whom.
    other: String,
    /// By when it is to be accepted.
    by: Option<Due>,
    /// What was read back.
    read_back: String,
    /// Blocks that the briefing still lacks.
    lacks: String,
    reason: String,
}

/// What the page is for whoever looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum View {
    /// They have command, and may offer it.
    Offers,
    /// They have offered it, and wait.
    Waits,
    /// It is offered to them.
    Receives,
    /// Somebody else has it; they may take it with a reason.
    MayTake,
    /// They have said why, and take it with the second step.
    Takes,
    /// They look on.
    Looks,
}

/// Shows what the hand-over asks of whoever looks.
pub(super) async fn show(call: Call) -> Answer {
    let view = call.case().await?;
    page(&call, 200, None, &view, &call.page_query()).await
}

/// Offers it, takes the offer back, accepts or declines it, or takes command.
pub(super) async fn act(mut call: Call) -> Answer {
    let fields = call.form().await?;
    let view = call.case().await?;
    let act = fields.get("act").unwrap_or_default().to_owned();
    match carry(&call, &view, &fields, &act).await {
        Ok(()) => {
            let number = &view.row.number;
            Ok(frame::lead_to(&match act.as_str() {
                "accept" => format!("/cases/{number}?did=accept_handover"),
                "decline" => format!("/cases/{number}?did=decline_handover"),
                "confirm" => format!("/cases/{number}?did=confirm_take_over"),
                _ => format!("/cases/{number}/handover"),
            }))
        }
        Err(no) => {
            let view = call.case().await?;
            page(&call, no.status(), Some((no, act)), &view, &fields).await
        }
    }
}

async fn carry(call: &Call, view: &CaseView, fields: &Fields, act: &str) -> Result<(), No> {
    let w = call.words();
    let wrong = |field: &str, words: &str| No::Other(Problem::field(field, words));
    let reason = frame::text(&frame::typed(fields, "reason"));
    let once = (fields, 0);
    match act {
        "offer" => {
            let to = fields.get("to").map(PersonId::from);
            let to = to.ok_or_else(|| wrong("/to", &w.say("handover-choose-first")))?;
            let blocks = view.basis.playbook.command.handover.blocks.iter();
            let bare = blocks.clone().filter(|block| {
                block.required && frame::typed(fields, &place(&block.id)).is_empty()
            });
            if bare.count() > 0 {
                return Err(wrong(BRIEFING, &w.say("handover-all-needed")));
            }
            let said = blocks.filter_map(|block| {
                let text = frame::typed(fields, &place(&block.id));
                Some((block.id.clone(), frame::text(&text)?))
            });
            let (role, briefing) = (Post::IncidentCommander, said.collect());
            let offer = OfferHandover { to, role, briefing };
            deed::give(call, view, offer, once).await
        }
        "withdraw" => {
            let withdraw = WithdrawHandover {
                role: Some(Post::IncidentCommander),
            };
            deed::give(call, view, withdraw, once).await
        }
        "accept" | "read" => {
            let role = Some(Post::IncidentCommander);
            let text = frame::text(&frame::typed(fields, "read_back"));
            let offer = offered(view);
            let read = offer.is_some_and(|offer| offer.read_back_at.is_some());
            match text {
                Some(text) => deed::give(call, view, ReadBack { role, text }, once).await?,
                None if !read => {
                    return Err(wrong("/read_back", &w.say("handover-read-back-first")));
                }
                None => {}
            }
            if act == "read" {
                return Ok(());
            }
            deed::give(call, view, AcceptHandover { role }, (fields, 1)).await
        }
        "decline" => {
            let role = Some(Post::IncidentCommander);
            deed::give(call, view, DeclineHandover { role, reason }, once).await
        }
        "take" => {
            let reason = reason.ok_or_else(|| wrong("/reason", &w.say("handover-reason-first")))?;
            deed::give(call, view, TakeOver { reason }, once).await
        }
        "confirm" => deed::give(call, view, ConfirmTakeOver {}, once).await,
        _ => Err(wrong("/act", &w.say("handover-act-first"))),
    }
}

/// The offer of command that waits.
fn offered(view: &CaseView) -> Option<&Handover> {
    let mut all = view.case.part.commander.handovers.iter();
    all.rfind(|offer| offer.is_pending() && offer.role == Post::IncidentCommander)
}

fn view_of(view: &CaseView, at: At, me: Option<&PersonId>) -> View {
    let Some(me) = me.filter(|_| !view.case.is_over()) else {
        return View::Looks;
    };
    let offer = offered(view);
    let ic = view.case.ic();
    if offer.is_some_and(|offer| &offer.to == me) {
        return View::Receives;
    }
    if ic == Some(me) {
        return match offer {
            Some(_) => View::Waits,
            None => View::Offers,
        };
    }
    let commander = &view.case.part.commander;
    let since = commander
        .intervals
        .last()
        .map_or(0, |interval| interval.seq);
    let stands = minutes(at.playbook().command.handover.accept_minutes);
    let mut asked = commander.take_over_asked.iter().rev();
    let asked = asked
        .any(|asked| &asked.by == me && asked.seq > since && at.now <= after(asked.at, stands));
    match asked {
        true => View::Takes,
        false if ic.is_some() && may_command(at, me) => View::MayTake,
        false => View::Looks,
    }
}

async fn page(
    call: &Call,
    status: u16,
    no: Option<(No, String)>,
    view: &CaseView,
    said: &Fields,
) -> Answer {
    let w = call.words();
    let number = view.row.number.to_string();
    let title = format!("{number}: {}", w.say("handover-title"));
    let mut frame = Frame::new(call, title)
        .counting_once(call)
        .worded("handover");
    frame.lines = people::public_lines(&view.directory, &view.basis.playbook);
    frame.mark_exercise(&view.case);
    frame.follows = Some(format!(
        "/api/v1/cases/{number}/events?after={}",
        view.case.seq
    ));
    if let Some((no, act)) = &no {
        let field = match (no, act.as_str()) {
            (No::Other(problem), _) => ["to", "read_back", "reason"]
                .into_iter()
                .find(|name| {
                    problem
                        .wrong_fields()
                        .iter()
                        .any(|one| one.field == format!("/{name}"))
                })
                .unwrap_or_default(),
            (No::Refused(_), "accept") => "read_back",
            _ => "",
        };
        // What its blocks lack is said at each of them.
        if !lacks_words(no) {
            frame = no.at(frame, field);
        }
    }
    let at = At::new(&view.case, &view.basis, call.app.desk.now());
    let times = w.times(view.basis.project.calendar.rules().clone(), at.now);
    let names = Names::new(&view.directory);
    let me = view.onlooker.actor.as_person();
    let what = view_of(view, at, me);
    let offer = offered(view);
    let limit = minutes(view.basis.playbook.command.handover.accept_minutes);
    let chosen = said.get("to");
    let others = who_there_is(view, names).into_iter();
    let others = others.filter(|(id, _)| me.is_none_or(|me| me.0 != *id));
    let others = others.filter(|(id, _)| may_command(at, &PersonId::from(id.as_str())));
    let person = |(id, name): (String, String)| {
        let on = chosen == Some(id.as_str());
        (id, name, on)
    };
    let blocks = match (what, offer) {
        (View::Offers, _) => begun(w, at, (names, &times.in_english()), said),
        (_, Some(offer)) if view.may_read(offer.seq) => told(call, view, offer).await?,
        _ => Vec::new(),
    };
    let lacks = blocks
        .iter()
        .filter(|block| block.required && block.words.is_empty());
    let lacks: Vec<String> = lacks.map(|block| block.title.words.clone()).collect();
    if what == View::Offers {
        for block in blocks.iter().filter(|block| block.bare) {
            let words = w.with("handover-block-bare", "block", block.title.words.as_str());
            frame = frame.wrong(block.place.clone(), words.to_string());
        }
    }
    let page = HandoverPage {
        case_title: report::title(&view.case).unwrap_or_default(),
        severity: Mark::of(view.case.part.assess.severity),
        ic: view
            .case
            .ic()
            .map(|ic| names.person(ic))
            .unwrap_or_default(),
        people: others.map(person).collect(),
        other: match (what, offer) {
            (View::Receives, Some(offer)) => names.person(&offer.from),
            (_, Some(offer)) => names.person(&offer.to),
            _ => String::new(),
        },
        by: offer.map(|offer| Due::of(&times, after(offer.offered_at, limit))),
        read_back: frame::typed(said, "read_back"),
        lacks: match what {
            View::Offers => String::new(),
            _ => lacks.join(", "),
        },
        reason: frame::typed(said, "reason"),
        view: what,
        blocks,
        number,
        frame,
    };
    frame::page(status, &page)
}

/// Whether it could not be offered because a block without which nobody can accept has no words.
fn lacks_words(no: &No) -> bool {
    matches!(no, No::Other(problem) if problem.wrong_fields().iter().any(|one| one.field == BRIEFING))
}

/// One block of the briefing.
struct Block {
    /// Where it stands on the page.
    place: String,
    title: Told,
    prompt: Told,
    words: String,
    required: bool,
    /// It was sent without words, and cannot be.
    bare: bool,
}

impl Block {
    fn new(w: Words, book: &Playbook, of: &procedure::playbook::Block, words: String) -> Self {
        Self {
            place: place(&of.id),
            title: told_in(book, w.lang(), &of.title),
            prompt: told_in(book, w.lang(), &of.prompt),
            words,
            required: of.required,
            bare: false,
        }
    }
}

fn place(id: &str) -> String {
    format!("briefing.{id}")
}

/// The briefing as it was typed, else begun from the record.
fn begun(w: Words, at: At, (names, times): (Names, &Times), said: &Fields) -> Vec<Block> {
    let blocks = at.basis.playbook.command.handover.blocks.iter();
    let sent = said.get("act").is_some();
    let block = |block: &procedure::playbook::Block| {
        let words = match sent {
            true => frame::typed(said, &place(&block.id)),
            false => draft::briefing(at, names, times, &block.id),
        };
        let mut block = Block::new(w, at.playbook(), block, words);
        block.bare = sent && block.required && block.words.is_empty();
        block
    };
    blocks.map(block).collect()
}

/// The briefing as it was given, with what was added to it.
async fn told(call: &Call, view: &CaseView, offer: &Handover) -> Result<Vec<Block>, Problem> {
    let entries = call.app.desk.entries(view, offer.seq - 1, ADDED).await?;
    let mut said: BTreeMap<String, Text> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| view.may_read(entry.seq)) {
        match &entry.body {
            Body::HandoverOffered(offered) if entry.seq == offer.seq => {
                said.extend(offered.briefing.clone());
            }
            Body::HandoverBriefed(briefed) if briefed.offer == offer.seq => {
                said.extend(briefed.briefing.clone());
            }
            _ => {}
        }
    }
    let blocks = view.basis.playbook.command.handover.blocks.iter();
    let block = |block: &procedure::playbook::Block| {
        let words = said
            .get(&block.id)
            .and_then(Text::plain)
            .unwrap_or_default();
        Block::new(call.words(), &view.basis.playbook, block, words.to_owned())
    };
    Ok(blocks.map(block).collect())
}

#[cfg(test)]
#[path = "handover_tests.rs"]
mod tests;
