//! The report template (R32), ready to paste into chat or mail and to be read back.

use procedure::Who;
use procedure::chapters::record::views;

use super::sheet::Sheet;
use super::text;
use super::timeline::closing::status_word;

/// The template, filled in from the case.
#[must_use]
pub fn document(sheet: &Sheet) -> String {
    let (form, names) = (views::form(sheet.at()), sheet.names());
    let mut reporters: Vec<String> = form.reporters.iter().map(|who| names.who(who)).collect();
    if let (Some(name), Some(Who::Reporter), Some(first)) = (
        &form.reporter_name,
        form.reporters.first(),
        reporters.first_mut(),
    ) {
        text(name).clone_into(first);
    }
    let short = form.description.as_ref().map_or("(no description)", text);
    let short = short.lines().next().unwrap_or_default();
    let nobody = |names: String| {
        if names.is_empty() {
            "nobody yet".to_owned()
        } else {
            names
        }
    };
    let ic = form
        .ic
        .as_ref()
        .map(|ic| names.person(ic))
        .unwrap_or_default();
    let details = form
        .details
        .as_ref()
        .map(|details| format!("\n{}\n", text(details)));
    let drill = if sheet.drill { "DRILL " } else { "" };
    format!(
        "{drill}{short}\n\n* **Status**: {}\n* **Severity**: {}\n* **Reporter**: {}\n* **IC**: {}\n* \
         **Responders**: {}\n{}",
        status_word(form.status),
        form.severity.word().to_lowercase(),
        nobody(reporters.join(", ")),
        nobody(ic),
        nobody(names.people(&form.responders)),
        details.unwrap_or_default()
    )
}
