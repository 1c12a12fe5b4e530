//! How much is run, and what came out of it.

use std::cell::{RefCell, RefMut};
use std::fmt::Write;

use crate::server::Postgres;

/// The counts of a run.
pub(crate) struct Counts {
    pub(crate) full: bool,
    pub(crate) processes: usize,
    pub(crate) connections: usize,
    pub(crate) keys: usize,
    pub(crate) deliveries: usize,
    pub(crate) kills: usize,
    pub(crate) pauses: usize,
    /// Deliveries per second while a store is down.
    pub(crate) rate: u32,
    pub(crate) claims: usize,
    pub(crate) rounds: usize,
    /// Of the inbox: deliveries, kills of its processes, and of its server.
    pub(crate) inbox_deliveries: usize,
    pub(crate) inbox_kills: usize,
    pub(crate) inbox_crashes: usize,
    /// For how many seconds the engine is away.
    pub(crate) inbox_outages: &'static [u64],
    /// Deliveries per second over HTTP, and for how many seconds.
    pub(crate) sustained: (usize, usize),
}

impl Counts {
    pub(crate) const FULL: Self = Self {
        full: true,
        processes: 8,
        connections: 50,
        keys: 20_000,
        deliveries: 10,
        kills: 200,
        pauses: 200,
        rate: 500,
        claims: 200_000,
        rounds: 7,
        inbox_deliveries: 100_000,
        inbox_kills: 1000,
        inbox_crashes: 20,
        inbox_outages: &[3, 60],
        sustained: (1000, 300),
    };
    pub(crate) const SMALL: Self = Self {
        full: false,
        processes: 4,
        connections: 10,
        keys: 300,
        deliveries: 10,
        kills: 10,
        pauses: 10,
        rate: 50,
        claims: 3000,
        rounds: 1,
        inbox_deliveries: 1000,
        inbox_kills: 20,
        inbox_crashes: 1,
        inbox_outages: &[3],
        sustained: (50, 3),
    };
}

pub(crate) struct Run {
    pub(crate) counts: Counts,
    postgres: RefCell<Option<Postgres>>,
    figures: RefCell<String>,
}

impl Run {
    pub(crate) fn new(counts: Counts) -> Self {
        Self { counts, postgres: RefCell::default(), figures: RefCell::default() }
    }

    /// The one PostgreSQL of the run, started when it is first needed.
    pub(crate) fn postgres(&self) -> RefMut<'_, Postgres> {
        RefMut::map(self.postgres.borrow_mut(), |slot| slot.get_or_insert_with(Postgres::new))
    }

    /// Says what was asked for and what was measured.
    pub(crate) fn figure(&self, what: &str, asked: &str, measured: &str) {
        println!("    {what}: {measured} (asked: {asked})");
        let _ = writeln!(self.figures.borrow_mut(), "| {what} | {asked} | {measured} |");
    }

    pub(crate) fn figures(&self) -> String {
        self.figures.borrow().clone()
    }
}

/// Numbers in an order that nobody expects: the same for the same seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % limit
    }

    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for index in (1..list.len()).rev() {
            list.swap(index, self.below(index + 1));
        }
    }
}

/// A number that no earlier run had.
pub(crate) fn seed() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    u64::try_from(now.as_nanos()).unwrap()
}
