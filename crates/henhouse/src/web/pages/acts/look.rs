//! A sitrep by its form is looked at as each audience reads it before it leaves, as the composer's is; nobody ticked
//! is not everybody, and a correction begins with the words that it corrects.

use procedure::at::At;
use procedure::{Order, Text};

use super::given::Given;
use super::taken::Taken;
use crate::desk::CaseView;
use crate::report::draft;
use crate::report::forms::Form;
use crate::web::Call;
use crate::web::fields::Fields;
use crate::web::pages::deed::No;
use crate::web::pages::sitrep::{self, Sends, Typed};
use crate::web::problem::WrongField;
use crate::web::readings::AUDIENCES;
use crate::web::registry::Answer;

const SITREP: &str = "publish_sitrep";
const WHO: &str = "audiences";

/// It is shown before it leaves.
pub(super) fn is_looked_at(form: &Form) -> bool {
    form.command == SITREP
}

/// Who gets it may not stay empty.
pub(super) fn must_say(form: &Form, field: &str) -> bool {
    is_looked_at(form) && field == WHO
}

/// One tap says that nothing has changed: not where the record knows of something that has.
pub(super) fn can_be_unchanged(form: &Form, at: At) -> bool {
    is_looked_at(form)
        && at.case.part.sitreps.last().is_some()
        && !draft::sitrep(at, &sitrep::times(at)).news
}

/// With everybody ticked, and with the words of the sitrep that it corrects, where a link names one.
pub(super) fn begun(form: &Form, view: &CaseView, query: &Given) -> Given {
    let mut given = Given::default();
    if !is_looked_at(form) {
        return given;
    }
    given.put(WHO, AUDIENCES.map(|(_, word)| word.to_owned()).into());
    let nth: Option<u32> = query.text("correction_of").parse().ok();
    let mut sitreps = view.case.part.sitreps.sitreps.iter();
    let earlier = nth.and_then(|nth| sitreps.find(|one| one.said.number == nth));
    if let Some(earlier) = earlier.filter(|one| view.may_read(one.mark.seq)) {
        let said = &earlier.said;
        for (name, text) in [
            ("summary", &said.summary),
            ("known", &said.known),
            ("doing", &said.doing),
            ("need", &said.need),
            ("outside", &said.outside),
        ] {
            let words = text.as_ref().and_then(Text::plain).unwrap_or_default();
            given.put(name, vec![words.to_owned()]);
        }
    }
    given
}

/// All of them is everybody; none of them is a question. That nothing has changed is one tap, and goes to everybody.
pub(super) fn who(call: &Call, form: &Form, fields: &Fields, taken: &mut Taken) {
    if !is_looked_at(form) || is_one_tap(fields) {
        return;
    }
    let ticked = fields.all(WHO);
    if AUDIENCES
        .iter()
        .all(|(_, word)| ticked.iter().any(|one| one == word))
    {
        taken.object.remove(WHO);
    }
    if ticked.is_empty() {
        let words = call.words().say("sitrep-nobody-ticked");
        let field = format!("/{WHO}");
        let detail = words.into_owned();
        taken.wrong.push(WrongField { field, detail });
    }
}

/// The page before it leaves, unless it was seen; or why it cannot leave.
pub(super) fn first(
    call: &Call,
    view: &CaseView,
    form: &Form,
    fields: &Fields,
    order: &Order,
) -> Option<Result<Answer, No>> {
    if !is_looked_at(form) || is_one_tap(fields) || fields.get("act") == Some("send") {
        return None;
    }
    let own = ["form_token", "once", "act"];
    let kept = fields.pairs().iter();
    let kept = kept.filter(|(name, value)| !own.contains(&name.as_str()) && !value.is_empty());
    let sends = Sends {
        order: order.clone(),
        to: format!("/cases/{}/acts/{SITREP}", view.row.number),
        pairs: kept.cloned().collect(),
    };
    Some(sitrep::look(call, view, &Typed::read(fields), sends))
}

/// Nothing but the tap that nothing has changed.
fn is_one_tap(fields: &Fields) -> bool {
    let said = |name: &&str| fields.get(name).is_some_and(|words| !words.is_empty());
    let others = ["summary", "known", "doing", "need", "outside", "final", WHO];
    said(&"no_change") && !others.iter().any(said)
}
