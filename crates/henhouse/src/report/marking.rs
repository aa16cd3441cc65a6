//! How far a text may travel (Traffic Light Protocol 2.0), as it is written on it.

use procedure::basis::Marking;

/// The marking as it is written.
#[must_use]
pub fn word(marking: Marking) -> &'static str {
    match marking {
        Marking::Clear => "TLP:CLEAR",
        Marking::Green => "TLP:GREEN",
        Marking::Amber => "TLP:AMBER",
        Marking::AmberStrict => "TLP:AMBER+STRICT",
        Marking::Red => "TLP:RED",
    }
}

/// What the marking asks of whoever reads it.
#[must_use]
pub fn meaning(marking: Marking) -> &'static str {
    match marking {
        Marking::Clear => "you may pass this on to anyone.",
        Marking::Green => "you may pass this on within the community, not in public.",
        Marking::Amber => "only for those who need to know, in your organisation and its clients.",
        Marking::AmberStrict => "only for those who need to know, in your organisation.",
        Marking::Red => "only for those to whom it was sent. Do not pass it on.",
    }
}
