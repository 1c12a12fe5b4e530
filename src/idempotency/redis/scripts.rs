//! What is more than one command: scripts over one key each, so that they run
//! in a cluster.
//!
//! The value of a claim is `c:` and its fence, that of a done key is `d`. They
//! may run when the memory is full: none of them makes a key larger.

use std::sync::LazyLock;

use redis::Script;

pub(super) struct Scripts {
    pub(super) look: Text,
    pub(super) complete: Text,
    pub(super) release: Text,
    pub(super) extend: Text,
}

/// A script and the name by which the server knows it.
pub(super) struct Text {
    pub(super) code: &'static str,
    pub(super) hash: String,
}

impl Text {
    fn new(code: &'static str) -> Self {
        Self { code, hash: Script::new(code).get_hash().to_owned() }
    }
}

pub(super) static SCRIPTS: LazyLock<Scripts> = LazyLock::new(|| Scripts {
    look: Text::new(LOOK),
    complete: Text::new(COMPLETE),
    release: Text::new(RELEASE),
    extend: Text::new(EXTEND),
});

/// What is there, and how long it stays, in one look.
const LOOK: &str = "#!lua flags=no-writes
local held = redis.call('GET', KEYS[1])
if not held then return false end
return {held, redis.call('PTTL', KEYS[1])}";

const COMPLETE: &str = "#!lua flags=allow-oom
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], 'd', 'PX', ARGV[2])
return 1";

const RELEASE: &str = "#!lua flags=allow-oom
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])";

const EXTEND: &str = "#!lua flags=allow-oom
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])";
