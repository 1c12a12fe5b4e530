//! Plain HTTP/1.1, one request per connection.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode, Uri};

use crate::options::Problem;

/// The longest time for an answer.
const LIMIT: Duration = Duration::from_secs(60);

/// The longest answer that is read.
const LONGEST: u64 = 1 << 20;

/// Where deliveries go.
pub(crate) struct Target {
    authority: String,
    address: String,
    path: String,
    query: String,
}

impl Target {
    pub(crate) fn parse(url: &str) -> Result<Self, Problem> {
        let uri: Uri = url.parse()?;
        if uri.scheme_str() != Some("http") {
            return Err("the URL is a plain one: http://127.0.0.1:8080/hook".into());
        }
        let authority = uri.authority().ok_or("the URL names no server")?;
        let address = format!("{}:{}", authority.host(), authority.port_u16().unwrap_or(80));
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        let path = uri.path().trim_end_matches('/').to_owned();
        Ok(Self { authority: authority.to_string(), address, path, query })
    }

    /// Sends a request here. The token at the end of its path goes to the end of this one.
    pub(crate) fn post(&self, request: &Request<Bytes>) -> io::Result<Answer> {
        let token = request.uri().path().strip_prefix("/eazewa/");
        let path = match token {
            Some(token) => format!("{}/{token}", self.path),
            None if self.path.is_empty() => "/".to_owned(),
            None => self.path.clone(),
        };
        let mut head = format!(
            "POST {path}{} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n",
            self.query,
            self.authority,
            request.body().len(),
        )
        .into_bytes();
        for (name, value) in request.headers() {
            head.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
        if !request.headers().contains_key("content-type") {
            head.extend(b"content-type: application/json\r\n");
        }
        head.extend(b"\r\n");

        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(LIMIT))?;
        stream.set_write_timeout(Some(LIMIT))?;
        // A server that refuses early may close before all is sent; its answer counts.
        let sent = stream.write_all(&head).and_then(|()| stream.write_all(request.body()));
        let mut answer = Vec::new();
        let received = stream.take(LONGEST).read_to_end(&mut answer);
        Answer::parse(&answer).ok_or_else(|| match (sent, received) {
            (Err(error), _) | (_, Err(error)) => error,
            _ => io::Error::new(io::ErrorKind::InvalidData, "it is not HTTP/1.1"),
        })
    }
}

/// What a server answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    head: String,
    body: String,
}

impl Answer {
    fn parse(answer: &[u8]) -> Option<Self> {
        let answer = String::from_utf8_lossy(answer);
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
        Some(Self { status, head: head.to_owned(), body: body.to_owned() })
    }

    pub(crate) fn is_success(&self) -> bool {
        self.status.is_success()
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.head.replace("\r\n", "\n"))?;
        if self.body.is_empty() { Ok(()) } else { write!(f, "\n\n{}", self.body.trim_end()) }
    }
}
