//! A refusal as a page shows it: the rule, what would make it a yes as links to the acts that settle it,
//! and, where it may be, doing it all the same with a reason.

use procedure::{Missing, Refusal, Rule};

use super::said;
use super::shut::Nothing;
use super::verb::{Verb, link};
use crate::desk::CaseView;
use crate::report::Names;
use crate::report::by_hand::ByHand;
use crate::web::words::Words;

/// A refusal.
#[derive(Default)]
pub(super) struct No {
    /// The rule's id and what it says; empty where no rule says no.
    pub rule: String,
    pub rule_says: String,
    pub sentence: String,
    pub yes_when: String,
    /// What is missing, each with the act that settles it.
    pub missing: Vec<Lacks>,
    /// The rules that may be waived: id, words, ticked.
    pub waive: Vec<(String, String, bool)>,
    /// At High it could happen now: the link that raises it.
    pub high: Option<String>,
    /// It is said in the words of the page, not of the engine.
    pub ours: bool,
}

/// Something that is missing.
pub(super) struct Lacks {
    /// Empty where the refusal has said it.
    pub words: String,
    pub href: String,
    pub act: String,
}

impl Lacks {
    pub(super) fn of(missing: &Missing, view: &CaseView, w: Words) -> Self {
        let act = ByHand::lacking(&view.case, &view.basis, missing);
        Self {
            words: format!("{} {}", missing.sentence, missing.yes_when),
            href: link(&view.row.number.to_string(), &act),
            act: Verb::here(view, &act).map_or_else(
                || said::title_in(w, &act.command).into_owned(),
                |verb| verb.says(w).into_owned(),
            ),
        }
    }
}

impl No {
    /// What a refusal says in this case, with the rules that are ticked already.
    pub(super) fn of(refusal: &Refusal, view: &CaseView, ticked: &[String], w: Words) -> Self {
        let refusal = &Names::new(&view.directory).refusal(refusal.clone());
        // The one thing that is missing is the sentence itself.
        let alone = matches!(refusal.missing.as_slice(), [one] if one.sentence == refusal.sentence);
        let lacks = |missing: &Missing| {
            let mut lacks = Lacks::of(missing, view, w);
            if alone {
                lacks.words.clear();
            }
            lacks
        };
        let mut rules: Vec<Rule> = Vec::new();
        if refusal.waivable {
            let missing = refusal.missing.iter().filter_map(|one| one.rule);
            rules.extend(missing);
            if rules.is_empty() {
                rules.extend(refusal.rule);
            }
        }
        rules.dedup();
        let high = refusal
            .high_would_allow
            .then(|| format!("/cases/{}/acts/set_severity?severity=high", view.row.number));
        let mut no = Self {
            rule: refusal
                .rule
                .map_or_else(String::new, |rule| rule.id().to_owned()),
            rule_says: refusal
                .rule
                .map_or_else(String::new, |rule| rule.sentence().to_owned()),
            sentence: refusal.sentence.clone(),
            yes_when: refusal.yes_when.clone(),
            missing: refusal.missing.iter().map(lacks).collect(),
            waive: Vec::new(),
            high,
            ours: false,
        };
        no.tick(ticked);
        let fresh = rules
            .into_iter()
            .filter(|rule| !ticked.iter().any(|one| one == rule.id()));
        let fresh: Vec<_> = fresh
            .map(|rule| (rule.id().to_owned(), words(rule), false))
            .collect();
        no.waive.extend(fresh);
        no
    }

    /// There is nothing to choose from, and what comes first.
    pub(super) fn nothing(none: &Nothing, view: &CaseView, w: Words) -> Self {
        let first = none.first.map(|command| {
            let act = ByHand::about(command, &[]);
            Lacks {
                words: String::new(),
                href: link(&view.row.number.to_string(), &act),
                act: said::title_in(w, command).into_owned(),
            }
        });
        Self {
            sentence: none.says(w),
            missing: first.into_iter().collect(),
            ours: true,
            ..Self::default()
        }
    }

    /// Nothing was refused now; these rules were ticked.
    pub(super) fn none(ticked: &[String]) -> Self {
        let mut no = Self::default();
        no.tick(ticked);
        no
    }

    fn tick(&mut self, ticked: &[String]) {
        let known = Rule::ALL
            .iter()
            .filter(|rule| ticked.iter().any(|one| one == rule.id()));
        self.waive = known
            .map(|rule| (rule.id().to_owned(), words(*rule), true))
            .collect();
    }

    /// There is something to show.
    pub(super) fn says(&self) -> bool {
        !self.sentence.is_empty()
    }
}

fn words(rule: Rule) -> String {
    format!("{}: {}", rule.id(), rule.sentence())
}
