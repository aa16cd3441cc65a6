//! Patterns of alert rules and routes: regular expressions as Opsgenie has them, which must fit the whole of what they are asked of.
//!
//! A pattern is worked out into a table once; asking it takes one look at each byte, whatever it says and whoever wrote the
//! text. What the table cannot say, or says otherwise than Java, in whose words Opsgenie's are, is refused with its name.
//! What a pattern decided stands in the journal, so that no later version of it changes a case.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::nfa::thompson::pikevm::PikeVM;
use regex_automata::{Anchored, Input};
use regex_syntax::ast::parse::ParserBuilder;
use regex_syntax::ast::{
    AssertionKind, Ast, ClassAscii, ClassAsciiKind, ClassBracketed, ClassPerl, ClassPerlKind,
    ClassSet, ClassSetBinaryOpKind, ClassSetItem, ErrorKind, Flag, Flags, FlagsItem, FlagsItemKind,
    Group, GroupKind, Literal, LiteralKind, SpecialLiteralKind,
};
use regex_syntax::hir::translate::TranslatorBuilder;
use regex_syntax::hir::{Hir, Look};

pub use procedure::project::LONGEST_PATTERN;

/// So deep may brackets stand in brackets.
const NEST_LIMIT: u32 = 32;
/// The table of one pattern, in bytes, and what it may take to make it.
const TABLE_LIMIT: usize = 256 * 1024;
/// Before the table there is a list of steps; so large may it be, in bytes.
const STEPS_LIMIT: usize = 256 * 1024;
/// So large may the list of steps be where something is found by it, in bytes: each step costs time at each letter.
const FINDING_LIMIT: usize = 32 * 1024;
/// Tables that are kept, in bytes.
const KEPT_LIMIT: usize = 16 * 1024 * 1024;

/// A pattern that was worked out.
#[derive(Debug)]
pub struct Pattern(dense::DFA<Vec<u32>>);

impl Pattern {
    /// Works it out.
    ///
    /// # Errors
    /// What in it cannot be said here, as the end of a sentence.
    pub fn new(text: &str) -> Result<Self, String> {
        let whole = [Hir::look(Look::Start), meaning(text)?, Hir::look(Look::End)];
        let whole = Hir::concat(whole.into());
        let steps = thompson::Compiler::new()
            .configure(thompson::Config::new().nfa_size_limit(Some(STEPS_LIMIT)))
            .build_from_hir(&whole)
            .map_err(|_| too_large())?;
        let table = dense::Builder::new()
            .configure(
                dense::Config::new()
                    .start_kind(StartKind::Anchored)
                    .dfa_size_limit(Some(TABLE_LIMIT))
                    .determinize_size_limit(Some(TABLE_LIMIT)),
            )
            .build_from_nfa(&steps);
        Ok(Self(table.map_err(|_| too_large())?))
    }

    /// Whether the whole of it fits.
    #[must_use]
    pub fn fits(&self, said: &str) -> bool {
        let input = Input::new(said).anchored(Anchored::Yes);
        matches!(self.0.try_search_fwd(&input), Ok(Some(_)))
    }
}

/// A pattern that finds something: what stands in its first brackets, wherever the whole of it fits first.
#[derive(Debug)]
pub struct Finder(PikeVM);

impl Finder {
    /// Works it out.
    ///
    /// # Errors
    /// What in it cannot be said here, as the end of a sentence.
    pub fn new(text: &str) -> Result<Self, String> {
        let steps = thompson::Compiler::new()
            .configure(thompson::Config::new().nfa_size_limit(Some(FINDING_LIMIT)))
            .build_from_hir(&meaning(text)?)
            .map_err(|_| too_large())?;
        if steps.group_info().all_group_len() < 2 {
            return Err(
                "it has no brackets around what is to be found, such as Host (\\S+)".to_owned(),
            );
        }
        let finder = PikeVM::new_from_nfa(steps);
        finder.map(Self).map_err(|_| too_large())
    }

    /// What it finds first.
    #[must_use]
    pub fn find<'a>(&self, said: &'a str) -> Option<&'a str> {
        let (mut room, mut found) = (self.0.create_cache(), self.0.create_captures());
        self.0.captures(&mut room, said, &mut found);
        said.get(found.get_group(1)?.range())
    }
}

/// Reads a pattern, and gives it the meaning that it has in Java.
fn meaning(text: &str) -> Result<Hir, String> {
    let parsed = ParserBuilder::new()
        .nest_limit(NEST_LIMIT)
        .build()
        .parse(text);
    let mut ast = parsed.map_err(|error| refused(error.kind()))?;
    as_in_java(&mut ast)?;
    let translated = TranslatorBuilder::new().build().translate(text, &ast);
    translated.map_err(|error| format!("it cannot be read: {}", error.kind()))
}

fn too_large() -> String {
    "it is too large when worked out: repeat less, or say it with several".to_owned()
}

/// Patterns that were worked out already, by their words.
#[derive(Default)]
pub struct Patterns(Mutex<BTreeMap<String, Option<Arc<Pattern>>>>);

impl Patterns {
    /// The pattern; nothing where it cannot be worked out, by this version.
    pub fn get(&self, text: &str) -> Option<Arc<Pattern>> {
        if let Some(known) = self.lock().get(text) {
            return known.clone();
        }
        // Outside the lock: whoever asks for another one does not wait for this.
        let made = Pattern::new(text).ok().map(Arc::new);
        let mut kept = self.lock();
        let size = |pattern: &Option<Arc<Pattern>>| {
            let table = pattern.as_ref().map(|pattern| pattern.0.memory_usage());
            table.unwrap_or_default() + 1024
        };
        if kept.values().map(size).sum::<usize>() > KEPT_LIMIT {
            kept.clear();
        }
        kept.insert(text.to_owned(), made.clone());
        made
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Option<Arc<Pattern>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refused(kind: &ErrorKind) -> String {
    match kind {
        ErrorKind::UnsupportedLookAround => {
            "it looks ahead or behind ((?=, (?!, (?<=, (?<!), which is not done here: it has no bound"
                .to_owned()
        }
        ErrorKind::UnsupportedBackreference => {
            "it says again what it found before (\\1), which is not done here: it has no bound"
                .to_owned()
        }
        ErrorKind::FlagUnrecognized => {
            "it begins a group with a word that is not known here, such as (?> or (?d)".to_owned()
        }
        ErrorKind::EscapeUnrecognized => {
            "it has a letter behind a backslash that means nothing here, such as \\Q, \\R or \\h"
                .to_owned()
        }
        kind => format!("it cannot be read: {kind}"),
    }
}

/// Makes of it what it means in Java, where that is something else; refuses what means something else and cannot be said.
/// It goes no deeper than the parser went.
fn as_in_java(ast: &mut Ast) -> Result<(), String> {
    match ast {
        Ast::Repetition(again) => {
            if matches!(&*again.ast, Ast::Repetition(_)) {
                return Err(
                    "it takes as much as it can and gives nothing back (a*+, a++, a?+), which is not done here".to_owned(),
                );
            }
            as_in_java(&mut again.ast)?;
        }
        Ast::Group(group) => {
            if let GroupKind::NonCapturing(flags) = &group.kind {
                known_flags(flags)?;
            }
            as_in_java(&mut group.ast)?;
        }
        Ast::Flags(flags) => known_flags(&flags.flags)?,
        Ast::Alternation(all) => all.asts.iter_mut().try_for_each(as_in_java)?,
        Ast::Concat(all) => all.asts.iter_mut().try_for_each(as_in_java)?,
        Ast::Literal(literal) => known_literal(literal)?,
        Ast::ClassBracketed(class) => class_as_in_java(&mut class.kind)?,
        Ast::ClassPerl(class) => {
            let item = ClassSetItem::Ascii(ascii(class));
            *ast = Ast::class_bracketed(ClassBracketed {
                span: class.span,
                negated: false,
                kind: ClassSet::Item(item),
            });
        }
        Ast::Assertion(assertion) => match assertion.kind {
            AssertionKind::StartLine
            | AssertionKind::EndLine
            | AssertionKind::StartText
            | AssertionKind::EndText => {}
            AssertionKind::WordBoundary | AssertionKind::NotWordBoundary => {
                let span = assertion.span;
                let item = |kind| FlagsItem { span, kind };
                let items = vec![
                    item(FlagsItemKind::Negation),
                    item(FlagsItemKind::Flag(Flag::Unicode)),
                ];
                let inner = Ast::assertion((**assertion).clone());
                *ast = Ast::group(Group {
                    span,
                    kind: GroupKind::NonCapturing(Flags { span, items }),
                    ast: Box::new(inner),
                });
            }
            _ => return Err("it has a \\b{…} that means nothing here".to_owned()),
        },
        Ast::ClassUnicode(_) => return Err(named_letters()),
        Ast::Empty(_) | Ast::Dot(_) => {}
    }
    Ok(())
}

fn class_as_in_java(set: &mut ClassSet) -> Result<(), String> {
    match set {
        ClassSet::Item(item) => item_as_in_java(item),
        ClassSet::BinaryOp(both) => {
            if both.kind != ClassSetBinaryOpKind::Intersection {
                return Err("it has -- or ~~ within brackets: put a backslash before it".to_owned());
            }
            class_as_in_java(&mut both.lhs)?;
            class_as_in_java(&mut both.rhs)
        }
    }
}

fn item_as_in_java(item: &mut ClassSetItem) -> Result<(), String> {
    match item {
        ClassSetItem::Perl(class) => *item = ClassSetItem::Ascii(ascii(class)),
        ClassSetItem::Literal(literal) => known_literal(literal)?,
        ClassSetItem::Bracketed(class) => class_as_in_java(&mut class.kind)?,
        ClassSetItem::Union(union) => union.items.iter_mut().try_for_each(item_as_in_java)?,
        ClassSetItem::Ascii(_) => {
            return Err("it has [[:…:]], which means something else in Java".to_owned());
        }
        ClassSetItem::Unicode(_) => return Err(named_letters()),
        ClassSetItem::Empty(_) | ClassSetItem::Range(_) => {}
    }
    Ok(())
}

/// Java's names of letters are not ours, and which of ours are known hangs on how this program was built.
fn named_letters() -> String {
    "it names a class of letters by \\p{…}, which is not done here".to_owned()
}

/// `\d`, `\s` and `\w` are of plain letters.
fn ascii(class: &ClassPerl) -> ClassAscii {
    let kind = match class.kind {
        ClassPerlKind::Digit => ClassAsciiKind::Digit,
        ClassPerlKind::Space => ClassAsciiKind::Space,
        ClassPerlKind::Word => ClassAsciiKind::Word,
    };
    ClassAscii {
        span: class.span,
        kind,
        negated: class.negated,
    }
}

fn known_literal(literal: &Literal) -> Result<(), String> {
    match literal.kind {
        LiteralKind::Special(SpecialLiteralKind::VerticalTab) => {
            Err("it has \\v, which means something else in Java".to_owned())
        }
        _ => Ok(()),
    }
}

fn known_flags(flags: &Flags) -> Result<(), String> {
    let known = |item: &FlagsItem| {
        let known = [
            Flag::CaseInsensitive,
            Flag::MultiLine,
            Flag::DotMatchesNewLine,
            Flag::IgnoreWhitespace,
        ];
        match item.kind {
            FlagsItemKind::Negation => true,
            FlagsItemKind::Flag(flag) => known.contains(&flag),
        }
    };
    match flags.items.iter().all(known) {
        true => Ok(()),
        false => Err(
            "it has a flag that means something else in Java: (?i), (?m), (?s) and (?x) are known"
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use super::*;

    #[test]
    fn a_pattern_fits_the_whole_or_not_at_all_as_java_has_it() {
        for (pattern, fits, not) in [
            // Opsgenie's own example.
            (".*(Critical|Error|Down).*", "Web Down again", "all is well"),
            ("db", "db", "db-1"),
            ("^db-\\d+$", "db-12", "db-x"),
            ("(?i)ERROR.*", "error: disk", "an error"),
            ("[a-z&&[^aeiou]]+", "hnh", "hen"),
            ("\\w+", "hen_1", "h\u{fc}hner"),
            ("\\d{3}", "123", "\u{661}\u{662}\u{663}"),
            ("a|ab", "ab", "abb"),
            (".*\\bfox\\b.*", "a fox, red", "foxes"),
            ("\\S+\\s\\S+", "a\tb", "a\u{a0}b"),
            (".", "\u{1f98a}", "\n"),
            ("(?s).*end", "a\nend", "a\nend\n"),
            ("(?x) a b # and more", "ab", "a b"),
            ("", "", "a"),
        ] {
            let made = Pattern::new(pattern).unwrap();
            assert!(made.fits(fits), "{pattern} {fits}");
            assert!(!made.fits(not), "{pattern} {not}");
        }
    }

    #[test]
    fn what_cannot_be_said_is_refused_by_its_name() {
        for (pattern, why) in [
            ("(?=a)b", "looks ahead"),
            ("(?<!a)b", "looks ahead"),
            ("(a)\\1", "says again"),
            ("a*+b", "gives nothing back"),
            ("a++", "gives nothing back"),
            ("a{2}+", "gives nothing back"),
            ("(?>a)", "(?>"),
            ("\\Qa.b\\E", "\\Q"),
            ("\\p{Lower}", "\\p{"),
            ("[\\p{L}a]", "\\p{"),
            ("\\v", "\\v"),
            ("(?U)a", "flag"),
            ("[a--b]", "--"),
            ("(a", "cannot be read"),
            ("[z-a]", "cannot be read"),
        ] {
            let said = Pattern::new(pattern).unwrap_err();
            assert!(said.contains(why), "{pattern}: {said}");
        }
    }

    #[test]
    fn what_would_grow_without_bound_is_refused_and_what_would_be_slow_elsewhere_is_not() {
        for pattern in [
            "((a{100}){100}){100}",
            "(?i).*(a|b|[\u{e0}-\u{2ff}]){500}.*",
        ] {
            assert!(Pattern::new(pattern).unwrap_err().contains("too large"));
        }
        assert!(Pattern::new(&"(".repeat(500)).is_err());
        assert!(
            Pattern::new(".*x.{20}").unwrap_err().contains("too large"),
            "a million states"
        );
        // These take for ever where one walks back.
        let said = "a".repeat(16 * 1024) + "!";
        for pattern in ["(a+)+", "(a|aa)*", "(.*a){9}", "(a?){40}a{40}"] {
            assert!(!Pattern::new(pattern).unwrap().fits(&said) || pattern == "(.*a){9}");
        }
    }

    #[test]
    fn what_stands_in_the_first_brackets_is_found_where_the_whole_fits_first() {
        for (pattern, said, found) in [
            (
                "Alert: (\\S+)/",
                "** PROBLEM Alert: coop/HTTP **",
                Some("coop"),
            ),
            (
                "(?:host|node) (\\w+)",
                "a node hen1, a host hen2",
                Some("hen1"),
            ),
            ("#(\\d+)", "Caf\u{e9} #42", Some("42")),
            ("(\u{e9}.)", "Caf\u{e9}s", Some("\u{e9}s")),
            ("^(\\w+)$", "two words", None),
            ("a(b)?c", "ac", None),
        ] {
            assert_eq!(Finder::new(pattern).unwrap().find(said), found, "{pattern}");
        }
        let no_brackets = Finder::new("hen").unwrap_err();
        assert!(no_brackets.contains("no brackets"), "{no_brackets}");
        assert!(Finder::new("(?=a)(b)").unwrap_err().contains("looks ahead"));
        assert!(
            Finder::new("((a{100}){100})")
                .unwrap_err()
                .contains("too large")
        );
    }

    #[test]
    fn what_is_kept_has_a_bound() {
        let all = Patterns::default();
        for n in 0..200 {
            assert!(
                all.get(&format!("(?i).*[a-m]{{9}}hen{n}[a-m]{{9}}.*"))
                    .is_some()
            );
        }
        let one = all.get("hen").unwrap();
        assert!(Arc::ptr_eq(&one, &all.get("hen").unwrap()));
        let kept = all.lock();
        let tables = kept.values().flatten().map(|one| one.0.memory_usage());
        assert!(tables.sum::<usize>() <= KEPT_LIMIT + TABLE_LIMIT);
        drop(kept);
        assert!(all.get("(a").is_none());
    }
}
