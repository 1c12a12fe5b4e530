//! How much memory the lists and maps of a text may take, all of them together.
//!
//! Text is cheap: `{}` is two bytes, and the struct that it is read as may be a
//! thousand. So whoever collects values that a text may have any number of asks here
//! before it makes room for more of them.

use std::cell::Cell;

/// How many times the length of their text they may take. When a list moves to a larger place
/// it is there almost twice.
///
/// `tests/it/sizes.rs` checks that the lists in `tests/fixtures` still fit when they are long.
const TIMES: usize = 4;

/// What they may take in any case, in bytes. Few elements may be many times as large as their
/// text: a message of 300 bytes is 824.
const LEAST: usize = 8 * 1024;

/// So many bytes are not worth moving a list for.
const LITTLE: usize = 1024;

/// From this length on a list grows by a quarter.
const LONG: usize = 64 * 1024;

thread_local! {
    /// What may still be taken, while a text is read.
    static LEFT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// While it is there, a text is read. What is read again on the way, as a part of
/// it, takes from the same room.
pub(crate) struct Room {
    is_outermost: bool,
}

impl Room {
    pub(crate) fn of(text: &str) -> Self {
        let is_outermost = LEFT.get().is_none();
        if is_outermost {
            LEFT.set(Some(text.len().saturating_mul(TIMES).max(LEAST)));
        }
        Self { is_outermost }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        if self.is_outermost {
            LEFT.set(None);
        }
    }
}

/// Takes so many bytes; `false` when fewer are left. Without a [`Room`], as when another
/// deserialiser reads, there is no limit.
pub(crate) fn take(bytes: usize) -> bool {
    let Some(left) = LEFT.get() else { return true };
    let rest = left.checked_sub(bytes);
    LEFT.set(Some(rest.unwrap_or(left)));
    rest.is_some()
}

/// Makes room for one more element of a list; `false` when that would be too much.
///
/// A long list grows by less than a short one: when it moves it is there twice.
pub(crate) fn reserve_one<T>(list: &mut Vec<T>) -> bool {
    let count = list.len();
    if count == list.capacity() {
        let more = match count.saturating_mul(size_of::<T>()) {
            0 if size_of::<T>() > 64 => 1,
            0 => 4,
            bytes if bytes > LONG => longer(count, fit::<T>()),
            _ => count.min(fit::<T>()).max(1),
        };
        if !take(more.saturating_mul(size_of::<T>())) {
            return false;
        }
        list.reserve_exact(more);
    }
    true
}

/// How many there are made room for in a long list, of so many that fit: all of them when only
/// a few would be left for the last time that it moves, when it is there twice and longest.
fn longer(count: usize, fit: usize) -> usize {
    let more = count.div_euclid(4);
    let next = count.saturating_add(more).div_euclid(3);
    let more = if fit < more.saturating_add(next) { fit } else { more };
    more.max(1)
}

/// How many of these there is room for.
fn fit<T>() -> usize {
    LEFT.get().and_then(|left| left.checked_div(size_of::<T>())).unwrap_or(usize::MAX)
}

/// Gives back what a list has room for and does not need, when all its elements are there. For
/// less than a quarter it does not move: while it does, it is there almost twice.
pub(crate) fn give_back<T>(list: &mut Vec<T>) {
    let unused = list.capacity().saturating_sub(list.len());
    let spare = unused.saturating_mul(size_of::<T>());
    if spare > LITTLE {
        if unused >= list.capacity().div_euclid(4) {
            list.shrink_to_fit();
        }
        LEFT.set(LEFT.get().map(|left| left.saturating_add(spare)));
    }
}

/// In a map of fewer entries, finding the place of one takes next to no time.
const FEW: usize = 4096;

/// Takes what one more entry needs in a map that has `count`: twice its size, since the nodes of
/// a `BTreeMap` that is filled in order are half empty. In a large map it takes more, because
/// finding the place of an entry takes time there.
pub(crate) fn take_entry<K, V>(count: usize) -> bool {
    let times = if count < FEW { 2 } else { 8 };
    take(size_of::<(K, V)>().saturating_mul(times))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push<T>(list: &mut Vec<T>, element: T) -> bool {
        let has_room = reserve_one(list);
        if has_room {
            list.push(element);
        }
        has_room
    }

    #[test]
    fn all_that_is_read_of_a_text_takes_from_one_room() {
        assert!(take(usize::MAX));
        let outer = Room::of("");
        assert!(take(LEAST - 8));
        {
            let _inner = Room::of(&" ".repeat(LEAST));
            assert!(!take(9) && take(8) && !take(1));
        }
        assert!(!take(1));
        drop(outer);
        let _other = Room::of(&" ".repeat(LEAST));
        assert!(take(TIMES * LEAST) && !take(1));
    }

    /// A list of so many, none of which is the room for one more.
    fn full<T: Clone>(element: T, count: usize) -> Vec<T> {
        let mut list = Vec::new();
        list.reserve_exact(count);
        list.resize(count, element);
        assert_eq!(list.capacity(), count);
        list
    }

    #[track_caller]
    fn grows<T: Clone>(element: T, count: usize, capacity: usize) {
        let mut list = full(element.clone(), count);
        assert!(push(&mut list, element));
        assert_eq!((list.len(), list.capacity()), (count + 1, capacity));
    }

    #[test]
    fn a_long_list_grows_by_less_than_a_short_one() {
        grows([0u8; 64], 0, 4);
        grows([0u8; 65], 0, 1);
        grows([0u8; 64], 4, 8);
        grows([0u8; 65], 1, 2);
        // Up to 64 KiB by as much again, and by a quarter from there on.
        grows([0u8; 1024], 32, 64);
        grows([0u8; 1024], 64, 128);
        grows([0u8; 1024], 68, 85);
    }

    #[test]
    fn the_first_element_takes_the_room_of_four() {
        let _room = Room::of("");
        assert!(take(LEAST - 4 * 64));
        assert!(push(&mut Vec::new(), [0u8; 64]));
        assert!(!take(1) && !push(&mut Vec::new(), [0u8; 64]));
    }

    #[test]
    fn an_entry_takes_twice_its_size_and_eight_times_in_a_map_of_many() {
        for (count, times) in [(0, 2), (FEW - 1, 2), (FEW, 8)] {
            let _room = Room::of("");
            let entry = times * size_of::<(u64, [u8; 56])>();
            assert!(take(LEAST - entry));
            assert!(take_entry::<u64, [u8; 56]>(count));
            assert!(!take(1) && !take_entry::<u64, [u8; 56]>(count));
        }
    }

    #[test]
    fn a_list_grows_while_there_is_room() {
        let bytes = 4_000_000;
        let _room = Room::of(&" ".repeat(bytes / 4));
        let mut list = Vec::new();
        while push(&mut list, [0u8; 1024]) {}
        assert_eq!((list.len(), list.capacity()), (bytes / 1024, bytes / 1024));
        assert!(take(bytes % 1024) && !take(1));
    }

    #[test]
    fn a_list_moves_for_the_last_time_while_it_is_not_at_its_longest() {
        for length in 300..400 {
            let _room = Room::of(&" ".repeat(1000 * length));
            let (mut list, mut moved) = (Vec::new(), 0);
            loop {
                let before = list.capacity();
                if !push(&mut list, [0u8; 1000]) {
                    break;
                }
                moved = if list.capacity() == before { moved } else { before };
            }
            assert_eq!(list.capacity(), 4 * length);
            assert!(moved <= 3 * length, "{moved} of {}", 4 * length);
        }
        // However large its elements are, there is one more.
        grows([0u8; LONG + 1], 1, 2);
    }

    #[test]
    fn a_list_leaves_room_for_others() {
        let _room = Room::of(&" ".repeat(1_000_000));
        let mut list = full([0u8; 1000], 1000);
        assert!(take(3_600_000) && push(&mut list, [1; 1000]));
        // All that was left: after a quarter more it would have moved once again for little.
        assert_eq!(list.capacity(), 1400);
        assert!(!take(1));
        give_back(&mut list);
        assert_eq!((list.len(), list.capacity()), (1001, 1001));
        assert!(take(399_000) && !take(1));
        // Less than a quarter is not worth moving for, but others may have as much.
        let mut list = full([0u8; 1000], 1001);
        list.truncate(751);
        give_back(&mut list);
        assert_eq!(list.capacity(), 751);
        assert!(take(250_000) && !take(1));
        let mut list = full([0u8; 1000], 1000);
        list.truncate(751);
        give_back(&mut list);
        assert_eq!(list.capacity(), 1000);
        assert!(take(249_000) && !take(1));
        // A little is not worth moving for.
        let mut list = full([0u8; 64], 17);
        list.truncate(1);
        give_back(&mut list);
        assert!(list.capacity() == 17 && !take(1));
        list.clear();
        give_back(&mut list);
        assert!(list.capacity() == 0 && take(17 * 64) && !take(1));
    }
}
