//! The names of members, as serde's `rename` and `rename_all` make them of fields' names.

use std::ops::Range;

/// How the names of fields become those of members.
#[derive(Clone, Copy)]
pub(crate) enum Case {
    Snake,
    Camel,
    Pascal,
}

macro_rules! case {
    () => {
        $crate::wire::member_name::Case::Snake
    };
    ("snake_case") => {
        $crate::wire::member_name::Case::Snake
    };
    ("camelCase") => {
        $crate::wire::member_name::Case::Camel
    };
    ("PascalCase") => {
        $crate::wire::member_name::Case::Pascal
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

pub(crate) use {case, listed};

/// What a [`Packed`] is made of: how many names are listed, how long each of them is, and the
/// names, of which those of fields have no underscores and a capital after each, unless they
/// stay as they are. What is left of the array is `0`.
///
/// For the compiler, one array for a struct is much less work than a constant for each step, or
/// for each name.
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "it is the compiler that computes it"
)]
pub(crate) const fn packed<const N: usize>(listed: &str, count: usize, case: Case) -> [u8; N] {
    let listed = listed.as_bytes();
    let mut packed = [0; N];
    assert!(count <= 64, "what has been read has as many bits");
    packed[0] = count as u8;
    let (mut name, mut at, mut end) = (0, 0, 1 + count);
    while name < count {
        let start = end;
        let renamed = listed[at] == b'=';
        at += renamed as usize;
        let keeps = renamed || matches!(case, Case::Snake);
        let mut upper = !keeps && matches!(case, Case::Pascal);
        while listed[at] != b'\n' {
            let byte = listed[at];
            if byte == b'_' && !keeps {
                upper = true;
            } else {
                packed[end] = if upper { byte.to_ascii_uppercase() } else { byte };
                upper = false;
                end += 1;
            }
            at += 1;
        }
        at += 1;
        name += 1;
        assert!(end - start <= u8::MAX as usize, "a length is a byte");
        packed[name] = (end - start) as u8;
    }
    packed
}

/// Names one after another, and how long each of them is. An array of texts takes a pointer for
/// each, and a relocation: forty bytes for a name of eight.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packed {
    pub(crate) lengths: &'static [u8],
    pub(crate) text: &'static [u8],
}

impl Packed {
    /// The names that [`packed`] made one array of.
    pub(crate) const fn new(packed: &'static [u8]) -> Self {
        let Some((count, rest)) = packed.split_first() else {
            return Self { lengths: &[], text: &[] };
        };
        #[expect(clippy::as_conversions, reason = "a constant is made with it")]
        let (lengths, text) = rest.split_at(*count as usize);
        Self { lengths, text }
    }

    /// All of them, in order.
    pub(crate) fn iter(self) -> impl Iterator<Item = &'static str> {
        let mut names = self.names();
        self.lengths.iter().map(move |_| text_of(names.pass()))
    }

    /// All of them, one after another.
    #[inline]
    pub(crate) fn names(self) -> Names {
        Names { packed: self, next: 0, at: 0 }
    }

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

/// The names of a struct's members, one after another.
pub(crate) struct Names {
    packed: Packed,
    next: usize,
    at: usize,
}

impl Names {
    /// The next name, not checked to be text: most names are only passed over.
    #[inline]
    pub(crate) fn pass(&mut self) -> &'static [u8] {
        let length = self.packed.lengths.get(self.next).copied().unwrap_or_default();
        let end = self.at.wrapping_add(usize::from(length));
        let name = self.packed.text.get(self.at..end).unwrap_or_default();
        (self.next, self.at) = (self.next.wrapping_add(1), end);
        name
    }
}

/// A name that [`Names::pass`] returned.
pub(crate) fn text_of(name: &'static [u8]) -> &'static str {
    str::from_utf8(name).unwrap_or_default()
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
    use super::{Case, Packed, is_same, packed};

    #[test]
    fn packed_names_are_found() {
        const TEXT: [u8; 14] = packed("ab\n\né\nab\n", 4, Case::Snake);
        let names = Packed::new(&TEXT);
        assert_eq!(names.lengths, [2, 0, 2, 2]);
        assert!(names.text.starts_with("abéab".as_bytes()));
        assert_eq!(names.iter().collect::<Vec<_>>(), ["ab", "", "é", "ab"]);
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
        assert_eq!(Packed::new(&[]).iter().count(), 0);
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
        /// The names, with the one array that they are made of.
        macro_rules! names {
            (($($case:tt)?) $($field:ident $serde:tt)*) => {{
                const LISTED: &str = concat!($(listed!($field $serde)),*);
                const COUNT: usize = <[&str]>::len(&[$(stringify!($field)),*]);
                const PACKED: [u8; LISTED.len() + 1] = packed(LISTED, COUNT, case!($($case)?));
                Packed::new(&PACKED).iter().collect::<Vec<_>>()
            }};
        }
        assert_eq!(names!(() a_b () c_d ((rename = "x_y"))), ["a_b", "x_y"]);
        assert_eq!(names!(("snake_case") a_b () c ()), ["a_b", "c"]);
        assert!(names!(("camelCase")).is_empty());
        let camel = names!(("camelCase") a_bc () d () e ((rename = "_e_f", with = "x")));
        assert_eq!(camel, ["aBc", "d", "_e_f"]);
        let pascal = names!(("PascalCase") a_bc () d ((rename = "d")) jpeg_thumbnail_2 ());
        assert_eq!(pascal, ["ABc", "d", "JpegThumbnail2"]);
    }
}
