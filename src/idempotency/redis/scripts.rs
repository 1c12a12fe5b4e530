//! What is asked of the server: one script per operation, over one key each, so that
//! they run in a cluster.
//!
//! A done key holds `d`, a claimed one
//!
//! ```text
//! c:<fence>:<end of the lease>:<first claim>:<attempt>
//! c:f3b1…09:1770733425123:1770733365123:1
//! ```
//!
//! with 32 hexadecimal digits and times of 13 digits, in milliseconds since 1970 by the
//! server's clock. A released one is a claim that lapsed and that nobody has the ticket
//! of: no fence, and a lease that ended in 1970. Keys expire with their retention.
//!
//! All but the claim may run when the memory is full: none of them makes a key larger.

use std::sync::LazyLock;

use redis::Script;

pub(super) struct Scripts {
    pub(super) claim: Text,
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
    claim: Text::new(CLAIM),
    complete: Text::new(COMPLETE),
    release: Text::new(RELEASE),
    extend: Text::new(EXTEND),
});

/// What a claim with this fence starts with: the first argument of every script.
pub(super) fn head_of(fence: u128) -> String {
    format!("c:{fence:032x}:")
}

/// With the lease, and how long the key is kept. A claim that is asked for once more,
/// since the connection lost the answer, finds its own fence and is no further attempt.
///
/// `%.0f`, since `%d` has 32 bits where the server has.
const CLAIM: &str = "#!lua
local held = redis.call('GET', KEYS[1])
if held == 'd' then return {'done', 0, 0} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local first, attempt = now, 1
if held then
    local ends, since, count = string.match(held, '^c:%x*:(%d+):(%d+):(%d+)$')
    if not ends then return {'foreign', 0, 0} end
    first, attempt = tonumber(since), tonumber(count)
    if string.sub(held, 1, 35) ~= ARGV[1] then
        local left = tonumber(ends) - now
        if left > 0 then return {'claimed', 0, left} end
        attempt = math.min(attempt + 1, 4294967295)
    end
end
local rest = string.format('%013.0f:%013.0f:%.0f', now + ARGV[2], first, attempt)
redis.call('SET', KEYS[1], ARGV[1] .. rest, 'PX', ARGV[3])
if attempt == 1 then return {'acquired', 1, 0} end
return {'acquired', attempt, math.max(now - first, 0)}";

const COMPLETE: &str = "#!lua flags=allow-oom
local held = redis.call('GET', KEYS[1])
if not held or string.sub(held, 1, 35) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], 'd', 'PX', ARGV[2])
return 1";

/// The key stays, so that attempts go on being counted.
const RELEASE: &str = "#!lua flags=allow-oom
local held = redis.call('GET', KEYS[1])
if not held or string.sub(held, 1, 35) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], 'c::0' .. string.sub(held, 49), 'KEEPTTL')
return 1";

const EXTEND: &str = "#!lua flags=allow-oom
local held = redis.call('GET', KEYS[1])
if not held or string.sub(held, 1, 35) ~= ARGV[1] then return 0 end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local rest = string.format('%013.0f', now + ARGV[2]) .. string.sub(held, 49)
redis.call('SET', KEYS[1], ARGV[1] .. rest, 'PX', math.max(redis.call('PTTL', KEYS[1]), ARGV[2]))
return 1";
