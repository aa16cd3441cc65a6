//! What a form tells beside its fields: of a line of the timeline what its first entry says, where nobody has put it into
//! other words; of a disruption the rule by which it may begin.

use std::borrow::Cow;
use std::collections::BTreeMap;

use procedure::at::At;
use procedure::chapters::disruption::consent;
use procedure::chapters::retrospective;

use super::refused::Lacks;
use crate::desk::CaseView;
use crate::report::Names;
use crate::report::forms::{Control, Form, Of};
use crate::report::timeline::Log;
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

/// The rule by which each disruption that waits may begin or may not yet; nothing for any other act.
pub(super) fn rules(form: &Form, view: &CaseView, at: At) -> Vec<String> {
    let all = view.case.part.disruption.disruptions.iter();
    let asked = form.command == "start_disruption";
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
