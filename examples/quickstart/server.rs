//! The server and the client of the quickstart. The part that a receiver of
//! your own needs is [`receive`].

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use http::header::HOST;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use zaphook::{Answer, Consumer, Delivery, Failure, Gateway, Head, MemoryStore, Outcome, Receiver};

use super::{Fate, LEASE};

/// One route: its receiver, and where its reports go.
struct Route<G: Gateway> {
    receiver: Consumer<Receiver<G>, MemoryStore>,
    fields: fn(&Delivery<G>) -> Vec<String>,
    shared: Shared,
}

/// What the server and the client of this example share.
#[derive(Clone, Default)]
struct Shared {
    report: Arc<Mutex<Vec<String>>>,
    fate: Arc<Mutex<Fate>>,
    death: Arc<Notify>,
}

/// From request to answer.
async fn receive<G: Gateway>(
    route: Arc<Route<G>>,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Response<String> {
    let (parts, body) = request.into_parts();

    // What the head alone gives away is refused before the body is read.
    if let Err(refusal) = route.receiver.screen(&Head::from(&parts).peer(peer.ip())) {
        return route.answer(refusal.into());
    }
    let Ok(body) = Limited::new(body, route.receiver.body_limit()).collect().await else {
        return status(StatusCode::PAYLOAD_TOO_LARGE);
    };
    // In a task of its own: a caller who hangs up cancels nothing.
    let working = Arc::clone(&route);
    let mut work = tokio::spawn(Box::pin(async move {
        let request = Head::from(&parts).peer(peer.ip()).with_body(body.to_bytes());
        working.receiver.handle(&request, |delivery| working.work(delivery)).await
    }));
    tokio::select! {
        answer = &mut work => match answer {
            Ok(answer) => route.answer(answer),
            Err(_) => status(StatusCode::INTERNAL_SERVER_ERROR),
        },
        // Its process dies, as far as this example can; a proxy says so.
        () = route.shared.death.notified() => {
            work.abort();
            status(StatusCode::BAD_GATEWAY)
        }
    }
}

impl<G: Gateway> Route<G> {
    /// The handler: `Ok` means done or durably stored.
    async fn work(&self, delivery: Delivery<G>) -> Result<(), Failure> {
        self.shared.say(describe(&delivery));
        self.shared.say((self.fields)(&delivery));
        let fate = *self.shared.fate.lock().expect("no thread panics");
        match fate {
            Fate::Works => Ok(()),
            Fate::Fails => Err("the database is away".into()),
            Fate::Dies => {
                // Its task is ended where it is; nothing after this runs.
                self.shared.death.notify_one();
                std::future::pending().await
            }
        }
    }

    fn answer(&self, answer: Answer) -> Response<String> {
        self.shared.say([format!("outcome    {}", answer.outcome().as_str())]);
        match answer.outcome() {
            Outcome::Refused(refusal) => self.shared.say([format!("refused    {refusal}")]),
            Outcome::Unreadable(fault) => self.shared.say([format!("unreadable {fault}")]),
            _ => {}
        }
        answer.into()
    }
}

impl Shared {
    fn say(&self, lines: impl IntoIterator<Item = String>) {
        self.report.lock().expect("no thread panics").extend(lines);
    }
}

fn status(status: StatusCode) -> Response<String> {
    let mut response = Response::new(String::new());
    *response.status_mut() = status;
    response
}

/// What any delivery has to say, whichever gateway it comes from.
fn describe<G: Gateway>(delivery: &Delivery<G>) -> Vec<String> {
    let mut lines = vec![
        format!("gateway    {}", G::NAME),
        format!("event      {} ({})", delivery.name(), delivery.recognition().as_str()),
    ];
    let by: Vec<&str> = delivery.proof().by().map(|way| way.as_str()).collect();
    lines.push(match delivery.proof().secret() {
        Some(secret) => format!("proof      {}, secret {secret}", by.join(" and ")),
        None => format!("proof      {}", by.join(" and ")),
    });
    lines.extend(delivery.account().map(|account| format!("account    {account}")));
    lines.extend(delivery.happened_at().map(|time| format!("happened   {time}")));
    lines.extend(delivery.key().map(|key| format!("key        {key}")));
    lines.extend(delivery.attempt().map(|attempt| format!("attempt    {attempt}")));
    for value in delivery.set_aside() {
        lines.push(format!("set aside  {}: {}", value.path(), value.misfit()));
    }
    if let Some(event) = delivery.malformed() {
        lines.push(format!("malformed  {}", event.fault()));
    }
    if delivery.is_repaired() {
        lines.push("repaired   a text was cut inside a character".into());
    }
    lines
}

/// What answers a request, whatever its gateway.
type Answering = dyn Fn(SocketAddr, Request<Incoming>) -> Pin<Box<dyn Future<Output = Response<String>> + Send>>
    + Send
    + Sync;

/// The routes so far: what a path begins with, and who answers there.
pub(crate) struct Server {
    routes: Vec<(String, Arc<Answering>)>,
    shared: Shared,
}

impl Server {
    pub(crate) fn new() -> Self {
        Self { routes: Vec::new(), shared: Shared::default() }
    }

    /// Adds a gateway's route: `POST /<its name>`, and everything below it, where
    /// tokens stand. `fields` says what is worth showing of an event.
    pub(crate) fn route<G: Gateway>(
        &mut self,
        receiver: Receiver<G>,
        fields: fn(&Delivery<G>) -> Vec<String>,
    ) {
        self.route_at(&format!("/{}", G::NAME), receiver, fields);
    }

    /// As [`route`](Self::route), at another path.
    pub(crate) fn route_at<G: Gateway>(
        &mut self,
        path: &str,
        receiver: Receiver<G>,
        fields: fn(&Delivery<G>) -> Vec<String>,
    ) {
        let receiver = receiver.with_store(MemoryStore::new()).lease(LEASE);
        let route = Arc::new(Route { receiver, fields, shared: self.shared.clone() });
        self.routes.push((
            path.to_owned(),
            Arc::new(move |peer, request| Box::pin(receive(Arc::clone(&route), peer, request))),
        ));
    }

    /// Starts on a free port of the loopback interface.
    pub(crate) async fn start(self) -> Result<Running, Box<dyn std::error::Error>> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let shared = self.shared.clone();
        let server = Arc::new(self);
        tokio::spawn(async move {
            while let Ok((socket, peer)) = listener.accept().await {
                let server = Arc::clone(&server);
                let service = service_fn(move |request| {
                    let answering = server.find(&request);
                    async move {
                        Ok::<_, std::convert::Infallible>(match answering {
                            Ok(answering) => answering(peer, request).await,
                            Err(code) => status(code),
                        })
                    }
                });
                let connection = hyper::server::conn::http1::Builder::new()
                    .timer(TokioTimer::new())
                    .serve_connection(TokioIo::new(socket), service);
                tokio::spawn(connection);
            }
        });
        Ok(Running { address, shared })
    }

    fn find(&self, request: &Request<Incoming>) -> Result<Arc<Answering>, StatusCode> {
        let below = |path: &str| {
            let rest = request.uri().path().strip_prefix(path);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let routes = self.routes.iter().filter(|(path, _)| below(path));
        let route = routes.max_by_key(|(path, _)| path.len()).ok_or(StatusCode::NOT_FOUND)?;
        match *request.method() {
            Method::POST => Ok(Arc::clone(&route.1)),
            _ => Err(StatusCode::METHOD_NOT_ALLOWED),
        }
    }
}

/// The server at work, and a client for it.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    shared: Shared,
}

impl Running {
    /// Sends a request over the socket; the answer's status.
    pub(crate) async fn send(
        &self,
        mut request: http::Request<bytes::Bytes>,
        fate: Fate,
    ) -> Result<u16, Box<dyn std::error::Error>> {
        *self.shared.fate.lock().expect("no thread panics") = fate;
        request.headers_mut().insert(HOST, self.address.to_string().parse()?);
        let socket = TokioIo::new(TcpStream::connect(self.address).await?);
        let (mut connection, driver) = hyper::client::conn::http1::handshake(socket).await?;
        tokio::spawn(driver);
        let response = connection.send_request(request.map(Full::new)).await?;
        Ok(response.status().as_u16())
    }

    /// What the receiver said since it was last asked.
    pub(crate) fn report(&self) -> Vec<String> {
        std::mem::take(&mut *self.shared.report.lock().expect("no thread panics"))
    }
}
