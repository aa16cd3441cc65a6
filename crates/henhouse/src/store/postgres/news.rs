//! Hearing of what other nodes wrote. A notification is a hint to look at once; behind it everybody looks
//! every second, so that a hint that was lost costs a second and nothing else.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio_postgres::Client;
use uuid::Uuid;

use super::address::Address;
use super::errors::meaning;
use super::session::Session;
use super::statements;
use super::values::Count;
use crate::store::error::{Result, StoreError};
use crate::store::model::JournalId;

statements! {
    SCHEMA = "SELECT current_schema()::text";
    // Held as long as the connection lives: who wants to know which nodes serve counts these.
    SERVE = "SELECT pg_advisory_lock_shared(1212501577, hashtext(current_schema()))";
    SERVING = "SELECT count(*) FROM pg_locks
        WHERE locktype = 'advisory' AND classid = 1212501577 AND objsubid = 2 AND granted
            AND objid::bigint = hashtext(current_schema())::bigint & 4294967295
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    LAST = "SELECT coalesce(max(turn), 0) FROM writer";
    NEWS = "SELECT turn, node, journal, seq FROM news WHERE turn > $1 ORDER BY turn";
}

/// How often everybody looks without a hint, and how long a lost connection rests.
const LOOK: Duration = Duration::from_secs(1);
/// One that answers later is frozen, or cut off: another connection may lead to one that is not.
const SILENCE: Duration = Duration::from_secs(5);

/// What another node did: the journal that grew, and to which entry. Nothing if it cannot be said what
/// grew, because too much happened while nobody could look.
pub(super) type News = Option<(JournalId, u64)>;

/// Starts a thread that tells what other nodes wrote from now on. It ends when `stop` is gone.
pub(super) fn spawn(
    address: Arc<Address>,
    own: Uuid,
    stop: watch::Receiver<()>,
    tell: impl Fn(News) + Send + 'static,
) -> Result<JoinHandle<()>> {
    let failed = |error: std::io::Error| StoreError::Io(error.to_string());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    let work = move || {
        let mut gone = stop.clone();
        let follow = Follow {
            address,
            own,
            tell,
            last: None,
        };
        runtime.block_on(async {
            tokio::select! {
                () = follow.run() => {}
                _ = gone.changed() => {}
            }
        });
    };
    let thread = std::thread::Builder::new().name("store-news".to_owned());
    thread.spawn(work).map_err(failed)
}

/// How many nodes follow what others write, which is what a node does that serves.
pub(super) fn serving(session: &Session) -> Result<u64> {
    let count = session.one(SERVING, Vec::new(), |row| Ok(row.get::<Count>(0)?.0))?;
    Ok(count.unwrap_or(0))
}

struct Follow<T> {
    address: Arc<Address>,
    own: Uuid,
    tell: T,
    /// The last turn that was looked at.
    last: Option<u64>,
}

impl<T: Fn(News)> Follow<T> {
    async fn run(mut self) {
        loop {
            if let Err(error) = self.listen().await {
                tracing::debug!(%error, "what other nodes write cannot be heard; trying again");
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Looks again and again, until the connection is lost.
    async fn listen(&mut self) -> Result<()> {
        let hint = Arc::new(Notify::new());
        let client = self.address.listen(Arc::clone(&hint)).await?;
        let look = in_time(begin(&client)).await?;
        loop {
            in_time(self.look(&client, &look)).await?;
            tokio::select! {
                () = hint.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    async fn look(
        &mut self,
        client: &Client,
        look: &tokio_postgres::Statement,
    ) -> Result<(), tokio_postgres::Error> {
        let row = client.query_one(LAST, &[]).await?;
        let now = row.try_get::<_, Count>(0)?.0;
        let Some(last) = self.last else {
            self.last = Some(now);
            return Ok(());
        };
        if now <= last {
            return Ok(());
        }
        let after = i64::try_from(last).unwrap_or(i64::MAX);
        let rows = client.query(look, &[&after]).await?;
        // Not sooner: a connection that is lost on the way loses no news.
        self.last = Some(now);
        let mut first = None;
        for row in &rows {
            let turn = row.try_get::<_, Count>(0)?.0;
            first = first.or(Some(turn));
            self.last = self.last.max(Some(turn));
            let journal: JournalId = row.try_get(2)?;
            if row.try_get::<_, Uuid>(1)? != self.own {
                (self.tell)(Some((journal, row.try_get::<_, Count>(3)?.0)));
            }
        }
        // A turn without news is one that only moved leases, or one that was forgotten.
        if first.is_none_or(|first| first > last + 1) {
            (self.tell)(None);
        }
        Ok(())
    }
}

/// Begins to listen; gives the query for what is new.
async fn begin(client: &Client) -> Result<tokio_postgres::Statement, tokio_postgres::Error> {
    let row = client.query_one(SCHEMA, &[]).await?;
    let schema: String = row.try_get(0)?;
    let listen = format!("LISTEN \"henhouse_{}\"", schema.replace('"', "\"\""));
    client.batch_execute(&listen).await?;
    client.execute(SERVE, &[]).await?;
    client.prepare(NEWS).await
}

/// An answer that comes soon, or `Away`.
async fn in_time<T>(asked: impl Future<Output = Result<T, tokio_postgres::Error>>) -> Result<T> {
    match tokio::time::timeout(SILENCE, asked).await {
        Ok(done) => done.map_err(|error| meaning(&error)),
        Err(_) => Err(StoreError::Away("it is silent".to_owned())),
    }
}
