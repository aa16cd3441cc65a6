//! Very many live pages in front of one server: opened once, each told of every change, and how long after the change
//! was answered for each of them heard it. The same for ours and for a bare handler.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use henhouse::clock::Clock;
use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::sync::{Semaphore, mpsc};

/// A change is told with these words, once.
const HEARD: &[u8] = b"\"kind\":\"note_added\"";
/// From so many addresses of this machine, because one has ports for fewer.
const ADDRESSES: u8 = 32;
/// So many connect at the same time.
const AT_ONCE: usize = 64;
/// Longest wait for the last of them.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two changes.
const PAUSE: Duration = Duration::from_millis(300);

/// What is followed.
pub struct Followed<'a> {
    /// Where the server listens.
    pub port: u16,
    /// How many streams.
    pub streams: usize,
    /// How many changes.
    pub changes: usize,
    /// The address of the stream.
    pub path: &'a str,
    /// The address that a change is posted to.
    pub tell: &'a str,
    /// Who follows, in turn; the first one changes. Nobody for a bare handler.
    pub tokens: Vec<&'a str>,
}

/// One stream heard of one more change.
type Heard = (usize, Instant);

/// Opens the streams, says so, waits for a line, then changes and measures.
pub fn measure(followed: &Followed) {
    let mut files = getrlimit(Resource::Nofile);
    files.current = files.maximum;
    setrlimit(Resource::Nofile, files).expect("the system keeps its own limit");
    let runtime = tokio::runtime::Runtime::new().expect("threads can be started");
    let (heard, hears) = mpsc::unbounded_channel();
    let clock = Clock::real();
    let begun = clock.steady();
    runtime.block_on(open(followed, &heard, &clock));
    println!("open_ms {}", millis(clock.steady() - begun));
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .expect("xtask says go");
    changes(followed, hears, &clock);
    // The streams end with the process, not one after the other.
    std::process::exit(0);
}

async fn open(followed: &Followed<'_>, heard: &mpsc::UnboundedSender<Heard>, clock: &Clock) {
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let opened = Arc::new(Semaphore::new(0));
    for n in 0..followed.streams {
        let room = Arc::clone(&room)
            .acquire_owned()
            .await
            .expect("it stays open");
        let token = followed.tokens.get(n % followed.tokens.len().max(1));
        let token = token.map_or_else(String::new, |token| {
            format!("Authorization: Bearer {token}\r\n")
        });
        let asked = format!(
            "GET {} HTTP/1.1\r\nHost: localhost\r\n{token}\r\n",
            followed.path
        );
        let (port, heard, opened, clock) = (
            followed.port,
            heard.clone(),
            Arc::clone(&opened),
            clock.clone(),
        );
        tokio::spawn(async move {
            let mut stream = connect(port, n).await;
            stream
                .write_all(asked.as_bytes())
                .await
                .expect("it is listened to");
            let mut got = [0; 1024];
            let mut head = Vec::new();
            while !head.windows(4).any(|end| end == b"\r\n\r\n") {
                let read = stream.read(&mut got).await.expect("it answers");
                assert!(read > 0, "closed: {}", String::from_utf8_lossy(&head));
                head.extend_from_slice(&got[..read]);
            }
            let said = String::from_utf8_lossy(&head);
            assert!(said.starts_with("HTTP/1.1 200"), "{said}");
            opened.add_permits(1);
            drop(room);
            follow(stream, n, &heard, &clock).await;
        });
    }
    let all = u32::try_from(followed.streams).expect("not so many");
    opened
        .acquire_many(all)
        .await
        .expect("it stays open")
        .forget();
}

async fn connect(port: u16, n: usize) -> tokio::net::TcpStream {
    let own = Ipv4Addr::new(
        127,
        0,
        1,
        1 + u8::try_from(n % usize::from(ADDRESSES)).expect("few"),
    );
    let socket = TcpSocket::new_v4().expect("a socket");
    socket
        .bind(SocketAddr::from((own, 0)))
        .expect("a port is free");
    let server = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    socket.connect(server).await.expect("it listens")
}

/// Reads until the stream ends, and tells of each change.
async fn follow(
    mut stream: tokio::net::TcpStream,
    n: usize,
    heard: &mpsc::UnboundedSender<Heard>,
    clock: &Clock,
) {
    let (mut got, mut kept) = ([0; 1024], Vec::new());
    while let Ok(read) = stream.read(&mut got).await {
        if read == 0 {
            return;
        }
        kept.extend_from_slice(&got[..read]);
        let mut from = 0;
        while let Some(at) = kept[from..]
            .windows(HEARD.len())
            .position(|some| some == HEARD)
        {
            let _ = heard.send((n, clock.steady()));
            from += at + HEARD.len();
        }
        // The beginning of the words may stand at the end.
        let rest = kept.len().min(HEARD.len() - 1).min(kept.len() - from);
        kept.drain(..kept.len() - rest);
    }
}

fn changes(followed: &Followed, mut hears: mpsc::UnboundedReceiver<Heard>, clock: &Clock) {
    let mut teller =
        BufReader::new(TcpStream::connect(("127.0.0.1", followed.port)).expect("it listens"));
    teller.get_ref().set_nodelay(true).expect("a socket");
    let (mut all, mut last, mut missing) = (Vec::new(), Vec::new(), 0);
    for n in 0..followed.changes {
        std::thread::sleep(PAUSE);
        let answered = change(followed, &mut teller, n, clock);
        let mut count = 0;
        let mut latest = 0.0_f64;
        while count < followed.streams {
            let Ok((_, at)) = hears.try_recv() else {
                if clock.steady() - answered > PATIENCE {
                    break;
                }
                std::thread::sleep(Duration::from_millis(5));
                continue;
            };
            count += 1;
            let after = millis(at.saturating_duration_since(answered));
            latest = latest.max(after);
            all.push(after);
        }
        last.push(latest);
        missing += followed.streams - count;
    }
    all.sort_by(f64::total_cmp);
    last.sort_by(f64::total_cmp);
    let of = |sorted: &[f64], hundred: usize| {
        let at = (sorted.len() * hundred / 100).min(sorted.len().saturating_sub(1));
        sorted.get(at).copied().unwrap_or(f64::NAN)
    };
    println!("p50_ms {}", of(&all, 50));
    println!("p99_ms {}", of(&all, 99));
    println!("last_ms {}", of(&last, 100));
    println!("missing {missing}");
}

/// Posts a change; gives when it was answered.
fn change(
    followed: &Followed,
    teller: &mut BufReader<TcpStream>,
    n: usize,
    clock: &Clock,
) -> Instant {
    let (token, body) = match followed.tokens.first() {
        Some(token) => (
            format!("Authorization: Bearer {token}\r\n"),
            format!(
                "{{\"command\":\"add_note\",\"text\":\"Note {n}: the fence was looked at again.\"}}"
            ),
        ),
        None => (
            String::new(),
            format!(
                "id: {n}\nevent: entry\ndata: {{\"kind\":\"note_added\",\"number\":\"HH-1\",\
                 \"recorded_at\":\"2026-11-22T03:12:00.123456Z\",\"seq\":{n}}}\n\n"
            ),
        ),
    };
    let length = body.len();
    let asked = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\n{token}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}",
        followed.tell
    );
    // Whoever is idle for long is let go of; whoever asks again then connects again.
    let line = said(teller, &asked).or_else(|| {
        *teller = BufReader::new(TcpStream::connect(("127.0.0.1", followed.port)).ok()?);
        said(teller, &asked)
    });
    let answered = clock.steady();
    let line = line.expect("it answers");
    assert!(line.starts_with("HTTP/1.1 2"), "{line}");
    let mut length = 0;
    let mut header = String::new();
    while teller.read_line(&mut header).expect("a header") > 2 {
        if let Some(n) = header.to_ascii_lowercase().strip_prefix("content-length:") {
            length = n.trim().parse().expect("a length");
        }
        header.clear();
    }
    teller.read_exact(&mut vec![0; length]).expect("a body");
    answered
}

fn said(teller: &mut BufReader<TcpStream>, asked: &str) -> Option<String> {
    teller.get_mut().write_all(asked.as_bytes()).ok()?;
    let mut line = String::new();
    let read = teller.read_line(&mut line).ok()?;
    (read > 0).then_some(line)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
