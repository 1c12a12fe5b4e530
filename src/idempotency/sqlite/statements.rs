//! What is asked of the file: one statement per operation. Times are microseconds
//! since 1970, by this machine's clock.

/// A row back is an acquired claim.
pub(super) const CLAIM: &str = "
insert into zaphook_keys (key, done, fence, attempt, first_claimed, lease_until, keep_until)
values (?1, 0, ?2, 1, ?3, ?4, ?5)
on conflict (key) do update
set done = 0,
    fence = excluded.fence,
    attempt = case when keep_until <= ?3 then 1 else attempt + 1 end,
    first_claimed = case when keep_until <= ?3 then ?3 else first_claimed end,
    lease_until = excluded.lease_until,
    keep_until = excluded.keep_until
where keep_until <= ?3 or (done = 0 and lease_until <= ?3)
returning attempt, ?3 - first_claimed";

/// Whose key it is when it was not acquired, and until when.
pub(super) const LOOK: &str = "
select done, lease_until from zaphook_keys where key = ?1 and keep_until > ?2";

pub(super) const COMPLETE: &str = "
update zaphook_keys
set done = 1, keep_until = ?3 + ?4
where key = ?1 and fence = ?2 and done = 0 and keep_until > ?3";

/// The row stays, so that attempts go on being counted: as a claim that lapsed
/// and that nobody has the ticket of.
pub(super) const RELEASE: &str = "
update zaphook_keys
set fence = x'', lease_until = ?4
where key = ?1 and fence = ?2 and done = 0 and keep_until > ?3";

pub(super) const EXTEND: &str = "
update zaphook_keys
set lease_until = ?3 + ?4, keep_until = max(keep_until, ?3 + ?4)
where key = ?1 and fence = ?2 and done = 0 and keep_until > ?3";

pub(super) const PURGE: &str = "
delete from zaphook_keys
where key in (
    select key from zaphook_keys where keep_until <= ?1 order by keep_until limit ?2)";
