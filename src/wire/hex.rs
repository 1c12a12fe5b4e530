//! Strict hexadecimal text.

/// Exactly `2 * N` hexadecimal digits, of either case; nothing before, after
/// or between them. `N` is a multiple of four.
pub(crate) fn decode<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    const { assert!(N.is_multiple_of(4), "eight digits are read at once") };
    if text.len() != N.checked_mul(2)? {
        return None;
    }
    let mut bytes = [0; N];
    let mut all = HIGH;
    let (chunks, _) = text.as_chunks();
    let (words, _) = bytes.as_chunks_mut();
    for (word, digits) in words.iter_mut().zip(chunks) {
        let (four, valid) = eight_digits(u64::from_le_bytes(*digits));
        *word = four;
        all &= valid;
    }
    (all == HIGH).then_some(bytes)
}

const fn in_each_byte(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The highest bit of each byte.
const HIGH: u64 = in_each_byte(0x80);

/// The highest bit of each byte that lies between two bounds; all bytes are
/// below 0x80.
fn between(bytes: u64, low: u8, high: u8) -> u64 {
    let from = bytes.wrapping_add(in_each_byte(0x80_u8.wrapping_sub(low)));
    let beyond = bytes.wrapping_add(in_each_byte(0x7F_u8.wrapping_sub(high)));
    from & !beyond & HIGH
}

/// Eight digits, the first one in the lowest byte, as four bytes; and the
/// highest bit of each byte that was a digit indeed.
fn eight_digits(text: u64) -> ([u8; 4], u64) {
    // Without the highest bits nothing carries over into the next byte.
    let ascii = text & !HIGH;
    let digit = between(ascii, b'0', b'9');
    let letter = between(ascii | in_each_byte(0x20), b'a', b'f');
    let valid = (digit | letter) & !text;

    // The low half of `a` and of `A` is 1, and so on to `f`.
    let nine = (letter >> 7) | (letter >> 4);
    let halves = (ascii & in_each_byte(0x0F)).wrapping_add(nine);
    let pairs = (halves << 4 | halves >> 8) & 0x00FF_00FF_00FF_00FF;
    let [a, _, b, _, c, _, d, _] = pairs.to_le_bytes();
    ([a, b, c, d], valid)
}

/// Appends the bytes as lower-case digits.
pub(crate) fn push(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        for half in [byte >> 4, byte & 0x0F] {
            text.extend(char::from_digit(u32::from(half), 16));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(bytes: &[u8]) -> String {
        let mut text = String::new();
        push(&mut text, bytes);
        text
    }

    #[test]
    fn either_case_is_read_and_lower_case_written() {
        assert_eq!(decode::<4>(b"00fFa91b"), Some([0x00, 0xFF, 0xA9, 0x1B]));
        assert_eq!(encode(&[0x00, 0xFF, 0xA9]), "00ffa9");
        let every: Vec<u8> = (0..=255).collect();
        assert_eq!(decode::<256>(encode(&every).as_bytes()).unwrap(), *every);
    }

    #[test]
    fn nothing_but_digits_is_read() {
        for text in [
            "",
            "0",
            "0000000",
            "000000000",
            "+f000000",
            "0x000000",
            " 0000000",
            "0000000 ",
            "000\t0000",
            "%6100000",
            "000g0000",
            "00é00000",
            "00\u{0}00000",
            "0000/:@G",
            "`0000000",
        ] {
            assert_eq!(decode::<4>(text.as_bytes()), None, "{text:?}");
        }
        for (digit, value) in "0123456789abcdefABCDEF".chars().zip((0..16).chain(10..16)) {
            for place in 0..8 {
                let mut text = *b"00000000";
                text[place] = digit as u8;
                let mut bytes = [0; 4];
                bytes[place / 2] = if place % 2 == 0 { value << 4 } else { value };
                assert_eq!(decode::<4>(&text), Some(bytes), "{digit} at {place}");
            }
        }
        for other in (0..=255u8).filter(|byte| !byte.is_ascii_hexdigit()) {
            for place in 0..8 {
                for rest in [b'0', b'9', b'a', b'F'] {
                    let mut text = [rest; 8];
                    text[place] = other;
                    assert_eq!(decode::<4>(&text), None, "{other} at {place}");
                }
            }
        }
    }
}
