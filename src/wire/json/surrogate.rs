//! Unpaired surrogates.
//!
//! JavaScript writes `"\ud83d"` for a text cut inside an emoji. JSON's grammar
//! allows it, no Rust text can hold it.

/// The text with every escape of an unpaired surrogate replaced by `\ufffd`,
/// or `None` when there is none. The length, and so every position, stays.
pub(crate) fn repair(text: &str) -> Option<String> {
    let mut repaired: Option<String> = None;
    // Everything before `done` is in `repaired`, once there is one.
    let mut done = 0;
    let mut at = 0;
    while let Some(start) = next_escape(text.as_bytes(), at) {
        match escaped_unit(text, start) {
            Some(0xD800..=0xDBFF) => {
                let next = start.saturating_add(6);
                if matches!(escaped_unit(text, next), Some(0xDC00..=0xDFFF)) {
                    at = next.saturating_add(6);
                    continue;
                }
            }
            Some(0xDC00..=0xDFFF) => {}
            _ => {
                // Another escape, a backslash among them: two characters.
                at = start.saturating_add(2);
                continue;
            }
        }
        let repaired = repaired.get_or_insert_with(|| String::with_capacity(text.len()));
        repaired.push_str(text.get(done..start).unwrap_or_default());
        repaired.push_str("\\ufffd");
        done = start.saturating_add(6);
        at = done;
    }
    let mut repaired = repaired?;
    repaired.push_str(text.get(done..).unwrap_or_default());
    Some(repaired)
}

/// Where the next backslash is. Where there are many, it is the next byte.
fn next_escape(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    match rest.first() {
        Some(b'\\') => Some(at),
        _ => memchr::memchr(b'\\', rest).map(|found| at.saturating_add(found)),
    }
}

/// The code unit of the escape, `\u` and four digits, that starts at `start`.
fn escaped_unit(text: &str, start: usize) -> Option<u16> {
    if text.as_bytes().get(start.checked_add(1)?) != Some(&b'u') {
        return None;
    }
    let escape = text.get(start..start.checked_add(6)?)?;
    let digits = escape.strip_prefix("\\u")?;
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unpaired_surrogates_are_repaired_and_nothing_else() {
        for (text, repaired) in [
            (r#""\ud83d""#, r#""\ufffd""#),
            (r#""\uD83D""#, r#""\ufffd""#),
            (r#""a\udc00b""#, r#""a\ufffdb""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\ude00\ud83d""#, r#""\ufffd\ufffd""#),
            (r#""\ud83dé\ud83d""#, r#""\ufffdé\ufffd""#),
            (r#""\\\ud83d""#, r#""\\\ufffd""#),
            (r#""\ud83d\n""#, r#""\ufffd\n""#),
            (r#""\ud800 \udbff \udc00 \udfff""#, r#""\ufffd \ufffd \ufffd \ufffd""#),
            (r#""\udbff\ud800\udfff\udc00""#, r#""\ufffd\ud800\udfff\ufffd""#),
        ] {
            let found = repair(text).expect(text);
            assert_eq!(found, repaired);
            assert_eq!(found.len(), text.len());
            assert!(serde_json::from_str::<String>(&found).is_ok(), "{text}");
        }
        for text in [
            "",
            r#""plain""#,
            r#""\ud83d\ude00""#,
            r#""\ud800\udc00\udbff\udfff \ud7ff\ue000""#,
            r#""\\ud83d""#,
            r#""\u0041\n\"""#,
            r#""\ufffd""#,
            r#""\ud8"#,
            r#""\u+d83""#,
            r"\",
            r#""\uD8é""#,
        ] {
            assert_eq!(repair(text), None, "{text}");
        }
    }
}
