//! A way to a server that can be made slow.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone, Default)]
pub(crate) struct Delay(Arc<AtomicU64>);

impl Delay {
    pub(crate) fn set(&self, delay: Duration) {
        self.0.store(u64::try_from(delay.as_millis()).unwrap(), Ordering::SeqCst);
    }

    fn get(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Listens on a port of its own and passes on what comes, what the server
/// answers after the delay.
pub(crate) async fn start(server: u16) -> (u16, Delay) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, delay) = (listener.local_addr().unwrap().port(), Delay::default());
    let slow = delay.clone();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await else { continue };
            let (mut from_client, mut to_client) = client.into_split();
            let (mut from_server, mut to_server) = server.into_split();
            tokio::spawn(async move {
                tokio::io::copy(&mut from_client, &mut to_server).await.map(drop)
            });
            let slow = slow.clone();
            tokio::spawn(async move {
                let mut buffer = vec![0; 65_536];
                while let Ok(read @ 1..) = from_server.read(&mut buffer).await {
                    tokio::time::sleep(slow.get()).await;
                    if to_client.write_all(&buffer[..read]).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    (port, delay)
}
