//! One line: bytes in, bytes out, and never waiting for ever.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use smtp_proto::request::receiver::{DataReceiver, RequestReceiver};
use smtp_proto::{Error, Request};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;

use super::dialogue::{Dialogue, Next};
use super::{House, MAIL_LIMIT, Recipient};
use crate::inbound::Takes;
use crate::inbound::taking::{Came, Taken};
use crate::listen;

/// A sender may take so long over each piece (RFC 5321, 4.5.3.2: five minutes for a command, three for data).
const PATIENCE: Duration = Duration::from_secs(300);
/// A whole mail comes within so long.
const WHOLE: Duration = Duration::from_secs(900);
/// Where the memory for mails is taken, so long is waited for some.
const FOR_ROOM: Duration = Duration::from_secs(30);
/// Memory is taken in pieces of so many KiB.
const PIECE_KIB: u32 = 64;
const NO_ROOM: &str = "452 4.3.1 Too many mails at once: send it again soon";
const TOO_LARGE: &str = "552 5.3.4 Larger than a mail may be here: send a smaller one, and say in it what there is more";

/// A line to somebody who brings mail.
pub struct Line {
    stream: TcpStream,
    peer: IpAddr,
    house: Arc<House>,
    takes: Takes,
    dialogue: Dialogue,
    /// What came, from the place that is not looked at yet.
    came: Vec<u8>,
}

/// The line ends, whatever was being said.
struct Gone;

impl From<std::io::Error> for Gone {
    fn from(_: std::io::Error) -> Self {
        Self
    }
}

impl Line {
    /// A line that was just opened.
    pub fn new(stream: TcpStream, peer: IpAddr, house: Arc<House>, takes: Takes) -> Self {
        let (dialogue, came) = Default::default();
        Self {
            stream,
            peer,
            house,
            takes,
            dialogue,
            came,
        }
    }

    /// Talks until either side has had enough. A mail that has come whole is taken to its end also where we are told to stop.
    pub async fn talk(mut self, open: &listen::Line, mut stopped: watch::Receiver<bool>) {
        let greeting = format!("220 {} ESMTP", self.house.name);
        if self.say(&greeting).await.is_err() {
            return;
        }
        let mut requests = RequestReceiver::default();
        loop {
            let next = tokio::select! {
                next = self.next(&mut requests) => next,
                () = listen::told_to_stop(&mut stopped) => {
                    drop(self.say("421 4.3.2 It is stopping: come again").await);
                    return;
                }
            };
            let said = match next {
                Ok(Next::Say(words)) => self.say(&words).await,
                Ok(Next::Receive(words)) => {
                    open.set_busy(true);
                    let done = self.receive(&words).await;
                    open.set_busy(false);
                    done
                }
                Ok(Next::Close(words)) => {
                    drop(self.say(&words).await);
                    return;
                }
                Err(Gone) => return,
            };
            if said.is_err() {
                return;
            }
        }
    }

    async fn next(&mut self, requests: &mut RequestReceiver) -> Result<Next, Gone> {
        loop {
            let mut rest = self.came.iter();
            let next = match requests.ingest(&mut rest) {
                Ok(request) => {
                    let has_project = match &request {
                        Request::Rcpt { to } => {
                            self.house.has_project(&self.takes, &to.address).await
                        }
                        _ => true,
                    };
                    Some(self.dialogue.answer(&self.house, request, has_project))
                }
                Err(Error::NeedsMoreData { .. }) => None,
                Err(error) => Some(self.dialogue.misunderstood(&error)),
            };
            let left = rest.as_slice().len();
            // What is still to be completed is remembered by whoever reads the requests.
            self.came
                .drain(..self.came.len() - left.min(self.came.len()));
            match next {
                Some(next) => return Ok(next),
                None => self.came.clear(),
            }
            self.read().await?;
        }
    }

    async fn read(&mut self) -> Result<(), Gone> {
        let mut piece = [0; 16 * 1024];
        let read = timeout(PATIENCE, self.stream.read(&mut piece))
            .await
            .map_err(|_| Gone)??;
        self.came
            .extend_from_slice(piece.get(..read).unwrap_or_default());
        if read == 0 { Err(Gone) } else { Ok(()) }
    }

    async fn say(&mut self, words: &str) -> Result<(), Gone> {
        let line = format!("{words}\r\n");
        timeout(PATIENCE, self.stream.write_all(line.as_bytes()))
            .await
            .map_err(|_| Gone)??;
        Ok(())
    }

    /// Receives a mail and answers what became of it: once, or by LMTP once for each recipient.
    async fn receive(&mut self, go_on: &str) -> Result<(), Gone> {
        self.say(go_on).await?;
        let mail = timeout(WHOLE, self.mail()).await.map_err(|_| Gone)??;
        let answers = match &mail {
            Ok(mail) => self.take(&mail.bytes).await,
            Err(why) => vec![(*why).to_owned(); self.dialogue.to.len()],
        };
        let one = match self.dialogue.is_local {
            true => answers,
            false => worst(answers),
        };
        self.dialogue.forget();
        for answer in one {
            self.say(&answer).await?;
        }
        Ok(())
    }

    /// Reads to the end of a mail; why it is not taken, if it is not.
    async fn mail(&mut self) -> Result<Result<Held, &'static str>, Gone> {
        let mut data = DataReceiver::new();
        let mut held = Ok(Held::new(Arc::clone(&self.house.room)));
        loop {
            let mut rest = self.came.iter();
            let mut more = Vec::new();
            let is_whole = data.ingest(&mut rest, &mut more);
            let left = rest.as_slice().len();
            self.came.drain(..self.came.len() - left);
            // What is not taken is read on, so that its sender hears why.
            if let Ok(mail) = &mut held
                && let Err(why) = mail.add(&more).await
            {
                held = Err(why);
            }
            if is_whole {
                return Ok(held);
            }
            self.read().await?;
        }
    }

    async fn take(&self, raw: &[u8]) -> Vec<String> {
        let mut done: Vec<(&Recipient, String)> = Vec::new();
        for to in &self.dialogue.to {
            if done.iter().any(|(one, _)| one.is_as(to)) {
                continue;
            }
            let project = &to.project;
            let came = Came {
                raw,
                from: self
                    .dialogue
                    .from
                    .as_deref()
                    .filter(|from| !from.is_empty()),
                by: Some(self.peer),
                project,
                suspicious: to.alerts.is_none() && self.dialogue.suspicious.contains(project),
                alerts: to.alerts.as_deref(),
            };
            let answer = said(self.takes.take(&came).await);
            done.push((to, answer));
        }
        let of = |to: &Recipient| done.iter().find(|(one, _)| one.is_as(to));
        let answers = self.dialogue.to.iter().filter_map(of);
        answers.map(|(_, answer)| answer.clone()).collect()
    }
}

/// A mail on its way, and the memory that it may take.
struct Held {
    bytes: Vec<u8>,
    room: Arc<Semaphore>,
    taken: Vec<OwnedSemaphorePermit>,
}

impl Held {
    fn new(room: Arc<Semaphore>) -> Self {
        let (bytes, taken) = Default::default();
        Self { bytes, room, taken }
    }

    async fn add(&mut self, more: &[u8]) -> Result<(), &'static str> {
        if self.bytes.len() + more.len() > MAIL_LIMIT {
            return Err(TOO_LARGE);
        }
        while self.taken.len() * PIECE_KIB as usize * 1024 < self.bytes.len() + more.len() {
            let room = Arc::clone(&self.room).acquire_many_owned(PIECE_KIB);
            let taken = timeout(FOR_ROOM, room).await;
            self.taken
                .push(taken.map_err(|_| NO_ROOM)?.map_err(|_| NO_ROOM)?);
        }
        self.bytes.extend_from_slice(more);
        Ok(())
    }
}

/// In the words of a mail server, on one line.
fn said(taken: Taken) -> String {
    let (code, words) = match taken {
        Taken::Kept(number) => ("250 2.0.0", format!("Kept as {number}")),
        Taken::Queued(item) => ("250 2.0.0", format!("Kept for review as M-{item}")),
        Taken::Alert(what) => ("250 2.0.0", what.to_owned()),
        Taken::Refused(why) => ("550 5.7.1", why),
        Taken::Later(why) => ("451 4.3.0", why.to_owned()),
    };
    let words: String = words
        .chars()
        .map(|c| if c.is_ascii_graphic() { c } else { ' ' })
        .take(400)
        .collect();
    format!("{code} {words}")
}

/// By SMTP all recipients have one answer: what is still to be kept is said before what is refused, and that before what is
/// kept, unless something is kept and the rest is refused for good.
fn worst(answers: Vec<String>) -> Vec<String> {
    let begins = |with: &str| {
        answers
            .iter()
            .find(|answer| answer.starts_with(with))
            .cloned()
    };
    let one = begins("4").or_else(|| begins("2")).or_else(|| begins("5"));
    vec![one.unwrap_or_else(|| "451 4.3.0 It cannot be kept just now: send it again".to_owned())]
}
