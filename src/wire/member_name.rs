//! The names of members, as serde's `rename` and `rename_all` make them of fields' names.

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

/// How long these names are when they are packed.
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "it is the compiler that computes it"
)]
pub(crate) const fn packed_length(names: &[&str]) -> usize {
    let (mut length, mut count) = (0, 0);
    while count < names.len() {
        length += 1 + names[count].len();
        count += 1;
    }
    length
}

/// Names one after another, each behind its length. An array of texts takes a pointer for each,
/// and a relocation: forty bytes for a name of eight.
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "it is the compiler that computes it"
)]
pub(crate) const fn packed<const LENGTH: usize>(names: &[&str]) -> [u8; LENGTH] {
    let mut packed = [0; LENGTH];
    let (mut at, mut count) = (0, 0);
    while count < names.len() {
        let name = names[count].as_bytes();
        assert!(name.len() <= u8::MAX as usize, "its length is a byte");
        packed[at] = name.len() as u8;
        at += 1;
        let mut byte = 0;
        while byte < name.len() {
            packed[at] = name[byte];
            at += 1;
            byte += 1;
        }
        count += 1;
    }
    packed
}

/// The first of these names, and those behind it.
#[inline]
pub(crate) fn unpacked(packed: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, names) = packed.split_first()?;
    names.split_at_checked(usize::from(*length))
}

#[cfg(test)]
mod tests {
    use super::{packed, packed_length, unpacked};

    #[test]
    fn packed_names_are_unpacked_one_by_one() {
        const NAMES: [&str; 3] = ["", "ab", "é"];
        const PACKED: [u8; packed_length(&NAMES)] = packed(&NAMES);
        assert_eq!(PACKED, *"\0\u{2}ab\u{2}é".as_bytes());
        let mut rest = &PACKED[..];
        for expected in NAMES {
            let (name, behind) = unpacked(rest).unwrap();
            assert_eq!(name, expected.as_bytes());
            rest = behind;
        }
        assert_eq!(unpacked(rest), None);
        assert_eq!(unpacked(b"\x03ab"), None);
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
