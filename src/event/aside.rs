//! Setting odd values aside, so that one of them does not cost the whole event.

use std::ops::Range;
use std::sync::Arc;

use crate::wire::RawJson;
use crate::wire::json::{self, Fault, Misfit, Path, Segment};

/// A value that did not have the documented shape and was not essential: left
/// out of the typed event, kept here.
#[derive(Clone, Debug, PartialEq)]
pub struct SetAside {
    /// The same for all values that were set aside as one.
    fault: Arc<Fault>,
    raw: RawJson,
}

impl SetAside {
    /// The path of the value, from the top of the body.
    pub fn path(&self) -> &Path {
        self.fault.path()
    }

    /// What was wrong with it, or with an essential value inside it.
    pub fn misfit(&self) -> &Misfit {
        self.fault.misfit()
    }

    /// The raw value.
    pub fn raw(&self) -> &RawJson {
        &self.raw
    }
}

/// How many places of one text are set aside individually. The same field in
/// all elements of a list counts as one place.
pub(super) const MOST: usize = 32;

/// How often one field may be odd in the elements of a list before it is set
/// aside in all of them, and how many elements before the list itself is.
const SAME: usize = 4;
const ELEMENTS: usize = 16;

/// How often a text may be read, at most.
const ROUNDS: usize = 96;

/// What is longer than this is read less often: until the work is as much as
/// this many times its length, but a few times in any case.
const SHORT: usize = 64 * 1024;
const WORK: usize = 24;
const FEW: usize = 4;

/// A value that is left out, and what was odd: it, or something inside it.
struct Cut {
    path: Path,
    cause: Fault,
    /// Where it is in the text: several times, when a member is repeated
    /// or the same in every element of a list.
    at: Vec<Range<usize>>,
}

/// A text typed as far as it goes.
pub(super) struct Settled<T> {
    pub(super) value: T,
    pub(super) set_aside: Vec<SetAside>,
    pub(super) repaired: bool,
}

impl SetAside {
    pub(super) fn new(fault: Fault, raw: &str) -> Self {
        Self { fault: Arc::new(fault), raw: RawJson::of_value(raw) }
    }
}

impl<T> Settled<T> {
    /// A value that nothing was wrong with.
    pub(super) fn of(value: T) -> Self {
        Self { value, set_aside: Vec::new(), repaired: false }
    }
}

/// Types a text, without the values that do not fit as long as `read` can do
/// without them: it is given the text, and where the values are that it has to
/// leave out. `outer` is where the text is in the body.
///
/// # Errors
///
/// The fault that `read` cannot do without.
#[inline]
pub(super) fn settle<T>(
    text: &str,
    outer: &Path,
    read: impl Fn(&str, &[Range<usize>]) -> Result<T, json::Error>,
) -> Result<Settled<T>, Fault> {
    let mut value = None;
    let (set_aside, repaired) = settle_by(text, outer, &mut |text, left_out| {
        value = Some(read(text, left_out)?);
        Ok(())
    })?;
    match value {
        Some(value) => Ok(Settled { value, set_aside, repaired }),
        None => Err(Fault::unreadable(outer.clone())),
    }
}

/// Reads a text without the values at these places.
type Read<'a> = dyn FnMut(&str, &[Range<usize>]) -> Result<(), json::Error> + 'a;

/// The same whatever is read: compiled once.
fn settle_by(
    text: &str,
    outer: &Path,
    read: &mut Read<'_>,
) -> Result<(Vec<SetAside>, bool), Fault> {
    let mut cuts: Vec<Cut> = Vec::new();
    // Only a text without unpaired surrogates can be taken apart; a repair
    // changes no position.
    let mut repaired: Option<String> = None;
    let mut work = Work::new(text);
    while work.goes_on() {
        let base = repaired.as_deref().unwrap_or(text);
        let fault = match read(base, &left_out(&cuts)) {
            Ok(()) => return Ok((kept(text, outer, cuts), repaired.is_some())),
            Err(error) => error.into_fault(base),
        };
        if repaired.is_none() {
            repaired = json::repair(text);
            if repaired.is_some() {
                continue;
            }
        }
        let base = repaired.as_deref().unwrap_or(text);
        let (odd, cause) = match fault.misfit() {
            // The object makes no sense without it, whether it was never
            // there or has just been cut out.
            Misfit::Missing => {
                let cut = cuts.iter().find(|cut| cut.path.covers(fault.path()));
                (fault.path().parent(), cut.map_or(fault, |cut| cut.cause.clone()))
            }
            _ => (fault.path().clone(), fault),
        };
        let mut odd = widened(odd, &cuts, work.is_scarce());
        if cuts.len() == MOST && !cuts.iter().any(|cut| odd.covers(&cut.path)) {
            odd = fullest(&cuts).unwrap_or(odd);
        }
        // Every round cuts something, or something further out.
        let stuck = odd.is_root() || cuts.iter().any(|cut| cut.path == odd);
        cuts.retain(|cut| {
            let covered = odd.covers(&cut.path);
            if covered {
                cut.at.iter().for_each(|at| work.put_back(base, at));
            }
            !covered
        });
        if stuck || cuts.len() == MOST {
            let path = cause.path().below(outer);
            return Err(cause.at(path));
        }
        let at = json::locate(base, &odd);
        at.iter().for_each(|at| work.take_out(base, at));
        cuts.push(Cut { path: odd, cause, at });
    }
    Err(match cuts.pop() {
        Some(cut) => {
            let path = cut.cause.path().below(outer);
            cut.cause.at(path)
        }
        None => Fault::unreadable(outer.clone()),
    })
}

/// What reading a text again and again costs, in about nanoseconds on a slow
/// machine.
struct Work {
    rounds: usize,
    /// What one more round costs.
    round: usize,
    /// What is left to be spent; `None` for a short text.
    left: Option<usize>,
}

impl Work {
    fn new(text: &str) -> Self {
        let is_short = text.len() <= SHORT;
        let left = (!is_short).then(|| text.len().saturating_mul(WORK));
        let round = if is_short { 0 } else { cost(text) };
        Self { rounds: 0, round, left }
    }

    /// Whether there may be another round.
    fn goes_on(&mut self) -> bool {
        if self.rounds == ROUNDS || (self.left == Some(0) && self.rounds >= FEW) {
            return false;
        }
        self.rounds = self.rounds.saturating_add(1);
        if let Some(left) = &mut self.left {
            *left = left.saturating_sub(self.round);
        }
        true
    }

    /// Whether there may be few more of them.
    fn is_scarce(&self) -> bool {
        self.left.is_some_and(|left| left.div_euclid(MOST) < self.round)
    }

    /// A value is passed over from now on.
    fn take_out(&mut self, text: &str, at: &Range<usize>) {
        self.round = self.round.saturating_sub(self.cost(text, at));
    }

    /// A value is not passed over any more.
    fn put_back(&mut self, text: &str, at: &Range<usize>) {
        self.round = self.round.saturating_add(self.cost(text, at));
    }

    fn cost(&self, text: &str, at: &Range<usize>) -> usize {
        let is_counted = self.left.is_some();
        text.get(at.clone()).filter(|_| is_counted).map_or(0, cost)
    }
}

/// What reading a text costs, and finding a value in it: its tokens and its
/// escapes more than the bytes of long texts.
fn cost(text: &str) -> usize {
    let tokens = memchr::memchr3_iter(b',', b'[', b'{', text.as_bytes()).count();
    let escapes = memchr::memchr_iter(b'\\', text.as_bytes()).count();
    let bytes = text.len().div_euclid(4);
    bytes.saturating_add(tokens.saturating_mul(20)).saturating_add(escapes.saturating_mul(8))
}

/// Where the values are that are cut, in order.
fn left_out(cuts: &[Cut]) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = cuts.iter().flat_map(|cut| &cut.at).cloned().collect();
    places.sort_unstable_by_key(|place| place.start);
    places
}

/// The place to set aside for an odd value: itself, or where it is one of
/// many, the same field in all elements of its list, or the list. Where the
/// text cannot be read often, the list when it is the second one there.
fn widened(odd: Path, cuts: &[Cut], is_scarce: bool) -> Path {
    if is_scarce
        && let Some(list) = odd.innermost_list().filter(|list| !list.is_root())
        && cuts.iter().any(|cut| list.covers(&cut.path))
    {
        return list;
    }
    let everywhere = odd.in_every_element();
    let same = cuts.iter().filter(|cut| cut.path.in_every_element() == everywhere).count();
    match odd.segments().last() {
        Some(Segment::Element(_)) if same >= ELEMENTS => odd.parent(),
        Some(Segment::Member(_)) if same >= SAME => everywhere,
        _ => odd,
    }
}

/// The object or list further in that holds most of what is cut, to be cut as
/// one; `None` when all of it stands alone.
fn fullest(cuts: &[Cut]) -> Option<Path> {
    let parents = || cuts.iter().map(|cut| cut.path.parent()).filter(|path| !path.is_root());
    let inside = |path: &Path| cuts.iter().filter(|cut| path.covers(&cut.path)).count();
    parents().max_by_key(|path| inside(path)).filter(|path| inside(path) > 1)
}

/// The values that were cut, as they be in the text before any repair.
fn kept(text: &str, outer: &Path, cuts: Vec<Cut>) -> Vec<SetAside> {
    cuts.into_iter()
        .flat_map(|Cut { path, cause, at }| {
            let fault = Arc::new(cause.at(path.below(outer)));
            at.into_iter().filter_map(move |at| {
                let raw = RawJson::of_value(text.get(at)?);
                Some(SetAside { fault: fault.clone(), raw })
            })
        })
        .collect()
}
