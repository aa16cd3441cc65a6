//! What a form tells beside its fields: of a line of the timeline what its first entry says, where nobody has put it into
//! other words; of a disruption the rule by which it may begin, and what is under a hold or not captured where it reaches.

use std::borrow::Cow;
use std::collections::BTreeMap;

use procedure::at::At;
use procedure::chapters::disruption::{Disruption, consent};
use procedure::chapters::retrospective;

use super::drawn::Drawn;
use super::refused::Lacks;
use super::{offer, said};
use crate::desk::CaseView;
use crate::report::Names;
use crate::report::forms::{Control, Form, Of};
use crate::report::timeline::Log;
use crate::web::pages::disrupt::kept;
use crate::web::words::Words;
use crate::web::{Call, Problem};

/// So much of an entry stands beside the number of its line, in characters.
const TOLD: usize = 80;

/// The lines that a form offers, each by its number; nothing where it offers none.
pub(super) async fn lines(
    call: &Call,
    view: &CaseView,
    form: &Form,
) -> Result<BTreeMap<String, String>, Problem> {
    let mut fields = form.fields.iter();
    if !fields.any(|field| field.control == Control::One(Of::Line)) {
        return Ok(BTreeMap::new());
    }
    let all = u32::try_from(view.case.seq).unwrap_or(u32::MAX);
    let entries = call.app.desk.entries(view, 0, all).await?;
    let now = call.app.desk.now();
    let log = Log::new(&view.case, &view.basis, &view.directory, now);
    let shown = view.case.part.retrospective.shown();
    let untold = shown.filter(|line| line.text.is_none());
    let told = untold.filter_map(|line| {
        let first = *line.entries.first()?;
        let entry = entries.iter().find(|entry| entry.seq == first)?;
        let said = match view.may_read(first) {
            true => log.sentence(entry),
            false => "(for those who take part)".to_owned(),
        };
        let mut short: String = said.chars().take(TOLD).collect();
        if short.len() < said.len() {
            short.push('…');
        }
        Some((line.id.clone(), format!("{} {short}", line.id)))
    });
    Ok(told.collect())
}

/// What the close will still ask for when the report goes out as things stand (R18, R78); nothing for any other act.
pub(super) fn left_for_the_close(w: Words, form: &Form, view: &CaseView, at: At) -> Vec<Lacks> {
    if form.command != "publish_report" {
        return Vec::new();
    }
    let left = retrospective::left_for_the_close(at).into_iter();
    left.map(|missing| Lacks::of(&missing, view, w)).collect()
}

/// That whoever is let in or taken out of a case that is not restricted gains and loses less than one might think: the
/// project sees it all the same (R21).
pub(super) fn who_sees_it(w: Words, form: &Form, view: &CaseView) -> Option<Cow<'static, str>> {
    match form.command {
        _ if view.case.part.secrecy.restricted => None,
        "add_member" => Some(w.say("acts-seen-by-all-add")),
        "remove_member" => Some(w.say("acts-seen-by-all-remove")),
        _ => None,
    }
}

/// What stands now of what an act would change, where its form does not show it.
pub(super) fn stands(w: Words, form: &Form, view: &CaseView) -> Option<String> {
    let part = &view.case.part;
    let (field, now) = match form.command {
        "set_severity" => ("severity", serde_json::to_value(part.assess.severity)),
        "set_kind" => ("kind", serde_json::to_value(part.intake.kind)),
        "set_marking" => ("marking", serde_json::to_value(view.case.marking())),
        _ => return None,
    };
    let Control::Choice(set) = form.field(field)?.control else {
        return None;
    };
    let now = now.ok()?;
    let word = now.as_str()?;
    let words = match set.words.contains(&word) {
        true => said::choice(w, set, word),
        false => w.say("frame-not-assessed").into_owned(),
    };
    Some(w.with("acts-stands", "now", words).to_string())
}

/// Why it is lowered is asked where it can be lowered, and has to be said where nothing else can be chosen (R40).
pub(super) fn ask_why_it_is_lowered(form: &Form, view: &CaseView, fields: &mut Vec<Drawn>) {
    if form.command != "set_severity" {
        return;
    }
    let order = |word: &str| {
        ["low", "medium", "high"]
            .iter()
            .position(|one| *one == word)
    };
    let now = serde_json::to_value(view.case.part.assess.severity).ok();
    let now = now.as_ref().and_then(|now| order(now.as_str()?));
    let offered = fields.iter().find(|field| field.name == "severity");
    let offered = offered
        .map(|field| field.options.as_slice())
        .unwrap_or_default();
    let lower = offered
        .iter()
        .filter(|(word, ..)| order(word) < now)
        .count();
    let (all, none) = (lower == offered.len(), lower == 0);
    fields.retain(|field| field.name != "reason" || !none || !field.value.is_empty());
    for field in fields.iter_mut().filter(|field| field.name == "reason") {
        field.required |= all;
    }
}

/// The act that begins a disruption.
pub(super) const BEGINS: &str = "start_disruption";

/// What is under a hold or not captured where a disruption would reach that begins by what can be chosen here, and of a step
/// that it begins one; nothing for any other act.
pub(super) fn kept(
    w: Words,
    form: &Form,
    view: &CaseView,
    at: At,
    fields: &[Drawn],
) -> Vec<String> {
    let by_step = form.command == "start_step";
    let asked = by_step || form.command == BEGINS;
    let offered = fields.iter().filter(|_| asked);
    let mut offered = offered.flat_map(|field| &field.options).collect::<Vec<_>>();
    // The one that a link names says enough.
    if offered.iter().any(|(_, _, on)| *on) {
        offered.retain(|(_, _, on)| *on);
    }
    let all = view.case.part.disruption.disruptions.iter();
    let all = all.filter(|one| one.is_waiting() && view.may_read(one.seq));
    let chosen = |one: &&Disruption| {
        let of = |id: &String| *id == one.id || (by_step && one.steps.contains(id));
        offered.iter().any(|(id, ..)| of(id))
    };
    let found: Vec<&Disruption> = all.filter(chosen).collect();
    let begins = found.iter().filter(|_| by_step).map(|one| {
        w.with("disrupt-begins", "number", one.id.as_str())
            .and("text", offer::brief(view, one.seq, &one.text))
            .to_string()
    });
    let mut told: Vec<String> = begins.collect();
    let kept = found.iter().flat_map(|one| kept::of(w, at, view, one));
    let mut kept: Vec<String> = kept.collect();
    kept.sort();
    kept.dedup();
    told.extend(kept);
    told
}

/// The rule by which each disruption that waits may begin or may not yet; nothing for any other act.
pub(super) fn rules(form: &Form, view: &CaseView, at: At) -> Vec<String> {
    let all = view.case.part.disruption.disruptions.iter();
    let asked = form.command == BEGINS;
    let waiting = all.filter(|one| asked && one.is_waiting() && view.may_read(one.seq));
    let names = Names::new(&view.directory);
    let told = waiting.map(|one| {
        let consent = consent(at, one, at.severity(), at.now);
        let says = names.in_words(&consent.sentence);
        let rule = consent.rule;
        format!("{}: {says} {}: {}", one.id, rule.id(), rule.sentence())
    });
    told.collect()
}
