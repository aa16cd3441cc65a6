//! The figures of a campaign.

use std::fmt;

/// What was counted; `Display` is one line of a table.
#[derive(Debug, Default)]
pub struct Figures {
    pub name: String,
    pub deaths: u32,
    /// Of these, so many before the program listened.
    pub at_start: u32,
    pub accepted: usize,
    pub mails: usize,
    /// Mails that came again under the id that they had.
    pub same_id: usize,
    /// Mails that still waited for their minute or their turn at the end.
    pub waiting: usize,
    /// Prompts and calls of time that fell due while nothing ran.
    pub due_while_down: usize,
    /// Time's entries in all.
    pub by_time: usize,
    /// The worst lateness of a page or mail without the time that nothing ran: for so many seconds a life of the program
    /// that was long enough left it lying.
    pub late: f64,
    /// The same summed over all lives, those too that ended before they got to it.
    pub late_over_lives: f64,
    /// The same where it was time that owed it.
    pub late_due: f64,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "kills: {:<28} {:>4} deaths ({} at start), {} reports acknowledged, 0 lost, 0 doubled; {} mails, {} again under \
             their id, 0 under another, {} still waiting for their turn; {} things done by time, {} fell due while down; worst lateness beyond the down \
             time {:.2} s, of what time owed {:.2} s ({:.2} s summed over lives that ended before they got to it)",
            self.name,
            self.deaths,
            self.at_start,
            self.accepted,
            self.mails,
            self.same_id,
            self.waiting,
            self.by_time,
            self.due_while_down,
            self.late,
            self.late_due,
            self.late_over_lives,
        )
    }
}
