create table if not exists zaphook_keys (
    key text collate "C" primary key,
    done boolean not null,
    fence bytea not null,
    attempt integer not null,
    first_claimed timestamptz not null,
    lease_until timestamptz not null,
    keep_until timestamptz not null
);
create index if not exists zaphook_keys_keep_until on zaphook_keys (keep_until);
