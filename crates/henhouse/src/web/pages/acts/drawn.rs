//! A form as a page draws it: each field with its words, what stands in it, and what there is to choose.

use jiff::SignedDuration;
use procedure::at::At;

use super::given::Given;
use super::offer::{Offer, offers};
use super::said;
use super::shut::Shut;
use crate::desk::CaseView;
use crate::report::Times;
use crate::report::forms::{Control, Field, Form, Wanted};
use crate::report::translated::told;
use crate::web::pages::frame::Frame;
use crate::web::words::Words;

/// How a field looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Line,
    Long,
    Number,
    Tick,
    Radios,
    Checks,
    Select,
}

/// A field.
pub(super) struct Drawn {
    pub name: String,
    pub label: String,
    pub hint: String,
    pub look: Look,
    pub value: String,
    /// What there is to choose: value, words, chosen.
    pub options: Vec<(String, String, bool)>,
    pub required: bool,
    /// What is said of leaving it empty; nothing where something stands there.
    pub open: String,
    pub error: Option<String>,
    pub folded: bool,
    /// What a rule keeps from being chosen.
    pub shut: Vec<Shut>,
}

impl Drawn {
    /// What says more about it, for those who do not see the page.
    pub(super) fn described(&self) -> String {
        let name = &self.name;
        let mut by = Vec::new();
        if !self.hint.is_empty() {
            by.push(format!("{name}-hint"));
        }
        let mut said = if self.required { " required" } else { "" }.to_owned();
        if self.error.is_some() {
            by.push(format!("{name}-error"));
            said.push_str(" aria-invalid=\"true\"");
        }
        if !by.is_empty() {
            said.push_str(&format!(" aria-describedby=\"{}\"", by.join(" ")));
        }
        said
    }
}

impl Drawn {
    /// There is nothing to choose from.
    pub(super) fn is_empty(&self) -> bool {
        let chooses = matches!(self.look, Look::Radios | Look::Checks | Look::Select);
        chooses && self.options.is_empty()
    }

    /// It can be left open and nothing else.
    pub(super) fn is_idle(&self) -> bool {
        let chooses = matches!(self.look, Look::Radios | Look::Select);
        chooses && !self.required && self.options.iter().all(|(value, ..)| value.is_empty())
    }

    /// The choices are short enough to stand beside one another.
    pub(super) fn is_short(&self) -> bool {
        let letters = self
            .options
            .iter()
            .map(|(_, words, _)| words.chars().count());
        letters.max().unwrap_or_default() <= 14
    }
}

/// Up to so many choices are all seen at once.
const SEEN_AT_ONCE: usize = 7;

/// The names under which a field is sent: one for each block of a briefing and each criterion.
pub(super) fn names(view: &CaseView) -> impl Fn(&str, Control) -> Vec<String> {
    move |name, control| {
        let playbook = &view.basis.playbook;
        let inner = |id: &String| format!("{name}.{id}");
        match control {
            Control::Blocks => {
                let blocks = playbook.command.handover.blocks.iter();
                blocks.map(|block| inner(&block.id)).collect()
            }
            Control::Criteria => {
                let criteria = playbook.assessment.criteria.iter();
                criteria.map(|one| inner(&one.id)).collect()
            }
            _ => vec![name.to_owned()],
        }
    }
}

/// Draws the fields of a form.
pub(super) fn fields(
    form: &Form,
    given: &Given,
    frame: &Frame,
    view: &CaseView,
    at: At,
) -> Vec<Drawn> {
    let draw = |field: &'static Field| -> Vec<Drawn> {
        match field.control {
            Control::Blocks => blocks(field, given, frame, at),
            Control::Criteria => criteria(field, given, frame, at),
            _ => {
                let one = one(form, field, given, frame, view, at);
                let chooses = matches!(one.look, Look::Radios | Look::Checks | Look::Select);
                // Nothing to choose from, and nobody needs it.
                let idle = chooses && one.options.is_empty() && field.wanted != Wanted::Always;
                if idle { Vec::new() } else { vec![one] }
            }
        }
    };
    form.fields.iter().flat_map(draw).collect()
}

fn one(
    form: &Form,
    field: &'static Field,
    given: &Given,
    frame: &Frame,
    view: &CaseView,
    at: At,
) -> Drawn {
    let (look, offered) = look(frame.w, form, field, view, at);
    let chosen = |(value, words): Offer| {
        let on = given.has(field.name, &value);
        (value, words, on)
    };
    let mut options: Vec<_> = offered.into_iter().map(chosen).collect();
    // What a link names and is not among what is open any more is shown all the same.
    if matches!(field.control, Control::One(_) | Control::Nth(_)) {
        let value = given.text(field.name);
        if !value.is_empty() && !options.iter().any(|(_, _, on)| *on) {
            options.push((value.clone(), value, true));
        }
    }
    let look = match look {
        Look::Radios if options.len() > SEEN_AT_ONCE => Look::Select,
        look => look,
    };
    let open = field.wanted != Wanted::Always && look == Look::Radios;
    if open && !options.is_empty() {
        // Without a script, a choice is taken back by another one.
        let none = !options.iter().any(|(_, _, on)| *on);
        let words = frame.w.say("acts-open");
        options.push((String::new(), words.into_owned(), none));
    }
    let hint = said::hint(frame.w, form, field)
        .unwrap_or_else(|| usual_hint(frame.w, field.control, view, at));
    let nothing = matches!(look, Look::Radios | Look::Checks | Look::Select) && options.is_empty();
    Drawn {
        name: field.name.to_owned(),
        label: said::label(frame.w, form, field),
        hint: if nothing {
            frame.w.say("acts-nothing").into_owned()
        } else {
            hint
        },
        look,
        value: shown(frame.w, field.control, given.text(field.name), view, at),
        required: field.wanted == Wanted::Always,
        open: match given.text(field.name).is_empty() {
            true => said::left_open(frame.w, form, field),
            false => String::new(),
        },
        error: frame.error_of(field.name).map(str::to_owned),
        folded: field.wanted == Wanted::Seldom,
        shut: Vec::new(),
        options,
    }
}

/// How a field looks, and what it offers.
fn look(w: Words, form: &Form, field: &Field, view: &CaseView, at: At) -> (Look, Vec<Offer>) {
    let none = Vec::new();
    let word = |set, word: &&str| ((*word).to_owned(), said::choice(w, set, word));
    match field.control {
        Control::Long => (Look::Long, none),
        Control::Number | Control::Entry => (Look::Number, none),
        Control::Tick => (Look::Tick, none),
        Control::YesNo => {
            let yes = ("true".to_owned(), said::yes_or_no(w, form, field, true));
            let no = ("false".to_owned(), said::yes_or_no(w, form, field, false));
            (Look::Radios, vec![yes, no])
        }
        Control::Choice(set) => {
            let words = set.words.iter().map(|one| word(set, one));
            (Look::Radios, words.collect())
        }
        Control::Choices(set) => {
            let words = set.words.iter().map(|one| word(set, one));
            (Look::Checks, words.collect())
        }
        Control::One(of) | Control::Nth(of) => (Look::Radios, offers(of, form.command, view, at)),
        Control::Some(of) => (Look::Checks, offers(of, form.command, view, at)),
        Control::Whose => {
            let ours = ("ours".to_owned(), w.say("acts-ours").into_owned());
            let names = crate::report::Names::new(&view.directory);
            let clients = view.basis.project.stakeholders.iter();
            let clients = clients.filter(|known| known.outside);
            let clients =
                clients.map(|one| (format!("client:{}", one.id), names.stakeholder(&one.id)));
            (Look::Checks, std::iter::once(ours).chain(clients).collect())
        }
        _ => (Look::Line, none),
    }
}

/// A day that is over, as people write it, for the examples in the words about times.
pub(super) fn yesterday(w: Words, view: &CaseView, at: At) -> String {
    let [day, ..] = day(w, view, at, -1);
    day
}

/// A day some days away, its month and its year, as people type them in this language.
fn day(w: Words, view: &CaseView, at: At, away: i64) -> [String; 3] {
    let times = Times::new(view.basis.project.calendar.rules().clone(), at.now);
    let other = at.now.checked_add(SignedDuration::from_hours(24 * away));
    w.language()
        .typed_parts(times.date(other.unwrap_or(at.now)))
}

fn usual_hint(w: Words, control: Control, view: &CaseView, at: At) -> String {
    let hint = match control {
        Control::Time => {
            let [day, ..] = day(w, view, at, 2);
            return w.with("acts-time-hint", "day", day).to_string();
        }
        Control::Claim => {
            let [day, month, year] = day(w, view, at, -1);
            return w
                .with("acts-claim-hint", "day", day)
                .and("month", month)
                .and("year", year)
                .to_string();
        }
        Control::Words => w.say("acts-words-hint"),
        Control::Entries => w.say("acts-entries-hint"),
        Control::Entry => w.say("acts-entry-hint"),
        _ => return String::new(),
    };
    hint.into_owned()
}

/// A time of the API as people write it, in the zone of the project.
fn shown(w: Words, control: Control, value: String, view: &CaseView, at: At) -> String {
    if control != Control::Time {
        return value;
    }
    let times = w.times(view.basis.project.calendar.rules().clone(), at.now);
    match value.parse() {
        Ok(instant) => times.typed(instant),
        Err(_) => value,
    }
}

fn blocks(field: &'static Field, given: &Given, frame: &Frame, at: At) -> Vec<Drawn> {
    let blocks = at.basis.playbook.command.handover.blocks.iter();
    let mut error = frame.error_of(field.name).map(str::to_owned);
    let say = |text: &str| told(&at.basis.playbook, frame.w.lang(), text).words;
    let draw = |block: &procedure::playbook::Block| {
        let name = format!("{}.{}", field.name, block.id);
        Drawn {
            label: say(&block.title),
            hint: say(&block.prompt),
            look: Look::Long,
            open: match block.required || !given.text(&name).is_empty() {
                true => String::new(),
                false => frame.w.say("acts-optional").into_owned(),
            },
            value: given.text(&name),
            options: Vec::new(),
            // What is left out can be added before it is taken.
            required: false,
            error: error.take(),
            folded: false,
            shut: Vec::new(),
            name,
        }
    };
    blocks.map(draw).collect()
}

fn criteria(field: &'static Field, given: &Given, frame: &Frame, at: At) -> Vec<Drawn> {
    let criteria = at.basis.playbook.assessment.criteria.iter();
    let mut error = frame.error_of(field.name).map(str::to_owned);
    let draw = |criterion: &procedure::playbook::Criterion| {
        let name = format!("{}.{}", field.name, criterion.id);
        let answer = |word: &str, words: &str| {
            let on = given.has(&name, word);
            (word.to_owned(), words.to_owned(), on)
        };
        let options = vec![
            answer("yes", &frame.w.say("acts-yes")),
            answer("no", &frame.w.say("acts-no")),
            answer("unknown", &frame.w.say("acts-choice-answer-unknown")),
        ];
        Drawn {
            label: criterion.question.clone(),
            hint: String::new(),
            look: Look::Radios,
            value: String::new(),
            options,
            required: false,
            open: String::new(),
            error: error.take(),
            folded: false,
            shut: Vec::new(),
            name,
        }
    };
    criteria.map(draw).collect()
}
