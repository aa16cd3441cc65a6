//! Mails, by what is told.

use procedure::Notice;

use super::letter::Bare;
use super::{Scene, Words};

/// What the mail about this notice says.
#[must_use]
pub fn words(scene: &Scene, notice: &Notice) -> Words {
    let drill = if scene.drill { "DRILL " } else { "" };
    let subject = format!("{drill}{}: {}", scene.number, scene.entry.body.kind());
    let text = format!("{:?}\n\n{}\n", notice.what, scene.links.case);
    let bare = Bare {
        subject: format!("{drill}{}", scene.number),
        text: text.clone(),
    };
    Words {
        subject,
        text,
        bare,
    }
}
