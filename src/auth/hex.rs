//! Strict hexadecimal text.

/// Exactly `2 * N` hexadecimal digits, of either case; nothing before, after
/// or between them.
pub(super) fn decode<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    if text.len() != N.checked_mul(2)? {
        return None;
    }
    let mut bytes = [0; N];
    let mut all = 0;
    let (pairs, _) = text.as_chunks();
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let (high, low) = (digit(*high), digit(*low));
        all |= high | low;
        *byte = high << 4 | low;
    }
    (all < NO_DIGIT).then_some(bytes)
}

/// Stands for a character that is no digit; no digit has this bit.
const NO_DIGIT: u8 = 0x80;

/// The value of every character as a digit.
#[expect(clippy::indexing_slicing, reason = "evaluated when it is compiled")]
const VALUES: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut character = 0;
    while character < values.len() {
        values[character] = match character as u8 {
            digit @ b'0'..=b'9' => digit - b'0',
            digit @ b'a'..=b'f' => digit - b'a' + 10,
            digit @ b'A'..=b'F' => digit - b'A' + 10,
            _ => NO_DIGIT,
        };
        character += 1;
    }
    values
};

fn digit(character: u8) -> u8 {
    VALUES.get(usize::from(character)).copied().unwrap_or(NO_DIGIT)
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
