//! Real servers as child processes, on free ports of the loopback interface,
//! with their data in a folder of their own. They end with the test.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// A program on the path, or where Debian puts it.
pub(crate) fn program(name: &str, package: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path().join("bin"))
        .collect();
    versions.sort_by_key(|bin| {
        let version = bin.parent().and_then(Path::file_name).and_then(|name| name.to_str());
        std::cmp::Reverse(version.and_then(|version| version.parse::<u32>().ok()))
    });
    places.extend(versions);
    places.extend(["/usr/bin", "/usr/sbin", "/usr/local/bin"].map(PathBuf::from));
    let found = places.iter().map(|place| place.join(name)).find(|program| program.is_file());
    found.unwrap_or_else(|| panic!("{name} is missing; on Debian: apt-get install {package}"))
}

pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

pub(crate) fn signal(signal: &str, ids: &[u32]) {
    let ids = ids.iter().map(u32::to_string);
    // Some may have ended meanwhile.
    let _ = Command::new("kill").arg(signal).args(ids).stderr(Stdio::null()).status().unwrap();
}

/// What the kernel says of a process, from its state and its parent on.
fn stat(id: u32) -> Option<Vec<String>> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

/// A new folder, removed when dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);

        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("zaphook-servers-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Folder {
    /// A file of SQLite in it.
    pub(crate) fn url(&self) -> String {
        format!("sqlite:{}", self.file("keys.db"))
    }

    pub(crate) fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn wait_until(what: &str, within: Duration, ready: impl Fn() -> bool) {
    let started = Instant::now();
    while !ready() {
        assert!(started.elapsed() < within, "{what} is not ready within {within:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A server that can be killed, stopped and started again on the same port
/// with the same data.
pub(crate) trait Server {
    fn url(&self) -> String;
    fn port(&self) -> u16;
    fn start(&mut self);
    /// All of its processes.
    fn ids(&self) -> Vec<u32>;
    fn child(&mut self) -> &mut Child;

    fn kill(&mut self) {
        // Stopped, it starts no process that is not among those: one that is left over waits
        // for a lock of a dead one for ever, and nobody can start the server again.
        let first = self.child().id();
        signal("-STOP", &[first]);
        while stat(first).is_some_and(|stat| !matches!(stat[0].as_str(), "T" | "Z")) {
            std::thread::sleep(Duration::from_millis(1));
        }
        signal("-KILL", &self.ids());
        self.child().wait().unwrap();
    }

    fn pause(&self) {
        signal("-STOP", &self.ids());
    }

    fn resume(&self) {
        signal("-CONT", &self.ids());
    }
}

pub(crate) struct Redis {
    child: Child,
    port: u16,
    folder: Folder,
    settings: Vec<String>,
}

impl Redis {
    pub(crate) fn new(settings: &[&str]) -> Self {
        let (port, folder) = (free_port(), Folder::new());
        let settings: Vec<String> = settings.iter().map(|&setting| setting.into()).collect();
        let child = Self::spawn(port, &folder, &settings);
        let redis = Self { child, port, folder, settings };
        redis.wait();
        redis
    }

    fn spawn(port: u16, folder: &Folder, settings: &[String]) -> Child {
        let log = File::create(folder.0.join("log")).unwrap();
        Command::new(program("redis-server", "redis-server"))
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
            .args(["--save", "", "--appendonly", "no", "--dir"])
            .arg(&folder.0)
            .args(settings)
            .stdin(Stdio::null())
            .stdout(log)
            .spawn()
            .unwrap()
    }

    fn wait(&self) {
        wait_until("redis-server", Duration::from_secs(20), || self.says("PING") == "+PONG\r\n");
    }

    /// The first answer to a command without arguments that need quoting.
    pub(crate) fn says(&self, command: &str) -> String {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else {
            return String::new();
        };
        stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
        let mut buffer = vec![0; 65_536];
        let said = stream
            .write_all(format!("{command}\r\n").as_bytes())
            .and_then(|()| stream.read(&mut buffer));
        String::from_utf8_lossy(&buffer[..said.unwrap_or(0)]).into_owned()
    }

    /// A number out of `INFO`.
    pub(crate) fn info(&self, name: &str) -> u64 {
        let info = self.says("INFO");
        let line = info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.unwrap_or_else(|| panic!("no {name} in {info}")).trim().parse().unwrap()
    }
}

impl Server for Redis {
    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    fn port(&self) -> u16 {
        self.port
    }

    fn start(&mut self) {
        self.child = Self::spawn(self.port, &self.folder, &self.settings);
        self.wait();
    }

    fn ids(&self) -> Vec<u32> {
        vec![self.child.id()]
    }

    fn child(&mut self) -> &mut Child {
        &mut self.child
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) struct Postgres {
    child: Child,
    port: u16,
    folder: Folder,
    owner: Option<(u32, u32)>,
    /// How many bytes a file of it has at most.
    most: Option<u32>,
}

const POSTGRESQL: &str = "postgresql";

impl Postgres {
    pub(crate) fn new() -> Self {
        Self::with(None)
    }

    pub(crate) fn with_files_of_at_most(bytes: u32) -> Self {
        Self::with(Some(bytes))
    }

    fn with(most: Option<u32>) -> Self {
        let (port, folder) = (free_port(), Folder::new());
        // It refuses to be started by root.
        let own = std::fs::metadata("/proc/self").unwrap().uid();
        let owner = (own == 0).then(unprivileged);
        if let Some((user, group)) = owner {
            chown(&folder.0, Some(user), Some(group)).unwrap();
        }
        let mut initdb = Command::new(program("initdb", POSTGRESQL));
        initdb.args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-D"]);
        initdb.arg(folder.0.join("data")).current_dir(&folder.0);
        let output = owned_by(&mut initdb, owner).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let child = Self::spawn(port, &folder, owner, most);
        let mut postgres = Self { child, port, folder, owner, most };
        postgres.wait();
        postgres
    }

    fn spawn(port: u16, folder: &Folder, owner: Option<(u32, u32)>, most: Option<u32>) -> Child {
        let log = File::options().create(true).append(true).open(folder.0.join("log")).unwrap();
        // A shell counts the size of files in blocks of 512 bytes.
        let most = most.map_or("unlimited".to_owned(), |bytes| (bytes / 512).to_string());
        let mut postgres = Command::new("sh");
        postgres
            .args(["-c", "ulimit -f $0 && exec \"$@\"", &most])
            .arg(program("postgres", POSTGRESQL))
            .arg("-D")
            .arg(folder.0.join("data"))
            .args(["-p", &port.to_string(), "-h", "127.0.0.1", "-k"])
            .arg(&folder.0)
            .args(["-c", "max_connections=500", "-c", "shared_buffers=256MB"])
            .current_dir(&folder.0)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        owned_by(&mut postgres, owner).spawn().unwrap()
    }

    fn is_ready(&self) -> bool {
        Command::new(program("pg_isready", POSTGRESQL))
            .args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()])
            .status()
            .unwrap()
            .success()
    }

    fn wait(&mut self) {
        let started = Instant::now();
        while !self.is_ready() {
            // After a kill the processes of the old one may not all be gone.
            if self.child.try_wait().unwrap().is_some() {
                self.child = Self::spawn(self.port, &self.folder, self.owner, self.most);
            }
            // Recovery takes its time on a busy disk.
            let in_time = started.elapsed() < Duration::from_secs(300);
            let log = std::fs::read_to_string(self.folder.0.join("log")).unwrap_or_default();
            assert!(in_time, "PostgreSQL: {}", log.lines().rev().take(20).collect::<String>());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// As `pg_ctl restart -m fast` does.
    pub(crate) fn restart(&mut self) {
        signal("-INT", &[self.child.id()]);
        self.child.wait().unwrap();
        self.start();
    }

    /// The address of another database than the usual one.
    pub(crate) fn database(&self, name: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }

    pub(crate) fn pgbench(&self) -> Command {
        let mut pgbench = Command::new(program("pgbench", POSTGRESQL));
        pgbench.args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", "postgres"]);
        pgbench
    }
}

impl Server for Postgres {
    fn url(&self) -> String {
        self.database("postgres")
    }

    fn port(&self) -> u16 {
        self.port
    }

    fn start(&mut self) {
        self.child = Self::spawn(self.port, &self.folder, self.owner, self.most);
        self.wait();
    }

    fn ids(&self) -> Vec<u32> {
        let first = self.child.id();
        let parent = |id: u32| -> Option<u32> { stat(id)?.get(1)?.parse().ok() };
        let all = std::fs::read_dir("/proc").unwrap();
        let all = all.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        let children = all.filter(|id| parent(*id) == Some(first));
        std::iter::once(first).chain(children).collect()
    }

    fn child(&mut self) -> &mut Child {
        &mut self.child
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.resume();
        // At once; its own processes end as well.
        signal("-QUIT", &[self.child.id()]);
        let _ = self.child.wait();
    }
}

fn owned_by(command: &mut Command, owner: Option<(u32, u32)>) -> &mut Command {
    match owner {
        Some((user, group)) => command.uid(user).gid(group),
        None => command,
    }
}

/// Somebody who is not root, and their group.
fn unprivileged() -> (u32, u32) {
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    let find = |name: &str| -> Option<(u32, u32)> {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    find("postgres").or_else(|| find("nobody")).unwrap()
}
