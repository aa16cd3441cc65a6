//! One connection, used from synchronous code: what is only to be done is sent and not waited for, and
//! what is asked is answered. Round trips are what a distant database costs, so there are few of them.
//!
//! The connection lives on a runtime of its own thread's, which runs only while somebody waits here; so
//! nothing is on its way behind anybody's back.

use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error, Row, Statement};

use super::address::Address;
use super::errors::{ends_the_connection, meaning};
use super::values::Value;
use crate::store::error::{Result, StoreError};

/// Longer than any time limit on the side of the database: whoever is silent for so long is frozen.
const SILENCE: Duration = Duration::from_secs(40);
/// After so much silence, and so long, it is asked whether another host takes writes by now.
pub(super) const DOUBT: Duration = Duration::from_secs(2);
/// So many different lists are kept prepared; the constants are all kept.
const PREPARED: usize = 400;
/// Pauses before a connection is tried anew, after so many failures.
const PAUSES_MS: [u64; 6] = [0, 50, 100, 250, 500, 1_000];

type Sent = Pin<Box<dyn Future<Output = Result<u64, Error>> + Send>>;

/// A connection, or the means to make one.
pub(super) struct Line {
    runtime: Option<Runtime>,
    address: Arc<Address>,
    live: Option<Live>,
    failures: usize,
}

struct Live {
    client: Arc<Client>,
    /// Whom it leads to.
    host: usize,
    prepared: HashMap<String, Statement>,
    /// Sent, and not known how it went.
    sent: VecDeque<Sent>,
}

impl Line {
    /// A line that is not connected yet.
    pub(super) fn new(address: &Arc<Address>) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| StoreError::Io(error.to_string()))?;
        Ok(Self {
            runtime: Some(runtime),
            address: Arc::clone(address),
            live: None,
            failures: 0,
        })
    }

    pub(super) fn is_connected(&self) -> bool {
        self.live.is_some()
    }

    /// Gives the connection up. The database undoes what was not committed.
    pub(super) fn hang_up(&mut self) {
        self.live = None;
    }

    /// Connects, if it is not; after failures only after a pause that grows to a second.
    pub(super) fn connect(&mut self) -> Result<()> {
        if self.live.is_some() {
            return Ok(());
        }
        let pause = PAUSES_MS[self.failures.min(PAUSES_MS.len() - 1)];
        let address = Arc::clone(&self.address);
        let connected = self.runtime().block_on(async move {
            tokio::time::sleep(Duration::from_millis(pause)).await;
            address.connect().await
        });
        match connected {
            Ok((host, client)) => {
                self.failures = 0;
                self.live = Some(Live {
                    client: Arc::new(client),
                    host,
                    prepared: HashMap::new(),
                    sent: VecDeque::new(),
                });
                Ok(())
            }
            Err(error) => {
                self.failures += 1;
                Err(error)
            }
        }
    }

    /// Sends a statement and does not wait for it. What goes wrong with it is told by the next call that
    /// waits.
    pub(super) fn send(&mut self, sql: &str, values: Vec<Value>) -> Result<()> {
        let statement = self.prepared(sql)?;
        let live = self.live()?;
        let client = Arc::clone(&live.client);
        let work = async move { client.execute_raw(&statement, values).await };
        live.start(Box::pin(work))
    }

    /// Waits for everything that was sent.
    pub(super) fn settle(&mut self) -> Result<()> {
        let sent = self.everything_sent()?;
        self.wait(async move {
            sent.await?;
            Ok(())
        })
    }

    /// Carries a statement out, behind everything sent; says how many rows it touched.
    pub(super) fn run(&mut self, sql: &str, values: Vec<Value>) -> Result<u64> {
        let statement = self.prepared(sql)?;
        let client = Arc::clone(&self.live()?.client);
        let sent = self.everything_sent()?;
        self.wait(async move {
            let mut work = Box::pin(client.execute_raw(&statement, values));
            let early = poll_once(work.as_mut());
            sent.await?;
            match early {
                Some(done) => done,
                None => work.await,
            }
        })
    }

    /// The rows of a query, behind everything sent.
    pub(super) fn ask(&mut self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>> {
        let statement = self.prepared(sql)?;
        let client = Arc::clone(&self.live()?.client);
        let sent = self.everything_sent()?;
        self.wait(async move {
            let values: Vec<&(dyn ToSql + Sync)> =
                values.iter().map(|v| v as &(dyn ToSql + Sync)).collect();
            let mut work = Box::pin(client.query(&statement, &values));
            let early = poll_once(work.as_mut());
            sent.await?;
            match early {
                Some(done) => done,
                None => work.await,
            }
        })
    }

    /// Several statements without values, for the schema.
    pub(super) fn script(&mut self, sql: &str) -> Result<()> {
        let client = Arc::clone(&self.live()?.client);
        let sent = self.everything_sent()?;
        let sql = sql.to_owned();
        self.wait(async move {
            sent.await?;
            client.batch_execute(&sql).await
        })
    }

    /// Has the database make a statement ready.
    #[cfg(test)]
    pub(super) fn prepare(&mut self, sql: &str) -> Result<()> {
        self.prepared(sql).map(drop)
    }

    /// The statement as the database has it ready.
    fn prepared(&mut self, sql: &str) -> Result<Statement> {
        let live = self.live()?;
        if let Some(statement) = live.prepared.get(sql) {
            return Ok(statement.clone());
        }
        if live.prepared.len() >= PREPARED {
            live.prepared.clear();
        }
        let client = Arc::clone(&live.client);
        let sent = self.everything_sent()?;
        let text = sql.to_owned();
        let statement = self.wait(async move {
            sent.await?;
            client.prepare(&text).await
        })?;
        let live = self.live()?;
        live.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Ends when everything sent has ended: with the first error, if there was one.
    fn everything_sent(
        &mut self,
    ) -> Result<impl Future<Output = Result<(), Error>> + Send + use<>> {
        let sent = std::mem::take(&mut self.live()?.sent);
        Ok(async move {
            let mut first = Ok(());
            for one in sent {
                let done = one.await;
                if first.is_ok() {
                    first = done.map(drop);
                }
            }
            first
        })
    }

    fn wait<T>(&mut self, work: impl Future<Output = Result<T, Error>>) -> Result<T> {
        let (address, host) = (Arc::clone(&self.address), self.live()?.host);
        let answer = answered(&address, host, work);
        let done = self
            .runtime()
            .block_on(async { tokio::time::timeout(SILENCE, answer).await });
        let error = match done {
            Ok(Some(Ok(answer))) => return Ok(answer),
            Ok(Some(Err(error))) => {
                if ends_the_connection(&error) {
                    self.hang_up();
                }
                meaning(&error)
            }
            Ok(None) => {
                self.hang_up();
                StoreError::Away("it is silent, and another one takes writes".to_owned())
            }
            Err(_) => {
                self.hang_up();
                let seconds = SILENCE.as_secs();
                StoreError::Away(format!("it was silent for {seconds} seconds"))
            }
        };
        Err(error)
    }

    fn live(&mut self) -> Result<&mut Live> {
        let nobody = || StoreError::Away("the connection is lost".to_owned());
        self.live.as_mut().ok_or_else(nobody)
    }

    fn runtime(&self) -> &Runtime {
        self.runtime
            .as_ref()
            .expect("it is there until the line is dropped")
    }
}

impl Live {
    fn start(&mut self, mut work: Sent) -> Result<()> {
        match poll_once(work.as_mut()) {
            // It could not even be sent: its values do not fit, or nobody listens.
            Some(Err(error)) => Err(meaning(&error)),
            Some(Ok(_)) => Ok(()),
            None => {
                self.sent.push_back(work);
                Ok(())
            }
        }
    }
}

/// What came of it; nothing if whoever is asked is silent while another host takes writes: one that is frozen, or cut off,
/// may stay so for longer than anybody should wait for a page.
pub(super) async fn answered<T>(
    address: &Address,
    host: usize,
    work: impl Future<Output = Result<T, Error>>,
) -> Option<Result<T, Error>> {
    let mut work = std::pin::pin!(work);
    loop {
        if let Ok(done) = tokio::time::timeout(DOUBT, work.as_mut()).await {
            return Some(done);
        }
        tokio::select! {
            done = work.as_mut() => return Some(done),
            moved = address.has_moved_from(host, DOUBT) => if moved {
                return None;
            },
        }
    }
}

/// The first step of a request puts it on its way.
fn poll_once<F: Future + ?Sized>(work: Pin<&mut F>) -> Option<F::Output> {
    match work.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => Some(done),
        Poll::Pending => None,
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let was_connected = self.live.take().is_some();
        let Some(runtime) = self.runtime.take() else {
            return;
        };
        if tokio::runtime::Handle::try_current().is_ok() {
            runtime.shutdown_background();
            return;
        }
        if was_connected {
            // Lets the connection say good-bye.
            runtime.block_on(async { tokio::time::sleep(Duration::from_millis(1)).await });
        }
    }
}
