//! Doors and workers that are killed, that end themselves at each point of their way,
//! and that are stopped past their lease.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::time::sleep;
use zaphook::Verdict;

use super::engine::{Engine, database, file, in_queue, texts};
use super::process::{Log, POINTS_OF_A_DOOR, POINTS_OF_A_WORKER};
use super::{ATTEMPTS, LEASE, name_of, stored};
use crate::block_on;
use crate::child::Worker;
use crate::run::{Random, Run, seed};
use crate::server::{Folder, Postgres, Server, signal};

/// One entry in so many ends its process.
const POISON: usize = 500;

// ---- Killed ---------------------------------------------------------------

/// What the gateway has to deliver, and what was answered.
struct Gateway {
    url: String,
    log: String,
    /// Whether processes end themselves at one of their points.
    ends_itself: bool,
    due: Mutex<VecDeque<String>>,
    accepted: Mutex<BTreeSet<String>>,
    repeated: AtomicUsize,
    started: AtomicUsize,
    /// How many processes ended that nobody had killed.
    fallen: AtomicUsize,
    over: AtomicBool,
}

impl Gateway {
    fn new(url: &str, folder: &Folder, all: &[String], ends_itself: bool) -> Self {
        Self {
            url: url.to_owned(),
            log: folder.file("log"),
            ends_itself,
            due: Mutex::new(all.iter().cloned().collect()),
            accepted: Mutex::default(),
            repeated: AtomicUsize::default(),
            started: AtomicUsize::default(),
            fallen: AtomicUsize::default(),
            over: AtomicBool::default(),
        }
    }

    /// Every second process ends itself, at each point in turn.
    fn start(&self, role: &str, points: &[&str], id: &AtomicU32) -> Worker {
        let turn = self.started.fetch_add(1, Ordering::SeqCst);
        let point = match self.ends_itself && turn.is_multiple_of(2) {
            true => points[turn / 2 % points.len()],
            false => "",
        };
        let passages = (1 + Random::new(seed()).below(60)).to_string();
        let process = Worker::start(role, &self.url, &[&self.log, point, &passages]);
        id.store(process.id(), Ordering::SeqCst);
        process
    }

    fn ended(&self, id: &AtomicU32) {
        // Whoever kills one takes its number away.
        if id.swap(0, Ordering::SeqCst) > 0 && !self.over.load(Ordering::SeqCst) {
            self.fallen.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Feeds a door, and the next one when it is killed: what was not answered comes
    /// again, and 5 % of what was.
    fn deliver(&self, id: &AtomicU32) {
        let mut random = Random::new(seed());
        while !self.over.load(Ordering::SeqCst) {
            let mut door = self.start("inbox-door", &POINTS_OF_A_DOOR, id);
            let mut under_way = BTreeSet::new();
            if door.line().is_none() {
                continue;
            }
            loop {
                while under_way.len() < 16 {
                    let Some(name) = self.due.lock().unwrap().pop_front() else { break };
                    door.tell(&name);
                    under_way.insert(name);
                }
                if under_way.is_empty() {
                    if self.over.load(Ordering::SeqCst) {
                        return;
                    }
                    std::thread::sleep(Duration::from_millis(5));
                    // It may have been killed meanwhile.
                    if door.has_ended() {
                        break;
                    }
                    continue;
                }
                let Some(line) = door.line() else { break };
                // A line that was cut off by the kill was no answer.
                let Some((status, name)) = line.split_once(' ') else { continue };
                if !under_way.remove(name) {
                    continue;
                }
                if status == "200" {
                    self.accepted.lock().unwrap().insert(name.to_owned());
                    if !self.ends_itself || random.below(20) > 0 {
                        continue;
                    }
                    self.repeated.fetch_add(1, Ordering::SeqCst);
                }
                self.due.lock().unwrap().push_back(name.to_owned());
            }
            self.ended(id);
            self.due.lock().unwrap().extend(under_way);
        }
    }

    /// Keeps a worker running.
    fn employ(&self, id: &AtomicU32) {
        while !self.over.load(Ordering::SeqCst) {
            let mut worker = self.start("inbox-work", &POINTS_OF_A_WORKER, id);
            while worker.line().is_some() {}
            self.ended(id);
        }
    }

    /// Runs a door and three workers until all is worked off.
    fn run(&self, all: usize, harm: impl FnOnce(&[AtomicU32; 4])) {
        let ids: [AtomicU32; 4] = Default::default();
        std::thread::scope(|scope| {
            scope.spawn(|| self.deliver(&ids[0]));
            for id in &ids[1..] {
                scope.spawn(|| self.employ(id));
            }
            harm(&ids);
            let patience = Instant::now();
            let drained = || {
                self.accepted.lock().unwrap().len() == all
                    && self.due.lock().unwrap().is_empty()
                    && block_on(in_queue(&self.url)) == 0
            };
            while !drained() {
                assert!(patience.elapsed() < Duration::from_secs(1800), "it is never drained");
                std::thread::sleep(Duration::from_millis(200));
            }
            self.over.store(true, Ordering::SeqCst);
            let workers = ids[1..].iter().map(|id| id.load(Ordering::SeqCst));
            signal("-KILL", &workers.filter(|id| *id > 0).collect::<Vec<_>>());
        });
    }
}

/// How often each handler began, and how many began while an earlier one of the same
/// event still had its claim.
fn runs(log: &str) -> (BTreeMap<String, usize>, usize) {
    /// Between the claim and the line in the log.
    const SLACK: u128 = 300_000;

    let mut begun: BTreeMap<String, Vec<(u128, Option<u128>, String)>> = BTreeMap::new();
    for line in std::fs::read_to_string(log).unwrap_or_default().lines() {
        let [what, name, at, process] = line.split(' ').collect::<Vec<_>>()[..] else { panic!() };
        let at: u128 = at.parse().unwrap();
        let runs = begun.entry(name.to_owned()).or_default();
        match what {
            "begins" => runs.push((at, None, process.to_owned())),
            _ => {
                let run = runs.iter_mut().rev().find(|run| run.2 == process && run.1.is_none());
                run.unwrap().1 = Some(at);
            }
        }
    }
    let mut overlapping = 0;
    for runs in begun.values() {
        for pair in runs.windows(2) {
            // One that died has its claim until its lease is over.
            let free = pair[0].1.unwrap_or(pair[0].0 + LEASE.as_micros() - SLACK);
            overlapping += usize::from(pair[1].0 < free);
        }
    }
    (begun.into_iter().map(|(name, runs)| (name, runs.len())).collect(), overlapping)
}

pub(crate) fn pgmq_killed(run: &Run) {
    let mut postgres = run.postgres();
    let url = database(&postgres);
    let counts = &run.counts;
    let counts = (counts.inbox_deliveries, counts.inbox_kills, counts.inbox_crashes);
    killed(run, "pgmq", &url, counts, Some(&mut postgres));
}

pub(crate) fn file_killed(run: &Run) {
    let folder = Folder::new();
    let url = file(&folder);
    let counts = (run.counts.inbox_deliveries / 10, run.counts.inbox_kills / 5, 0);
    killed(run, "honker in a file", &url, counts, None);
}

fn killed(
    run: &Run,
    engine: &str,
    url: &str,
    (total, kills, crashes): (usize, usize, usize),
    mut postgres: Option<&mut Postgres>,
) {
    let all: Vec<String> = (0..total)
        .map(|index| match index % POISON {
            7 => format!("poison_{index}"),
            _ => format!("msg_{index}"),
        })
        .collect();
    let folder = Folder::new();
    let gateway = Gateway::new(url, &folder, &all, true);
    let started = Instant::now();
    gateway.run(total, |ids| {
        let mut random = Random::new(seed());
        for kill in 0..kills {
            std::thread::sleep(Duration::from_millis(50 + random.below(200) as u64));
            if let Some(postgres) = &mut postgres
                && kill.is_multiple_of(kills.div_ceil(crashes))
            {
                postgres.kill();
                postgres.start();
            }
            let id = ids[random.below(ids.len())].swap(0, Ordering::SeqCst);
            if id > 0 {
                signal("-KILL", &[id]);
            }
        }
    });
    let took = started.elapsed().as_secs_f64();

    let accepted = gateway.accepted.into_inner().unwrap();
    let effects = block_on(texts(url, "select key from effects"));
    let mut handled: BTreeMap<&str, usize> = BTreeMap::new();
    for key in &effects {
        *handled.entry(key.rsplit('/').next().unwrap()).or_default() += 1;
    }
    let dead = dead(url);
    let lost = accepted
        .iter()
        .filter(|name| !handled.contains_key(name.as_str()) && !dead.contains(name.as_str()))
        .count();
    let twice = handled.values().filter(|times| **times != 1).count();
    let (begun, overlapping) = runs(&gateway.log);
    let good_dead: Vec<_> = begun
        .iter()
        .filter(|(name, _)| dead.contains(*name) && !name.starts_with("poison"))
        .collect();
    let fallen = gateway.fallen.into_inner();
    let crashes = match crashes {
        0 => String::new(),
        crashes => format!(", {crashes} × PostgreSQL"),
    };
    run.figure(
        &format!("{engine}: {total} deliveries, {kills} × kill -9 of door or worker{crashes}"),
        "0 lost, every effect once, never two live claims of one event",
        &format!(
            "{} answered 200, {} of them sent again; {fallen} more processes ended themselves, by poison or at one of five points; {lost} lost, {} effects, {twice} not once, {overlapping} claims beside a live one, in {took:.0} s",
            accepted.len(),
            gateway.repeated.into_inner(),
            handled.len(),
        ),
    );
    assert_eq!((lost, twice, overlapping), (0, 0, 0));
    // With how often each of them was begun.
    assert_eq!(good_dead, []);
    let poison: BTreeSet<String> =
        all.into_iter().filter(|name| name.starts_with("poison")).collect();
    assert_eq!(dead, poison);
}

fn dead(url: &str) -> BTreeSet<String> {
    block_on(async { Engine::open(url, 1).await.dead().await.iter().map(name_of).collect() })
}

// ---- Poison ---------------------------------------------------------------

pub(crate) fn pgmq_poison(run: &Run) {
    let url = database(&run.postgres());
    poison(run, "pgmq", &url);
}

pub(crate) fn file_poison(run: &Run) {
    let folder = Folder::new();
    let url = file(&folder);
    poison(run, "honker in a file", &url);
}

/// Each is delivered once and nobody is killed, so it is known how often it runs.
fn poison(run: &Run, engine: &str, url: &str) {
    const OF_EACH: usize = 20;

    let poisons = run.counts.kills / 5;
    let all: Vec<String> = (0..poisons * OF_EACH)
        .map(|index| match index % OF_EACH {
            7 => format!("poison_{index}"),
            _ => format!("msg_{index}"),
        })
        .collect();
    let folder = Folder::new();
    let gateway = Gateway::new(url, &folder, &all, false);
    gateway.run(all.len(), |_| ());
    let (runs, overlapping) = runs(&gateway.log);
    let of_poison = |(name, runs): (&String, &usize)| name.starts_with("poison").then_some(*runs);
    let times: BTreeSet<usize> = runs.iter().filter_map(of_poison).collect();
    let dead = dead(url);
    let good_dead = dead.iter().filter(|name| !name.starts_with("poison")).count();
    run.figure(
        &format!("{engine}: poison, 1 in {OF_EACH}, ends its process"),
        &format!("set aside after {ATTEMPTS} runs; none of the good"),
        &format!(
            "{} of {poisons} set aside, each after {times:?} runs; {good_dead} good ones with them",
            dead.len() - good_dead
        ),
    );
    assert_eq!(times, BTreeSet::from([ATTEMPTS]));
    assert_eq!((dead.len(), good_dead, overlapping), (poisons, 0, 0));
}

// ---- Stopped --------------------------------------------------------------

pub(crate) fn pgmq_stopped(run: &Run) {
    let url = database(&run.postgres());
    stopped(run, "pgmq", &url);
}

pub(crate) fn file_stopped(run: &Run) {
    let folder = Folder::new();
    let url = file(&folder);
    stopped(run, "honker in a file", &url);
}

fn stopped(run: &Run, engine: &str, url: &str) {
    const AT_ONCE: usize = 10;

    let pauses = run.counts.pauses;
    let folder = Folder::new();
    let log = folder.file("log");
    let mut refused = 0;
    for batch in 0..pauses.div_ceil(AT_ONCE) {
        let watched = (0..AT_ONCE.min(pauses - batch * AT_ONCE)).map(|index| {
            let (name, url) = (format!("stopped_{batch}_{index}"), url.to_owned());
            let log = log.clone();
            std::thread::spawn(move || {
                let stored = stored(&name);
                let row = serde_json::to_string(&stored).unwrap();
                let mut worker = Worker::start("inbox-stall", &url, &[&row]);
                worker.expect("claimed");
                signal("-STOP", &[worker.id()]);
                block_on(async {
                    let (engine, log) = (Engine::open(&url, 2).await, Log::open(&log));
                    // In a task, so that the engine of a file may block.
                    let takeover = tokio::spawn(async move {
                        loop {
                            match engine.work(&stored, &log).await {
                                Verdict::Done => break,
                                Verdict::Again { after, .. } => {
                                    sleep(after.min(Duration::from_millis(20))).await;
                                }
                                dead => panic!("{dead:?}"),
                            }
                        }
                    });
                    takeover.await.unwrap();
                });
                signal("-CONT", &[worker.id()]);
                worker.go();
                worker.expect("Lost");
                worker.expect("again");
            })
        });
        for watched in watched.collect::<Vec<_>>() {
            refused += usize::from(watched.join().is_ok());
        }
    }
    let effects = block_on(texts(url, "select key from effects"));
    let once = effects.iter().collect::<BTreeSet<_>>().len();
    run.figure(
        &format!("{engine}: {pauses} workers stopped (SIGSTOP) in their handler past their lease"),
        "every stale completion refused, every effect once",
        &format!("{refused} of {pauses}; {once} effects once, {} not", effects.len() - once),
    );
    assert_eq!((refused, once, effects.len()), (pauses, pauses, pauses));
}
