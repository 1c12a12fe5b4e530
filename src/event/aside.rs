//! Setting odd values aside, so that they do not take the event with them.

use std::borrow::Cow;

use crate::wire::RawJson;
use crate::wire::json::{self, Fault, Misfit, Path, Segment};

/// A value that did not have the documented shape and was not essential: left
/// out of the typed event, kept here.
#[derive(Clone, Debug, PartialEq)]
pub struct SetAside {
    fault: Fault,
    raw: RawJson,
}

impl SetAside {
    /// Where the value stands, from the outermost value of the body.
    pub fn path(&self) -> &Path {
        self.fault.path()
    }

    /// What was odd about it: its own misfit, or that of a value inside
    /// without which it has no meaning.
    pub fn misfit(&self) -> &Misfit {
        self.fault.misfit()
    }

    /// The value as it came.
    pub fn raw(&self) -> &RawJson {
        &self.raw
    }
}

/// How many places of one text may be set aside before the whole counts as
/// malformed. The same field in all elements of a list is one place.
pub(super) const MOST: usize = 32;

/// How often one field may be odd in the elements of a list before it is set
/// aside in all of them, and how many elements before the list itself is.
const SAME: usize = 4;
const ELEMENTS: usize = 16;

/// How often the text may be read: each time costs its length.
const ROUNDS: usize = 96;

/// A value that is left out, and what was odd: it, or something inside it.
struct Cut {
    path: Path,
    cause: Fault,
}

/// A text typed as far as it goes.
pub(super) struct Settled<T> {
    pub(super) value: T,
    pub(super) set_aside: Vec<SetAside>,
    pub(super) repaired: bool,
}

impl<T> Settled<T> {
    /// A value that nothing was wrong with.
    pub(super) fn of(value: T) -> Self {
        Self { value, set_aside: Vec::new(), repaired: false }
    }
}

/// Types a text, without the values that do not fit as long as `read` can do
/// without them. `outer` is where the text stands in the body.
///
/// # Errors
///
/// The fault that `read` cannot do without.
pub(super) fn settle<T>(
    text: &str,
    outer: &Path,
    mut read: impl FnMut(&str) -> Result<T, Fault>,
) -> Result<Settled<T>, Fault> {
    let mut cuts: Vec<Cut> = Vec::new();
    // Only a text without unpaired surrogates can be taken apart; a repair
    // changes no position.
    let mut repaired: Option<String> = None;
    for _ in 0..ROUNDS {
        let base = repaired.as_deref().unwrap_or(text);
        let paths: Vec<&[Segment]> = cuts.iter().map(|cut| cut.path.segments()).collect();
        let rest = match cuts.is_empty() {
            true => Cow::Borrowed(base),
            false => match json::without(base, &paths) {
                Some(rest) => Cow::Owned(rest),
                None => break,
            },
        };
        let fault = match read(&rest) {
            Ok(value) => {
                let set_aside = kept(text, base, outer, &cuts);
                return Ok(Settled { value, set_aside, repaired: repaired.is_some() });
            }
            Err(fault) => fault,
        };
        if repaired.is_none() {
            repaired = json::repair(text);
            if repaired.is_some() {
                continue;
            }
        }
        let path = uncut(fault.path(), &cuts);
        let fault = fault.at(path);
        let (odd, cause) = match fault.misfit() {
            // The object makes no sense without it, whether it was never
            // there or has just been cut out.
            Misfit::Missing => {
                let cut = cuts.iter().find(|cut| cut.path.covers(fault.path()));
                (fault.path().parent(), cut.map_or(fault, |cut| cut.cause.clone()))
            }
            _ => (fault.path().clone(), fault),
        };
        let odd = widened(odd, &cuts);
        // Every round cuts something, or something further out.
        let stuck = odd.is_root() || cuts.iter().any(|cut| cut.path == odd);
        cuts.retain(|cut| !odd.covers(&cut.path));
        if stuck || cuts.len() == MOST {
            let path = cause.path().below(outer);
            return Err(cause.at(path));
        }
        cuts.push(Cut { path: odd, cause });
    }
    Err(match cuts.pop() {
        Some(cut) => {
            let path = cut.cause.path().below(outer);
            cut.cause.at(path)
        }
        None => Fault::unreadable(outer.clone()),
    })
}

/// The place to set aside for an odd value: itself, or where it is one of
/// many, the same field in all elements of its list, or the list.
fn widened(odd: Path, cuts: &[Cut]) -> Path {
    let everywhere = odd.in_every_element();
    let same = cuts.iter().filter(|cut| cut.path.in_every_element() == everywhere).count();
    match odd.segments().last() {
        Some(Segment::Element(_)) if same >= ELEMENTS => odd.parent(),
        Some(Segment::Member(_)) if same >= SAME => everywhere,
        _ => odd,
    }
}

/// The values that were cut, as they stand in the text before any repair.
fn kept(text: &str, base: &str, outer: &Path, cuts: &[Cut]) -> Vec<SetAside> {
    cuts.iter()
        .flat_map(|cut| {
            // A repair changes no position.
            let raws = json::locate(base, &cut.path);
            raws.into_iter()
                .filter_map(|at| RawJson::from_text(text.get(at)?))
                .map(|raw| SetAside { fault: cut.cause.clone().at(cut.path.below(outer)), raw })
        })
        .collect()
}

/// A path in the text that is left, as a path in the whole text: elements
/// behind a cut one have moved up.
fn uncut(path: &Path, cuts: &[Cut]) -> Path {
    let mut whole = path.clone();
    for depth in 0..path.segments().len() {
        let (before, here) = match whole.segments().split_at_checked(depth) {
            Some((before, [Segment::Element(index), ..])) => (before, *index),
            _ => continue,
        };
        let mut gone: Vec<usize> = cuts
            .iter()
            .filter_map(|cut| match cut.path.segments().strip_prefix(before) {
                Some([Segment::Element(index)]) => Some(*index),
                _ => None,
            })
            .collect();
        gone.sort_unstable();
        let moved =
            gone.iter().fold(here, |index, gone| index.saturating_add(usize::from(*gone <= index)));
        if let Some(segment) = whole.segments_mut().get_mut(depth) {
            *segment = Segment::Element(moved);
        }
    }
    whole
}
