//! A client that costs next to nothing: one kept connection, requests written by hand.
//! It speaks as much of HTTP/1.1 as our own server needs.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `GET` or another one.
    pub method: &'static str,
    /// Path and query.
    pub path: String,
    /// Who asks; empty for nobody.
    pub token: String,
    /// More headers, each with its line end.
    pub headers: String,
    /// A JSON body; empty for none.
    pub body: String,
}

impl Request {
    /// Reads a page or an answer of the API.
    pub fn get(path: impl Into<String>, token: &str) -> Request {
        Request {
            method: "GET",
            path: path.into(),
            token: token.to_owned(),
            ..Request::default()
        }
    }

    /// Sends a JSON body.
    pub fn post(path: impl Into<String>, token: &str, body: &Value) -> Request {
        Request {
            method: "POST",
            path: path.into(),
            token: token.to_owned(),
            body: body.to_string(),
            ..Request::default()
        }
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON, of an answer that is a success.
    ///
    /// # Errors
    /// Any other status, or no JSON.
    pub fn json(&self) -> Result<Value> {
        let said = String::from_utf8_lossy(&self.body);
        ensure!(self.status < 300, "{}: {said}", self.status);
        serde_json::from_slice(&self.body).context("no JSON")
    }
}

/// One connection, kept open.
pub struct Client {
    stream: BufReader<TcpStream>,
    out: Vec<u8>,
}

impl Client {
    /// Connects to a port of this machine.
    ///
    /// # Errors
    /// Nobody listens there.
    pub fn connect(port: u16) -> Result<Client> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Client {
            stream: BufReader::with_capacity(64 * 1024, stream),
            out: Vec::new(),
        })
    }

    /// The same for somebody who waits no longer than this for anything.
    ///
    /// # Errors
    /// Nobody listens there.
    pub fn connect_within(port: u16, patience: Duration) -> Result<Client> {
        let client = Self::connect(port)?;
        client.stream.get_ref().set_read_timeout(Some(patience))?;
        Ok(client)
    }

    /// Asks and waits for the whole answer.
    ///
    /// # Errors
    /// The connection broke, or what came back is not HTTP.
    pub fn call(&mut self, request: &Request) -> Result<Answer> {
        let Request {
            method,
            path,
            token,
            headers,
            body,
        } = request;
        self.out.clear();
        write!(self.out, "{method} {path} HTTP/1.1\r\nHost: localhost\r\n")?;
        if !token.is_empty() {
            write!(self.out, "Authorization: Bearer {token}\r\n")?;
        }
        self.out.extend_from_slice(headers.as_bytes());
        if !body.is_empty() {
            let length = body.len();
            let kind = "application/json";
            write!(
                self.out,
                "Content-Type: {kind}\r\nContent-Length: {length}\r\n"
            )?;
        }
        write!(self.out, "\r\n{body}")?;
        self.stream.get_mut().write_all(&self.out)?;
        self.answer()
    }

    fn answer(&mut self) -> Result<Answer> {
        let mut line = String::new();
        self.line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.with_context(|| format!("not an answer: {line:?}"))?;
        let (mut length, mut chunked) = (0, false);
        loop {
            self.line(&mut line)?;
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse()?;
            }
            chunked |= name.eq_ignore_ascii_case("transfer-encoding");
        }
        let body = if chunked {
            self.chunks()?
        } else {
            self.exactly(length)?
        };
        Ok(Answer { status, body })
    }

    fn exactly(&mut self, length: usize) -> Result<Vec<u8>> {
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(body)
    }

    fn chunks(&mut self) -> Result<Vec<u8>> {
        let (mut body, mut line) = (Vec::new(), String::new());
        loop {
            self.line(&mut line)?;
            let length = usize::from_str_radix(line.trim(), 16)?;
            body.extend(self.exactly(length)?);
            self.line(&mut line)?;
            if length == 0 {
                return Ok(body);
            }
        }
    }

    fn line(&mut self, line: &mut String) -> Result<()> {
        line.clear();
        if self.stream.read_line(line)? == 0 {
            bail!("the server closed the connection");
        }
        line.truncate(line.trim_end().len());
        Ok(())
    }
}
