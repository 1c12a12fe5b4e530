//! The names of members, as serde's `rename` and `rename_all` make them of fields' names.

/// The name of a field's member.
macro_rules! name {
    ($case:tt $field:ident ((rename = $name:tt $($rest:tt)*))) => { $name };
    (() $field:ident $serde:tt) => { stringify!($field) };
    (("snake_case") $field:ident $serde:tt) => { stringify!($field) };
    (("camelCase") $field:ident $serde:tt) => {
        $crate::wire::member_name::name!(@joined stringify!($field), false)
    };
    (("PascalCase") $field:ident $serde:tt) => {
        $crate::wire::member_name::name!(@joined stringify!($field), true)
    };
    (@joined $field:expr, $upper:literal) => {{
        const NAME: [u8; $crate::wire::member_name::joined_length($field)] =
            $crate::wire::member_name::joined($field, $upper);
        const TEXT: &str = match ::core::str::from_utf8(&NAME) {
            Ok(text) => text,
            Err(_) => "",
        };
        TEXT
    }};
}

pub(crate) use name;

/// How long a name is without its underscores.
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "it is the compiler that computes it"
)]
pub(crate) const fn joined_length(field: &str) -> usize {
    let field = field.as_bytes();
    let (mut at, mut length) = (0, 0);
    while at < field.len() {
        if field[at] != b'_' {
            length += 1;
        }
        at += 1;
    }
    length
}

/// A name without underscores, and with a capital after each; at its beginning too, if asked.
#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "it is the compiler that computes it"
)]
pub(crate) const fn joined<const N: usize>(field: &str, mut upper: bool) -> [u8; N] {
    let field = field.as_bytes();
    let mut name = [0; N];
    let (mut at, mut length) = (0, 0);
    while at < field.len() {
        if field[at] == b'_' {
            upper = true;
        } else {
            name[length] = if upper { field[at].to_ascii_uppercase() } else { field[at] };
            upper = false;
            length += 1;
        }
        at += 1;
    }
    name
}
