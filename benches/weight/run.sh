#!/usr/bin/env bash
# What a program pays for zaphook: machine code, build and rebuild.
#
#     benches/weight/run.sh [--rounds N] [--only NAME,…] [--profile 'LINE;LINE'] [--symbols NAME]
#
# Builds small programs in a folder of their own (target/weight), in turns, and
# prints a table: `base` has zaphook's bare dependencies and does by hand what
# the crates beneath are for, the others receive a delivery of one gateway,
# `default` of each of the five, and `unified` the same and says what happened in the one
# vocabulary, as values and as JSON. Needs bash, awk, and strip and nm from binutils.
# The first run fetches the crates; no time counts them.
#
# --profile adds lines to the programs' `[profile.release.package.zaphook]`.
# --symbols prints the largest symbols of one program, gathered by type.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
here=${CARGO_TARGET_DIR:-$root/target}/weight
rounds=1
only=
profile=
symbols=
while [ $# -gt 0 ]; do
    case $1 in
        --rounds) rounds=$2 ;;
        --only) only=$2 ;;
        --profile) profile=$2 ;;
        --symbols) symbols=$2 ;;
        *) sed -n '2,16s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    esac
    shift 2
done
unset CARGO_TARGET_DIR
# As cargo builds a crate from the registry; one from a folder it would build incrementally,
# which a first build pays for.
export CARGO_INCREMENTAL=0

programs="base enviaai zavu eazewa wawp evolution default unified"
[ -z "$only" ] || programs=${only//,/ }
[ -z "$symbols" ] || programs=$symbols

# The policy that each gateway's program takes.
policy() {
    case $1 in
        enviaai) echo 'EnviaAi::signed(Secret::new("whs_4fd0a6c2")?)' ;;
        zavu) echo 'Zavu::signed(Secret::new("whsec_4fd0a6c2")?)' ;;
        eazewa) echo 'EazeWa::unauthenticated()' ;;
        wawp) echo 'Wawp::signed(Secret::new("4fd0a6c2")?)' ;;
        evolution) echo 'Evolution::jwt(Secret::new("4fd0a6c2")?)' ;;
    esac
}

type_of() {
    case $1 in
        enviaai) echo EnviaAi ;; zavu) echo Zavu ;; eazewa) echo EazeWa ;;
        wawp) echo Wawp ;; evolution) echo Evolution ;;
    esac
}

# A receiver of one gateway, as a function of the program.
receiver() {
    cat <<RUST
fn $1(request: &Request<'_>) -> Result<String, Box<dyn std::error::Error>> {
    let receiver = Receiver::new($(policy "$1"));
    let delivery = receiver.receive(request)?;
    let said = format!("{} {:?} {:?}", delivery.name(), delivery.account(), delivery.key());
RUST
    [ "$2" != unified ] || cat <<'RUST'
    let mut said = said;
    for happening in delivery.unified().happenings() {
        if let zaphook::Happening::Message(message) = &happening {
            said += &format!(" {:?} {:?} {:?}", message.text(), message.sender(), message.chat());
        }
        said += &serde_json::to_string(&happening)?;
    }
RUST
    echo '    Ok(said)'
    echo '}'
}

program() {
    case $1 in
        base) cat <<'RUST'
use hmac::{Hmac, KeyInit, Mac};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let body = bytes::Bytes::from(std::io::read_to_string(std::io::stdin())?);
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"whs_4fd0a6c2")?;
    mac.update(&body);
    let tag = mac.finalize().into_bytes();
    let value: serde_json::Value = serde_json::from_slice(&body)?;
    let request = http::Request::post("/").body(body)?;
    println!("{} {:?} {:?} {}", value["event"], tag, request.method(), chrono::Utc::now());
    Ok(())
}
RUST
        ;;
        *)
            local gateways=$1
            case $1 in default | unified) gateways="enviaai zavu eazewa wawp evolution" ;; esac
            local types=
            for gateway in $gateways; do types="$types$(type_of "$gateway"), "; done
            echo "#[allow(unused_imports)]"
            echo "use zaphook::{${types}Receiver, Request, Secret};"
            for gateway in $gateways; do receiver "$gateway" "$1"; done
            cat <<'RUST'
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let body = std::io::read_to_string(std::io::stdin())?;
    let headers: Vec<(String, String)> = std::env::args().skip(2).map(|value| ("X-Signature".into(), value)).collect();
    let request = Request::new(&headers, body);
    let said = match std::env::args().nth(1).unwrap_or_default().as_str() {
RUST
            for gateway in $gateways; do echo "        \"$gateway\" => $gateway(&request)?,"; done
            cat <<'RUST'
        _ => return Err("which gateway?".into()),
    };
    println!("{said}");
    Ok(())
}
RUST
        ;;
    esac
}

manifest() {
    local features='default-features = false'
    case $1 in
        default | unified) features='' ;;
        base) ;;
        *) features="default-features = false, features = [\"$1\"]" ;;
    esac
    printf '[package]\nname = "%s"\nversion = "0.0.0"\nedition = "2024"\n\n[workspace]\n\n[dependencies]\n' "$1"
    if [ "$1" = base ]; then
        # zaphook's own, without the optional ones.
        awk '/^\[dependencies\]/ { on = 1; next } /^\[/ { on = 0 } on && NF && !/optional = true/' "$root/Cargo.toml"
    else
        printf 'zaphook = { path = "%s"%s }\n' "$root" "${features:+, $features}"
        [ "$1" != unified ] || echo 'serde_json = "1"'
    fi
    if [ -n "$profile" ] && [ "$1" != base ]; then
        printf '\n[profile.release.package.zaphook]\n%s\n' "${profile//;/$'\n'}"
    fi
}

for program in $programs; do
    mkdir -p "$here/$program/src"
    manifest "$program" >"$here/$program/Cargo.toml"
    program "$program" >"$here/$program/src/main.rs"
    cp "$root/Cargo.lock" "$here/$program/Cargo.lock"
    (cd "$here/$program" && cargo fetch --quiet)
done

if [ -n "$symbols" ]; then
    cd "$here/$symbols"
    CARGO_PROFILE_RELEASE_DEBUG=0 cargo build --release --quiet
    nm -S --size-sort --radix=d "target/release/$symbols" | awk '$3 ~ /^[tTwW]$/ { print $2, $4 }' |
        { command -v rustfilt >/dev/null && rustfilt || c++filt; } >symbols.txt
    awk '{ all += $1; $1 = "" } END { printf "%.2f MB of code\n", all / 1e6 }' symbols.txt
    echo "the largest, with everything of one name together:"
    sed -E 's/::h[0-9a-f]{16}( \(\.[^)]*\))?$//; s/::\{\{?closure\}?\}//g' symbols.txt |
        awk '{ size = $1; $1 = ""; bytes[$0] += size; count[$0]++ }
             END { for (name in bytes) printf "%8d %4d %s\n", bytes[name], count[name], name }' |
        sort -rn | head -n 60
    exit
fi

timed() {
    local TIMEFORMAT='%R %U %S'
    { time "$@" >&2 2>/dev/null; } 2>&1 | awk '{ print $1, $2 + $3 }'
}

: >"$here/rows.txt"
for round in $(seq "$rounds"); do
    for program in $programs; do
        cd "$here/$program"
        rm -rf target
        echo "$program release $(timed cargo build --release --quiet)" >>"$here/rows.txt"
        strip -o stripped "target/release/$program"
        echo "$program size $(stat -c %s stripped) 0" >>"$here/rows.txt"
        echo "// changed in round $round" >>src/main.rs
        sed -i "s|Result<(), Box<dyn std::error::Error>> {|&\n    eprintln!(\"$round\");|" src/main.rs
        echo "$program rebuild $(timed cargo build --release --quiet)" >>"$here/rows.txt"
        rm -rf target
        echo "$program dev $(timed cargo build --quiet)" >>"$here/rows.txt"
        rm -rf target
    done
done

# Medians over the rounds, and ratios to `base`.
awk -v order="$programs" '
    { wall[$1, $2, ++n[$1, $2]] = $3; cpu[$1, $2, n[$1, $2]] = $4 }
    function median(values, program, what,   list, i, j, t, m) {
        m = n[program, what]
        for (i = 1; i <= m; i++) list[i] = values[program, what, i]
        for (i = 1; i <= m; i++) for (j = i + 1; j <= m; j++) if (list[j] < list[i]) { t = list[i]; list[i] = list[j]; list[j] = t }
        return m % 2 ? list[(m + 1) / 2] : (list[m / 2] + list[m / 2 + 1]) / 2
    }
    END {
        print "| program | stripped, MB | above base | release, wall / CPU s | / base | rebuild, wall / CPU s | above base | dev, wall / CPU s | / base |"
        print "|---|---|---|---|---|---|---|---|---|"
        count = split(order, programs, " ")
        for (p = 1; p <= count; p++) {
            name = programs[p]
            size = median(wall, name, "size") / 1e6
            release = median(wall, name, "release"); rebuild = median(wall, name, "rebuild"); dev = median(wall, name, "dev")
            if (name == "base") { size0 = size; release0 = release; rebuild0 = rebuild; dev0 = dev }
            has = size0 > 0
            printf "| %s | %.2f | %s | %.1f / %.1f | %s | %.1f / %.1f | %s | %.1f / %.1f | %s |\n", name, size,
                has ? sprintf("%.2f", size - size0) : "", release, median(cpu, name, "release"), has ? sprintf("%.2f", release / release0) : "",
                rebuild, median(cpu, name, "rebuild"), has ? sprintf("%.1f", rebuild - rebuild0) : "", dev, median(cpu, name, "dev"), has ? sprintf("%.2f", dev / dev0) : ""
        }
    }' "$here/rows.txt"
