//! An example receiver at work, watched from outside.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use crate::{Problem, SECRET};

pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    handled: Arc<Mutex<HashMap<String, u32>>>,
    reader: Option<std::thread::JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(
        example: &Path,
        arguments: &[String],
        settings: &[(&str, &str)],
    ) -> Result<Self, Problem> {
        let mut child = Command::new(example)
            .args(arguments)
            .envs([("LISTEN", "127.0.0.1:0"), ("ENVIAAI_SECRETS", SECRET)])
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut said = BufReader::new(child.stderr.take().ok_or("no standard error")?);
        let mut line = String::new();
        said.read_line(&mut line)?;
        let address = line.trim().strip_prefix("receiving on ").ok_or(line.clone())?.parse()?;
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        // What it handled, by key: every line ends with one.
        let handled = Arc::<Mutex<HashMap<String, u32>>>::default();
        let output = BufReader::new(child.stdout.take().ok_or("no standard output")?);
        let into = Arc::clone(&handled);
        let reader = std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let key = line.rsplit('/').next().unwrap_or_default().to_owned();
                if let Ok(mut handled) = into.lock() {
                    *handled.entry(key).or_default() += 1;
                }
            }
        });
        Ok(Self { child, address, handled, reader: Some(reader) })
    }

    /// Resident memory in bytes.
    pub(crate) fn memory(&self) -> Result<u64, Problem> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes: u64 = line.ok_or("no VmRSS")?.trim().trim_end_matches(" kB").parse()?;
        Ok(kilobytes * 1024)
    }

    /// Ends it, and gives how often each key was handled.
    pub(crate) fn stop(mut self) -> Result<HashMap<String, u32>, Problem> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        self.child.wait()?;
        if let Some(reader) = self.reader.take() {
            reader.join().map_err(|_| "the reader panicked")?;
        }
        Ok(std::mem::take(&mut *self.handled.lock().map_err(|_| "poisoned")?))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
