//! The parts of the retrospective's page, as its reader may see them.

use std::sync::Arc;

use procedure::at::At;
use procedure::chapters::retrospective::{CauseKind, State, in_the_way, not_held};
use procedure::{Body, Entry, Text};

use crate::desk::CaseView;
use crate::report::by_hand::ByHand;
use crate::report::causes;
use crate::report::timeline::Log;
use crate::report::{Names, Sheet, Times};
use crate::web::fields::escaped;
use crate::web::pages::acts::Verb;
use crate::web::words::{Words, key};

/// What a cause can be: as it is sent, and the name of its text.
pub(super) const KINDS: [(&str, &str); 5] = [
    ("how", key("retro-kind-how")),
    ("why", key("retro-kind-why")),
    ("control", key("retro-kind-control")),
    ("condition", key("retro-kind-condition")),
    ("vulnerability", key("retro-kind-vulnerability")),
];
/// So many entries of the log on one page.
const LOGGED: usize = 150;
/// So much of an entry stands in the timeline that is not reworded, in characters.
const TOLD: usize = 240;
const WITHHELD: &str = "(for those who take part)";

/// Something that still stands before the report, or before the close.
pub(super) struct Lacks {
    pub words: String,
    pub verb: Option<Verb>,
}

/// An entry of the log.
pub(super) struct Logged {
    pub seq: u64,
    pub at: String,
    pub words: String,
    /// The line of the timeline that shows it.
    pub line: Option<String>,
    /// It can be taken over.
    pub free: bool,
}

/// A part of a long list: what is on it, and from where the parts before and behind it begin.
pub(super) struct Page<T> {
    pub rows: Vec<T>,
    pub earlier: Option<u64>,
    pub later: Option<u64>,
}

/// A line of the timeline.
pub(super) struct Line {
    pub id: String,
    pub at: String,
    pub words: String,
    pub entries: Vec<u64>,
}

/// A cause of the outline, with what closes and opens lists behind it.
pub(super) struct Cause {
    pub branch: causes::Branch,
    pub after: String,
    /// The address of the form that changes it.
    pub change: String,
}

/// A method of cause analysis.
pub(super) struct Method {
    pub id: String,
    pub title: String,
    pub summary: String,
    pub questions: Vec<String>,
    pub chosen: bool,
}

/// An outcome list with what was put on it.
pub(super) struct Gathered {
    pub value: String,
    pub label: String,
    pub items: Vec<String>,
}

/// A follow-up.
pub(super) struct FollowUp {
    pub id: String,
    pub words: String,
    pub owner: String,
    pub due: String,
    pub done: bool,
    pub overdue: bool,
    /// The reader may say that it is done.
    pub can_finish: bool,
}

/// What is missing before the report, then before the close.
pub(super) fn lacks(at: At, view: &CaseView) -> Vec<Lacks> {
    let number = view.row.number.to_string();
    let mut all: Vec<Lacks> = Vec::new();
    for missing in in_the_way(at)
        .iter()
        .chain(&not_held(at))
        .flat_map(|no| &no.missing)
    {
        let act = ByHand::lacking(at.case, at.basis, missing);
        let words = format!("{} {}", missing.sentence, missing.yes_when);
        let known = all.iter().any(|one| one.words == words);
        if !known && missing.settle_with != "publish_report" {
            all.push(Lacks {
                words,
                verb: Verb::of(&number, &act),
            });
        }
    }
    all
}

/// What the retrospective holds, without what whoever looks may not read.
pub(super) fn readable(view: &CaseView) -> State {
    let mut state = view.case.part.retrospective.clone();
    state.causes.retain(|cause| view.may_read(cause.mark.seq));
    state
}

/// The log, oldest first: what happened, not what was said about it in the retrospective.
pub(super) fn log(
    sheet: &Sheet,
    view: &CaseView,
    entries: &[Arc<Entry>],
    (after, words): (u64, Words),
) -> Page<Logged> {
    let (log, times) = (sheet.log(), sheet.times());
    let times = times.in_words_of(words.language());
    let state = &view.case.part.retrospective;
    let told = entries
        .iter()
        .filter(|entry| is_of_the_response(&entry.body) && !Log::goes_without_saying(entry));
    let told: Vec<&Arc<Entry>> = told.collect();
    let from = told.partition_point(|entry| entry.seq <= after);
    let rows = told.iter().skip(from).take(LOGGED).map(|entry| {
        let reads = view.may_read(entry.seq);
        let words = if reads {
            log.with_claim(entry)
        } else {
            WITHHELD.to_owned()
        };
        let line = state.shown().find(|line| line.entries.contains(&entry.seq));
        Logged {
            seq: entry.seq,
            at: times.stamp(entry.recorded_at),
            words,
            free: reads && line.is_none(),
            line: line.map(|line| line.id.clone()),
        }
    });
    let before = from
        .checked_sub(LOGGED)
        .and_then(|n| told.get(n))
        .map(|entry| entry.seq - 1);
    Page {
        rows: rows.collect(),
        earlier: before.or((from > 0).then_some(0)),
        later: told.get(from + LOGGED).map(|entry| entry.seq - 1),
    }
}

/// Everything but the retrospective's own entries.
fn is_of_the_response(body: &Body) -> bool {
    !matches!(
        body,
        Body::TimelineLineAdded(_)
            | Body::TimelineLineRemoved(_)
            | Body::SectionWritten(_)
            | Body::CauseRecorded(_)
            | Body::MethodChosen(_)
            | Body::OutcomeAdded(_)
            | Body::LessonAdded(_)
            | Body::FollowUpAdded(_)
            | Body::DiscoveryMethodSet(_)
            | Body::ThreatActionsSet(_)
    )
}

/// The curated timeline in the order of time.
pub(super) fn lines(
    sheet: &Sheet,
    view: &CaseView,
    entries: &[Arc<Entry>],
    words: Words,
) -> Vec<Line> {
    let (log, times) = (sheet.log(), sheet.times());
    let times = times.in_words_of(words.language());
    let shown = view.case.part.retrospective.shown().map(|line| {
        let mut own = line.entries.iter().filter(|seq| view.may_read(**seq));
        let first = own
            .next()
            .and_then(|seq| entries.iter().find(|entry| entry.seq == *seq));
        let words = match (&line.text, first) {
            (Some(text), Some(_)) => plain(text),
            (None, Some(entry)) => cut(&log.sentence(entry)),
            (_, None) => WITHHELD.to_owned(),
        };
        let when = first.map(|entry| entry.time());
        let line = Line {
            id: line.id.clone(),
            at: when.map_or_else(String::new, |when| times.stamp(when)),
            words,
            entries: line.entries.iter().copied().collect(),
        };
        (when.unwrap_or(jiff::Timestamp::MAX), line)
    });
    let mut lines: Vec<_> = shown.collect();
    lines.sort_by_key(|(when, _)| *when);
    lines.into_iter().map(|(_, line)| line).collect()
}

/// The outline of the causes.
pub(super) fn outline(view: &CaseView) -> Vec<Cause> {
    let branches = causes::outline(&readable(view));
    let depths: Vec<usize> = branches
        .iter()
        .skip(1)
        .map(|one| one.depth)
        .chain([0])
        .collect();
    let number = &view.row.number;
    let one = |(branch, next): (causes::Branch, usize)| {
        let after = match next > branch.depth {
            true => "<ul>".to_owned(),
            false => format!("</li>{}", "</ul></li>".repeat(branch.depth - next)),
        };
        let state = &view.case.part.retrospective;
        let parents = state.find_cause(&branch.id).map(|cause| &cause.parents);
        let parents: Vec<&str> = parents.into_iter().flatten().map(String::as_str).collect();
        let change = format!(
            "/cases/{number}/acts/add_cause?id={}&kind={}&parents={}&text={}",
            branch.id,
            word(branch.kind),
            escaped(&parents.join(",")),
            escaped(&branch.words)
        );
        Cause {
            branch,
            after,
            change,
        }
    };
    branches.into_iter().zip(depths).map(one).collect()
}

fn word(kind: CauseKind) -> &'static str {
    match kind {
        CauseKind::How => "how",
        CauseKind::Why => "why",
        CauseKind::Control => "control",
        CauseKind::Condition => "condition",
        CauseKind::Vulnerability => "vulnerability",
    }
}

/// The methods of the playbook, the chosen one marked.
pub(super) fn methods(view: &CaseView) -> Vec<Method> {
    let chosen = view.case.part.retrospective.method.as_ref();
    let methods = view.basis.playbook.retrospective.methods.iter();
    let method = |method: &procedure::playbook::CauseMethod| Method {
        id: method.id.clone(),
        title: method.title.clone(),
        summary: method.summary.clone(),
        questions: method
            .questions
            .iter()
            .map(|one| one.question.clone())
            .collect(),
        chosen: chosen.is_some_and(|chosen| chosen.value == method.id),
    };
    methods.map(method).collect()
}

/// The outcome lists; the graph itself is the list of causes.
pub(super) fn outcomes(view: &CaseView) -> Vec<Gathered> {
    let said = &view.case.part.retrospective.outcomes;
    let lists = view.basis.playbook.retrospective.outcomes.iter();
    let lists = lists.map(|list| {
        let on = said
            .iter()
            .filter(|item| item.list == list.value && view.may_read(item.mark.seq));
        Gathered {
            value: list.value.clone(),
            label: list.label.clone(),
            items: on.map(|item| plain(&item.text)).collect(),
        }
    });
    lists.collect()
}

/// The lessons.
pub(super) fn lessons(view: &CaseView) -> Vec<String> {
    let all = view.case.part.retrospective.lessons.iter();
    let readable = all.filter(|lesson| view.may_read(lesson.mark.seq));
    let said = readable.map(|lesson| {
        let entries: Vec<String> = lesson.entries.iter().map(u64::to_string).collect();
        match entries.as_slice() {
            [] => plain(&lesson.text),
            some => format!("{} (entry {})", plain(&lesson.text), some.join(", ")),
        }
    });
    said.collect()
}

/// The follow-ups, each with whose it is.
pub(super) fn follow_ups(
    view: &CaseView,
    (names, times, words): (Names, &Times, Words),
    can: impl Fn(&'static str) -> bool,
) -> Vec<FollowUp> {
    let me = view.onlooker.actor.as_person();
    let may_finish = can("done_follow_up");
    let all = view.case.part.retrospective.follow_ups.iter();
    let readable = all.filter(|one| view.may_read(one.mark.seq));
    let row = readable.map(|one| FollowUp {
        id: one.id.clone(),
        words: plain(&one.text),
        owner: names.person(&one.owner),
        due: words.both(times, one.due),
        done: one.done.is_some(),
        overdue: one.done.is_none() && one.due <= times.now(),
        can_finish: one.done.is_none() && (may_finish || me == Some(&one.owner)),
    });
    row.collect()
}

/// The sections of the report: id, heading, and what the team wrote.
pub(super) fn sections(view: &CaseView) -> Vec<(String, String, Option<String>)> {
    let written = &view.case.part.retrospective.sections;
    let sections = view.basis.playbook.retrospective.report_sections.iter();
    let said = sections.map(|section| {
        let words = written.get(&section.value).map(plain);
        (section.value.clone(), section.label.clone(), words)
    });
    said.collect()
}

fn plain(text: &Text) -> String {
    text.plain().unwrap_or("(text withheld)").trim().to_owned()
}

fn cut(words: &str) -> String {
    if words.chars().count() <= TOLD {
        return words.to_owned();
    }
    let kept: String = words.chars().take(TOLD).collect();
    format!("{} …", kept.trim_end())
}
