//! What is asked of the server: one statement per operation.
//!
//! `clock_timestamp()` and not `now()`: the latter stands still within a
//! transaction, and does not see how long a lock was waited for.

/// Only one at a time: two that create the same table at once would collide.
pub(super) const LOCK_SCHEMA: &str = "select pg_advisory_xact_lock(8102098466870000);";

/// A row back is an acquired claim. A key whose row is locked is left alone:
/// its owner is about to complete it within a transaction, and whoever waited
/// for that would wait as long as the transaction lasts.
pub(super) const CLAIM: &str = "
with taken as (
    update zaphook_keys as k
    set done = false,
        fence = $2::bytea,
        attempt = case when k.keep_until <= clock_timestamp() then 1 else k.attempt + 1 end,
        first_claimed = case when k.keep_until <= clock_timestamp()
            then clock_timestamp() else k.first_claimed end,
        lease_until = clock_timestamp() + $3::bigint * interval '1 microsecond',
        keep_until = clock_timestamp() + $4::bigint * interval '1 microsecond'
    where k.key = (
        select key from zaphook_keys
        where key = $1::text
            and (keep_until <= clock_timestamp()
                or (not done and lease_until <= clock_timestamp()))
        for update skip locked)
    returning k.attempt,
        case when k.attempt = 1 then 0::bigint
            else (extract(epoch from clock_timestamp() - k.first_claimed) * 1000000)::bigint
        end as since_first
), fresh as (
    insert into zaphook_keys (key, done, fence, attempt, first_claimed, lease_until, keep_until)
    select $1::text, false, $2::bytea, 1, clock_timestamp(),
        clock_timestamp() + $3::bigint * interval '1 microsecond',
        clock_timestamp() + $4::bigint * interval '1 microsecond'
    where not exists (select from zaphook_keys where key = $1::text)
    on conflict (key) do nothing
    returning attempt, 0::bigint as since_first
)
select attempt, since_first from taken union all select attempt, since_first from fresh";

/// Whose key it is when it was not acquired, and for how many microseconds.
pub(super) const LOOK: &str = "
select done, (extract(epoch from lease_until - clock_timestamp()) * 1000000)::bigint
from zaphook_keys
where key = $1::text and keep_until > clock_timestamp()";

pub(super) const COMPLETE: &str = "
update zaphook_keys
set done = true, keep_until = clock_timestamp() + $3::bigint * interval '1 microsecond'
where key = $1::text and fence = $2::bytea and not done and keep_until > clock_timestamp()";

/// The row stays, so that attempts go on being counted: as a claim that lapsed
/// and that nobody has the ticket of.
pub(super) const RELEASE: &str = "
update zaphook_keys
set fence = '', lease_until = 'epoch'
where key = $1::text and fence = $2::bytea and not done and keep_until > clock_timestamp()";

pub(super) const EXTEND: &str = "
update zaphook_keys
set lease_until = clock_timestamp() + $3::bigint * interval '1 microsecond',
    keep_until = greatest(keep_until, clock_timestamp() + $3::bigint * interval '1 microsecond')
where key = $1::text and fence = $2::bytea and not done and keep_until > clock_timestamp()";

/// `statement_timestamp()`, since an index is of no use to a clock that moves.
pub(super) const PURGE: &str = "
delete from zaphook_keys
where key in (
    select key from zaphook_keys
    where keep_until <= statement_timestamp()
    order by keep_until
    limit $1::bigint
    for update skip locked)";
