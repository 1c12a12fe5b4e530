//! From the request of a framework to its response, over real sockets: the same cases
//! with axum, hyper alone, and actix-web.

use std::convert::Infallible;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use zaphook::auth::{Networks, TokenPlace};
use zaphook::enviaai::Event;
use zaphook::idempotency::{Claim, Settled, Ticket};
use zaphook::{
    AnswerBody, AnyDelivery, AnyReceiver, Consumer, Delivery, Door, EazeWa, EnviaAi, Failure,
    Gateway, IdempotencyStore, Key, MemoryStore, Peer, Receiver, Request, Secret, Stored, Tenants,
    Token,
};

const SECRET: &str = "whs_3b9ff21c";
const TOKEN: &str = "9f2c51b7-5a0e-4d8e";
const LIMIT: usize = EnviaAi::BODY_LIMIT;

/// Long enough for a server to notice that a client has hung up.
const NOTICED: Duration = Duration::from_millis(200);

type Response = http::Response<AnswerBody>;

/// Everything that the servers receive with, and what they did.
#[derive(Clone)]
struct Webhooks {
    enviaai: Consumer<Receiver<EnviaAi>, MemoryStore>,
    eazewa: Consumer<AnyReceiver, MemoryStore>,
    door: Door<Receiver<EnviaAi>>,
    /// Of a gateway that takes any answer for the end of a delivery.
    last_door: Door<AnyReceiver>,
    tenants: Consumer<Tenants<EnviaAi>, MemoryStore>,
    office: Consumer<Receiver<EnviaAi>, MemoryStore>,
    broken: Consumer<Receiver<EnviaAi>, Broken>,
    application: Arc<Application>,
}

/// The application behind them.
struct Application {
    /// Handlers that wait do so for a permit.
    gate: Semaphore,
    /// Whether its queue takes anything.
    takes: AtomicBool,
    begun: Mutex<mpsc::Sender<String>>,
    handled: Mutex<Vec<String>>,
}

impl Application {
    async fn handle(&self, text: &str) -> Result<(), Failure> {
        self.begun.lock().unwrap().send(text.to_owned())?;
        match text {
            "panic" => panic!("as it was told"),
            "wait" => self.gate.acquire().await?.forget(),
            _ => {}
        }
        self.handled.lock().unwrap().push(text.to_owned());
        Ok(())
    }

    async fn push(&self, entry: Stored) -> Result<(), Failure> {
        if !self.takes.load(Ordering::Relaxed) {
            return Err("the queue is down".into());
        }
        let text = String::from_utf8(entry.body().to_vec())?;
        self.handled.lock().unwrap().push(text);
        Ok(())
    }
}

/// A store with a fault.
struct Broken;

impl IdempotencyStore for Broken {
    type Error = Infallible;

    async fn claim(&self, _: &Key, _: Duration, _: Duration) -> Result<Claim, Infallible> {
        tokio::task::yield_now().await;
        panic!("a fault in a store")
    }

    async fn complete(&self, _: &Ticket, _: Duration) -> Result<Settled, Infallible> {
        Ok(Settled::Lost)
    }

    async fn release(&self, _: &Ticket) -> Result<Settled, Infallible> {
        Ok(Settled::Lost)
    }

    async fn extend(&self, _: &Ticket, _: Duration) -> Result<Settled, Infallible> {
        Ok(Settled::Lost)
    }
}

impl Webhooks {
    /// The handler, as every route needs it.
    fn save(
        &self,
    ) -> impl FnOnce(Delivery<EnviaAi>) -> Pin<Result<(), Failure>> + Send + Sync + Clone + 'static
    {
        let application = Arc::clone(&self.application);
        move |delivery| {
            Box::pin(async move {
                let text = match delivery.event() {
                    Event::MessageReceived(message) => message.content.clone(),
                    _ => None,
                };
                application.handle(&text.unwrap_or_default()).await
            })
        }
    }

    fn save_any(&self) -> impl FnOnce(AnyDelivery) -> Pin<Result<(), Failure>> + Send + 'static {
        let application = Arc::clone(&self.application);
        move |delivery| Box::pin(async move { application.handle(delivery.name()).await })
    }

    fn push(&self) -> impl Fn(Stored) -> Pin<Result<(), Failure>> + Send + Sync + 'static {
        let application = Arc::clone(&self.application);
        move |entry| {
            let application = Arc::clone(&application);
            Box::pin(async move { application.push(entry).await })
        }
    }

    /// With the policy of an account that is looked up meanwhile.
    async fn of_tenant(self, request: http::Request<bytes::Bytes>) -> zaphook::Answer {
        let (request, tenants) = (Request::from(&request), self.tenants.receiver());
        let Some(account) = tenants.peek(&request).account.filter(|it| it == "inst_1") else {
            return tenants.unknown().into();
        };
        tokio::task::yield_now().await;
        let policy = EnviaAi::signed(Secret::new(SECRET).unwrap());
        self.tenants.handle_for(&account, &policy, &request, self.save()).await
    }
}

type Pin<T> = std::pin::Pin<Box<dyn Future<Output = T> + Send>>;

/// The route for a path.
async fn respond<B>(webhooks: Webhooks, mut request: http::Request<B>) -> Response
where
    B: hyper::body::Body + Send + 'static,
{
    let path = request.uri().path().to_owned();
    match path.split('/').nth(1).unwrap() {
        "enviaai" => webhooks.enviaai.handle_http(request, webhooks.save()).await,
        "eazewa" => webhooks.eazewa.handle_http(request, webhooks.save_any()).await,
        "door" => webhooks.door.accept_http(request, webhooks.push()).await,
        "last_door" => webhooks.last_door.accept_http(request, webhooks.push()).await,
        "tenants" => {
            let all = webhooks.clone();
            webhooks.tenants.answer_http(request, |_, request| all.of_tenant(request)).await
        }
        "office" => {
            request.extensions_mut().insert(Peer(IpAddr::V4(Ipv4Addr::LOCALHOST)));
            webhooks.office.handle_http(request, webhooks.save()).await
        }
        "elsewhere" => webhooks.office.handle_http(request, webhooks.save()).await,
        _ => webhooks.broken.handle_http(request, webhooks.save()).await,
    }
}

async fn respond_actix(
    webhooks: Webhooks,
    request: HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let path = request.path().to_owned();
    match path.split('/').nth(1).unwrap() {
        "enviaai" => webhooks.enviaai.handle_actix(request, payload, webhooks.save()).await,
        "eazewa" => webhooks.eazewa.handle_actix(request, payload, webhooks.save_any()).await,
        "door" => webhooks.door.accept_actix(request, payload, webhooks.push()).await,
        "last_door" => webhooks.last_door.accept_actix(request, payload, webhooks.push()).await,
        "tenants" => {
            let all = webhooks.clone();
            let answer = move |_, request| all.of_tenant(request);
            webhooks.tenants.answer_actix(request, payload, answer).await
        }
        "office" => webhooks.office.handle_actix(request, payload, webhooks.save()).await,
        _ => webhooks.broken.handle_actix(request, payload, webhooks.save()).await,
    }
}

/// How a framework is started: it says where it listens.
type Start = fn(Webhooks, mpsc::Sender<SocketAddr>);

fn start_axum(webhooks: Webhooks, started: mpsc::Sender<SocketAddr>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async move {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        started.send(listener.local_addr().unwrap()).unwrap();
        let route =
            axum::routing::post(move |request: axum::extract::Request| respond(webhooks, request));
        let app = axum::Router::new().route("/{*path}", route);
        axum::serve(listener, app).await.unwrap();
    });
}

fn start_hyper(webhooks: Webhooks, started: mpsc::Sender<SocketAddr>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async move {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        started.send(listener.local_addr().unwrap()).unwrap();
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let webhooks = webhooks.clone();
            let service = service_fn(move |request| {
                let webhooks = webhooks.clone();
                async move { Ok::<_, Infallible>(respond(webhooks, request).await) }
            });
            let serving = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
            tokio::spawn(serving);
        }
    });
}

fn start_actix(webhooks: Webhooks, started: mpsc::Sender<SocketAddr>) {
    actix_web::rt::System::new().block_on(async move {
        let route = move |request, payload| respond_actix(webhooks.clone(), request, payload);
        let app = move || App::new().route("/{path:.*}", web::post().to(route.clone()));
        let server = HttpServer::new(app).workers(2).bind("127.0.0.1:0").unwrap();
        started.send(server.addrs()[0]).unwrap();
        server.run().await.unwrap();
    });
}

/// A server at work; it ends with the test's process.
struct Server {
    address: SocketAddr,
    application: Arc<Application>,
    begun: mpsc::Receiver<String>,
    outcomes: mpsc::Receiver<(String, u16)>,
}

impl Server {
    fn start(start: Start) -> Self {
        let (sender, begun) = mpsc::channel();
        let application = Arc::new(Application {
            gate: Semaphore::new(0),
            takes: AtomicBool::new(true),
            begun: Mutex::new(sender),
            handled: Mutex::default(),
        });
        let (outcome, outcomes) = mpsc::channel();
        let seen = Mutex::new(outcome);
        let seen = Arc::new(move |seen_now: &zaphook::Observation<'_>| {
            let outcome = (seen_now.outcome.as_str().to_owned(), seen_now.status.as_u16());
            let _ = seen.lock().unwrap().send(outcome);
        });
        macro_rules! observed {
            ($consumer:expr) => {{
                let seen = Arc::clone(&seen);
                $consumer.observe(move |observation| seen(observation))
            }};
        }
        let enviaai = Receiver::new(EnviaAi::signed(Secret::new(SECRET).unwrap()));
        let token = Token::new(TOKEN).unwrap();
        let eazewa = AnyReceiver::new(EazeWa::any_instance(TokenPlace::path(), token));
        let signed = EnviaAi::signed(Secret::new(SECRET).unwrap());
        let office = signed.and(Networks::new(["127.0.0.0/8"]).unwrap());
        let webhooks = Webhooks {
            enviaai: observed!(enviaai.clone().with_store(MemoryStore::new())),
            eazewa: observed!(eazewa.clone().with_store(MemoryStore::new())),
            door: observed!(enviaai.clone().door()),
            last_door: observed!(eazewa.door()),
            tenants: observed!(Tenants::new().with_store(MemoryStore::new())),
            office: observed!(Receiver::new(office).with_store(MemoryStore::new())),
            broken: observed!(enviaai.with_store(Broken)),
            application: Arc::clone(&application),
        };
        let (started, address) = mpsc::channel();
        std::thread::spawn(move || start(webhooks, started));
        let address = address.recv_timeout(Duration::from_secs(20)).unwrap();
        Self { address, application, begun, outcomes }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// What comes back to these bytes, to the end; the status, or 0 for nothing.
    fn send(&self, request: &[u8]) -> u16 {
        let mut stream = self.connect();
        stream.write_all(request).unwrap();
        answer(&mut stream)
    }

    #[track_caller]
    fn outcome(&self) -> (String, u16) {
        self.outcomes.recv_timeout(Duration::from_secs(20)).expect("nothing is told")
    }

    /// Sends it, and compares what is answered and what is told.
    #[track_caller]
    fn check(&self, request: &[u8], status: u16, outcome: &str) {
        assert_eq!(self.send(request), status, "{outcome}");
        assert_eq!(self.outcome().0, outcome);
    }

    fn handled(&self) -> Vec<String> {
        std::mem::take(&mut *self.application.handled.lock().unwrap())
    }
}

fn answer(stream: &mut TcpStream) -> u16 {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8(answer).unwrap();
    match answer.as_str() {
        "" => 0,
        answer => answer.strip_prefix("HTTP/1.1 ").unwrap()[..3].parse().unwrap(),
    }
}

fn message(id: &str, text: &str) -> String {
    format!(
        r#"{{"event":"message.received","data":{{"messageId":"{id}","instanceId":"inst_1","from":"5511999990001","content":"{text}"}}}}"#
    )
}

/// A message whose body has so many bytes.
fn of_length(id: &str, length: usize) -> String {
    let bare = message(id, "").len();
    message(id, &"a".repeat(length - bare))
}

fn sign(secret: &str, body: &str) -> String {
    EnviaAi::sign(&Secret::new(secret).unwrap(), body.as_bytes())
}

fn head(path: &str, signature: Option<&str>, more: &str) -> String {
    let signature = signature.map(|it| format!("x-enviaai-signature: {it}\r\n"));
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         content-type: application/json\r\n{}{more}\r\n",
        signature.unwrap_or_default()
    )
}

fn with_length(path: &str, secret: &str, body: &str) -> Vec<u8> {
    let length = format!("content-length: {}\r\n", body.len());
    format!("{}{body}", head(path, Some(&sign(secret, body)), &length)).into_bytes()
}

fn signed(path: &str, body: &str) -> Vec<u8> {
    with_length(path, SECRET, body)
}

fn chunked(path: &str, body: &str) -> Vec<u8> {
    let signature = sign(SECRET, body);
    let mut request = head(path, Some(&signature), "transfer-encoding: chunked\r\n").into_bytes();
    for chunk in body.as_bytes().chunks(100_000) {
        request.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
        request.extend(chunk);
        request.extend(b"\r\n");
    }
    request.extend(b"0\r\n\r\n");
    request
}

fn eazewa(path: &str, id: &str) -> Vec<u8> {
    let body = format!(
        r#"{{"event":"message","instanceId":"33","data":{{"message":{{"id":"false_5511999990001@c.us_{id}","body":"Oi"}}}}}}"#
    );
    let length = format!("content-length: {}\r\n", body.len());
    format!("{}{body}", head(&format!("{path}/{TOKEN}"), None, &length)).into_bytes()
}

/// Declares each case as a test of every framework.
macro_rules! cases {
    ($($(#[$doc:meta])* fn $case:ident($server:ident: Server) $body:block)+) => {
        $($(#[$doc])* fn $case($server: Server) $body)+

        cases!(@ on_axum start_axum $($case)+);
        cases!(@ on_hyper start_hyper $($case)+);
        cases!(@ on_actix start_actix $($case)+);
    };
    (@ $framework:ident $start:ident $($case:ident)+) => {
        mod $framework {
            use super::{Server, $start};

            $(#[test] fn $case() { super::$case(Server::start($start)) })+
        }
    };
}

cases! {
    fn a_delivery_is_handled_once(server: Server) {
        let body = message("msg_1", "Olá");
        server.check(&signed("/enviaai", &body), 200, "handled");
        server.check(&signed("/enviaai", &body), 200, "duplicate");
        server.check(&with_length("/enviaai", "whs_other", &body), 401, "refused");
        server.check(&signed("/enviaai", "no json"), 200, "unreadable");
        server.check(&eazewa("/eazewa", "A1"), 200, "handled");
        assert_eq!(server.handled(), ["Olá", "message"]);
    }

    fn a_body_has_a_limit(server: Server) {
        for (name, request) in [("l", signed as fn(&str, &str) -> Vec<u8>), ("c", chunked)] {
            let of = |length| request("/enviaai", &of_length(&format!("{name}{length}"), length));
            server.check(&of(LIMIT - 1), 200, "handled");
            server.check(&of(LIMIT), 200, "handled");
            // Any answer but 2xx would make EnviaAI send it five times more.
            server.check(&of(LIMIT + 1), 200, "too_large");
            server.check(&of(2 * LIMIT), 200, "too_large");
        }
        assert_eq!(server.handled().len(), 4);

        // Far above it, it is not waited for.
        let length = format!("content-length: {}\r\n", 2 * EazeWa::BODY_LIMIT + 1);
        let head = head(&format!("/eazewa/{TOKEN}"), None, &length);
        server.check(head.as_bytes(), 413, "too_large");
    }

    fn a_body_arrives_in_pieces(server: Server) {
        for request in [signed("/enviaai", &message("a", "x")), chunked("/enviaai", &message("b", "y"))] {
            let mut stream = server.connect();
            for piece in request.chunks(request.len() / 3) {
                stream.write_all(piece).unwrap();
                std::thread::sleep(Duration::from_millis(20));
            }
            assert_eq!((answer(&mut stream), server.outcome().0.as_str()), (200, "handled"));
        }
        assert_eq!(server.handled(), ["x", "y"]);
    }

    fn what_its_head_gives_away_is_refused_before_its_body(server: Server) {
        let unsigned = head("/enviaai", None, "content-length: 1000\r\n");
        server.check(unsigned.as_bytes(), 401, "refused");
        let wrong = head("/eazewa/0123456789abcdef", None, "content-length: 1000\r\n");
        server.check(wrong.as_bytes(), 401, "refused");
    }

    /// It is not complete, so it is no delivery: it has to be sent again, whole.
    fn a_body_that_is_cut_off_is_sent_again(server: Server) {
        let cut = |request: &[u8]| {
            let mut stream = server.connect();
            stream.write_all(&request[..request.len() - 5]).unwrap();
            stream.shutdown(Shutdown::Write).unwrap();
            answer(&mut stream)
        };
        for request in [
            signed("/enviaai", &message("a", "length")),
            chunked("/enviaai", &message("b", "chunked")),
        ] {
            let status = cut(&request);
            assert!([0, 400, 503].contains(&status), "{status}");
            server.check_cut_off();
            server.check(&request, 200, "handled");
        }
        // Here any answer would be the last one.
        let request = eazewa("/eazewa", "A2");
        let status = cut(&request);
        assert!([0, 400].contains(&status), "{status}");
        server.check_cut_off();
        server.check(&request, 200, "handled");
        assert_eq!(server.handled(), ["length", "chunked", "message"]);
    }

    fn a_client_that_hangs_up_cancels_nothing(server: Server) {
        // What is not read is no goodbye, but a connection that breaks.
        let body = message("hung_up", "wait");
        let length = format!("content-length: {}\r\nexpect: 100-continue\r\n", body.len());
        let head = head("/enviaai", Some(&sign(SECRET, &body)), &length);
        let mut stream = server.connect();
        stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
        assert_eq!(server.begun.recv_timeout(Duration::from_secs(20)).unwrap(), "wait");
        drop(stream);
        std::thread::sleep(NOTICED);
        assert!(server.handled().is_empty());
        server.application.gate.add_permits(1);
        assert_eq!(server.outcome(), ("handled".to_owned(), 200));
        assert_eq!(server.handled(), ["wait"]);
        server.check(&signed("/enviaai", &body), 200, "duplicate");
    }

    fn a_panic_is_told_to_the_gateway(server: Server) {
        server.check(&signed("/enviaai", &message("a", "panic")), 503, "failed");
        server.check(&signed("/broken", &message("b", "x")), 503, "failed");
        server.check(&signed("/enviaai", &message("c", "x")), 200, "handled");
    }

    fn what_is_stored_first_is_answered_then(server: Server) {
        let (body, last) = (message("a", "x"), eazewa("/last_door", "A3"));
        server.application.takes.store(false, Ordering::Relaxed);
        server.check(&signed("/door", &body), 503, "not_stored");
        // Not a byte: any answer would be the last one.
        server.check(&last, 0, "not_stored");
        server.application.takes.store(true, Ordering::Relaxed);
        server.check(&signed("/door", &body), 200, "stored");
        server.check(&last, 200, "stored");
        server.check(&signed("/door", "no json"), 200, "unreadable");
        let handled = server.handled();
        assert_eq!((handled.len(), &handled[0], &handled[2][..]), (3, &body, "no json"));
    }

    fn an_account_is_looked_up_in_between(server: Server) {
        let body = message("a", "x");
        server.check(&signed("/tenants", &body), 200, "handled");
        server.check(&with_length("/tenants", "whs_other", &body), 401, "refused");
        let other = body.replace("inst_1", "inst_2");
        assert_eq!(server.send(&signed("/tenants", &other)), 401);
        assert_eq!(server.handled(), ["x"]);
    }

    fn the_address_of_the_client_is_known(server: Server) {
        server.check(&signed("/office", &message("a", "x")), 200, "handled");
    }
}

impl Server {
    /// A server that sees at once that a body will not arrive may tell nobody.
    #[track_caller]
    fn check_cut_off(&self) {
        assert_eq!(self.outcome(), ("cut_off".to_owned(), 503));
    }
}

/// actix tells every client to go on, before it asks anyone.
#[test]
fn a_client_that_asks_is_not_told_to_send_what_is_too_large() {
    for start in [start_axum, start_hyper] {
        let server = Server::start(start);
        let more =
            format!("content-length: {}\r\nexpect: 100-continue\r\n", EazeWa::BODY_LIMIT + 1);
        let head = head(&format!("/eazewa/{TOKEN}"), None, &more);
        server.check(head.as_bytes(), 413, "too_large");
    }
}

/// Who says nothing of the client cannot have its network checked.
#[test]
fn an_address_that_is_not_given_is_not_known() {
    let server = Server::start(start_axum);
    server.check(&signed("/elsewhere", &message("a", "x")), 401, "refused");
}
