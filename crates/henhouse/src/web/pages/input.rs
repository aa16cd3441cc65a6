//! A field of a form as data: its words, what stands in it, what there is to choose, what is wrong. Drawn by
//! `templates/input.html`; a page lists its fields and never their HTML.

use super::frame::Frame;
use crate::web::words::{Words, key};

/// How a field looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// One line.
    Line,
    /// Several lines, so many to begin with.
    Long(u8),
    /// A tick.
    Tick,
    /// One of a few, all seen.
    Radios,
    /// Any of some, all seen.
    Checks,
    /// One of many.
    Select,
}

/// A field.
#[derive(Clone, Debug)]
pub(super) struct Input {
    pub name: &'static str,
    pub label: String,
    pub hint: String,
    pub look: Look,
    /// The type of a line: `text`, `email`, `tel`.
    pub kind: &'static str,
    /// What the browser may fill in.
    pub auto: &'static str,
    pub value: String,
    /// What there is to choose: value, words, chosen.
    pub options: Vec<(String, String, bool)>,
    pub required: bool,
    pub error: Option<String>,
}

impl Input {
    fn new(name: &'static str, look: Look, label: impl Into<String>) -> Self {
        Self {
            name,
            label: label.into(),
            hint: String::new(),
            look,
            kind: "text",
            auto: "off",
            value: String::new(),
            options: Vec::new(),
            required: false,
            error: None,
        }
    }

    /// One line of text.
    pub(super) fn line(name: &'static str, label: impl Into<String>, value: &str) -> Self {
        Self::new(name, Look::Line, label).with_value(value)
    }

    /// Several lines of text.
    pub(super) fn long(
        name: &'static str,
        rows: u8,
        label: impl Into<String>,
        value: &str,
    ) -> Self {
        Self::new(name, Look::Long(rows), label).with_value(value)
    }

    /// A tick.
    pub(super) fn tick(name: &'static str, label: impl Into<String>, on: bool) -> Self {
        let tick = Self::new(name, Look::Tick, label);
        tick.with_value(if on { "true" } else { "" })
    }

    /// Something to choose.
    pub(super) fn choice(
        name: &'static str,
        look: Look,
        label: impl Into<String>,
        options: Vec<(String, String, bool)>,
    ) -> Self {
        let mut choice = Self::new(name, look, label);
        choice.options = options;
        choice
    }

    fn with_value(mut self, value: &str) -> Self {
        value.clone_into(&mut self.value);
        self
    }

    /// With a sentence before the field that says more.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// It must be filled in.
    pub(super) fn needed(mut self) -> Self {
        self.required = true;
        self
    }

    /// A line of this type, which the browser fills in so.
    pub(super) fn of_kind(mut self, kind: &'static str, auto: &'static str) -> Self {
        (self.kind, self.auto) = (kind, auto);
        self
    }

    /// With what the page says is wrong with it.
    pub(super) fn told(mut self, frame: &Frame) -> Self {
        self.error = frame.error_of(self.name).map(str::to_owned);
        self
    }

    /// What says more about it, for those who do not see the page.
    pub(super) fn described(&self) -> String {
        let name = self.name;
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

    /// How many rows a longer text begins with.
    pub(super) fn rows(&self) -> u8 {
        match self.look {
            Look::Long(rows) => rows,
            _ => 1,
        }
    }

    pub(super) fn is_tick(&self) -> bool {
        self.look == Look::Tick
    }

    pub(super) fn is_radio(&self) -> bool {
        self.look == Look::Radios
    }

    /// Several choices that are all seen.
    pub(super) fn is_set(&self) -> bool {
        matches!(self.look, Look::Radios | Look::Checks)
    }

    pub(super) fn is_select(&self) -> bool {
        self.look == Look::Select
    }

    pub(super) fn is_long(&self) -> bool {
        matches!(self.look, Look::Long(_))
    }

    /// The choices are short enough to stand beside one another.
    pub(super) fn is_short(&self) -> bool {
        let letters = self.options.iter();
        let letters = letters.map(|(_, words, _)| words.chars().count());
        letters.max().unwrap_or_default() <= 14
    }
}

/// Yes, no, or nobody has said.
pub(super) fn yes_no(
    words: Words,
    name: &'static str,
    label: impl Into<String>,
    value: Option<bool>,
) -> Input {
    let option = |word: &str, id: &str, on: bool| (word.to_owned(), words.say(id).into_owned(), on);
    let options = vec![
        option("yes", key("frame-yes"), value == Some(true)),
        option("no", key("frame-no"), value == Some(false)),
        option("", key("frame-unknown"), value.is_none()),
    ];
    Input::choice(name, Look::Radios, label, options)
}
