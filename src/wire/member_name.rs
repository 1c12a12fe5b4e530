//! The names of members, as serde's `rename` and `rename_all` make them of fields' names.

use std::ops::Range;

/// The names of fields' members, as an array.
macro_rules! names {
    (() $($field:ident $serde:tt)*) => { [$($crate::wire::member_name::name!($field $serde)),*] };
    (("snake_case") $($fields:tt)*) => { $crate::wire::member_name::names!(() $($fields)*) };
    (("camelCase") $($field:ident $serde:tt)*) => {
        $crate::wire::member_name::names!(@joined false $($field $serde)*)
    };
    (("PascalCase") $($field:ident $serde:tt)*) => {
        $crate::wire::member_name::names!(@joined true $($field $serde)*)
    };
    // For the compiler, one constant for a struct is less work than one for each field.
    (@joined $upper:literal $($field:ident $serde:tt)*) => {{
        const LISTED: &str = concat!($($crate::wire::member_name::listed!($field $serde)),*);
        const JOINED: [u8; LISTED.len()] = $crate::wire::member_name::joined(LISTED, $upper);
        $crate::wire::member_name::split(&JOINED)
    }};
}

/// A name that no case changes.
macro_rules! name {
    ($field:ident ((rename = $name:tt $($rest:tt)*))) => {
        $name
    };
    ($field:ident $serde:tt) => {
        stringify!($field)
    };
}

/// A name in a list: what stands behind `=` is as it is to be.
macro_rules! listed {
    ($field:ident ((rename = $name:tt $($rest:tt)*))) => {
        concat!("=", $name, "\n")
    };
    ($field:ident $serde:tt) => {
        concat!(stringify!($field), "\n")
    };
}

pub(crate) use {listed, name, names};

/// The names of a list, each without underscores and with a capital after each of them; at its
/// beginning too, if asked. What is left of the array is `0`.
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "it is the compiler that computes it"
)]
pub(crate) const fn joined<const N: usize>(listed: &str, pascal: bool) -> [u8; N] {
    let listed = listed.as_bytes();
    let mut joined = [0; N];
    let (mut at, mut length) = (0, 0);
    while at < listed.len() {
        let renamed = listed[at] == b'=';
        let mut upper = pascal;
        at += renamed as usize;
        while listed[at] != b'\n' {
            if listed[at] == b'_' && !renamed {
                upper = true;
            } else {
                let capital = upper && !renamed;
                joined[length] = if capital { listed[at].to_ascii_uppercase() } else { listed[at] };
                upper = false;
                length += 1;
            }
            at += 1;
        }
        joined[length] = b'\n';
        length += 1;
        at += 1;
    }
    joined
}

/// The names of a list that [`joined`] made, which has so many.
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "it is the compiler that computes it"
)]
pub(crate) const fn split<const COUNT: usize>(mut joined: &[u8]) -> [&str; COUNT] {
    let mut names = [""; COUNT];
    let mut count = 0;
    while count < COUNT {
        let mut end = 0;
        while joined[end] != b'\n' {
            end += 1;
        }
        let (name, rest) = joined.split_at(end);
        names[count] = match str::from_utf8(name) {
            Ok(name) => name,
            Err(_) => panic!("the names of fields are text"),
        };
        joined = rest.split_at(1).1;
        count += 1;
    }
    names
}

/// Names one after another, and how long each of them is. An array of texts takes a pointer for
/// each, and a relocation: forty bytes for a name of eight.
#[derive(Clone, Copy)]
pub(crate) struct Packed {
    pub(crate) lengths: &'static [u8],
    pub(crate) text: &'static [u8],
}

impl Packed {
    /// Whether the name with this number, which begins there, is this one: where it ends then.
    #[inline]
    pub(crate) fn is(self, number: usize, start: usize, name: &[u8]) -> Option<usize> {
        self.lengths.get(number).and_then(|length| self.is_at(start, *length, name))
    }

    #[inline]
    fn is_at(self, start: usize, length: u8, name: &[u8]) -> Option<usize> {
        if usize::from(length) != name.len() {
            return None;
        }
        let end = start.wrapping_add(name.len());
        is_same(self.text.get(start..end)?, name).then_some(end)
    }

    /// Looks for a name among those with these numbers, of which the first begins there: its
    /// number, and where it ends.
    #[inline]
    pub(crate) fn find(
        self,
        numbers: Range<usize>,
        start: usize,
        name: &[u8],
    ) -> Option<(usize, usize)> {
        let mut start = start;
        for (number, length) in numbers.clone().zip(self.lengths.get(numbers)?) {
            if let Some(end) = self.is_at(start, *length, name) {
                return Some((number, end));
            }
            start = start.wrapping_add(usize::from(*length));
        }
        None
    }
}

/// How long each of these names is.
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "it is the compiler that computes it"
)]
pub(crate) const fn lengths<const COUNT: usize>(names: &[&str; COUNT]) -> [u8; COUNT] {
    let mut lengths = [0; COUNT];
    let mut count = 0;
    while count < COUNT {
        assert!(names[count].len() <= u8::MAX as usize, "a length is a byte");
        lengths[count] = names[count].len() as u8;
        count += 1;
    }
    lengths
}

/// How long they are together.
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "it is the compiler that computes it"
)]
pub(crate) const fn length(names: &[&str]) -> usize {
    let (mut length, mut count) = (0, 0);
    while count < names.len() {
        length += names[count].len();
        count += 1;
    }
    length
}

/// One after another.
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "it is the compiler that computes it"
)]
pub(crate) const fn joint<const LENGTH: usize>(names: &[&str]) -> [u8; LENGTH] {
    let mut text = [0; LENGTH];
    let (mut at, mut count) = (0, 0);
    while count < names.len() {
        let (name, mut byte) = (names[count].as_bytes(), 0);
        while byte < name.len() {
            text[at] = name[byte];
            at += 1;
            byte += 1;
        }
        count += 1;
    }
    text
}

/// Whether two names of the same length are the same: of those that most members have, two
/// comparisons of words, and no call.
#[inline]
fn is_same(a: &[u8], b: &[u8]) -> bool {
    fn ends<const N: usize>(name: &[u8]) -> Option<(&[u8; N], &[u8; N])> {
        Some((name.first_chunk()?, name.last_chunk()?))
    }
    match a.len() {
        4..8 => ends::<4>(a) == ends::<4>(b),
        8..=16 => ends::<8>(a) == ends::<8>(b),
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::{Packed, is_same, joint, length, lengths};

    #[test]
    fn packed_names_are_found() {
        const NAMES: [&str; 4] = ["ab", "", "é", "ab"];
        const TEXT: [u8; length(&NAMES)] = joint(&NAMES);
        const LENGTHS: [u8; 4] = lengths(&NAMES);
        let names = Packed { lengths: &LENGTHS, text: &TEXT };
        assert_eq!((names.lengths, names.text), (&[2, 0, 2, 2][..], "abéab".as_bytes()));
        assert_eq!(names.is(0, 0, b"ab"), Some(2));
        assert_eq!(names.is(2, 2, "é".as_bytes()), Some(4));
        for (number, name) in [(0, &b"ac"[..]), (0, b"a"), (0, b"abc"), (1, b"ab"), (4, b"")] {
            assert_eq!(names.is(number, 0, name), None);
        }
        assert_eq!(names.find(0..4, 0, b"ab"), Some((0, 2)));
        assert_eq!(names.find(1..4, 2, b"ab"), Some((3, 6)));
        assert_eq!(names.find(0..4, 0, b""), Some((1, 2)));
        assert_eq!(names.find(3..4, 4, "é".as_bytes()), None);
        assert_eq!(names.find(0..1, 0, b""), None);
        assert_eq!(names.find(4..4, 6, b""), None);
    }

    #[test]
    fn names_of_every_length_are_told_apart_by_every_letter() {
        for length in 0..40 {
            let name = "x".repeat(length);
            assert!(is_same(name.as_bytes(), name.as_bytes()));
            for place in 0..length {
                let mut other = name.clone().into_bytes();
                other[place] = b'y';
                assert!(!is_same(name.as_bytes(), &other), "{length} {place}");
            }
        }
    }

    #[test]
    fn names_are_as_serde_makes_them() {
        assert_eq!(names!(() a_b () c_d ((rename = "x_y"))), ["a_b", "x_y"]);
        assert_eq!(names!(("snake_case") a_b () c ()), ["a_b", "c"]);
        const NONE: [&str; 0] = names!(("camelCase"));
        assert_eq!(NONE.len(), 0);
        let camel = names!(("camelCase") a_bc () d () e ((rename = "_e_f", with = "x")));
        assert_eq!(camel, ["aBc", "d", "_e_f"]);
        let pascal = names!(("PascalCase") a_bc () d ((rename = "d")) jpeg_thumbnail_2 ());
        assert_eq!(pascal, ["ABc", "d", "JpegThumbnail2"]);
    }
}
