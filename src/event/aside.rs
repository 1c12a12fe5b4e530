//! Setting odd values aside, so that one of them does not cost the whole event.

use std::cmp::Reverse;
use std::ops::Range;
use std::sync::Arc;

use crate::wire::RawJson;
use crate::wire::json::{self, Fault, Long, Misfit, Path, Segment};

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

/// What is longer than this is read with an eye on what that costs: so many times
/// its length in all, in the units of [`cost`].
pub(super) const SHORT: usize = 64 * 1024;
const WORK: usize = 16;

/// And this much, and so many times the length, to read a long text without its long
/// values.
const AROUND: usize = 4_000_000;
const AROUND_TIMES: usize = 2;

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

    /// Values that are set aside as one.
    pub(super) fn all(fault: Fault, raw: &[&str]) -> impl ExactSizeIterator<Item = Self> {
        let fault = Arc::new(fault);
        raw.iter().map(move |raw| Self { fault: fault.clone(), raw: RawJson::of_value(raw) })
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
/// leave out. `outer` is where the text is in the body. `first` is what did not
/// fit when the text was read before, as the same type.
///
/// # Errors
///
/// The fault that `read` cannot do without.
#[inline]
pub(super) fn settle<T>(
    text: &str,
    outer: &Path,
    first: Option<json::Error>,
    read: impl Fn(&str, &[Range<usize>]) -> Result<T, json::Error>,
) -> Result<Settled<T>, Fault> {
    let mut value = None;
    let (set_aside, repaired) = settle_by(text, outer, first, &mut |text, left_out| {
        // What was read before is not there beside it.
        value = None;
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
///
/// A short text is read once more for each odd value. So is a long one while that
/// is cheap; but its long values wait until everything around them is settled, and
/// are not read at all when there is no time left for them.
fn settle_by(
    text: &str,
    outer: &Path,
    first: Option<json::Error>,
    read: &mut Read<'_>,
) -> Result<(Vec<SetAside>, bool), Fault> {
    let mut cuts: Vec<Cut> = Vec::new();
    // Only a text without unpaired surrogates can be taken apart; a repair
    // changes no position.
    let mut repaired: Option<String> = None;
    let mut is_repairable = true;
    let mut work = Work::new(text);
    let mut first = first.filter(|_| work.is_limited);
    loop {
        let error = match first.take() {
            Some(error) => error,
            None if !work.goes_on() => break,
            None => match read(repaired.as_deref().unwrap_or(text), &left_out(&cuts, &work)) {
                Ok(()) if work.resume() => continue,
                Ok(()) => return Ok((kept(text, outer, cuts, &work), repaired.is_some())),
                Err(error) => error,
            },
        };
        let at = error.at();
        let fault = error.into_fault(repaired.as_deref().unwrap_or(text));
        let is_repaired = std::mem::replace(&mut is_repairable, false) && {
            repaired = json::repair(text);
            repaired.is_some()
        };
        let base = repaired.as_deref().unwrap_or(text);
        let passed_over = work.has_read(base, at);
        // A repair makes nothing fit but the texts that it repairs.
        if is_repaired && *fault.misfit() == Misfit::Unreadable {
            continue;
        }
        // What is essential has to be read, however long it is.
        if passed_over && work.needs(fault.path()) {
            continue;
        }
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
        if let Some(around) = work.give_up(&odd) {
            odd = around;
        }
        let mut at = places(base, &odd, &cause, at, &mut work);
        if are_too_many(at.len(), base) {
            // Each of them would be kept alone.
            odd = odd.innermost_list().unwrap_or_else(|| odd.parent());
            at = places(base, &odd, &cause, 0, &mut work);
        }
        if cuts.len() == MOST && !cuts.iter().any(|cut| odd.covers(&cut.path)) {
            odd = fullest(&cuts).unwrap_or(odd);
            at = places(base, &odd, &cause, 0, &mut work);
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
        at.shrink_to_fit();
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

/// Values of a long text are set aside one by one only if there are at least so many
/// bytes of text for each of them.
const FAR: usize = 64;

// What is not to be inlined below would be copied into `settle_by`, which is rarely called and
// was twice as long with it.

/// Whether setting so many values of a text aside, each alone, takes too much memory.
pub(super) fn are_too_many(values: usize, text: &str) -> bool {
    text.len() > SHORT && values > text.len().div_euclid(FAR)
}

/// The places of the values to be cut. `at` is where the value begins that did not fit.
fn places(base: &str, odd: &Path, cause: &Fault, at: usize, work: &mut Work) -> Vec<Range<usize>> {
    let is_there = matches!(cause.misfit(), Misfit::Unexpected { .. } | Misfit::Unreadable);
    if work.is_limited && at > 0 && is_there && odd == cause.path() {
        // It has been found already.
        return json::place_of(base, at).into_iter().collect();
    }
    let passed_over = work.passed_over().filter(|long| !long.path.meets(odd));
    let passed_over: Vec<_> = passed_over.map(|long| long.at.clone()).collect();
    work.look_for(odd);
    json::locate(base, odd, &passed_over)
}

/// What reading a text again and again costs, in about nanoseconds on a slow
/// machine, and which of its values are not read for that reason.
struct Work {
    /// Whether it is a long text.
    is_limited: bool,
    length: usize,
    rounds: usize,
    /// What is left to be spent on reading it.
    left: usize,
    /// What is left to be spent on reading it without some of its long values.
    around: usize,
    /// What it costs to read everything that is not cut.
    whole: usize,
    /// Whether it has been read once more than there was time for.
    is_over: bool,
    /// Its long values, once there was something odd in it.
    long: Option<Vec<LongValue>>,
}

struct LongValue {
    long: Long,
    cost: usize,
    state: State,
    /// Whether it has been read, and nothing was odd in it.
    fits: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// It is read when everything around it is settled.
    Waits,
    Read,
    /// It is set aside.
    Never,
}

impl Work {
    fn new(text: &str) -> Self {
        let length = text.len();
        let times = |times: usize| length.saturating_mul(times);
        Self {
            is_limited: length > SHORT,
            length,
            rounds: 0,
            left: times(WORK),
            around: times(AROUND_TIMES).saturating_add(AROUND),
            whole: 0,
            is_over: false,
            long: None,
        }
    }

    fn parts(&self) -> impl Iterator<Item = &LongValue> {
        self.long.iter().flatten()
    }

    /// What the next round costs.
    #[inline(never)]
    fn next(&self) -> usize {
        let passed_over = self.parts().filter(|part| part.state != State::Read);
        self.whole.saturating_sub(passed_over.map(|part| part.cost).sum())
    }

    fn is_partial(&self) -> bool {
        self.parts().any(|part| part.state != State::Read)
    }

    /// Whether there may be another round.
    fn goes_on(&mut self) -> bool {
        if self.rounds == ROUNDS {
            return false;
        }
        self.rounds = self.rounds.saturating_add(1);
        if !self.is_limited {
            return true;
        }
        let cost = self.next();
        if self.is_partial() && cost <= self.around {
            self.around = self.around.saturating_sub(cost);
            return true;
        }
        cost <= self.left || !std::mem::replace(&mut self.is_over, true)
    }

    /// It has been read up to where something was odd; whether without some of its
    /// long values.
    fn has_read(&mut self, text: &str, at: usize) -> bool {
        if !self.is_limited {
            return false;
        }
        if self.long.is_none() {
            self.whole = cost(text);
            let least = text.len().div_euclid(1024).max(1024);
            let spare = text.len().div_euclid(256).max(16 * 1024);
            let long = json::long_values(text, least, spare).into_iter().map(|long| LongValue {
                cost: text.get(long.at.clone()).map_or(0, cost),
                state: State::Waits,
                fits: long.at.end <= at,
                long,
            });
            self.spend(self.whole, at);
            self.long = Some(long.collect());
            return false;
        }
        let is_partial = self.is_partial();
        if !is_partial {
            self.spend(self.whole, at);
        }
        for part in self.long.iter_mut().flatten() {
            part.fits |= part.state == State::Read && part.long.at.end <= at;
        }
        is_partial
    }

    /// Of what costs so much, what comes before `at` has been read.
    fn spend(&mut self, cost: usize, at: usize) {
        let part = cost.div_euclid(self.length.div_euclid(1024).max(1));
        let spent = part.saturating_mul(at).div_euclid(1024);
        self.left = self.left.saturating_sub(spent);
    }

    /// The value is looked for, which takes about half as long as reading everything; an element
    /// of the outermost list is found on the way.
    fn look_for(&mut self, odd: &Path) {
        let stops = matches!(odd.segments().first(), Some(Segment::Element(_)));
        if self.is_limited && !stops {
            self.left = self.left.saturating_sub(self.whole.div_euclid(2));
        }
    }

    /// Everything else is settled: whether there are values that have waited for it.
    fn resume(&mut self) -> bool {
        let mut waited = false;
        for part in self.long.iter_mut().flatten() {
            if part.state == State::Waits {
                part.state = State::Read;
                waited = true;
            }
        }
        waited
    }

    /// Whether what did not fit lacks long values that were passed over. They are
    /// not from now on.
    fn needs(&mut self, path: &Path) -> bool {
        let mut lacks = false;
        for part in self.long.iter_mut().flatten() {
            if part.state != State::Read && path.covers(&part.long.path) {
                part.state = State::Read;
                lacks = true;
            }
        }
        lacks
    }

    /// Whether there may be few more rounds.
    fn is_scarce(&self) -> bool {
        self.is_limited && self.left.div_euclid(MOST) < self.whole
    }

    /// Gives up reading long values: all of them when there is no time left to read
    /// them, and when there is for the last time those that may hold something odd. The
    /// one that the odd value is in is to be cut.
    #[inline(never)]
    fn give_up(&mut self, odd: &Path) -> Option<Path> {
        let is_late = self.left < self.whole.saturating_mul(2);
        let is_too_late = self.left < self.whole;
        let mut around = None;
        for part in self.long.iter_mut().flatten() {
            if !is_late || (part.fits && !is_too_late) {
                continue;
            }
            if part.long.path.covers(odd) {
                around = Some(part.long.path.clone());
            } else if part.state != State::Read || !part.fits || is_too_late {
                part.state = State::Never;
            }
        }
        around
    }

    /// A value is passed over from now on.
    fn take_out(&mut self, text: &str, at: &Range<usize>) {
        if !self.is_limited {
            return;
        }
        let cost = text.get(at.clone()).map_or(0, cost);
        self.whole = self.whole.saturating_sub(cost);
        if let Some(long) = &mut self.long {
            // The first that does not end before it is around it, or the first in it.
            let first = long.partition_point(|part| part.long.at.end <= at.start);
            let last = long.partition_point(|part| part.long.at.end <= at.end);
            if let Some(part) = long.get_mut(first).filter(|part| is_inside(at, &part.long.at)) {
                part.cost = part.cost.saturating_sub(cost);
            }
            if long.get(first).is_some_and(|part| is_inside(&part.long.at, at)) {
                drop(long.drain(first..last));
            }
        }
    }

    /// A value is not passed over any more.
    #[inline(never)]
    fn put_back(&mut self, text: &str, at: &Range<usize>) {
        if self.is_limited {
            let cost = text.get(at.clone()).map_or(0, cost);
            self.whole = self.whole.saturating_add(cost);
        }
    }

    /// The long values that are not read now, in order.
    fn passed_over(&self) -> impl Iterator<Item = &Long> {
        let parts = self.parts().filter(|part| part.state != State::Read);
        parts.map(|part| &part.long)
    }
}

fn is_inside(inner: &Range<usize>, outer: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// What reading a text costs: its values and its escapes more than the bytes of
/// long texts.
#[inline(never)]
fn cost(text: &str) -> usize {
    let count = |these: fn(u8) -> bool| {
        // In steps that fit into a byte, which the processor adds up many at a time.
        let counts = text.as_bytes().chunks(255).map(|bytes| {
            bytes.iter().fold(0u8, |count, byte| count.wrapping_add(u8::from(these(*byte))))
        });
        counts.map(usize::from).sum::<usize>()
    };
    let values = count(|byte| matches!(byte, b',' | b'[' | b'{'));
    let escapes = count(|byte| byte == b'\\');
    let bytes = text.len().div_euclid(4);
    bytes.saturating_add(values.saturating_mul(20)).saturating_add(escapes.saturating_mul(8))
}

/// Where the values are that are cut or not read now, in order.
fn left_out(cuts: &[Cut], work: &Work) -> Vec<Range<usize>> {
    let mut places: Vec<_> = work.passed_over().map(|long| long.at.clone()).collect();
    places.extend(cuts.iter().flat_map(|cut| &cut.at).cloned());
    in_order(&mut places);
    places
}

/// Sorts places as they are in the text, of one inside another the other first.
fn in_order(places: &mut [Range<usize>]) {
    places.sort_unstable_by_key(|place| (place.start, Reverse(place.end)));
}

/// The place to set aside for an odd value: itself, or where it is one of
/// many, the same field in all elements of its list, or the list. Where the
/// text cannot be read often, the list when it is the second one there.
#[inline(never)]
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
#[inline(never)]
fn fullest(cuts: &[Cut]) -> Option<Path> {
    let mut fullest = None;
    let mut most = 2;
    for path in cuts.iter().map(|cut| cut.path.parent()).filter(|path| !path.is_root()) {
        let inside = cuts.iter().filter(|cut| path.covers(&cut.path)).count();
        if inside >= most {
            (fullest, most) = (Some(path), inside);
        }
    }
    fullest
}

/// The values that were cut or not read, as they are in the text before any repair: of one
/// inside another only the other.
fn kept(text: &str, outer: &Path, cuts: Vec<Cut>, work: &Work) -> Vec<SetAside> {
    let given_up = || work.parts().filter(|part| part.state == State::Never);
    let mut outermost = Vec::new();
    for cut in &cuts {
        outermost.extend_from_slice(&cut.at);
    }
    outermost.extend(given_up().map(|part| part.long.at.clone()));
    in_order(&mut outermost);
    outermost.dedup_by(|place, before| is_inside(place, before));
    let is_outermost = |at: &Range<usize>| {
        let found = outermost.binary_search_by_key(&at.start, |place| place.start);
        found.ok().and_then(|found| outermost.get(found)).is_some_and(|place| place == at)
    };
    let mut kept = Vec::new();
    for Cut { path, cause, at } in cuts {
        let fault = Arc::new(cause.at(path.below(outer)));
        for raw in at.into_iter().filter(is_outermost).filter_map(|at| text.get(at)) {
            kept.push(SetAside { fault: fault.clone(), raw: RawJson::of_value(raw) });
        }
    }
    for part in given_up() {
        if let Some(raw) = text.get(part.long.at.clone()) {
            let fault = Fault::new(part.long.path.below(outer), Misfit::Unread);
            kept.push(SetAside::new(fault, raw));
        }
    }
    kept
}
