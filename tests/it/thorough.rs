//! How much is tried. `cargo test` runs a sample of what is repetitive;
//! `ZAPHOOK_THOROUGH=1` runs all of it, and `.ci/run` sets that.

use std::cell::Cell;
use std::env;
use std::sync::OnceLock;

/// Whether everything is tried.
pub fn is_on() -> bool {
    static IS_ON: OnceLock<bool> = OnceLock::new();
    *IS_ON.get_or_init(|| env::var_os("ZAPHOOK_THOROUGH").is_some_and(|value| value == "1"))
}

/// How often, or how long.
pub fn or<T>(quick: T, thorough: T) -> T {
    if is_on() { thorough } else { quick }
}

/// All of them, or the one whose turn it is.
pub fn in_turn<T>(
    all: impl IntoIterator<Item = T, IntoIter: ExactSizeIterator>,
    turn: usize,
) -> impl Iterator<Item = T> {
    let all = all.into_iter();
    let count = all.len();
    all.skip(or(turn % count, 0)).step_by(or(count, 1))
}

/// Whether it is the turn of one of many bodies: of each test the first four have it, and one
/// in thirty-two after them.
pub fn has_turn() -> bool {
    thread_local!(static COUNT: Cell<usize> = const { Cell::new(0) });
    let count = COUNT.replace(COUNT.get() + 1);
    is_on() || count < 4 || count.is_multiple_of(32)
}
