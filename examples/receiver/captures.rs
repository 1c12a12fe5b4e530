//! Writes what was received to a file, for later inspection. This file can be
//! copied alone.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use tokio::sync::oneshot;
use zaphook::Request;
use zaphook::testing::Capture;

/// How many bytes of bodies may wait to be written.
const WAITING: usize = 64 * 1024 * 1024;

/// What a delivery counts for besides its body.
const HEAD: usize = 4096;

/// Writes in its own thread, so that answers do not wait for the disk.
#[derive(Clone)]
pub(crate) struct Captures {
    queue: Sender<Item>,
    waiting: Arc<AtomicUsize>,
    missed: Arc<AtomicU64>,
}

enum Item {
    Delivery(Box<Capture>, usize),
    /// Signals when everything before it is in the file.
    Flush(oneshot::Sender<()>),
}

impl Captures {
    /// Appends to the file; a new file can be read only by its owner.
    pub(crate) fn open(path: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| format!("--capture: {error}"))?;
        let (queue, items) = channel();
        let captures = Self { queue, waiting: Arc::default(), missed: Arc::default() };
        let (waiting, missed) = (Arc::clone(&captures.waiting), Arc::clone(&captures.missed));
        std::thread::Builder::new()
            .name("captures".to_owned())
            .spawn(move || write(&items, BufWriter::new(file), &waiting, &missed))?;
        Ok(captures)
    }

    /// Writes the delivery, if the queue has space.
    pub(crate) fn keep(&self, gateway: &str, request: &Request<'_>) {
        let size = request.body().len().saturating_add(HEAD);
        if self.waiting.fetch_add(size, Ordering::Relaxed).saturating_add(size) > WAITING {
            self.waiting.fetch_sub(size, Ordering::Relaxed);
            self.missed.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let capture = Box::new(Capture::from_request(gateway, request));
        let _ = self.queue.send(Item::Delivery(capture, size));
    }

    /// Waits until everything that was kept is in the file.
    pub(crate) async fn flushed(&self) {
        let (done, wait) = oneshot::channel();
        let _ = self.queue.send(Item::Flush(done));
        let _ = wait.await;
    }
}

fn write(
    items: &Receiver<Item>,
    mut file: BufWriter<File>,
    waiting: &AtomicUsize,
    missed: &AtomicU64,
) {
    let say = |error: std::io::Error| eprintln!("--capture: {error}");
    while let Ok(item) = items.recv() {
        let mut next = Some(item);
        while let Some(item) = next {
            match item {
                Item::Delivery(capture, size) => {
                    let written = writeln!(file, "{}", capture.without_credentials());
                    waiting.fetch_sub(size, Ordering::Relaxed);
                    written.unwrap_or_else(say);
                }
                Item::Flush(done) => {
                    file.flush().unwrap_or_else(say);
                    let _ = done.send(());
                }
            }
            next = items.try_recv().ok();
        }
        file.flush().unwrap_or_else(say);
        match missed.swap(0, Ordering::Relaxed) {
            0 => {}
            number => eprintln!("--capture: {number} deliveries left out"),
        }
    }
}
