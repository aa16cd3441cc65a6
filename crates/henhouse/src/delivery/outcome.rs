//! What came of one attempt, in the words that the outbox acts on.

/// Whose fault a failed attempt is: decides whether the channel or the recipient is in trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This address or this message: the channel works for others.
    Recipient,
    /// The channel itself: server away, login refused, sender not allowed.
    Channel,
}

/// The result of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The peer took responsibility; `receipt` is its own answer line.
    Accepted {
        /// The peer's answer.
        receipt: String,
    },
    /// The peer took it, and says later whether it arrived: a text message, a call.
    Handed {
        /// The peer's answer.
        receipt: String,
    },
    /// The peer said never: this recipient cannot be reached on this channel.
    Rejected {
        /// The peer's answer, or our reason where we did not even ask.
        receipt: String,
    },
    /// The peer wants nothing from us any more, for nobody: the channel is closed.
    Closed {
        /// The peer's answer.
        receipt: String,
    },
    /// Certainly not delivered; worth another try.
    Temporary {
        /// Who is in trouble.
        fault: Fault,
        /// The peer's answer or what broke.
        reason: String,
    },
    /// Perhaps delivered: the answer to a complete message never came. Sent again with the same
    /// Message-ID, because two mails are better than none.
    Uncertain {
        /// What broke.
        reason: String,
    },
}

impl Outcome {
    /// The word kept with the attempt.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::Handed { .. } => "handed",
            Self::Rejected { .. } => "rejected",
            Self::Closed { .. } => "closed",
            Self::Temporary { .. } => "temporary",
            Self::Uncertain { .. } => "uncertain",
        }
    }

    /// The peer's answer or the reason, to keep with the attempt. Never for the log: a server may
    /// repeat the address in it.
    #[must_use]
    pub fn receipt(&self) -> &str {
        match self {
            Self::Accepted { receipt }
            | Self::Handed { receipt }
            | Self::Rejected { receipt }
            | Self::Closed { receipt } => receipt,
            Self::Temporary { reason, .. } | Self::Uncertain { reason } => reason,
        }
    }

    /// True if the channel did its work, whatever became of this recipient.
    #[must_use]
    pub fn channel_works(&self) -> bool {
        !matches!(
            self,
            Self::Temporary {
                fault: Fault::Channel,
                ..
            } | Self::Uncertain { .. }
                | Self::Closed { .. }
        )
    }
}
