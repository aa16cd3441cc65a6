//! Subjects. A mail's subject has 78 characters at most; what rings says number, severity,
//! verb and deadline in its first 45, because that is what a phone shows.

use procedure::playbook::Severity;

use super::Scene;

/// The longest subject, in characters (RFC 5322 advises 78 for a line).
pub const SUBJECT_LIMIT: usize = 78;
/// So many characters are seen on a locked phone.
pub const GLANCE_LIMIT: usize = 45;

/// What is asked, in falling length: the first that fits the glance is taken.
pub(super) struct Ask<'a> {
    /// Such as `please take it`.
    pub long: &'a str,
    /// Such as `take it`.
    pub short: &'a str,
    /// Such as `by 03:22 UTC`; may be empty.
    pub by: &'a str,
}

/// A subject that rings: `HH-142 HIGH: please take it by 03:22 UTC - Root login on web-2`.
pub(super) fn ringing(scene: &Scene, ask: &Ask) -> String {
    let glance = glance(scene, ask);
    match title(scene) {
        Some(title) => cut(&format!("{glance} - {title}"), SUBJECT_LIMIT),
        None => glance,
    }
}

/// The first part of a ringing subject: no content, so it may go anywhere.
pub(super) fn glance(scene: &Scene, ask: &Ask) -> String {
    let severity = scene.case.part.assess.severity;
    let tries = [
        (severity_word(severity), ask.long),
        (severity_word(severity), ask.short),
        (severity_short(severity), ask.short),
    ];
    let say = |(severity, verb): (&str, &str)| {
        let subject = format!(
            "{}{} {severity}: {verb} {}",
            drill(scene),
            scene.number,
            ask.by
        );
        subject.trim_end().to_owned()
    };
    let fits = |subject: &String| subject.chars().count() <= GLANCE_LIMIT;
    let all = tries.map(say);
    let [_, _, shortest] = &all;
    all.iter()
        .find(|subject| fits(subject))
        .unwrap_or(shortest)
        .clone()
}

/// A subject from the playbook's words, the same for all mails of a case and sort.
pub(super) fn fixed(scene: &Scene, template: &str) -> String {
    let title = title(scene).unwrap_or_else(|| scene.number.to_owned());
    filled(scene, template, &title)
}

/// The same for people outside: the number stands for the title, which is the reporter's words as a rule.
pub(super) fn nameless(scene: &Scene, template: &str) -> String {
    filled(scene, template, scene.number)
}

fn filled(scene: &Scene, template: &str, title: &str) -> String {
    let words = template
        .replace("{noun}", scene.case.noun())
        .replace("{number}", scene.number)
        .replace("{title}", title);
    cut(&format!("{}{words}", drill(scene)), SUBJECT_LIMIT)
}

/// The case's title where a subject may name it: never of a restricted case (M23).
pub(super) fn title(scene: &Scene) -> Option<String> {
    let open = !scene.case.part.secrecy.restricted;
    open.then(|| super::title(scene.case)).flatten()
}

/// `DRILL ` in a drill, else nothing.
pub(super) fn drill(scene: &Scene) -> &'static str {
    if scene.drill { "DRILL " } else { "" }
}

/// The severity as it is shouted in a subject.
pub(super) fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "HIGH",
        Severity::Medium => "MEDIUM",
        Severity::Low => "LOW",
        Severity::Unknown => "not assessed",
    }
}

fn severity_short(severity: Severity) -> &'static str {
    match severity {
        Severity::Medium => "MED",
        Severity::Unknown => "unassessed",
        other => severity_word(other),
    }
}

/// Cuts at a character, with an ellipsis.
pub(super) fn cut(words: &str, limit: usize) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() <= limit {
        return words;
    }
    let kept: String = words.chars().take(limit.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}
