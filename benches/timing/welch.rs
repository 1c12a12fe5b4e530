//! Welch's t-test of two classes of times, as `dudect` applies it (Reparaz, Balasch and
//! Verbauwhede, "Dude, is my code constant time?"): over all of them, and over those below
//! each of several percentiles, since the slowest ones measure the machine.

/// The mean and the variance of times that pass by (Welford).
#[derive(Clone, Copy, Default)]
struct Running {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Running {
    fn push(&mut self, time: f64) {
        self.count += 1.0;
        let off = time - self.mean;
        self.mean += off / self.count;
        self.squares += off * (time - self.mean);
    }

    fn variance_of_mean(&self) -> f64 {
        self.squares / (self.count - 1.0).max(1.0) / self.count.max(1.0)
    }
}

/// The two classes, of times below a bound.
struct Test {
    below: f64,
    classes: [Running; 2],
}

impl Test {
    fn t(&self) -> f64 {
        let [left, right] = &self.classes;
        let spread = (left.variance_of_mean() + right.variance_of_mean()).sqrt();
        // Two classes without any spread have the same clock tick for each time.
        if spread > 0.0 { (left.mean - right.mean) / spread } else { 0.0 }
    }

    fn count(&self) -> f64 {
        self.classes.iter().map(|class| class.count).sum()
    }
}

/// All tests of one measurement.
pub(crate) struct Tests(Vec<Test>);

/// The outcome that counts: the largest t, in amount.
pub(crate) struct Outcome {
    pub(crate) t: f64,
    /// How much longer the left class takes, in nanoseconds.
    pub(crate) difference: f64,
    /// How long the left class takes.
    pub(crate) mean: f64,
    /// What part of all times this test takes in.
    pub(crate) part: f64,
}

impl Tests {
    /// With the percentiles of some first times. Those that take in less than half of the
    /// times are left out: their largest t is large by chance.
    pub(crate) fn new(mut first: Vec<u64>) -> Self {
        first.sort_unstable();
        let steps = 20;
        let part = |step: i32| 1.0 - 0.5_f64.powf(f64::from(10 * (step + 1)) / f64::from(steps));
        let bounds = (0..steps).map(part).filter(|part| *part >= 0.5).map(|part| {
            let place = (part * first.len() as f64) as usize;
            first.get(place).map_or(f64::INFINITY, |time| *time as f64)
        });
        let bounds = bounds.chain([f64::INFINITY]);
        Self(bounds.map(|below| Test { below, classes: Default::default() }).collect())
    }

    pub(crate) fn push(&mut self, class: usize, time: u64) {
        let time = time as f64;
        for test in &mut self.0 {
            if time < test.below {
                test.classes[class].push(time);
            }
        }
    }

    pub(crate) fn outcome(&self) -> Outcome {
        let all = self.0.iter().map(Test::count).fold(0.0, f64::max);
        let counted = self.0.iter().filter(|test| test.count() >= all / 2.0);
        let largest = counted.max_by(|one, other| one.t().abs().total_cmp(&other.t().abs()));
        let Some(test) = largest else {
            return Outcome { t: 0.0, difference: 0.0, mean: 0.0, part: 0.0 };
        };
        let [left, right] = &test.classes;
        Outcome {
            t: test.t(),
            difference: left.mean - right.mean,
            mean: left.mean,
            part: test.count() / all,
        }
    }
}
