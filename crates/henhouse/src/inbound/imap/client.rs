//! What is done in a mailbox, in words of mails: enter it, see what waits, fetch one, mark one, wait for news.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use imap_codec::imap_types::auth::AuthMechanism;
use imap_codec::imap_types::command::CommandBody;
use imap_codec::imap_types::core::{IString, NString, Vec1};
use imap_codec::imap_types::fetch::{
    MacroOrMessageDataItemNames, MessageDataItem, MessageDataItemName,
};
use imap_codec::imap_types::flag::{Flag, FlagPerm, StoreResponse, StoreType};
use imap_codec::imap_types::mailbox::Mailbox as Folder;
use imap_codec::imap_types::response::{Capability, Code, Data, GreetingKind, Response, Status};
use imap_codec::imap_types::search::SearchKey;
use imap_codec::imap_types::sequence::SequenceSet;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use zeroize::Zeroizing;

use super::settings::{Mailbox, Protection};
use super::wire::{Answer, Stream, Trouble, Wire};

/// So long is waited for a line and what is said at its beginning.
const ENTER: Duration = Duration::from_secs(20);
/// The same for the answer to a command.
const ANSWER: Duration = Duration::from_secs(60);
/// A whole mail comes within so long.
const WHOLE: Duration = Duration::from_secs(900);

/// So many mails are waited for at once; what a server names besides is looked for later.
const WAITING: usize = 250_000;

/// A mailbox that was entered.
pub struct Client {
    wire: Wire,
    can_idle: bool,
    /// Where kept mails go; they are marked as read where they are, if nothing is named.
    done: Option<Folder<'static>>,
    /// By which life of the folder its mails are numbered (RFC 3501, 2.3.1.1).
    pub validity: u32,
}

/// What the server handed over of a mail.
pub enum Fetched {
    /// Its bytes.
    Whole(Vec<u8>),
    /// It is not there any more.
    Gone,
    /// It refuses, or what it sends cannot be read.
    Not(String),
}

impl Client {
    /// Opens a line, logs in, and opens the folder.
    ///
    /// # Errors
    /// Why not, in a sentence.
    pub async fn enter(mailbox: &Mailbox) -> Result<Self, Trouble> {
        let mut wire = connect(mailbox).await?;
        let mut can = capabilities(&mut wire).await?;
        log_in(&mut wire, mailbox, &can).await?;
        // Once somebody is known they may do more.
        can = capabilities(&mut wire).await?;
        let settings = &mailbox.settings;
        let done = settings.done_folder.as_deref().map(folder).transpose()?;
        if done.is_some() && !can.contains(&Capability::Move) {
            return Err(Trouble::Unusable(
                "its server cannot move mails (RFC 6851): leave done_folder out",
            ));
        }
        let opened = open(&mut wire, folder(&settings.folder)?).await?;
        // What cannot be marked would be taken again and again.
        if opened.is_read_only || (done.is_none() && !opened.keeps_seen) {
            return Err(Trouble::Unusable(
                "mails in this folder cannot be marked: let this user change it",
            ));
        }
        Ok(Self {
            wire,
            can_idle: can.contains(&Capability::Idle),
            done,
            validity: opened.validity.ok_or(Trouble::Unusable(
                "it does not say by which life of the folder mails are numbered (UIDVALIDITY)",
            ))?,
        })
    }

    /// The mails that wait, by their numbers.
    ///
    /// # Errors
    /// The line's; the server refuses.
    pub async fn waiting(&mut self) -> Result<BTreeSet<NonZeroU32>, Trouble> {
        self.wire.has_news = false;
        let mut wanted = vec![SearchKey::Undeleted];
        if self.done.is_none() {
            wanted.push(SearchKey::Unseen);
        }
        let mut found = BTreeSet::new();
        let body = CommandBody::search(None, Vec1::unvalidated(wanted), true);
        let outcome = self.wire.ask(body, ANSWER, |answer| {
            if let Response::Data(Data::Search(numbers)) = answer.says {
                let room = WAITING.saturating_sub(found.len());
                found.extend(numbers.into_iter().take(room));
            }
        });
        outcome.await?.done("to say what waits")?;
        Ok(found)
    }

    /// How large a mail is; nothing if it is not there any more.
    ///
    /// # Errors
    /// The line's.
    pub async fn size(&mut self, number: NonZeroU32) -> Result<Option<u32>, Trouble> {
        let mut size = None;
        let items = vec![MessageDataItemName::Uid, MessageDataItemName::Rfc822Size];
        let outcome = self.fetch(number, items, |item, _| {
            if let MessageDataItem::Rfc822Size(bytes) = item {
                size = Some(bytes);
            }
        });
        outcome.await?;
        Ok(size)
    }

    /// The bytes of a mail, which stays unread.
    ///
    /// # Errors
    /// The line's.
    pub async fn mail(&mut self, number: NonZeroU32) -> Result<Fetched, Trouble> {
        let mut got = None;
        self.wire.is_unclear = false;
        let whole = MessageDataItemName::BodyExt {
            section: None,
            partial: None,
            peek: true,
        };
        let items = vec![MessageDataItemName::Uid, whole];
        let refused = self.fetch(number, items, |item, pieces| {
            if let MessageDataItem::BodyExt {
                section: None,
                data,
                ..
            } = item
            {
                got = bytes(data, pieces);
            }
        });
        let refused = refused.await?;
        Ok(match (got, refused) {
            (Some(bytes), _) => Fetched::Whole(bytes),
            (None, Some(said)) => Fetched::Not(format!("its server refuses it ({said})")),
            (None, None) if self.wire.is_unclear => {
                Fetched::Not("what its server sends of it cannot be read".to_owned())
            }
            (None, None) => Fetched::Gone,
        })
    }

    /// Marks a mail as one that was kept: as read, or by moving it. What the server says against it, if it refuses.
    ///
    /// # Errors
    /// The line's.
    pub async fn mark(&mut self, number: NonZeroU32) -> Result<Result<(), String>, Trouble> {
        let sequence_set = SequenceSet::from(number);
        let body = match &self.done {
            Some(folder) => CommandBody::Move {
                sequence_set,
                mailbox: folder.clone(),
                uid: true,
            },
            None => CommandBody::Store {
                sequence_set,
                kind: StoreType::Add,
                response: StoreResponse::Silent,
                flags: vec![Flag::Seen],
                uid: true,
            },
        };
        let outcome = self.wire.ask(body, ANSWER, |_| ()).await?;
        Ok(match outcome.is_ok {
            true => Ok(()),
            false => Err(outcome.said),
        })
    }

    /// Waits until there is news, or `enough` says so; where the server announces none, until then.
    ///
    /// # Errors
    /// The line's.
    pub async fn wait(&mut self, enough: impl Future<Output = ()>) -> Result<(), Trouble> {
        if self.wire.has_news {
            return Ok(());
        }
        if self.can_idle {
            return self.wire.idle(ANSWER, enough).await;
        }
        enough.await;
        let outcome = self.wire.ask(CommandBody::Noop, ANSWER, |_| ());
        outcome.await?.done("NOOP").map(drop)
    }

    /// Whether the server says by itself that there is news.
    #[must_use]
    pub fn can_idle(&self) -> bool {
        self.can_idle
    }

    /// Says goodbye; whether that is heard does not matter.
    pub async fn leave(mut self) {
        let outcome = self
            .wire
            .ask(CommandBody::Logout, Duration::from_secs(2), |_| ());
        drop(outcome.await);
    }

    /// Hands over what is said of this one mail; what the server says if it refuses, or sends what cannot be read.
    async fn fetch(
        &mut self,
        number: NonZeroU32,
        items: Vec<MessageDataItemName<'static>>,
        mut each: impl FnMut(MessageDataItem<'static>, &mut Vec<Vec<u8>>),
    ) -> Result<Option<String>, Trouble> {
        let body = CommandBody::Fetch {
            sequence_set: SequenceSet::from(number),
            macro_or_item_names: MacroOrMessageDataItemNames::MessageDataItemNames(items),
            uid: true,
        };
        let outcome = self.wire.ask(body, WHOLE, |answer| {
            let Answer { says, mut pieces } = answer;
            let Response::Data(Data::Fetch { items, .. }) = says else {
                return;
            };
            // Flags of other mails may be told in between.
            let items = items.into_inner();
            let is_it = |item: &MessageDataItem<'_>| *item == MessageDataItem::Uid(number);
            if items.iter().any(is_it) {
                items.into_iter().for_each(|item| each(item, &mut pieces));
            }
        });
        let outcome = outcome.await?;
        Ok((!outcome.is_ok).then_some(outcome.said))
    }
}

/// The bytes of a mail: the one piece that came, or what stands in the answer itself.
fn bytes(data: NString<'static>, pieces: &mut Vec<Vec<u8>>) -> Option<Vec<u8>> {
    match (data.0?, pieces.len()) {
        (IString::Quoted(_), 1) => pieces.pop(),
        (IString::Quoted(quoted), 0) => Some(quoted.into_inner().into_owned().into_bytes()),
        _ => None,
    }
}

fn folder(name: &str) -> Result<Folder<'static>, Trouble> {
    let odd = Trouble::Unusable("the folder's name cannot be said");
    Folder::try_from(name.to_owned()).map_err(|_| odd)
}

async fn connect(mailbox: &Mailbox) -> Result<Wire, Trouble> {
    let place = (mailbox.settings.host.as_str(), mailbox.port());
    let line = timeout(ENTER, TcpStream::connect(place)).await;
    let line = line.map_err(|_| Trouble::Silent)??;
    line.set_nodelay(true)?;
    let mut stream: Box<dyn Stream> = Box::new(line);
    if mailbox.settings.security == Protection::Starttls {
        let mut wire = Wire::new(stream);
        if greeted(&mut wire).await? {
            return Err(Trouble::Unusable(
                "it lets everybody in before the line is safe: somebody may be in between",
            ));
        }
        let outcome = wire.ask(CommandBody::StartTLS, ENTER, |_| ());
        outcome.await?.done("STARTTLS")?;
        stream = wire.into_stream()?;
    }
    if let Some((config, name)) = &mailbox.tls {
        let secured = TlsConnector::from(Arc::clone(config)).connect(name.clone(), stream);
        let secured = timeout(ENTER, secured).await;
        stream = Box::new(secured.map_err(|_| Trouble::Silent)??);
    }
    let mut wire = Wire::new(stream);
    if mailbox.settings.security != Protection::Starttls && greeted(&mut wire).await? {
        return Err(Trouble::Unusable(
            "it lets everybody in without a password: name the mailbox's own server",
        ));
    }
    Ok(wire)
}

/// What the server says first; whether it takes us for somebody already.
async fn greeted(wire: &mut Wire) -> Result<bool, Trouble> {
    let greeting = wire.greeting(ENTER).await?;
    match greeting.kind {
        GreetingKind::Ok => Ok(false),
        GreetingKind::PreAuth => Ok(true),
        GreetingKind::Bye => {
            let said: String = greeting.text.inner().chars().take(200).collect();
            Err(Trouble::Ended(said))
        }
    }
}

async fn capabilities(wire: &mut Wire) -> Result<Vec<Capability<'static>>, Trouble> {
    let mut can = Vec::new();
    let outcome = wire.ask(CommandBody::Capability, ENTER, |answer| {
        if let Response::Data(Data::Capability(said)) = answer.says {
            can = said.into_inner();
        }
    });
    outcome.await?.done("to say what it can do")?;
    Ok(can)
}

async fn log_in(
    wire: &mut Wire,
    mailbox: &Mailbox,
    can: &[Capability<'static>],
) -> Result<(), Trouble> {
    let (user, password) = (&mailbox.settings.user, &mailbox.password);
    let outcome = if can.contains(&Capability::Auth(AuthMechanism::Plain)) {
        let said = Zeroizing::new(format!("\0{user}\0{}", password.as_str()));
        let said = Zeroizing::new(STANDARD.encode(said.as_bytes()));
        let body = CommandBody::authenticate(AuthMechanism::Plain);
        wire.ask_with(body, said, ENTER).await?
    } else if can.contains(&Capability::LoginDisabled) {
        return Err(Trouble::Unusable(
            "it takes no password on this line, or none at all: see `security`",
        ));
    } else {
        let body = CommandBody::login(user.clone(), password.as_str().to_owned());
        let body =
            body.map_err(|_| Trouble::Unusable("the user or the password cannot be said"))?;
        wire.ask(body, ENTER, |_| ()).await?
    };
    outcome.done("the password").map(drop)
}

/// What is known of a folder that was opened.
#[derive(Default)]
struct Opened {
    validity: Option<u32>,
    is_read_only: bool,
    /// What is marked as read stays so.
    keeps_seen: bool,
}

async fn open(wire: &mut Wire, folder: Folder<'static>) -> Result<Opened, Trouble> {
    // Where nothing is said of them, every mark stays (RFC 3501, 7.1).
    let mut opened = Opened {
        keeps_seen: true,
        ..Opened::default()
    };
    let body = CommandBody::Select { mailbox: folder };
    let outcome = wire.ask(body, ANSWER, |answer| {
        let Response::Status(Status::Untagged(said)) = answer.says else {
            return;
        };
        match said.code {
            Some(Code::UidValidity(validity)) => opened.validity = Some(validity.get()),
            Some(Code::PermanentFlags(flags)) => {
                opened.keeps_seen = flags.contains(&FlagPerm::Flag(Flag::Seen));
            }
            _ => {}
        }
    });
    let outcome = outcome.await?.done("to open the folder")?;
    opened.is_read_only = matches!(outcome.code, Some(Code::ReadOnly));
    Ok(opened)
}
