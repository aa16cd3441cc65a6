//! A mail server that takes everything at once and notes when it had it.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::stopwatch::Stopwatch;

/// One mail.
#[derive(Clone, Debug)]
pub struct Taken {
    /// When it was complete, since the sink began.
    pub at: Duration,
    /// Its subject.
    pub subject: String,
    /// Its Message-ID.
    pub id: String,
    /// To whom it went, as the envelope says it.
    pub to: String,
}

/// The sink. It ends with the process.
pub struct Sink {
    /// Where it listens.
    pub port: u16,
    watch: Stopwatch,
    taken: Arc<Mailbox>,
}

#[derive(Default)]
struct Mailbox {
    mails: Mutex<Vec<Taken>>,
    came: Condvar,
}

impl Sink {
    /// Opens it on a free port.
    ///
    /// # Errors
    /// There is none.
    pub fn open() -> Result<Sink> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let (watch, taken) = (Stopwatch::start(), Arc::new(Mailbox::default()));
        let mailbox = Arc::clone(&taken);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mailbox = Arc::clone(&mailbox);
                // A conversation that broke off has brought no mail.
                thread::spawn(move || drop(converse(&stream, watch, &mailbox)));
            }
        });
        Ok(Sink { port, watch, taken })
    }

    /// The time since it was opened.
    pub fn now(&self) -> Duration {
        self.watch.read()
    }

    /// The clock by which it notes when a mail came.
    pub fn clock(&self) -> Stopwatch {
        self.watch
    }

    /// So many mails as came so far.
    pub fn count(&self) -> usize {
        self.lock().len()
    }

    /// Every mail from the `from`th on.
    pub fn since(&self, from: usize) -> Vec<Taken> {
        self.lock().get(from..).unwrap_or_default().to_vec()
    }

    /// Waits for a mail, from the `from`th on, that is wanted.
    ///
    /// # Errors
    /// None came within the patience.
    pub fn wait(
        &self,
        from: usize,
        patience: Duration,
        wanted: impl Fn(&Taken) -> bool,
    ) -> Result<Taken> {
        let found = |mails: &Vec<Taken>| mails.iter().skip(from).find(|mail| wanted(mail)).cloned();
        let waited = self
            .taken
            .came
            .wait_timeout_while(self.lock(), patience, |mails| found(mails).is_none());
        let (mails, _) = waited.unwrap_or_else(PoisonError::into_inner);
        found(&mails).context("the mail did not come")
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Taken>> {
        self.taken
            .mails
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn converse(stream: &TcpStream, watch: Stopwatch, mailbox: &Mailbox) -> Result<()> {
    stream.set_nodelay(true)?;
    let (mut lines, mut out) = (BufReader::new(stream), stream);
    let (mut line, mut to) = (String::new(), String::new());
    out.write_all(b"220 sink\r\n")?;
    loop {
        line.clear();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "DATA" => {
                out.write_all(b"354 go on\r\n")?;
                let (subject, id) = message(&mut lines)?;
                let at = watch.read();
                let mut mails = mailbox.mails.lock().unwrap_or_else(PoisonError::into_inner);
                let to = std::mem::take(&mut to);
                mails.push(Taken {
                    at,
                    subject,
                    id,
                    to,
                });
                mailbox.came.notify_all();
                drop(mails);
                out.write_all(b"250 taken\r\n")?;
            }
            "QUIT" => {
                out.write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            "RCPT" => {
                line.trim().clone_into(&mut to);
                out.write_all(b"250 ok\r\n")?;
            }
            _ => out.write_all(b"250 ok\r\n")?,
        }
    }
}

/// Reads to the lone dot; gives the subject and the Message-ID.
fn message(lines: &mut impl BufRead) -> Result<(String, String)> {
    let (mut line, mut subject, mut id) = (String::new(), String::new(), String::new());
    loop {
        line.clear();
        lines.read_line(&mut line)?;
        if line == ".\r\n" || line.is_empty() {
            return Ok((subject, id));
        }
        if let Some(said) = line.strip_prefix("Message-ID: ")
            && id.is_empty()
        {
            said.trim().clone_into(&mut id);
        }
        if let Some(said) = line.strip_prefix("Subject: ")
            && subject.is_empty()
        {
            said.trim().clone_into(&mut subject);
        }
    }
}

/// Hands over one mail by the shortest conversation there is.
///
/// # Errors
/// The sink broke off.
pub fn hand_over(port: u16) -> Result<()> {
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    let (mut lines, mut out, mut line) = (BufReader::new(&stream), &stream, String::new());
    let mail = "Subject: limit\r\n\r\nText.\r\n.\r\n";
    for said in [
        "",
        "EHLO bench\r\n",
        "MAIL FROM:<a@b.example>\r\n",
        "RCPT TO:<c@d.example>\r\n",
        "DATA\r\n",
        mail,
    ] {
        out.write_all(said.as_bytes())?;
        line.clear();
        lines.read_line(&mut line)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may stop at once")]

    use super::*;

    #[test]
    fn a_mail_is_noted_with_its_subject() {
        let sink = Sink::open().unwrap();
        hand_over(sink.port).unwrap();
        let mail = sink.wait(0, Duration::from_secs(5), |_| true).unwrap();
        assert_eq!(mail.subject, "limit");
    }
}
