//! The tokens of JSON text, by their bytes.

/// The text is not JSON there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bad;

const EVERY: u64 = 0x0101_0101_0101_0101;

/// So many bytes are scanned word by word before a text counts as long.
const NEAR: usize = 64;

/// How many bytes come before a quote, a backslash or a control character.
#[inline]
pub(super) fn plain(bytes: &[u8]) -> usize {
    let Some((near, far)) = bytes.split_at_checked(NEAR) else { return by_words(bytes) };
    match by_words(near) {
        NEAR => NEAR.wrapping_add(by_blocks(far)),
        before => before,
    }
}

#[inline]
fn by_words(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut before: usize = 0;
    for word in words {
        let ends = ends(*word);
        if ends != 0 {
            let byte = usize::try_from(ends.trailing_zeros().wrapping_shr(3)).unwrap_or(0);
            return before.wrapping_add(byte);
        }
        before = before.wrapping_add(8);
    }
    let ends = |byte: &u8| matches!(byte, b'"' | b'\\' | ..0x20);
    before.wrapping_add(rest.iter().position(ends).unwrap_or(rest.len()))
}

/// Several words at a time, which a processor does side by side.
#[inline(never)]
fn by_blocks(bytes: &[u8]) -> usize {
    let (blocks, _) = bytes.as_chunks::<32>();
    let is_plain = |block: &&[u8; 32]| {
        let (words, _) = block.as_chunks::<8>();
        words.iter().fold(0, |all, word| all | ends(*word)) == 0
    };
    let before = blocks.iter().take_while(is_plain).count().wrapping_mul(32);
    before.wrapping_add(by_words(bytes.get(before..).unwrap_or_default()))
}

/// The highest bit of each byte of a word that ends what is plain; the lowest one of
/// them is exact, and those above it need not be.
#[inline]
fn ends(word: [u8; 8]) -> u64 {
    let word = u64::from_le_bytes(word);
    let zero = |word: u64| word.wrapping_sub(EVERY) & !word;
    let control = word.wrapping_sub(EVERY.wrapping_mul(0x20)) & !word;
    let quote = zero(word ^ EVERY.wrapping_mul(0x22));
    let backslash = zero(word ^ EVERY.wrapping_mul(0x5C));
    (control | quote | backslash) & EVERY.wrapping_mul(0x80)
}

/// How long the value is that begins with the first byte. It may nest as deep
/// as it likes.
pub(super) fn value(bytes: &[u8]) -> Result<usize, Bad> {
    let mut scan = Scan { bytes, at: 0 };
    let mut open = Open::default();
    loop {
        match scan.peek() {
            Some(b'"') => scan.string()?,
            Some(b'{') => {
                scan.next();
                if scan.peek() != Some(b'}') {
                    scan.name()?;
                    open.push(true);
                    continue;
                }
                scan.next();
            }
            Some(b'[') => {
                scan.next();
                if scan.peek() != Some(b']') {
                    open.push(false);
                    continue;
                }
                scan.next();
            }
            Some(b't') => scan.word(b"true")?,
            Some(b'f') => scan.word(b"false")?,
            Some(b'n') => scan.word(b"null")?,
            _ => scan.number()?,
        }
        while let Some(object) = open.last() {
            match (scan.peek(), object) {
                (Some(b','), true) => {
                    scan.next();
                    scan.name()?;
                    break;
                }
                (Some(b','), false) => {
                    scan.next();
                    break;
                }
                (Some(b'}'), true) | (Some(b']'), false) => {
                    scan.next();
                    open.pop();
                }
                _ => return Err(Bad),
            }
        }
        if open.last().is_none() {
            return Ok(scan.at);
        }
    }
}

/// What may stand behind a backslash, alone. A table, since a text may be nothing but escapes.
#[expect(clippy::indexing_slicing, reason = "it is the compiler that computes it")]
const ESCAPED: [bool; 256] = {
    let mut escaped = [false; 256];
    let mut left: &[u8] = b"\"\\/bfnrt";
    while let [byte, rest @ ..] = left {
        escaped[*byte as usize] = true;
        left = rest;
    }
    escaped
};

/// How long an escape is, of which the backslash has been read.
#[inline]
fn escape(behind: &[u8]) -> Result<usize, Bad> {
    match behind {
        [byte, ..] if ESCAPED.get(usize::from(*byte)) == Some(&true) => Ok(2),
        [b'u', unit @ ..] => self::unit(unit).map(|_| 6),
        _ => Err(Bad),
    }
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        match self.bytes.get(self.at) {
            Some(byte) if *byte > b' ' => Some(*byte),
            _ => self.peek_on(),
        }
    }

    #[inline(never)]
    fn peek_on(&mut self) -> Option<u8> {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.next(),
                byte => return byte.copied(),
            }
        }
    }

    #[inline]
    fn next(&mut self) {
        self.at = self.at.wrapping_add(1);
    }

    #[inline]
    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// A number: mostly a few digits and nothing else.
    #[inline]
    fn number(&mut self) -> Result<(), Bad> {
        let mut end = self.at;
        while matches!(self.bytes.get(end), Some(b'0'..=b'9')) {
            end = end.wrapping_add(1);
        }
        let is_short = match self.bytes.get(self.at) {
            Some(b'0') => end == self.at.wrapping_add(1),
            _ => end > self.at,
        };
        if is_short && !matches!(self.bytes.get(end), Some(b'.' | b'e' | b'E')) {
            self.at = end;
            return Ok(());
        }
        let (length, _) = number(self.rest())?;
        self.at = self.at.wrapping_add(length);
        Ok(())
    }

    /// A text; its quote is next.
    #[inline]
    fn string(&mut self) -> Result<(), Bad> {
        let mut at = self.at.wrapping_add(1);
        loop {
            match self.bytes.get(at) {
                Some(b'"') => {
                    self.at = at.wrapping_add(1);
                    return Ok(());
                }
                Some(b'\\') => {
                    let rest = self.bytes.get(at.wrapping_add(1)..).unwrap_or_default();
                    at = at.wrapping_add(escape(rest)?);
                }
                Some(b' '..) => {
                    let rest = self.bytes.get(at..).unwrap_or_default();
                    at = at.wrapping_add(plain(rest));
                }
                _ => return Err(Bad),
            }
        }
    }

    /// A member's name and the colon behind it.
    #[inline]
    fn name(&mut self) -> Result<(), Bad> {
        if self.peek() != Some(b'"') {
            return Err(Bad);
        }
        self.string()?;
        if self.peek() != Some(b':') {
            return Err(Bad);
        }
        self.next();
        Ok(())
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Bad> {
        if !self.rest().starts_with(word) {
            return Err(Bad);
        }
        self.at = self.at.wrapping_add(word.len());
        Ok(())
    }
}

/// The brackets that are open: a bit each, set for an object.
#[derive(Default)]
struct Open {
    /// The innermost ones, as many as there is room for.
    bits: u64,
    depth: usize,
    /// Those further out.
    outer: Vec<u64>,
}

impl Open {
    #[inline]
    fn push(&mut self, object: bool) {
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.outer.push(self.bits);
        }
        self.bits = self.bits.wrapping_shl(1) | u64::from(object);
        self.depth = self.depth.wrapping_add(1);
    }

    #[inline]
    fn pop(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.bits = self.bits.wrapping_shr(1);
        if self.depth.is_multiple_of(64)
            && let Some(bits) = self.outer.pop()
        {
            self.bits = bits;
        }
    }

    #[inline]
    fn last(&self) -> Option<bool> {
        (self.depth > 0).then_some(self.bits & 1 == 1)
    }
}

/// How long the number is that begins with the first byte, and whether it is a
/// whole one: without fraction and exponent.
pub(super) fn number(bytes: &[u8]) -> Result<(usize, bool), Bad> {
    fn digits(bytes: &[u8]) -> (usize, &[u8]) {
        let count = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
        (count, bytes.get(count..).unwrap_or_default())
    }

    let unsigned = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let (count, mut rest) = digits(unsigned);
    if count == 0 || (count > 1 && unsigned.first() == Some(&b'0')) {
        return Err(Bad);
    }
    let mut whole = true;
    if let [b'.', fraction @ ..] = rest {
        whole = false;
        let (count, behind) = digits(fraction);
        if count == 0 {
            return Err(Bad);
        }
        rest = behind;
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        whole = false;
        let unsigned = match exponent {
            [b'+' | b'-', unsigned @ ..] => unsigned,
            unsigned => unsigned,
        };
        let (count, behind) = digits(unsigned);
        if count == 0 {
            return Err(Bad);
        }
        rest = behind;
    }
    Ok((bytes.len().wrapping_sub(rest.len()), whole))
}

/// Puts a text together that begins behind its quote. Says how long it was,
/// with the quote at its end. An unpaired surrogate is no character, and is
/// bad, or U+FFFD.
pub(super) fn unescape(text: &str, into: &mut String, lossy: bool) -> Result<usize, Bad> {
    let mut rest = text;
    loop {
        let mut behind = rest;
        if !rest.starts_with('\\') {
            let before;
            (before, behind) = rest.split_at_checked(plain(rest.as_bytes())).ok_or(Bad)?;
            into.push_str(before);
        }
        let length = match behind.as_bytes() {
            [b'"', ..] => {
                return Ok(text.len().wrapping_sub(behind.len()).wrapping_add(1));
            }
            [b'\\', b'u', unit @ ..] => {
                let (character, length) = match character(unit) {
                    Err(Bad) if lossy => self::unit(unit).map(|_| ('\u{fffd}', 6))?,
                    read => read?,
                };
                into.push(character);
                length
            }
            [b'\\', escaped, ..] => {
                into.push(match escaped {
                    b'"' | b'\\' | b'/' => char::from(*escaped),
                    b'b' => '\u{8}',
                    b'f' => '\u{c}',
                    b'n' => '\n',
                    b'r' => '\r',
                    b't' => '\t',
                    _ => return Err(Bad),
                });
                2
            }
            _ => return Err(Bad),
        };
        rest = behind.get(length..).ok_or(Bad)?;
    }
}

/// The character that an escape is for, by the bytes behind its `u`, and how
/// long the escape is, or the two of a pair.
fn character(bytes: &[u8]) -> Result<(char, usize), Bad> {
    let high = unit(bytes)?;
    let low = match bytes.get(4..) {
        Some([b'\\', b'u', low @ ..]) => unit(low).ok(),
        _ => None,
    };
    let mut characters = char::decode_utf16(std::iter::once(high).chain(low));
    let character = characters.next().ok_or(Bad)?.map_err(|_| Bad)?;
    Ok((character, if character.len_utf16() == 2 { 12 } else { 6 }))
}

/// The code unit of four hexadecimal digits.
fn unit(bytes: &[u8]) -> Result<u16, Bad> {
    let digits = bytes.first_chunk::<4>().ok_or(Bad)?;
    digits.iter().try_fold(0, |unit: u16, digit| {
        let digit = char::from(*digit).to_digit(16).and_then(|digit| u16::try_from(digit).ok());
        Ok(unit.wrapping_shl(4) | digit.ok_or(Bad)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_part_of_a_text_ends_at_the_first_special_byte() {
        for length in 0..200 {
            let text = "aé~!#[]\u{7f}".chars().cycle().take(length).collect::<String>();
            assert_eq!(plain(text.as_bytes()), text.len());
            for end in ['"', '\\', '\0', '\n', '\u{1f}'] {
                let ended = format!("{text}{end}{end}\u{1}xxxxxxxxx\"");
                assert_eq!(plain(ended.as_bytes()), text.len(), "{ended:?}");
                // Words that are alike do not hide one another.
                let twice = format!("{text}{}", format!("{end}1234567").repeat(4));
                assert_eq!(plain(twice.as_bytes()), text.len(), "{twice:?}");
            }
        }
    }

    /// What `serde_json` says of the same text.
    fn by_serde_json(text: &str) -> Option<usize> {
        let mut values =
            serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
        values.next()?.ok()?;
        Some(values.byte_offset())
    }

    #[test]
    fn a_value_is_delimited_as_serde_json_does() {
        let deep = format!("{}{}", "[".repeat(300), "]".repeat(300));
        let mixed = format!("{}1{}", r#"{"a":["#.repeat(100), "]}".repeat(100));
        for text in [
            "",
            " ",
            "1",
            "-1",
            "01",
            "-",
            "1.",
            "1.5",
            ".5",
            "1e5",
            "1E+5",
            "1e",
            "1e-",
            "-0.0e-0",
            "true",
            "tru",
            "false",
            "null",
            "nulL",
            r#""a""#,
            r#""a"#,
            r#""\"\\\/\b\f\n\r\t""#,
            r#""\u00e9""#,
            r#""\u00g9""#,
            r#""\ud800""#,
            r#""\x""#,
            r#""\"#,
            "\"\n\"",
            "[]",
            "[ ]",
            "[1]",
            "[1,]",
            "[,1]",
            "[1 2]",
            "[",
            "[1",
            "{}",
            "{ }",
            r#"{"a":1}"#,
            r#"{"a":1,}"#,
            r#"{"a"}"#,
            r#"{"a":}"#,
            "{1:1}",
            r#"{"a":[{"b":{}},[]], "c" : "]" }"#,
            "[}",
            "{]",
            r#"{"a":1]"#,
            &deep,
            &mixed,
            &deep[..599],
            "@",
        ] {
            let text = text.trim_start();
            let tail = format!("{text} x");
            let expected = by_serde_json(text);
            assert_eq!(value(text.as_bytes()).ok(), expected, "{text}");
            if expected.is_some() {
                assert_eq!(value(tail.as_bytes()).ok(), expected, "{tail}");
            }
        }
    }

    #[test]
    fn escapes_are_put_together() {
        let read = |text: &str| {
            let mut into = String::new();
            unescape(&text[1..], &mut into, false).map(|length| (into, length + 1))
        };
        for text in [
            r#""""#,
            r#""a""#,
            r#""\"\\\/\b\f\n\r\t""#,
            r#""\u00e9x\ud83d\ude00é""#,
            r#""\u0041\u0042""#,
        ] {
            let (put_together, length) = read(text).unwrap();
            assert_eq!(put_together, serde_json::from_str::<String>(text).unwrap(), "{text}");
            assert_eq!(length, text.len(), "{text}");
        }
        for text in [
            r#""\ud83d""#,
            r#""\ude00""#,
            r#""\ud83d\u0041""#,
            r#""\ud83dx""#,
            r#""\u12""#,
            r#""\u+123""#,
            r#""\x""#,
            r#""\"#,
            r#""a"#,
            "\"\t\"",
        ] {
            assert!(read(text).is_err(), "{text}");
            assert!(serde_json::from_str::<String>(text).is_err(), "{text}");
        }
    }
}
