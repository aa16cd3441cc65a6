//! Where the process dies.

use super::chance::Chance;

/// A way to die in the middle of a send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// At the first passing of this point.
    At(&'static str),
    /// At one of the first commits, before or after it.
    Commit(&'static str),
    /// By SIGKILL, at any moment of the first second and a half.
    Any,
}

/// All of them, first that which leaves most in doubt: the server has answered, and nobody has written it down.
pub const DEATHS: [Death; 5] = [
    Death::At("after_send"),
    Death::At("before_send"),
    Death::Commit("before_commit"),
    Death::Commit("after_commit"),
    Death::Any,
];

/// Commits among which one is chosen: a start, a report, a lease and an outcome take about so many.
const COMMITS: usize = 6;
/// Any moment of so many milliseconds.
const MOMENTS: usize = 1_500;

impl Death {
    /// What the process is told, if it kills itself.
    pub fn order(self, chance: &mut Chance) -> Option<String> {
        match self {
            Self::At(point) => Some(format!("{point}:1")),
            Self::Commit(point) => Some(format!("{point}:{}", 1 + chance.below(COMMITS))),
            Self::Any => None,
        }
    }

    /// After how many milliseconds it is killed, if it is.
    pub fn moment(self, chance: &mut Chance) -> Option<u64> {
        (self == Self::Any).then(|| chance.below(MOMENTS) as u64)
    }

    /// Whether nothing can have left before.
    pub fn is_before_all(self) -> bool {
        self == Self::At("before_send")
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::At(point) | Self::Commit(point) => point,
            Self::Any => "any moment",
        }
    }
}
