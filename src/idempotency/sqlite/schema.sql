create table if not exists zaphook_keys (
    key text not null primary key,
    done integer not null,
    fence blob not null,
    attempt integer not null,
    first_claimed integer not null,
    lease_until integer not null,
    keep_until integer not null
) without rowid;
create index if not exists zaphook_keys_keep_until on zaphook_keys (keep_until);
