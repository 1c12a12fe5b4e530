//! Comparing values that must not be guessed bit by bit.

use subtle::{Choice, ConditionallySelectable, ConstantTimeEq, CtOption};

/// Whether two byte strings are equal, in a time that depends on their lengths
/// alone: whole words at once, which is the same comparison in an eighth of the
/// steps.
pub(super) fn equal(ours: &[u8], theirs: &[u8]) -> Choice {
    let (our_words, our_rest) = ours.as_chunks();
    let (their_words, their_rest) = theirs.as_chunks();
    let mut equal = our_words.len().ct_eq(&their_words.len()) & our_rest.ct_eq(their_rest);
    for (ours, theirs) in our_words.iter().zip(their_words) {
        equal &= u64::from_ne_bytes(*ours).ct_eq(&u64::from_ne_bytes(*theirs));
    }
    equal
}

/// The index of the first comparison that holds; every one of them is made.
pub(super) fn first_equal(comparisons: impl Iterator<Item = Choice>) -> CtOption<u32> {
    let mut found = Choice::from(0);
    let mut first = 0;
    for (place, equal) in (0u32..).zip(comparisons) {
        first.conditional_assign(&place, equal & !found);
        found |= equal;
    }
    CtOption::new(first, found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_counts() {
        for length in 0..40 {
            let ours = vec![7; length];
            assert!(bool::from(equal(&ours, &ours)));
            for at in 0..length {
                let mut theirs = ours.clone();
                theirs[at] ^= 1;
                assert!(!bool::from(equal(&ours, &theirs)), "{at} of {length}");
            }
            assert!(!bool::from(equal(&ours, &vec![7; length + 1])));
            assert!(!bool::from(equal(&ours, &vec![7; length + 8])));
        }
    }

    #[test]
    fn the_first_one_is_found() {
        for (comparisons, first) in
            [(&[][..], None), (&[0, 0], None), (&[1], Some(0)), (&[0, 1, 1], Some(1))]
        {
            let comparisons = comparisons.iter().map(|equal| Choice::from(*equal));
            assert_eq!(Option::<u32>::from(first_equal(comparisons)), first);
        }
    }
}
