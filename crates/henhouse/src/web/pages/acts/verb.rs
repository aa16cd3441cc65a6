//! What settles a row of a board, as a page offers it: one tap where nothing is left to say, else the
//! form, filled in.

use std::borrow::Cow;

use super::given::Given;
use super::said;
use crate::desk::CaseView;
use crate::report::Names;
use crate::report::by_hand::ByHand;
use crate::report::forms::{self, Form, Wanted};
use crate::web::words::Words;

/// Acts that need nothing but the tap, once it is known what they are about.
const ONE_TAP: &[&str] = &[
    "acknowledge",
    "join",
    "still_here",
    "acknowledge_hold",
    "start_lead",
    "start_step",
];

const SENDS_HOME: &str = "send_home";

/// An act, ready to be done.
pub(in crate::web::pages) struct Verb {
    command: &'static str,
    /// What its button says, where that is more than what the act is called.
    pub called: Option<String>,
    /// The number of what it is about, where its button has the room to say it.
    about: Option<String>,
    /// Where its form is.
    pub href: String,
    /// Where it is sent, and with which fields, if a tap is enough.
    pub tap: Option<(String, Vec<(String, String)>)>,
}

impl Verb {
    /// An act of a case; nothing where it has no form.
    pub(in crate::web::pages) fn of(number: &str, act: &ByHand) -> Option<Self> {
        let form = forms::find(&act.command)?;
        let given = Given::known(act);
        let asked = form
            .fields
            .iter()
            .filter(|field| field.wanted == Wanted::Always);
        let all_known = asked
            .into_iter()
            .all(|field| !given.all(field.name).is_empty());
        let tap = ONE_TAP.contains(&form.command) && all_known;
        let place = format!("/cases/{number}/acts/{}", form.command);
        Some(Self {
            command: form.command,
            called: None,
            about: named(form, &given),
            href: link(number, act),
            tap: tap.then(|| (place, given.pairs())),
        })
    }
}

impl Verb {
    /// The same in a case: with the name of the one person whom it is about; what begins a disruption is looked at first.
    pub(in crate::web::pages) fn here(view: &CaseView, act: &ByHand) -> Option<Self> {
        let names = Names::new(&view.directory);
        let whom = act.person().map(|person| names.person(&person));
        let verb = Self::of(&view.row.number.to_string(), act)?;
        Some(
            verb.naming(whom)
                .looked_at(act.begins_a_disruption(&view.case)),
        )
    }

    /// Its form is opened before it is done, where that is so.
    #[must_use]
    pub(in crate::web::pages) fn looked_at(mut self, first: bool) -> Self {
        self.tap = self.tap.filter(|_| !first);
        self
    }

    /// With the name of the one person whom it is about: `Send Bob home`.
    #[must_use]
    pub(in crate::web::pages) fn naming(mut self, who: Option<String>) -> Self {
        if self.command == SENDS_HOME {
            self.about = who;
        }
        self
    }

    /// What its button says.
    pub(in crate::web::pages) fn says(&self, w: Words) -> Cow<'_, str> {
        match (&self.called, &self.about) {
            (Some(words), _) => Cow::Borrowed(words.as_str()),
            (None, Some(about)) => Cow::Owned(said::about(w, self.command, about)),
            (None, None) => said::title_in(w, self.command),
        }
    }
}

/// The number of the lead, step or disruption that an act is about, or which milestone.
fn named(form: &Form, given: &Given) -> Option<String> {
    let field = form.fields.first()?;
    let number = given.text(field.name);
    let says = form.command == said::MILESTONE || said::NUMBERED.contains(&form.command);
    (says && !number.is_empty()).then_some(number)
}

/// The address of an act's form, filled in with what is known.
pub(super) fn link(number: &str, act: &ByHand) -> String {
    // What everybody gets is seen before it leaves.
    if act.command == "warn_colleagues" {
        return format!("/warn?of={number}");
    }
    if let Some(place) = own_page(act) {
        return format!("/cases/{number}/{place}");
    }
    let query = Given::known(act).query();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/cases/{number}/acts/{}{mark}{query}", act.command)
}

/// The page of an act that has one of its own.
fn own_page(act: &ByHand) -> Option<String> {
    let known = Given::known(act);
    let about = known.text("disruption");
    Some(match act.command.as_str() {
        "answer_question" => match known.text("question").as_str() {
            "happened" => "assess/real".to_owned(),
            "sensitive_data" => "assess/data".to_owned(),
            "dependency" => "assess/dependency".to_owned(),
            _ => return None,
        },
        "decide_contingency" => "assess/contingency".to_owned(),
        "confirm" => "assess/check".to_owned(),
        "publish_sitrep" if known.all("final").is_empty() => "sitrep".to_owned(),
        "publish_sitrep" => "sitrep?final=true".to_owned(),
        "request_disruption" => match known.text("steps") {
            none if none.is_empty() => "disrupt".to_owned(),
            steps => format!("disrupt?steps={}", crate::web::fields::escaped(&steps)),
        },
        "start_disruption"
        | "answer_disruption"
        | "team_vote"
        | "record_contact"
        | "settle_disruption"
        | "send_disruption_notice"
        | "end_disruption"
            if !about.is_empty() =>
        {
            format!("disrupt/{}", crate::web::fields::escaped(&about))
        }
        "offer_handover" => "handover".to_owned(),
        "read_back" | "accept_handover" if known.all("role").is_empty() => "handover".to_owned(),
        "take_over" | "confirm_take_over" => "handover".to_owned(),
        _ => return None,
    })
}
