//! What the people of a project and the admins are told when a source of alerts calls nobody for a while, and when it
//! calls people again.

use super::Words;
use super::access::words;

/// It calls nobody until then.
#[must_use]
pub fn begun(project: &str, source: &str, until: &str, why: &str, asker: &str) -> Words {
    let text = format!(
        "Alerts of {source} in {project} call nobody in Henhouse from now on until {until}: it stands in shadow. Henhouse works \
         out whom it would have called and shows it, and another pager has to call.\n\n{asker} said so, because: {why}\n\nWhat \
         people report calls as before. At that time it ends by itself; an admin can end it before, on the page of the \
         project's shadow. If nobody knows of it, end it now: while it stands, nobody is woken by Henhouse for these alerts.\n"
    );
    words(
        &format!("Henhouse: alerts of {source} in {project} call nobody until {until}"),
        text,
    )
}

/// It calls people again.
#[must_use]
pub fn ended(project: &str, source: &str, asker: &str) -> Words {
    let text = format!(
        "Alerts of {source} in {project} call people in Henhouse from now on: {asker} ended its shadow.\n\nNobody is called for \
         what was sent before. What its sender sends again from now on opens an event and calls, also where it has gone on \
         for a while.\n"
    );
    words(
        &format!("Henhouse: alerts of {source} in {project} call people from now on"),
        text,
    )
}
