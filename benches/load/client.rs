//! A client that sends on time, whatever the answers do.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use zaphook::{EnviaAi, Secret};

use crate::{Problem, SECRET};

/// What came of requests sent at a steady rate.
#[derive(Default)]
pub(crate) struct Answers {
    pub(crate) sent: usize,
    pub(crate) not_200: usize,
    latencies: Vec<Duration>,
}

impl Answers {
    /// The latency that so many of a hundred stay below.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let index = (self.latencies.len() * percent / 100).min(self.latencies.len().max(1) - 1);
        self.latencies.get(index).copied().unwrap_or_default()
    }

    fn merge(&mut self, other: Self) {
        self.sent += other.sent;
        self.not_200 += other.not_200;
        self.latencies.extend(other.latencies);
    }
}

const CONNECTIONS: usize = 32;

/// Sends events `first..` at a rate per second over some connections. Every
/// twentieth is sent twice.
pub(crate) async fn steady(
    address: SocketAddr,
    first: usize,
    per_second: usize,
    seconds: usize,
) -> Result<Answers, Problem> {
    let started = Instant::now() + Duration::from_millis(50);
    let mut tasks = tokio::task::JoinSet::new();
    for lane in 0..CONNECTIONS.min(per_second) {
        let lanes = CONNECTIONS.min(per_second);
        tasks.spawn(async move {
            let mut answers = Answers::default();
            let mut stream = None;
            for index in (lane..per_second * seconds).step_by(lanes) {
                let due = started + Duration::from_secs_f64(index as f64 / per_second as f64);
                tokio::time::sleep_until(due.into()).await;
                let event = first + event(index, lanes);
                let status = send(&mut stream, address, &signed(&body(event))).await;
                // From when it was due: a server that stalls is not spared.
                answers.latencies.push(due.elapsed());
                answers.sent += 1;
                answers.not_200 += usize::from(status != Some(200));
            }
            answers
        });
    }
    let mut all = Answers::default();
    while let Some(lane) = tasks.join_next().await {
        all.merge(lane?);
    }
    all.latencies.sort_unstable();
    Ok(all)
}

/// The events that `steady` sends.
pub(crate) fn events(
    first: usize,
    per_second: usize,
    seconds: usize,
) -> impl Iterator<Item = String> {
    let lanes = CONNECTIONS.min(per_second);
    (0..per_second * seconds).map(move |index| format!("msg_{}", first + event(index, lanes)))
}

/// Every twentieth is the one before it in its lane once more.
fn event(index: usize, lanes: usize) -> usize {
    if index % 20 == 19 && index >= lanes { index - lanes } else { index }
}

fn body(event: usize) -> String {
    let mut body = format!(
        r#"{{"event":"message.received","timestamp":"2026-02-10T14:23:45.678Z","data":{{"messageId":"msg_{event}","instanceId":"inst_4b7d","chatId":"chat_19aa","from":"5511999990001","type":"text","content":"Bom dia! Ainda tem mesa para hoje?","timestamp":"2026-02-10T14:23:45.000Z","contactName":"Ana","isGroup":false}}}}"#
    );
    // 2 KiB, as a message with a link or two.
    body.extend(std::iter::repeat_n(' ', 2048_usize.saturating_sub(body.len())));
    body
}

pub(crate) fn signed(body: &str) -> Vec<u8> {
    let signature = Secret::new(SECRET).map(|secret| EnviaAi::sign(&secret, body.as_bytes()));
    head(&[("x-enviaai-signature", &signature.unwrap_or_default())], body.len(), body)
}

/// A request with these headers, of a body that may be cut short.
pub(crate) fn head(headers: &[(&str, &str)], length: usize, body: &str) -> Vec<u8> {
    let mut request =
        format!("POST /enviaai HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\n");
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    (request + "\r\n" + body).into_bytes()
}

/// Sends over a connection that is kept; gives the status.
pub(crate) async fn send(
    stream: &mut Option<TcpStream>,
    address: SocketAddr,
    request: &[u8],
) -> Option<u16> {
    let mut open = match stream.take() {
        Some(open) => open,
        None => TcpStream::connect(address).await.ok()?,
    };
    open.set_nodelay(true).ok()?;
    open.write_all(request).await.ok()?;
    let mut answer = Vec::new();
    loop {
        if let Some(end) = answer.windows(4).position(|end| end == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(answer.get(..end)?).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
            if answer.len() >= end + 4 + length {
                *stream = (!head.contains("connection: close")).then_some(open);
                return head.split(' ').nth(1)?.parse().ok();
            }
        }
        if open.read_buf(&mut answer).await.ok()? == 0 {
            return None;
        }
    }
}
