//! `/projects/{slug}/poster`: one page to put up where people work, with the address of the form as a picture that telephones
//! read. It holds no name and no number of a person, because anybody may stand before it.

use askama::Template;

use super::{Opened, Tabs};
use crate::report::people::public_lines;
use crate::report::qr::Qr;
use crate::web::Call;
use crate::web::pages::frame::{self, Frame};
use crate::web::registry::Answer;

#[derive(Template)]
#[template(path = "poster.html")]
struct PosterPage {
    frame: Frame,
    name: String,
    tabs: Tabs,
    /// What anybody may call: the words, and the number.
    lines: Vec<(String, String)>,
    report: String,
    qr: Option<Qr>,
}

/// Shows it.
pub(super) async fn show(call: Call) -> Answer {
    let opened = Opened::of(&call).await?;
    let edition = opened.state.in_force();
    let lines = edition.map(|edition| public_lines(&opened.state.directory, &edition.playbook));
    let report = format!("{}/report/{}", call.app.desk.site().base_url, opened.slug());
    let page = PosterPage {
        name: opened.name().to_owned(),
        tabs: opened.tabs(call.words(), "/poster"),
        lines: lines.unwrap_or_default(),
        qr: Qr::of(&report),
        report,
        frame: opened.frame(&call, "people-poster", "people"),
    };
    frame::page(200, &page)
}
