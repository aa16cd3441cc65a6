//! The store's suite: every claim runs on every backend.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod access;
mod alerts;
mod alike;
mod cases;
mod journal;
mod lists;
mod outbox;
mod samples;
mod search;
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

        mod sqlite {
            $(#[test]
            fn $claim() {
                let dir = tempfile::tempdir().expect("a directory");
                let options = crate::store::SqliteOptions { readers: 0 };
                let store = crate::store::Store::sqlite(dir.path(), options).expect("a store");
                super::$claim(&store);
            })+
        }

        /// As the version before finds it while the next one is being brought in, or was taken back.
        mod sqlite_one_step_ahead {
            $(#[test]
            fn $claim() {
                let dir = tempfile::tempdir().expect("a directory");
                crate::store::sqlite_upgrade::one_step_ahead(dir.path());
                let options = crate::store::SqliteOptions { readers: 0 };
                let store = crate::store::Store::sqlite(dir.path(), options).expect("a store");
                super::$claim(&store);
            })+
        }

        mod postgres {
            $(#[test]
            #[ignore = "not run, because it needs a PostgreSQL; cargo xtask ci starts one"]
            fn $claim() {
                let scratch = crate::store::postgres::tests::Scratch::new();
                super::$claim(&scratch.store(1));
            })+
        }
    };
}
pub(crate) use on_every_store;
