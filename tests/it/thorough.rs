//! How much is tried. `cargo test` tries enough to show a mistake soon; with
//! `ZAPHOOK_THOROUGH=1`, as in `.ci/run`, all of it is tried.

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

/// Whether it is the turn of one of many bodies: of each test the first four have it, and one
/// in thirty-two after them.
pub fn has_turn() -> bool {
    thread_local!(static COUNT: Cell<usize> = const { Cell::new(0) });
    let count = COUNT.replace(COUNT.get() + 1);
    is_on() || count < 4 || count.is_multiple_of(32)
}
