//! Phone numbers, and those that can be written in two ways.

/// The digits of a phone number, without a `+`: 5 to 15 of them, and nothing
/// else. Fifteen is the maximum in E.164.
pub(super) fn number(text: &str) -> Option<&str> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    ((5..=15).contains(&digits.len()) && is_digits(digits)).then_some(digits)
}

/// A phone number without its `+`; any other text unchanged.
pub(super) fn plain(text: &str) -> &str {
    number(text).unwrap_or(text)
}

/// Whether a text is ASCII digits, at least one.
pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether two phone numbers reach the same line, even if one is written with a
/// digit that the other leaves out.
///
/// Takes digits with country code, with or without a `+`. Numbers of three
/// countries can be written in two ways:
///
/// | country | the two ways | example |
/// |---|---|---|
/// | Brazil | a mobile number with and without the 9 after the area code | `5511999990001`, `551199990001` |
/// | Mexico | with and without the 1 after the country code | `5215555550001`, `525555550001` |
/// | Argentina | with and without the 9 after the country code | `5491155550001`, `541155550001` |
///
/// In Brazil the digit that follows must be 6 to 9: landline numbers start with
/// 2 to 5 and never had the 9. Any other difference means another line, and a
/// text that is not a phone number has no line.
///
/// ```
/// use zaphook::jid::same_line;
///
/// assert!(same_line("5531987650001", "553187650001"));
/// assert!(same_line("+5215555550001", "525555550001"));
/// // Without its first 3 the number would be another one, and a landline's.
/// assert!(!same_line("5511933330001", "551133330001"));
/// ```
pub fn same_line(one: &str, other: &str) -> bool {
    let (Some(one), Some(other)) = (number(one), number(other)) else { return false };
    shortest(one).eq(shortest(other))
}

/// The digits of the shorter one of the two ways to write a number.
fn shortest(number: &str) -> impl Iterator<Item = u8> {
    let extra = match number.as_bytes() {
        [b'5', b'5', _, _, b'9', b'6'..=b'9', rest @ ..] if rest.len() == 7 => Some(4),
        [b'5', b'2', b'1', rest @ ..] if rest.len() == 10 => Some(2),
        [b'5', b'4', b'9', rest @ ..] if rest.len() == 10 => Some(2),
        _ => None,
    };
    number.bytes().enumerate().filter(move |(at, _)| Some(*at) != extra).map(|(_, digit)| digit)
}
