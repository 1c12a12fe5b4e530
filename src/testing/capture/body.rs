//! What stands in a body that may prove something.
//!
//! The body is gone through as a row of tokens and not read as JSON, so that
//! every other byte stays and a broken body is searched as well.

use super::Capture;

/// Members whose values are credentials, or open a session, by their letters
/// alone: `apiKey`, `api_key` and `apikey` are one.
const CREDENTIALS: &[&str] = &[
    "accesstoken",
    "apikey",
    "authorization",
    "challenge",
    "globalapikey",
    "instancetoken",
    "jwt",
    "jwtkey",
    "pairingcode",
    "password",
    "qr",
    "qrcode",
    "secret",
    "token",
];

/// An object of this name describes a QR code; these members of it are one.
const QR_CODE: &str = "qrcode";
const IN_QR_CODE: &[&str] = &["base64", "code"];

/// The body with all credentials replaced; `None` when there are none.
pub(super) fn without_credentials(body: &[u8]) -> Option<Vec<u8>> {
    let mut scan = Scan { bytes: body, at: 0 };
    let mut replaced: Option<Vec<u8>> = None;
    // Everything before it stands in `replaced`, once there is such.
    let mut done = 0;
    let mut depth: usize = 0;
    let mut qr_code_at: Option<usize> = None;
    while let Some(byte) = scan.peek() {
        match byte {
            b'{' | b'[' => depth = depth.saturating_add(1),
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                qr_code_at = qr_code_at.filter(|at| *at < depth);
            }
            b'"' => {
                let name = scan.string();
                let Some(first) = scan.after_colon() else { continue };
                let name = letters(name);
                if name == QR_CODE && first == b'{' {
                    qr_code_at = qr_code_at.or(Some(depth));
                    continue;
                }
                let in_qr_code = qr_code_at.is_some() && IN_QR_CODE.contains(&&*name);
                if !in_qr_code && !CREDENTIALS.contains(&&*name) {
                    continue;
                }
                let start = scan.at;
                if says_something(scan.value()) {
                    let into = replaced.get_or_insert_default();
                    into.extend_from_slice(body.get(done..start).unwrap_or_default());
                    into.extend_from_slice(format!("\"{}\"", Capture::REPLACED).as_bytes());
                    done = scan.at;
                }
                continue;
            }
            _ => {}
        }
        scan.bump();
    }
    let mut replaced = replaced?;
    replaced.extend_from_slice(body.get(done..).unwrap_or_default());
    Some(replaced)
}

/// The letters of a member's name, quotes included in the token or not.
fn letters(token: &[u8]) -> String {
    let name = serde_json::from_slice::<String>(token)
        .unwrap_or_else(|_| String::from_utf8_lossy(token).into_owned());
    name.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a value is more than the word that there is none.
fn says_something(value: &[u8]) -> bool {
    !matches!(
        value,
        b"null" | b"true" | b"false" | b"\"\"" | b"{}" | b"[]" | b"\"Apikey not found\"" | b""
    )
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn bump(&mut self) {
        self.at = self.at.saturating_add(1).min(self.bytes.len());
    }

    fn since(&self, start: usize) -> &'a [u8] {
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.bump();
        }
    }

    /// Goes past a string, to its end or the body's.
    fn string(&mut self) -> &'a [u8] {
        let start = self.at;
        self.bump();
        while let Some(byte) = self.peek() {
            self.bump();
            match byte {
                b'"' => break,
                b'\\' => self.bump(),
                _ => {}
            }
        }
        self.since(start)
    }

    /// Goes to the value after a name; the first byte of it, if it is a name.
    fn after_colon(&mut self) -> Option<u8> {
        self.space();
        if self.peek() != Some(b':') {
            return None;
        }
        self.bump();
        self.space();
        self.peek()
    }

    /// Goes past a whole value, whatever it is.
    fn value(&mut self) -> &'a [u8] {
        let start = self.at;
        let mut depth: usize = 0;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.string();
                    if depth == 0 {
                        break;
                    }
                    continue;
                }
                b'{' | b'[' => depth = depth.saturating_add(1),
                b'}' | b']' | b',' if depth == 0 => break,
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        self.bump();
                        break;
                    }
                }
                _ if depth == 0 && byte.is_ascii_whitespace() => break,
                _ => {}
            }
            self.bump();
        }
        self.since(start)
    }
}
