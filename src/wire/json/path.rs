//! Where in a JSON text a value is.

use std::fmt;
use std::sync::Arc;

/// The position of a value in a JSON text, from the top.
///
/// `Display` writes it as `data.items[2].id`, or `data.items[*].id` for the
/// same place in every element; member names that are not plain words are
/// quoted in brackets, and long ones are truncated. A name that may be a
/// person's address, since it contains an `@` or as many digits as a phone
/// number, is `["…"]`: errors are written to logs. [`segments`](Self::segments)
/// has it.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Path(Arc<[Segment]>);

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Segment {
    /// The member of an object with this name.
    Member(String),
    /// The element of an array with this index, counted from zero.
    Element(usize),
    /// Every element of an array.
    EveryElement,
}

impl Segment {
    /// Whether this step leads everywhere the other one does.
    fn covers(&self, other: &Self) -> bool {
        self == other || matches!((self, other), (Self::EveryElement, Self::Element(_)))
    }
}

impl Path {
    /// The top value itself.
    pub fn root() -> Self {
        Self::default()
    }

    /// The steps from the top value to this one.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// Whether this is the top value.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it is that of this member of the whole.
    pub(crate) fn is_member(&self, name: &str) -> bool {
        matches!(&*self.0, [Segment::Member(member)] if *member == *name)
    }

    /// The place of the value that holds this one; the root holds itself.
    pub(crate) fn parent(&self) -> Self {
        let outer = self.0.split_last().map(|(_, outer)| outer.to_vec());
        outer.unwrap_or_default().into()
    }

    /// Whether the other place is this one, or inside it.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        self.0.len() <= other.0.len()
            && self.0.iter().zip(&*other.0).all(|(own, other)| own.covers(other))
    }

    /// Whether something may be inside both places, or one of them is inside the other.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        let mut steps = self.0.iter().zip(&*other.0);
        steps.all(|(own, other)| own.covers(other) || other.covers(own))
    }

    /// The innermost list on the way; `None` when there is none.
    pub(crate) fn innermost_list(&self) -> Option<Self> {
        let element = |step: &Segment| !matches!(step, Segment::Member(_));
        let depth = self.0.iter().rposition(element)?;
        self.0.get(..depth).map(|list| list.to_vec().into())
    }

    /// The same place in every element of the innermost list on the way.
    pub(crate) fn in_every_element(&self) -> Self {
        let mut every = self.0.to_vec();
        let innermost = every.iter_mut().rev().find(|step| matches!(step, Segment::Element(_)));
        if let Some(step) = innermost {
            *step = Segment::EveryElement;
        }
        every.into()
    }

    pub(crate) fn member(self, name: &str) -> Self {
        let mut segments = self.0.to_vec();
        segments.push(Segment::Member(name.to_owned()));
        segments.into()
    }

    /// This path, seen from a place further out.
    pub(crate) fn below(&self, outer: &Self) -> Self {
        [&*outer.0, &*self.0].concat().into()
    }
}

impl From<Vec<Segment>> for Path {
    fn from(segments: Vec<Segment>) -> Self {
        Self(segments.into())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (depth, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Element(index) => write!(f, "[{index}]")?,
                Segment::EveryElement => f.write_str("[*]")?,
                Segment::Member(name) if may_be_address(name) => f.write_str("[\"…\"]")?,
                Segment::Member(name) if is_plain(name) => {
                    write!(f, "{}{name}", if depth == 0 { "" } else { "." })?;
                }
                Segment::Member(name) => {
                    let shown: String = name.chars().take(40).collect();
                    write!(f, "[{shown:?}]")?;
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Path {
    /// As `Display`: names of members may be long, and may be data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Path({self})")
    }
}

fn may_be_address(name: &str) -> bool {
    /// The shortest phone numbers have as many, with their country's code.
    const DIGITS: usize = 7;
    name.contains('@') || name.bytes().filter(u8::is_ascii_digit).count() >= DIGITS
}

fn is_plain(name: &str) -> bool {
    (1..=40).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_is_inside_another_or_is_not() {
        let (data, item) = (Path::root().member("data"), Path::root().member("data").member("id"));
        assert!(data.is_member("data"));
        assert!(!data.is_member("id") && !item.is_member("id") && !item.is_member("data"));
        assert!(!Path::root().is_member("") && !Path::root().is_member("data"));
        assert!(!Path::from(vec![Segment::Element(0)]).is_member("0"));
        assert!(Path::root().is_root() && !data.is_root());
        assert!(data.covers(&item) && data.covers(&data) && !item.covers(&data));
        assert!(!data.covers(&Path::root().member("head").member("id")));
        assert_eq!(item.parent(), data);
        assert_eq!(Path::root().member("id").below(&data), item);
    }

    #[test]
    fn paths_read_like_code() {
        let member = |name: &str| Segment::Member(name.to_owned());
        let path = Path::from(vec![member("data"), member("items"), Segment::Element(2)]);
        assert_eq!(path.clone().member("id").to_string(), "data.items[2].id");
        assert_eq!(path.member("a.b").to_string(), r#"data.items[2]["a.b"]"#);
        for address in ["5511999990001", "+55 (11) 99999-0001", "ana@example.org", "a@lid"] {
            let path = Path::root().member("metadata").member(address);
            assert_eq!(path.to_string(), r#"metadata["…"]"#);
            assert_eq!(path.segments()[1], Segment::Member(address.to_owned()));
        }
        assert_eq!(Path::root().member("key123456").to_string(), "key123456");
        assert_eq!(Path::root().member("key1234567").to_string(), r#"["…"]"#);
        assert_eq!(Path::root().to_string(), "");
        assert_eq!(Path::root().member("").to_string(), r#"[""]"#);
        assert_eq!(Path::root().member(&"x".repeat(90)).to_string().len(), 44);
    }
}
