//! The conformance report: for each rule, done, late, waived, not applicable or open.

use procedure::{Finding, Outcome, conformance};

use super::sheet::Sheet;
use super::{Names, Times, text, time};

/// Whether an outcome belongs to a part of the report.
type Belongs = fn(&Outcome) -> bool;

/// The parts of the report: what was not kept comes first.
const PARTS: [(&str, Belongs); 5] = [
    ("Not kept", |o| {
        matches!(o, Outcome::Missing { .. } | Outcome::Late { .. })
    }),
    ("Waived", |o| matches!(o, Outcome::Waived { .. })),
    ("Open", |o| matches!(o, Outcome::Open { .. })),
    ("Kept", |o| matches!(o, Outcome::Done { .. })),
    ("Not applicable", |o| {
        matches!(o, Outcome::NotApplicable { .. })
    }),
];

/// The findings by the parts of the report, what was not kept first; a part may be empty.
#[must_use]
pub fn parts(findings: &[Finding]) -> Vec<(&'static str, Vec<&Finding>)> {
    let part = |(head, belongs): (&'static str, Belongs)| {
        let of_part = findings.iter().filter(|finding| belongs(&finding.outcome));
        (head, of_part.collect())
    };
    PARTS.into_iter().map(part).collect()
}

/// The whole report as Markdown. What was not kept comes first.
#[must_use]
pub fn document(sheet: &Sheet) -> String {
    let findings = conformance(sheet.case, sheet.basis, sheet.now);
    let (names, times) = (sheet.names(), sheet.times());
    let mut out = sheet.heading("Conformance report");
    out.push_str(&format!("\n{}\n", summary(&findings)));
    for (title, part) in parts(&findings) {
        let lines = part.into_iter().map(|found| line(names, &times, found));
        let lines: Vec<String> = lines.collect();
        if !lines.is_empty() {
            out.push_str(&super::sheet::section(title, &lines, ""));
        }
    }
    out.push_str(&sheet.footer());
    out
}

/// How many rules were kept, late, not kept, waived, are open, and do not apply.
#[must_use]
pub fn counts(findings: &[Finding]) -> [usize; 6] {
    let count = |belongs: Belongs| {
        findings
            .iter()
            .filter(|finding| belongs(&finding.outcome))
            .count()
    };
    [
        count(|o| matches!(o, Outcome::Done { .. })),
        count(|o| matches!(o, Outcome::Late { .. })),
        count(|o| matches!(o, Outcome::Missing { .. })),
        count(|o| matches!(o, Outcome::Waived { .. })),
        count(|o| matches!(o, Outcome::Open { .. })),
        count(|o| matches!(o, Outcome::NotApplicable { .. })),
    ]
}

/// How many rules stand how, in a sentence.
#[must_use]
pub fn summary(findings: &[Finding]) -> String {
    let [kept, late, missing, waived, open, apart] = counts(findings);
    format!(
        "{} rules: {kept} kept, {late} late, {missing} not kept, {waived} waived, {open} open, {apart} not applicable.",
        findings.len(),
    )
}

/// One rule in a line: its sentence, how the case stands to it, and where to look.
#[must_use]
pub fn line(names: Names, times: &Times, finding: &Finding) -> String {
    let entries: Vec<String> = finding.entries.iter().map(u64::to_string).collect();
    let shown = match entries.as_slice() {
        [] => String::new(),
        [one] => format!(" (entry {one})"),
        some => format!(" (entries {})", some.join(", ")),
    };
    let said = outcome(names, times, &finding.outcome);
    format!("{} {} **{said}**{shown}", finding.rule, finding.sentence)
}

/// How a case stands to a rule, in words.
#[must_use]
pub fn outcome(names: Names, times: &Times, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done { at, by } => format!("Done at {} by {}.", times.at(*at), names.who(by)),
        Outcome::Late { at, minutes } => {
            let minutes = i64::try_from(*minutes).unwrap_or(i64::MAX / 120);
            let by = time::span(jiff::SignedDuration::from_secs(minutes.saturating_mul(60)));
            match at {
                Some(at) => format!("Late by {by}: done at {}.", times.at(*at)),
                None => format!("Late by {by}, and not done yet."),
            }
        }
        Outcome::Waived {
            at,
            by,
            automatic,
            reason,
        } => {
            let (at, by) = (times.at(*at), names.who(by));
            match reason {
                Some(reason) if *automatic => format!(
                    "Waived at {at} because of the severity. The reason given later: {}",
                    text(reason)
                ),
                Some(reason) => format!("Waived at {at} by {by}, because: {}", text(reason)),
                None if *automatic => {
                    format!("Waived at {at} because of the severity; the reason is asked for.")
                }
                None => format!("Waived at {at} by {by}, without a reason."),
            }
        }
        Outcome::NotApplicable { because } => {
            format!("Not applicable: {}", names.in_words(because))
        }
        Outcome::Open { until: Some(until) } => format!("Open until {}.", times.both(*until)),
        Outcome::Open { until: None } => "Open.".to_owned(),
        Outcome::Missing { because } => format!("Not kept: {}", names.in_words(because)),
    }
}
