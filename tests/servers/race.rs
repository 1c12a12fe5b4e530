//! Many processes at the same keys: each key has one winner.

use crate::block_on;
use crate::child::Worker;
use crate::run::{Run, seed};
use crate::server::{Redis, Server};
use crate::stores;

pub(crate) fn redis(run: &Run) {
    let redis = Redis::new(&[]);
    race(run, "Redis", &redis.url());
}

pub(crate) fn postgres(run: &Run) {
    let postgres = run.postgres();
    block_on(async { stores::postgres(&postgres.url(), 1).create_schema().await.unwrap() });
    race(run, "PostgreSQL", &postgres.url());
}

fn race(run: &Run, name: &str, url: &str) {
    let counts = &run.counts;
    let seed = seed() % 1_000_000;
    let texts = [counts.keys, counts.deliveries, counts.processes, counts.connections]
        .map(|count| count.to_string());
    let [keys, deliveries, processes, connections] = &texts;
    let seed = seed.to_string();
    let mut workers: Vec<Worker> = (0..counts.processes)
        .map(|process| {
            let process = process.to_string();
            let rest = [&seed, &seed, keys, deliveries, &process, processes, connections];
            Worker::start("race", url, &rest.map(String::as_str))
        })
        .collect();
    workers.iter_mut().for_each(|worker| worker.expect("ready"));
    let started = std::time::Instant::now();
    workers.iter_mut().for_each(Worker::go);

    let mut winners = vec![0_u32; counts.keys];
    let (mut answers, mut ended) = (0, 0);
    for worker in &mut workers {
        while let Some(line) = worker.line() {
            match line.split(' ').collect::<Vec<_>>()[..] {
                ["won", index] => {
                    winners[index.parse::<usize>().unwrap()] += 1;
                    answers += 1;
                }
                ["end", done, in_progress] => {
                    answers += done.parse::<usize>().unwrap();
                    answers += in_progress.parse::<usize>().unwrap();
                    ended += 1;
                }
                _ => panic!("{line}"),
            }
        }
    }
    let took = started.elapsed().as_secs_f64();
    let double = winners.iter().filter(|winners| **winners > 1).count();
    let missing = winners.iter().filter(|winners| **winners == 0).count();
    run.figure(
        &format!("{name}: one winner, {processes} processes × {connections} connections, {keys} keys × {deliveries} deliveries"),
        "0 double, 0 missing",
        &format!("{double} double, {missing} missing, in {took:.1} s"),
    );
    assert_eq!((double, missing), (0, 0));
    assert_eq!(ended, counts.processes, "a worker failed");
    assert_eq!(answers, counts.keys * counts.deliveries);
}
