//! What is moved, kept and restored is the same; and what is not is not taken for it.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod keeping;
mod moving;
