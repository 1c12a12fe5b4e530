//! Worker processes, and how they and the test speak to one another.

use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A worker, killed when dropped.
pub(crate) struct Worker {
    process: Child,
    input: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Worker {
    pub(crate) fn start(role: &str, url: &str, rest: &[&str]) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["worker", role, url])
            .args(rest)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = process.stdin.take().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, input, lines }
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// What it says next; `None` when it has ended.
    pub(crate) fn line(&mut self) -> Option<String> {
        self.lines.next().map(Result::unwrap)
    }

    #[track_caller]
    pub(crate) fn expect(&mut self, line: &str) {
        assert_eq!(self.line().as_deref(), Some(line));
    }

    /// Tells it something; it may have been killed.
    pub(crate) fn tell(&mut self, line: &str) {
        let _ = writeln!(self.input, "{line}");
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.process.try_wait().unwrap().is_some()
    }

    /// Lets it go on from where it waits.
    pub(crate) fn go(&mut self) {
        writeln!(self.input, "go").unwrap();
    }

    /// Sends SIGKILL and waits for the end.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// In a worker: says something at once.
pub(crate) fn say(line: &str) {
    println!("{line}");
    std::io::stdout().flush().unwrap();
}

/// In a worker: says something and waits for an answer.
pub(crate) fn say_and_wait(line: &str) {
    say(line);
    std::io::stdin().read_line(&mut String::new()).unwrap();
}
