//! What the record says about itself.

use procedure::Body;
use procedure::agenda::Level;

use super::{Teller, because};

pub(super) fn says(t: &Teller, body: &Body) -> Option<String> {
    Some(match body {
        Body::Waived(waived) => {
            let rule = waived.rule;
            let sentence = rule.sentence();
            if waived.automatic {
                format!(
                    "Passed over because of the severity, to be asked about later: {sentence} ({rule})"
                )
            } else {
                let reason = because(waived.reason.as_ref());
                format!("{} waived \"{sentence}\" ({rule}){reason}", t.who)
            }
        }
        Body::Prompted(prompted) => {
            let how = match prompted.level {
                Level::Reminder => "was reminded",
                Level::Overdue => "was told that it is overdue",
                Level::Escalated => "was asked to step in",
            };
            let to = match t.names.people(&prompted.to) {
                nobody if nobody.is_empty() => "Nobody".to_owned(),
                some => some,
            };
            format!("{to} {how}: {}", prompted.what)
        }
        Body::Numbered(numbered) => format!("It got its number, {}.", numbered.number),
        Body::BasisChanged(changed) => format!(
            "The project changed (revision {}); from here on the case goes by that.",
            changed.revision
        ),
        _ => return None,
    })
}
