//! The network's connections: how long one may take to say what it wants, and how many may be open
//! from one place, so that nobody outside keeps others from reporting by holding connections.

mod coming;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::extract::{ConnectInfo, Request};
use axum::http::header;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::serve::Listener;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tower_http::add_extension::AddExtension;

use crate::neighbours::{is_near, place};
use coming::Coming;

/// What a connection may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// A request's headers arrive within so long, counted from when the connection is free for it.
    pub headers: Duration,
    /// So many connections may be open from one place of the network.
    pub from_outside: usize,
    /// So many from this machine or a private network, where a proxy speaks for many: one more ends one that nobody is
    /// answering yet.
    pub from_near: usize,
    /// So many from everywhere together. One more ends one that waits for nothing, of the place that holds most.
    pub all: usize,
}

/// More than so many connections are never open, whatever the system allows: ten thousand live pages, and room beside.
const MOST: usize = 16_384;
/// A proxy may hold so many of them: the rest is for everybody else.
const OF_A_PROXY: usize = 12_288;
/// So many files the process needs besides connections: the database, exhibits, mail.
const OWN_FILES: usize = 160;

impl Default for Limits {
    fn default() -> Self {
        Self {
            headers: Duration::from_secs(10),
            from_outside: 64,
            from_near: OF_A_PROXY,
            all: most_connections(),
        }
    }
}

/// Serves until told to stop, and then until what is open has been answered. The service learns
/// where a connection came from ([`ConnectInfo`]).
pub async fn serve(
    mut listener: TcpListener,
    router: Router,
    limits: Limits,
    mut stopped: watch::Receiver<bool>,
) {
    let places = Arc::new(Places::default());
    let router = router.layer(middleware::from_fn(busy));
    let mut open = JoinSet::new();
    loop {
        let (stream, peer) = tokio::select! {
            // Waits out what passes, such as too many open files.
            accepted = Listener::accept(&mut listener) => accepted,
            Some(_) = open.join_next() => continue,
            () = told_to_stop(&mut stopped) => break,
        };
        // One too many is closed unread: whoever opens so many is not waiting for a sentence.
        if let Some(held) = places.take(peer.ip(), limits) {
            let router = AddExtension::new(router.clone(), ConnectInfo(peer));
            let router = AddExtension::new(router, Arc::clone(&held.line));
            let connection = connection(stream, router, limits.headers, stopped.clone());
            open.spawn(async move {
                tokio::select! {
                    () = connection => {}
                    () = held.ended() => {}
                }
                drop(held);
            });
        }
    }
    drop(listener);
    while open.join_next().await.is_some() {}
}

type Answering = AddExtension<AddExtension<Router, ConnectInfo<SocketAddr>>, Arc<Line>>;

async fn connection(
    stream: TcpStream,
    router: Answering,
    headers: Duration,
    mut stopped: watch::Receiver<bool>,
) {
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(headers);
    let service = TowerToHyperService::new(router);
    let serving = builder.serve_connection(TokioIo::new(stream), service);
    tokio::pin!(serving);
    let ended = tokio::select! {
        ended = &mut serving => ended,
        () = told_to_stop(&mut stopped) => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        tracing::trace!(%error, "a connection ended early");
    }
}

/// Waits until it is said to stop.
pub(crate) async fn told_to_stop(stopped: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone, which is a stop too.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// Which connections are open from where.
#[derive(Default)]
pub(crate) struct Places {
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    by_place: BTreeMap<IpAddr, BTreeMap<u64, Arc<Line>>>,
    all: usize,
    /// How many there were so far: the number of the next one.
    count: u64,
}

/// One open connection.
#[derive(Default)]
pub(crate) struct Line {
    /// A request of it has come as a whole and is being answered.
    busy: AtomicBool,
    ends: Notify,
}

/// An open connection, counted as long as this lives.
pub(crate) struct Held {
    places: Arc<Places>,
    place: IpAddr,
    number: u64,
    line: Arc<Line>,
}

impl Line {
    /// Says whether what came over it is being answered.
    pub(crate) fn set_busy(&self, busy: bool) {
        self.busy.store(busy, Ordering::Relaxed);
    }
}

impl Held {
    /// The connection.
    pub(crate) fn line(&self) -> &Line {
        &self.line
    }

    /// Waits until it is to be ended for another.
    pub(crate) async fn ended(&self) {
        self.line.ends.notified().await;
    }
}

impl Places {
    /// Counts one more from there; nothing if it is one too many.
    pub(crate) fn take(self: &Arc<Self>, address: IpAddr, limits: Limits) -> Option<Held> {
        let place = place(address);
        let most = if is_near(place) {
            limits.from_near
        } else {
            limits.from_outside
        };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let mut mine = open.by_place.get(&place).map_or(0, BTreeMap::len);
        // Who stands behind a proxy cannot be told apart: whoever holds its connections there must not shut out the rest.
        if mine >= most && is_near(place) && open.make_room_at(place) {
            mine -= 1;
        }
        if mine >= most || (open.all >= limits.all && !open.make_room(mine)) {
            return None;
        }
        let (number, line) = (open.count, Arc::<Line>::default());
        open.count += 1;
        open.all += 1;
        let lines = open.by_place.entry(place).or_default();
        lines.insert(number, Arc::clone(&line));
        let places = Arc::clone(self);
        Some(Held {
            places,
            place,
            number,
            line,
        })
    }
}

impl Open {
    /// Ends one connection for another from a place that holds `mine`: of the place that holds most the oldest that waits
    /// for nothing, or the oldest at all if that place has so many that it is at least one ahead afterwards. Else the
    /// oldest of any place that waits for nothing. False if there is none.
    fn make_room(&mut self, mine: usize) -> bool {
        let most = self.by_place.iter().max_by_key(|(_, lines)| lines.len());
        let greedy = most.and_then(|(place, lines)| {
            let any = (lines.len() > mine + 1).then(|| lines.keys().next().copied());
            Some((*place, idle(lines).or(any.flatten())?))
        });
        let all = self.by_place.iter();
        let waiting = || {
            all.filter_map(|(place, lines)| Some((idle(lines)?, *place)))
                .min()
        };
        let victim = greedy.or_else(|| waiting().map(|(number, place)| (place, number)));
        victim.is_some_and(|(place, number)| self.end(place, number))
    }

    /// Ends the oldest connection from a place that nobody is answering. False if there is none.
    fn make_room_at(&mut self, place: IpAddr) -> bool {
        let oldest = self.by_place.get(&place).and_then(idle);
        oldest.is_some_and(|number| self.end(place, number))
    }

    fn end(&mut self, place: IpAddr, number: u64) -> bool {
        let line = self.remove(place, number);
        line.inspect(|line| line.ends.notify_one()).is_some()
    }

    fn remove(&mut self, place: IpAddr, number: u64) -> Option<Arc<Line>> {
        let lines = self.by_place.get_mut(&place)?;
        let line = lines.remove(&number)?;
        if lines.is_empty() {
            self.by_place.remove(&place);
        }
        self.all -= 1;
        Some(line)
    }
}

/// The oldest of these that nobody is answering.
fn idle(lines: &BTreeMap<u64, Arc<Line>>) -> Option<u64> {
    let mut idle = lines.iter();
    idle.find(|(_, line)| !line.busy.load(Ordering::Relaxed))
        .map(|(number, _)| *number)
}

impl Drop for Held {
    fn drop(&mut self) {
        let open = self.places.open.lock();
        let mut open = open.unwrap_or_else(PoisonError::into_inner);
        open.remove(self.place, self.number);
    }
}

/// Notes that a request has come and is being answered, so that its connection is not ended for another.
async fn busy(request: Request, next: Next) -> Response {
    let Some(line) = request.extensions().get::<Arc<Line>>().cloned() else {
        return next.run(request).await;
    };
    line.set_busy(request.body().is_end_stream());
    let waits = request.headers().contains_key(header::EXPECT);
    let coming = Arc::clone(&line);
    let request = request.map(|body| Body::new(Coming::new(body, coming, waits)));
    let response = next.run(request).await;
    line.set_busy(false);
    response
}

/// Asks the system for as many files as connections may want. Many give a process 1,024 until it asks for more; one that
/// gives no more leaves fewer connections ([`Limits::all`]).
pub fn ask_for_files() {
    let mut files = getrlimit(Resource::Nofile);
    let (wanted, most) = ((MOST + OWN_FILES) as u64, files.maximum);
    let wanted = most.map_or(wanted, |most| most.min(wanted));
    if files.current.is_some_and(|current| current < wanted) {
        files.current = Some(wanted);
        if let Err(error) = setrlimit(Resource::Nofile, files) {
            tracing::warn!(%error, "the system gives no more open files: fewer pages can be live");
        }
    }
}

/// So many connections as the system lets this process have files, without those that it needs itself.
fn most_connections() -> usize {
    let files = getrlimit(Resource::Nofile).current;
    let files = files.and_then(|files| usize::try_from(files).ok());
    files
        .unwrap_or(MOST)
        .saturating_sub(OWN_FILES)
        .clamp(64, MOST)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is the test's failure")]

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::task::JoinHandle;

    use super::*;
    use crate::web::stage::Stage;

    const REPORT: &str = r#"{"text":"The coop is on fire","project":"farm"}"#;

    struct Open {
        at: SocketAddr,
        stopping: watch::Sender<bool>,
        serving: JoinHandle<()>,
    }

    async fn open(stage: &Stage, limits: Limits) -> Open {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let (stopping, stopped) = watch::channel(false);
        let router = crate::web::router(stage.app.clone());
        let serving = tokio::spawn(serve(listener, router, limits, stopped));
        Open {
            at,
            stopping,
            serving,
        }
    }

    fn limits(headers: u64, from_near: usize) -> Limits {
        Limits {
            headers: Duration::from_millis(headers),
            from_outside: 0,
            from_near,
            all: 64,
        }
    }

    /// What comes until the server closes.
    async fn rest(stream: &mut TcpStream) -> String {
        let mut all = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut all));
        // A reset is an end as well.
        let _ = read.await.expect("the server closes");
        String::from_utf8_lossy(&all).into_owned()
    }

    async fn report(at: SocketAddr) -> String {
        let mut stream = TcpStream::connect(at).await.unwrap();
        let length = REPORT.len();
        let asked = format!(
            "POST /api/v1/reports HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{REPORT}"
        );
        // One that is closed unread may break the writing already.
        let _ = stream.write_all(asked.as_bytes()).await;
        rest(&mut stream).await
    }

    #[tokio::test]
    async fn half_open_connections_end_and_a_report_gets_through() {
        let stage = Stage::new().await;
        let server = open(&stage, limits(300, 8)).await;
        let mut half_open = Vec::new();
        for said in ["", "P", "POST /api/v1/reports HTTP/1.1\r\nHost: x\r\n"].repeat(3) {
            let mut stream = TcpStream::connect(server.at).await.unwrap();
            let _ = stream.write_all(said.as_bytes()).await;
            half_open.push(stream);
        }
        // The ninth was one too many, and the report is: each ends the oldest that nobody is answering.
        let said = report(server.at).await;
        assert!(said.starts_with("HTTP/1.1 201"), "{said}");
        for mut stream in half_open {
            rest(&mut stream).await;
        }
        assert_eq!(stage.get("/healthz", None).await.status, 200);
    }

    #[tokio::test]
    async fn reports_that_never_end_shut_nobody_out() {
        let stage = Stage::new().await;
        let server = open(&stage, limits(60_000, 8)).await;
        let mut unfinished = Vec::new();
        for _ in 0..12 {
            let mut stream = TcpStream::connect(server.at).await.unwrap();
            let begun =
                b"POST /api/v1/reports HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
                Content-Length: 60000\r\n\r\n{";
            stream.write_all(begun).await.unwrap();
            unfinished.push(stream);
        }
        for _ in 0..3 {
            let said = report(server.at).await;
            assert!(said.starts_with("HTTP/1.1 201"), "{said}");
        }
    }

    #[tokio::test]
    async fn told_to_stop_it_lets_open_requests_end_and_takes_no_more() {
        let stage = Stage::new().await;
        let server = open(&stage, limits(60_000, 8)).await;
        let mut half = TcpStream::connect(server.at).await.unwrap();
        let length = REPORT.len();
        let head = format!(
            "POST /api/v1/reports HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\
             Content-Length: {length}\r\n\r\n"
        );
        half.write_all(head.as_bytes()).await.unwrap();
        // The handler reads the body: the request is open.
        let mut asked = [0; 25];
        half.read_exact(&mut asked).await.unwrap();
        assert!(asked.starts_with(b"HTTP/1.1 100"));
        let mut idle = TcpStream::connect(server.at).await.unwrap();
        server.stopping.send_replace(true);
        rest(&mut idle).await;
        half.write_all(REPORT.as_bytes()).await.unwrap();
        let said = rest(&mut half).await;
        assert!(said.starts_with("HTTP/1.1 201"), "{said}");
        let ended = tokio::time::timeout(Duration::from_secs(5), server.serving);
        ended.await.expect("it ends").unwrap();
        assert!(TcpStream::connect(server.at).await.is_err());
    }

    #[tokio::test]
    async fn whoever_is_refused_before_all_has_come_hears_why() {
        let stage = Stage::new().await;
        let server = open(&stage, limits(60_000, 8)).await;
        let mut stream = TcpStream::connect(server.at).await.unwrap();
        let (portion, portions) = ([b'x'; 10_000], 20);
        let length = portion.len() * portions;
        let head = format!(
            "POST /api/v1/cases/HH-1/exhibits?kind=log&label=A HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        for _ in 0..portions {
            stream
                .write_all(&portion)
                .await
                .expect("it is still listened to");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let mut said = [0; 12];
        stream.read_exact(&mut said).await.unwrap();
        assert_eq!(&said, b"HTTP/1.1 401");
        // All of it was heard, so the connection is still good.
        let again = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        stream.write_all(again).await.unwrap();
        let said = rest(&mut stream).await;
        assert!(said.contains("HTTP/1.1 200"), "{said}");
    }

    #[tokio::test]
    async fn nobody_is_listened_to_for_long_after_a_refusal() {
        let stage = Stage::new().await;
        let server = open(&stage, limits(60_000, 8)).await;
        let mut stream = TcpStream::connect(server.at).await.unwrap();
        let head = "POST /api/v1/cases/HH-1/exhibits?kind=log&label=A HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\nx";
        stream.write_all(head.as_bytes()).await.unwrap();
        let said = rest(&mut stream).await;
        assert!(said.starts_with("HTTP/1.1 401"), "{said}");
    }

    #[test]
    fn one_place_is_one_address_or_one_sixty_fourth_of_the_new_ones() {
        let place = |text: &str| place(text.parse().unwrap());
        assert_eq!(place("2001:db8::1"), place("2001:db8::ffff:2"));
        assert_ne!(place("2001:db8:0:1::1"), place("2001:db8::1"));
        assert_eq!(place("::ffff:192.0.2.7"), place("192.0.2.7"));
        assert!(is_near(place("::1")) && is_near(place("10.0.0.2")));
        assert!(!is_near(place("192.0.2.7")) && !is_near(place("2001:db8::1")));
        let (places, limits) = (Arc::new(Places::default()), Limits::default());
        let held: Vec<_> = (0..64)
            .map(|_| places.take("192.0.2.7".parse().unwrap(), limits))
            .collect();
        assert!(held.iter().all(Option::is_some));
        assert!(places.take("192.0.2.7".parse().unwrap(), limits).is_none());
        assert!(places.take("192.0.2.8".parse().unwrap(), limits).is_some());
        drop(held);
        assert!(places.open.lock().unwrap().by_place.is_empty());
    }

    #[tokio::test]
    async fn a_full_door_ends_what_waits_for_nothing_and_a_report_gets_through() {
        let stage = Stage::new().await;
        let limits = Limits {
            all: 8,
            ..limits(60_000, 64)
        };
        let server = open(&stage, limits).await;
        let mut silent = Vec::new();
        for _ in 0..20 {
            silent.push(TcpStream::connect(server.at).await.unwrap());
        }
        for _ in 0..3 {
            let said = report(server.at).await;
            assert!(said.starts_with("HTTP/1.1 201"), "{said}");
        }
        rest(&mut silent[0]).await;
    }

    #[test]
    fn whoever_holds_most_makes_room_and_one_who_is_being_answered_last() {
        let limits = Limits {
            headers: Duration::ZERO,
            from_outside: 6,
            from_near: 6,
            all: 6,
        };
        let places = Arc::new(Places::default());
        let take = |address: &str| places.take(address.parse().unwrap(), limits);
        let ended = |held: &Held| {
            places
                .open
                .lock()
                .unwrap()
                .remove(held.place, held.number)
                .is_none()
        };
        let greedy: Vec<_> = (0..5).map(|_| take("192.0.2.1").unwrap()).collect();
        let modest = take("192.0.2.2").unwrap();
        for held in greedy.iter().chain([&modest]) {
            held.line.busy.store(true, Ordering::Relaxed);
        }
        greedy[3].line.busy.store(false, Ordering::Relaxed);
        let first = take("192.0.2.3").unwrap();
        assert!(ended(&greedy[3]), "it waited for nothing");
        first.line.busy.store(true, Ordering::Relaxed);
        let second = take("192.0.2.4").unwrap();
        assert!(ended(&greedy[0]), "the oldest of whoever holds most");
        second.line.busy.store(true, Ordering::Relaxed);
        assert!(take("192.0.2.1").is_none(), "not for one who holds as many");
        assert!(!ended(&modest), "it was left alone");
    }
}
