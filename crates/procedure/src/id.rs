//! Names of things, opaque to the engine: whom or what they mean is sealed elsewhere.

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Serialize};

macro_rules! opaque_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

opaque_id! {
    /// A person: account, roster member, decider or responder.
    PersonId,
    /// Somebody who is told but does not respond: a client, a manager, a security office.
    StakeholderId,
    /// A machine, service, repository or data set of the project.
    AssetId,
    /// An entry of the project's register of external dependencies.
    DependencyId,
    /// A planned-maintenance window of the project's calendar.
    WindowId,
    /// A schedule of who is on call.
    ScheduleId,
    /// A rotation of a schedule, or a layer of it.
    RotationId,
    /// Somebody who stands in for a rotation, or for a whole schedule, for a while.
    CoverId,
    /// An escalation policy.
    PolicyId,
    /// Several people who are on call together.
    TeamId,
    /// Another case, by its journal id.
    CaseId,
}
