//! The values that take most of a long text.

use std::ops::Range;

use super::path::{Path, Segment};
use super::scan;
use super::seek::text_of;

/// A value that takes much of a text.
#[derive(Debug)]
pub(crate) struct Long {
    pub(crate) path: Path,
    pub(crate) at: Range<usize>,
}

/// How deep such values are looked for.
const DEPTH: usize = 64;

/// The values of at least `least` bytes, from the outside in: texts, lists without such a value
/// in them, and lists and objects that have more than `spare` bytes in values which are
/// shorter. In the order of the text; none is inside another. The text is one that has been
/// read before.
pub(crate) fn long_values(text: &str, least: usize, spare: usize) -> Vec<Long> {
    let nodes = nodes(text.as_bytes(), least);
    let mut long = Vec::new();
    let mut way: Vec<Segment> = Vec::new();
    let mut nodes = &*nodes;
    while let [node, behind @ ..] = nodes {
        way.truncate(node.depth.saturating_sub(1));
        if node.depth > 0 {
            way.push(node.step.segment(text));
        }
        let inside = behind.partition_point(|other| other.at.start < node.at.end);
        let (inside, behind) = behind.split_at_checked(inside).unwrap_or_default();
        let values = inside.iter().filter(|other| other.depth == node.depth.saturating_add(1));
        let in_values = values.map(|other| other.at.len()).fold(0, usize::saturating_add);
        let goes_on = match node.kind {
            Kind::Text => false,
            Kind::List => in_values > 0,
            Kind::Object => true,
        };
        if goes_on && node.at.len().saturating_sub(in_values) <= spare {
            // What is long in it is among its values, which are next.
            nodes = nodes.get(1..).unwrap_or_default();
            continue;
        }
        if node.depth > 0 {
            long.push(Long { path: Path::from(way.clone()), at: node.at.clone() });
        }
        nodes = behind;
    }
    long
}

struct Node {
    at: Range<usize>,
    /// The last one on the way to it, if it is inside another value.
    step: Step,
    depth: usize,
    kind: Kind,
}

enum Kind {
    Text,
    List,
    Object,
}

#[derive(Clone)]
enum Step {
    /// Where the name of the member is.
    Name(Range<usize>),
    Index(usize),
}

impl Step {
    fn segment(&self, text: &str) -> Segment {
        match self {
            Self::Name(name) => {
                let name = text.get(name.clone()).and_then(text_of).unwrap_or_default();
                Segment::Member(name.into_owned())
            }
            Self::Index(index) => Segment::Element(*index),
        }
    }
}

/// An object or a list that has not ended.
struct Open {
    /// Which of the nodes it is.
    node: usize,
    /// On the way to what comes next in it.
    next: Step,
}

/// All texts, lists and objects of at least so many bytes, as they begin.
fn nodes(bytes: &[u8], least: usize) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    // How many are open further in than is looked for: none, unless `open` is full.
    let mut deeper: usize = 0;
    let mut text = 0..0;
    let mut at: usize = 0;
    while let Some(byte) = bytes.get(at) {
        let next = at.saturating_add(1);
        match byte {
            b'"' => {
                text = at..text_ends(bytes, next);
                at = text.end;
                if text.len() >= least && open.len() < DEPTH {
                    let (at, step, depth) = (text.clone(), step_in(&open), open.len());
                    nodes.push(Node { at, step, depth, kind: Kind::Text });
                }
                continue;
            }
            b':' => {
                // It was not a value.
                nodes.pop_if(|last| last.at == text);
                if let Some(Open { next: Step::Name(name), .. }) = open.last_mut() {
                    *name = text.clone();
                }
            }
            b',' if deeper == 0 => {
                if let Some(Open { next: Step::Index(index), .. }) = open.last_mut() {
                    *index = index.saturating_add(1);
                }
            }
            b'{' | b'[' if open.len() == DEPTH => deeper = deeper.saturating_add(1),
            b'{' | b'[' => {
                let (kind, next) = match byte {
                    b'[' => (Kind::List, Step::Index(0)),
                    _ => (Kind::Object, Step::Name(0..0)),
                };
                let (step, depth) = (step_in(&open), open.len());
                open.push(Open { node: nodes.len(), next });
                nodes.push(Node { at: at..at, step, depth, kind });
            }
            b'}' | b']' if deeper > 0 => deeper = deeper.saturating_sub(1),
            b'}' | b']' => {
                if let Some(Open { node, .. }) = open.pop()
                    && let Some(Node { at, .. }) = nodes.get_mut(node)
                {
                    at.end = next;
                    if at.len() < least {
                        // What was in it is shorter still.
                        nodes.truncate(node);
                    }
                }
            }
            _ => {}
        }
        at = next;
    }
    nodes
}

/// On the way to a value that is there next.
fn step_in(open: &[Open]) -> Step {
    open.last().map_or(Step::Name(0..0), |open| open.next.clone())
}

/// Where a text ends that begins there, behind its quote.
fn text_ends(bytes: &[u8], mut at: usize) -> usize {
    loop {
        match bytes.get(at) {
            Some(b'"') => return at.saturating_add(1),
            Some(b'\\') => at = at.saturating_add(2),
            Some(b' '..) => {
                let rest = bytes.get(at..).unwrap_or_default();
                at = at.saturating_add(scan::plain(rest));
            }
            // No text has it.
            _ => return bytes.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn found(text: &str) -> Vec<(String, &str)> {
        let long = long_values(text, 10, 20);
        long.into_iter().map(|long| (long.path.to_string(), &text[long.at])).collect()
    }

    fn pairs<'a>(pairs: &[(&str, &'a str)]) -> Vec<(String, &'a str)> {
        pairs.iter().map(|(path, value)| ((*path).to_owned(), *value)).collect()
    }

    #[test]
    fn lists_and_texts_are_found_by_the_way_to_them() {
        let text = r#"{"a":{"b":[1,2,3,4,5,6],"c":0},"d":"a text \" of ["}"#;
        let long = [("a.b", "[1,2,3,4,5,6]"), ("d", r#""a text \" of [""#)];
        assert_eq!(found(text), pairs(&long));
        assert_eq!(found(r#"{"\u0061":[1,2,3,4,5,6]}"#), pairs(&[("a", "[1,2,3,4,5,6]")]));
        // Ten bytes are enough, and nine are not.
        assert_eq!(found(r#"{"a":"01234567"}"#), pairs(&[("a", r#""01234567""#)]));
        assert_eq!(found(r#"{"a":[1,2,3,45]}"#), pairs(&[("a", "[1,2,3,45]")]));
        assert_eq!(found(r#"{"a":"0123456","b":[1,2,3,4]}"#), []);
        // Long names are no values.
        assert_eq!(found(r#"{"a name that is long":1}"#), []);
    }

    #[test]
    fn what_is_long_in_a_list_is_found_by_its_number() {
        let text = r#"[[1,2,3,4,5,6],0,{"a":{"b":[1,2,3,4,5,6],"c":[1,[2,3]]}},"a text, "]"#;
        let long =
            [("[0]", "[1,2,3,4,5,6]"), ("[2].a.b", "[1,2,3,4,5,6]"), ("[3]", r#""a text, ""#)];
        assert_eq!(found(text), pairs(&long[..]));
        let within = format!(r#"{{"x":{{"y":[0,{{"z":{text}}}]}}}}"#);
        let below = |(path, value): &(_, _)| (format!("x.y[1].z{path}"), *value);
        assert_eq!(found(&within), long.iter().map(below).collect::<Vec<_>>());
        // A list of which too much is short is one value.
        let list = r#"["0123456789",1,2,3,4,5,6,7,8,9,10]"#;
        assert_eq!(found(&format!(r#"{{"x":{list}}}"#)), pairs(&[("x", list)]));
        assert_eq!(found(list), []);
        // Elements further in than is looked for do not count.
        let deep = format!("[{}0,0{},\"0123456789\"]", "[".repeat(DEPTH), "]".repeat(DEPTH));
        assert_eq!(found(&deep).last(), pairs(&[("[1]", r#""0123456789""#)]).first());
    }

    #[test]
    fn an_object_of_many_short_members_is_found_as_one() {
        let dense = r#"{"a":0,"b":0,"c":0,"d":0}"#;
        let text = format!(r#"{{"x":{{"y":{dense}}}}}"#);
        assert_eq!(found(&text), pairs(&[("x.y", dense)]));
        // One whose members are long is not: they are.
        let text = r#"{"x":{"y":[1,2,3,4,5,6],"z":{"a":"0123456789"}}}"#;
        let long = [("x.y", "[1,2,3,4,5,6]"), ("x.z.a", r#""0123456789""#)];
        assert_eq!(found(text), pairs(&long));
    }

    #[test]
    fn an_object_may_have_a_little_around_its_long_members() {
        let text = |digits: usize| {
            let digits = "1".repeat(digits);
            (format!(r#"{{"x":{{"y":[1,2,3,4,5],"a":{digits}}}}}"#), digits)
        };
        // 20 bytes besides the list, and one more.
        let (text_of_20, _) = text(9);
        assert_eq!(found(&text_of_20), pairs(&[("x.y", "[1,2,3,4,5]")]));
        let (text_of_21, digits) = text(10);
        let whole = format!(r#"{{"y":[1,2,3,4,5],"a":{digits}}}"#);
        assert_eq!(found(&text_of_21), pairs(&[("x", &whole)]));
    }

    #[test]
    fn nothing_is_found_deeper_than_is_looked_for() {
        let within = |depth: usize| {
            format!(r#"{}"0123456789"{}"#, r#"{"a":"#.repeat(depth), "}".repeat(depth))
        };
        let deepest = within(DEPTH - 1);
        let long = found(&deepest);
        assert_eq!(long, [(["a"; DEPTH - 1].join("."), r#""0123456789""#)]);
        assert_eq!(found(&within(DEPTH)), []);
        // Of an object that goes deeper, what it has further in counts as its own.
        let deeper = within(DEPTH + 1);
        let innermost = r#"{"a":{"a":"0123456789"}}"#;
        assert_eq!(found(&deeper), [(["a"; DEPTH - 1].join("."), innermost)]);
        // What comes behind it is found all the same.
        let behind = format!(r#"{{"x":{deeper},"y":"0123456789"}}"#);
        assert_eq!(found(&behind).last(), pairs(&[("y", r#""0123456789""#)]).first());
    }

    #[test]
    fn depth_takes_no_memory() {
        let deep = format!(r#"{{"x":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(found(&deep).len(), 1);
        let objects = format!("{}0{}", r#"{"a":"#.repeat(100_000), "}".repeat(100_000));
        assert!(found(&objects).len() <= 1);
    }
}
