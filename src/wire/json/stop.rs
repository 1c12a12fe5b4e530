//! Where a reader of JSON text stopped, as a path.

use super::path::{Path, Segment};
use super::text::{At, each_entry};

/// Where a reader stopped.
pub(super) struct Stop {
    /// The value that it stopped at, or in, or just before.
    pub(super) path: Path,
    pub(super) doubt: Doubt,
}

/// Whether the value itself or one inside it is meant.
#[derive(Clone, PartialEq)]
pub(super) enum Doubt {
    None,
    /// It stopped between the bracket and this element.
    First(Segment),
    /// It stopped behind the closing bracket: what is wrong with the last entry
    /// may have been found out behind it.
    Last(Segment),
}

/// Finds the value at which a reader stopped that had taken so many bytes.
pub(super) fn stop(text: &str, taken: usize) -> Stop {
    let before = text.as_bytes().get(..taken).unwrap_or(text.as_bytes());
    let at = before.trim_ascii_end().len();
    let mut path = Path::root();
    let mut value = text;
    loop {
        let mut here = None;
        let mut last = None;
        let mut first = false;
        // What cannot be taken apart is not entered.
        let _ = each_entry(value, |entry, inner| {
            let Some(start) = inner.as_ptr().addr().checked_sub(text.as_ptr().addr()) else {
                return;
            };
            if here.is_none() && at <= start.saturating_add(inner.len()) {
                // Before the colon it is still the object's matter.
                let before_colon = matches!(entry, At::Member(_))
                    && text.get(at..start).is_some_and(|gap| gap.contains(':'));
                let entered = (!before_colon).then(|| (entry.segment(), inner, at > start));
                here = Some(entered);
                first = last.is_none() && matches!(entry, At::Element(_));
            }
            last = Some(entry.segment());
        });
        match here {
            Some(Some((segment, _, false))) if first => {
                return Stop { path, doubt: Doubt::First(segment) };
            }
            Some(Some((segment, inner, inside))) => {
                path.push(segment);
                if !inside {
                    return Stop { path, doubt: Doubt::None };
                }
                value = inner;
            }
            Some(None) => return Stop { path, doubt: Doubt::None },
            None => return Stop { path, doubt: last.map_or(Doubt::None, Doubt::Last) },
        }
    }
}

/// How many bytes a reader had taken, by the line and the column it tells.
pub(super) fn taken(text: &str, line: usize, column: usize) -> usize {
    let before = line.saturating_sub(1);
    let lines = text.split_inclusive('\n').take(before).map(str::len);
    lines.fold(column, usize::saturating_add).min(text.len())
}
