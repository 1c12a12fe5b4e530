//! The server and the client of the quickstart. The part that a receiver of
//! your own needs is [`receive`].

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::response::Response;
use axum::routing::post;
use http::StatusCode;
use zaphook::{Answer, Delivery, Error, Gateway, Head, Receiver};

/// One route: its receiver, and where its reports go.
struct Route<G: Gateway> {
    receiver: Receiver<G>,
    fields: fn(&Delivery<G>) -> Vec<String>,
    report: Report,
}

type Report = Arc<Mutex<Vec<String>>>;

/// From request to answer.
async fn receive<G: Gateway>(
    State(route): State<Arc<Route<G>>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let head = Head::from(&parts).peer(peer.ip());

    // What the head alone gives away is refused before the body is read.
    if let Err(refusal) = route.receiver.screen(&head) {
        route.say([Error::from(refusal).to_string()]);
        return Answer::from(refusal).into();
    }
    let Ok(body) = to_bytes(body, route.receiver.body_limit()).await else {
        return status(StatusCode::PAYLOAD_TOO_LARGE);
    };
    match route.receiver.receive(&head.with_body(body)) {
        Ok(delivery) => {
            route.say(describe(&delivery));
            route.say((route.fields)(&delivery));
            Answer::handled().into()
        }
        Err(error) => {
            route.say([error.to_string()]);
            Answer::from(error).into()
        }
    }
}

fn status(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
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

impl<G: Gateway> Route<G> {
    fn say(&self, lines: impl IntoIterator<Item = String>) {
        self.report.lock().expect("no thread panics").extend(lines);
    }
}

/// The routes so far.
pub(crate) struct Server {
    router: Router,
    report: Report,
}

impl Server {
    pub(crate) fn new() -> Self {
        Self { router: Router::new(), report: Report::default() }
    }

    /// Adds a gateway's route: `POST /<its name>`. `fields` says what is worth
    /// showing of an event.
    pub(crate) fn route<G: Gateway>(
        &mut self,
        receiver: Receiver<G>,
        fields: fn(&Delivery<G>) -> Vec<String>,
    ) {
        let route = Route { receiver, fields, report: Arc::clone(&self.report) };
        let method = post(receive::<G>).with_state(Arc::new(route));
        self.router = std::mem::take(&mut self.router).route(&format!("/{}", G::NAME), method);
    }

    /// Starts on a free port of the loopback interface.
    pub(crate) async fn start(self) -> Result<Running, Box<dyn std::error::Error>> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let service = self.router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build();
        Ok(Running { address, report: self.report, agent: agent.into() })
    }
}

/// The server at work, and a client for it.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    report: Report,
    agent: ureq::Agent,
}

impl Running {
    /// Sends a request over the socket; the answer's status.
    pub(crate) async fn send(
        &self,
        mut request: http::Request<bytes::Bytes>,
    ) -> Result<u16, Box<dyn std::error::Error>> {
        let path = request.uri().path();
        *request.uri_mut() = format!("http://{}{path}", self.address).parse()?;
        let agent = self.agent.clone();
        let request = request.map(|body| body.to_vec());
        let response = tokio::task::spawn_blocking(move || agent.run(request)).await??;
        Ok(response.status().as_u16())
    }

    /// What the receiver said since it was last asked.
    pub(crate) fn report(&self) -> Vec<String> {
        std::mem::take(&mut *self.report.lock().expect("no thread panics"))
    }
}
