//! The store's suite: every claim runs on every backend.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod cases;
mod journal;
mod outbox;
mod samples;
mod writing;

/// Makes a test per backend out of functions that take a store.
macro_rules! on_every_store {
    ($($claim:ident),+ $(,)?) => {
        mod memory {
            $(#[test]
            fn $claim() {
                super::$claim(&crate::store::Store::memory());
            })+
        }
    };
}
pub(crate) use on_every_store;
