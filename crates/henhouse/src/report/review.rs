//! What is said of mail that was in the review queue.

/// How a mail left the queue.
pub enum Leaves {
    /// Somebody took it out.
    By(String),
    /// Nobody looked at it in time.
    Unseen,
    /// Whoever sent it said that they did something with the mail that it passes on.
    Answered,
}

/// What the bytes of a mail are called in the case that has them: the mail itself, then those that it carries.
#[must_use]
pub fn label(n: usize, leaves: &Leaves) -> String {
    if n > 0 {
        return "The mail that it carries, as it stands in it".to_owned();
    }
    match leaves {
        Leaves::By(name) => {
            format!("The mail as it came, taken out of the review queue by {name}")
        }
        Leaves::Answered => {
            "The mail as it came; whoever sent it said that they did something with what it passes on"
                .to_owned()
        }
        Leaves::Unseen => {
            "The mail as it came; it was in the review queue, and nobody looked at it in time"
                .to_owned()
        }
    }
}
