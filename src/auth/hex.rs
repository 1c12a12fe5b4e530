//! Strict hexadecimal text.

/// Exactly `2 * N` hexadecimal digits, of either case; nothing before, after
/// or between them.
pub(super) fn decode<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    if text.len() != N.checked_mul(2)? {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        let &[high, low] = pair else { return None };
        *byte = digit(high)? << 4 | digit(low)?;
    }
    Some(bytes)
}

fn digit(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character & 0x0F),
        // The low half of `a` and of `A` is 1, and so on to `f`.
        b'a'..=b'f' | b'A'..=b'F' => (character & 0x0F).checked_add(9),
        _ => None,
    }
}

/// Lower-case digits, after a prefix.
pub(super) fn encode(prefix: &str, bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];

    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]);
    let digits = digits.filter_map(|half| DIGITS.get(usize::from(half)));
    prefix.chars().chain(digits.copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_case_is_read_and_lower_case_written() {
        assert_eq!(decode::<3>(b"00fFa9"), Some([0x00, 0xFF, 0xA9]));
        assert_eq!(encode("x=", &[0x00, 0xFF, 0xA9]), "x=00ffa9");
        let every: Vec<u8> = (0..=255).collect();
        assert_eq!(decode::<256>(encode("", &every).as_bytes()).unwrap(), *every);
    }

    #[test]
    fn nothing_but_digits_is_read() {
        for text in ["", "0", "000", "+f00", "0x00", " 000", "000 ", "00\t0", "%610", "00g0", "0é0"]
        {
            assert_eq!(decode::<2>(text.as_bytes()), None, "{text:?}");
        }
        for other in (0..=255u8).filter(|byte| !byte.is_ascii_hexdigit()) {
            assert_eq!(decode::<1>(&[b'0', other]), None, "{other}");
            assert_eq!(decode::<1>(&[other, b'0']), None, "{other}");
        }
    }
}
