//! Who somebody is and how that was proven. It must not decide what they may do: that is the
//! procedure's answer.

pub mod link;
