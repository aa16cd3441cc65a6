//! How a command ends, and with which exit code. The codes are documented in the help text.

use std::process::ExitCode;

/// What the help text says about exit codes.
pub const EXIT_CODES: &str = "Exit codes: 0 done; 1 it failed; 2 the call was not understood; \
    4 sign in first; 5 refused, or somebody else was faster; 6 the server is away and the report \
    is kept here until it is back; 7 `verify` found the journals sound and the index not; \
    8 `restore --check` found the backup whole and too old.";

/// Why a command did not do what it was asked, with the sentence that people read.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It failed.
    #[error("{0}")]
    Failed(String),
    /// It is not there, or not for whoever asks.
    #[error("{0}")]
    Missing(String),
    /// The call was not understood.
    #[error("{0}")]
    Usage(String),
    /// The server cannot be reached. Nothing was changed.
    #[error("{0}")]
    Away(String),
    /// Nobody is signed in, or the token is worthless.
    #[error("{0}")]
    SignIn(String),
    /// A rule said no, or somebody else was faster.
    #[error("{0}")]
    Refused(String),
    /// The server is away; the report is kept here.
    #[error("{0}")]
    Queued(String),
    /// The journals are sound; what is made of them is not as they say.
    #[error("{0}")]
    IndexDiffers(String),
    /// The backup is whole, and older than it may be.
    #[error("{0}")]
    TooOld(String),
}

impl Failure {
    /// The exit code.
    #[must_use]
    pub fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Failed(_) | Self::Missing(_) | Self::Away(_) => 1,
            Self::Usage(_) => 2,
            Self::SignIn(_) => 4,
            Self::Refused(_) => 5,
            Self::Queued(_) => 6,
            Self::IndexDiffers(_) => 7,
            Self::TooOld(_) => 8,
        })
    }

    /// Something went wrong outside.
    pub fn failed(error: impl std::fmt::Display) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(format!("{error:#}"))
    }
}

impl From<crate::desk::DeskError> for Failure {
    fn from(error: crate::desk::DeskError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// What a command of the CLI answers.
pub type Outcome<T = ()> = Result<T, Failure>;
