//! One line to an IMAP server (RFC 3501): commands out, answers in. Whatever the server sends, no more than one mail and some
//! lines of it are held; what is held is read by a library that looks into no answer deeper than eight levels.

use std::time::Duration;

use imap_codec::decode::Decoder as _;
use imap_codec::encode::{Encoder as _, Fragment};
use imap_codec::imap_types::command::{Command, CommandBody};
use imap_codec::imap_types::core::LiteralMode;
use imap_codec::imap_types::extensions::idle::IdleDone;
use imap_codec::imap_types::response::{
    Code, Data, Greeting, Response, Status, StatusBody, StatusKind,
};
use imap_codec::{CommandCodec, GreetingCodec, IdleDoneCodec, ResponseCodec};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::inbound::smtp::MAIL_LIMIT;

/// The lines of one answer are no longer than this together, without what it carries: room for the numbers of a quarter of
/// a million mails.
const LINES_LIMIT: usize = 2 * 1024 * 1024;
/// One answer carries so many pieces of known length.
const PIECES_LIMIT: usize = 16;
/// So many answers come before the one that ends a command, or while we wait for news.
const ANSWERS_LIMIT: usize = 100_000;
/// What a server says is shown in so many characters.
const SAID_LIMIT: usize = 200;

/// Bytes both ways.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// Why a mailbox cannot be read now, for whoever runs the server. Never a password, never of a mail.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The line.
    #[error("there is no line to it ({0})")]
    Line(#[from] std::io::Error),
    /// It takes too long.
    #[error("it did not answer in time")]
    Silent,
    /// It has closed the line.
    #[error("it ended the line ({0})")]
    Ended(String),
    /// It sends what no server sends.
    #[error("it sends more than an answer can be")]
    Endless,
    /// It said no.
    #[error("it refuses {0} ({1})")]
    Refused(&'static str, String),
    /// It cannot be used like this.
    #[error("{0}")]
    Unusable(&'static str),
}

/// One answer.
pub struct Answer {
    /// What it says. Each piece of known length that it carries stands in it as an empty string.
    pub says: Response<'static>,
    /// These pieces.
    pub pieces: Vec<Vec<u8>>,
}

/// What ended a command.
pub struct Outcome {
    /// Whether it was done.
    pub is_ok: bool,
    /// What else stands there for programs.
    pub code: Option<Code<'static>>,
    /// What stands there for people.
    pub said: String,
}

impl Outcome {
    /// It was done.
    ///
    /// # Errors
    /// It was not: what was refused.
    pub fn done(self, what: &'static str) -> Result<Self, Trouble> {
        match self.is_ok {
            true => Ok(self),
            false => Err(Trouble::Refused(what, self.said)),
        }
    }
}

/// What has come of an answer that is not whole yet. It is kept here, so that nothing is lost where waiting is broken off.
#[derive(Default)]
struct Part {
    lines: Vec<u8>,
    pieces: Vec<Vec<u8>>,
    held: usize,
    /// The piece that is coming, and how much of it is still to come.
    coming: Option<(Vec<u8>, usize)>,
}

/// A line.
pub struct Wire {
    stream: BufReader<Box<dyn Stream>>,
    part: Part,
    commands: u32,
    /// Something new was announced since somebody looked.
    pub has_news: bool,
    /// Something came that could not be read, since somebody looked.
    pub is_unclear: bool,
    bye: Option<String>,
}

impl Wire {
    /// Speaks over this.
    pub fn new(stream: Box<dyn Stream>) -> Self {
        Self {
            stream: BufReader::with_capacity(16 * 1024, stream),
            part: Part::default(),
            commands: 0,
            has_news: false,
            is_unclear: false,
            bye: None,
        }
    }

    /// The stream below, to be made safe.
    ///
    /// # Errors
    /// Something came already that would be taken for what was said in safety.
    pub fn into_stream(self) -> Result<Box<dyn Stream>, Trouble> {
        let nothing_else = self.stream.buffer().is_empty() && self.part.lines.is_empty();
        match nothing_else {
            true => Ok(self.stream.into_inner()),
            false => Err(Trouble::Unusable(
                "it goes on talking before the line is safe: somebody may be in between",
            )),
        }
    }

    /// What the server says first.
    ///
    /// # Errors
    /// It says nothing, or nothing that can be read.
    pub async fn greeting(&mut self, patience: Duration) -> Result<Greeting<'static>, Trouble> {
        let (lines, _) = timeout(patience, self.whole())
            .await
            .map_err(|_| Trouble::Silent)??;
        let read = GreetingCodec::default().decode_static(&lines);
        read.map(|(_, greeting)| greeting)
            .map_err(|_| Trouble::Unusable("what answers there speaks no IMAP"))
    }

    /// Asks for something, and hands each answer to `each` until it is done or refused.
    ///
    /// # Errors
    /// The line's, and a server that does not come to an end.
    pub async fn ask(
        &mut self,
        body: CommandBody<'static>,
        patience: Duration,
        each: impl FnMut(Answer),
    ) -> Result<Outcome, Trouble> {
        let asked = async {
            match self.say(body, None).await? {
                Said::Over(outcome) => Ok(outcome),
                Said::Tag(tag) => self.until_done(&tag, each).await,
            }
        };
        timeout(patience, asked)
            .await
            .map_err(|_| Trouble::Silent)?
    }

    /// The same for a command that is gone on with one line once the server asks for it.
    ///
    /// # Errors
    /// The same.
    pub async fn ask_with(
        &mut self,
        body: CommandBody<'static>,
        more: Zeroizing<String>,
        patience: Duration,
    ) -> Result<Outcome, Trouble> {
        let asked = async {
            match self.say(body, Some(more)).await? {
                Said::Over(outcome) => Ok(outcome),
                Said::Tag(tag) => self.until_done(&tag, |_| ()).await,
            }
        };
        timeout(patience, asked)
            .await
            .map_err(|_| Trouble::Silent)?
    }

    /// Waits for news with IDLE (RFC 2177) until some come, or `enough` says so.
    ///
    /// # Errors
    /// The line's; the server refuses.
    pub async fn idle(
        &mut self,
        patience: Duration,
        enough: impl Future<Output = ()>,
    ) -> Result<(), Trouble> {
        let begun = timeout(
            patience,
            self.say(CommandBody::Idle, Some(Zeroizing::default())),
        );
        let tag = match begun.await.map_err(|_| Trouble::Silent)?? {
            Said::Tag(tag) => tag,
            Said::Over(outcome) => return Err(Trouble::Refused("IDLE", outcome.said)),
        };
        tokio::pin!(enough);
        for n in 0.. {
            if self.has_news {
                break;
            }
            let answer = tokio::select! {
                answer = self.answer() => answer?,
                () = &mut enough => break,
            };
            let ends = answer.is_some_and(|answer| ended(&answer.says, &tag).is_some());
            if ends || n > ANSWERS_LIMIT {
                return Err(Trouble::Unusable("it ends IDLE by itself"));
            }
        }
        let done = async {
            for fragment in IdleDoneCodec::default().encode(&IdleDone) {
                self.write(fragment).await?;
            }
            self.until_done(&tag, |_| ()).await
        };
        let outcome = timeout(patience, done)
            .await
            .map_err(|_| Trouble::Silent)??;
        outcome.done("IDLE").map(drop)
    }

    /// Says a command, and what is to follow it once the server asks. An IDLE is followed by nothing.
    async fn say(
        &mut self,
        body: CommandBody<'static>,
        more: Option<Zeroizing<String>>,
    ) -> Result<Said, Trouble> {
        self.commands = self.commands.wrapping_add(1);
        let tag = format!("h{}", self.commands);
        let command = Command::new(tag.clone(), body)
            .map_err(|_| Trouble::Unusable("a command could not be written"))?;
        for fragment in CommandCodec::default().encode(&command) {
            let waits = matches!(
                fragment,
                Fragment::Literal {
                    mode: LiteralMode::Sync,
                    ..
                }
            );
            if waits && let Some(outcome) = self.until_asked(&tag).await? {
                return Ok(Said::Over(outcome));
            }
            self.write(fragment).await?;
        }
        if let Some(more) = more {
            if let Some(outcome) = self.until_asked(&tag).await? {
                return Ok(Said::Over(outcome));
            }
            if !more.is_empty() {
                self.stream.write_all(more.as_bytes()).await?;
                self.stream.write_all(b"\r\n").await?;
                self.stream.flush().await?;
            }
        }
        Ok(Said::Tag(tag))
    }

    async fn write(&mut self, fragment: Fragment) -> Result<(), Trouble> {
        let (Fragment::Line { data } | Fragment::Literal { data, .. }) = fragment;
        // It may be a password.
        let data = Zeroizing::new(data);
        self.stream.write_all(&data).await?;
        Ok(self.stream.flush().await?)
    }

    /// Until the server asks for more; what ended the command, if it does not.
    async fn until_asked(&mut self, tag: &str) -> Result<Option<Outcome>, Trouble> {
        for _ in 0..ANSWERS_LIMIT {
            let Some(answer) = self.answer().await? else {
                continue;
            };
            if matches!(answer.says, Response::CommandContinuationRequest(_)) {
                return Ok(None);
            }
            if let Some(outcome) = ended(&answer.says, tag) {
                return Ok(Some(outcome));
            }
        }
        Err(Trouble::Endless)
    }

    async fn until_done(
        &mut self,
        tag: &str,
        mut each: impl FnMut(Answer),
    ) -> Result<Outcome, Trouble> {
        for _ in 0..ANSWERS_LIMIT {
            let Some(answer) = self.answer().await? else {
                continue;
            };
            if let Some(outcome) = ended(&answer.says, tag) {
                return Ok(outcome);
            }
            each(answer);
        }
        Err(Trouble::Endless)
    }

    /// The next answer; nothing for one that cannot be read and is none that ends something. May be broken off.
    async fn answer(&mut self) -> Result<Option<Answer>, Trouble> {
        let (lines, pieces) = self.whole().await?;
        let Ok((_, says)) = ResponseCodec::default().decode_static(&lines) else {
            self.is_unclear = true;
            return match lines.starts_with(b"* ") {
                true => Ok(None),
                false => Err(Trouble::Unusable("its answers cannot be read")),
            };
        };
        match &says {
            Response::Data(Data::Exists(_)) => self.has_news = true,
            Response::Status(Status::Bye(bye)) => self.bye = Some(plain(bye.text.as_ref())),
            _ => {}
        }
        Ok(Some(Answer { says, pieces }))
    }

    /// The lines of the next answer, and what they carry. May be broken off.
    async fn whole(&mut self) -> Result<(Vec<u8>, Vec<Vec<u8>>), Trouble> {
        loop {
            let came = self.stream.fill_buf().await?;
            if came.is_empty() {
                let bye = self.bye.take();
                return Err(Trouble::Ended(
                    bye.unwrap_or_else(|| "without a word".to_owned()),
                ));
            }
            let (used, is_whole) = self.part.add(came)?;
            self.stream.consume(used);
            if is_whole {
                let part = std::mem::take(&mut self.part);
                return Ok((part.lines, part.pieces));
            }
        }
    }
}

/// How far a command came.
enum Said {
    /// It is said, under this tag.
    Tag(String),
    /// It was answered before.
    Over(Outcome),
}

impl Part {
    /// Takes what fits of what came: how much, and whether the answer is whole.
    fn add(&mut self, came: &[u8]) -> Result<(usize, bool), Trouble> {
        if let Some((mut piece, left)) = self.coming.take() {
            let used = left.min(came.len());
            piece.extend_from_slice(came.get(..used).unwrap_or_default());
            match left - used {
                0 => self.pieces.push(piece),
                left => self.coming = Some((piece, left)),
            }
            return Ok((used, false));
        }
        let end = came.iter().position(|byte| *byte == b'\n');
        let used = end.map_or(came.len(), |end| end + 1);
        self.lines
            .extend_from_slice(came.get(..used).unwrap_or_default());
        if self.lines.len() > LINES_LIMIT {
            return Err(Trouble::Endless);
        }
        if end.is_none() {
            return Ok((used, false));
        }
        let Some((begin, length)) = announced(&self.lines) else {
            return Ok((used, true));
        };
        self.held = self.held.saturating_add(length);
        if self.held > MAIL_LIMIT || self.pieces.len() >= PIECES_LIMIT {
            return Err(Trouble::Endless);
        }
        // It is handed on beside: the library refuses a piece with a NUL in it, and a mail may have one.
        self.lines.truncate(begin);
        self.lines.extend_from_slice(b"\"\"");
        match length {
            0 => self.pieces.push(Vec::new()),
            _ => self.coming = Some((Vec::new(), length)),
        }
        Ok((used, false))
    }
}

/// Where a line announces that a piece follows, and how long it is.
fn announced(line: &[u8]) -> Option<(usize, usize)> {
    let line = line.strip_suffix(b"\r\n")?.strip_suffix(b"}")?;
    let begin = line.iter().rposition(|byte| *byte == b'{')?;
    let length = line.get(begin + 1..)?;
    let length = length.strip_suffix(b"+").unwrap_or(length);
    let is_number = !length.is_empty() && length.iter().all(u8::is_ascii_digit);
    let length = std::str::from_utf8(length).ok().filter(|_| is_number)?;
    // More than can be counted is more than is taken.
    Some((begin, length.parse().unwrap_or(usize::MAX)))
}

/// What ended the command with this tag, if this did.
fn ended(says: &Response<'static>, tag: &str) -> Option<Outcome> {
    let Response::Status(Status::Tagged(tagged)) = says else {
        return None;
    };
    let StatusBody { kind, code, text } = &tagged.body;
    (tagged.tag.as_ref() == tag).then(|| Outcome {
        is_ok: *kind == StatusKind::Ok,
        code: code.clone(),
        said: plain(text.as_ref()),
    })
}

/// What a server said, for a log and a page.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(SAID_LIMIT)
        .collect()
}
