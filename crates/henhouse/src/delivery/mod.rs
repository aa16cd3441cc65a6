//! What leaves the process: rows of the outbox on their way to a mail server. It must not decide,
//! render or ask who may: it carries what was frozen, and says what came of it.

pub mod mail;
pub mod message;
pub mod outcome;
