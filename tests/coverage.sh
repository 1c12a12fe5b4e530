#!/usr/bin/env bash
# Line coverage of src/ by `cargo test`, without the code in the documentation:
#
#   tests/coverage.sh                        # the default features
#   tests/coverage.sh --workspace --all-features
#
# Prints a line per file and the whole, and leaves the lines that nothing ran in
# target/coverage/uncovered.txt. Code that only tests are for is not counted. Needs
# `llvm-tools`, which it has rustup fetch.
set -euo pipefail
cd "$(dirname "$0")/.."

rustup component add llvm-tools >/dev/null 2>&1
host=$(rustc -vV | sed -n 's/^host: //p')
tools=$(rustc --print sysroot)/lib/rustlib/$host/bin

folder=$PWD/target/coverage
export CARGO_TARGET_DIR=$folder CARGO_INCREMENTAL=0 RUSTFLAGS="-C instrument-coverage"
export LLVM_PROFILE_FILE=$folder/profiles/%m.profraw
rm -rf "$folder/profiles"
programs=$(cargo test --no-run --message-format=json "$@" |
    sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' | sort -u)
cargo test --lib --bins --tests "$@" >"$folder/tests.log"
# Programs that tests start without an environment leave theirs where they run.
find . -maxdepth 1 -name 'default_*.profraw' -exec mv {} "$folder/profiles/" \;
"$tools/llvm-profdata" merge -sparse "$folder"/profiles/*.profraw -o "$folder/all.profdata"
objects=()
for program in $programs; do
    objects+=(-object "$program")
done
"$tools/llvm-cov" export -format=lcov -instr-profile "$folder/all.profdata" \
    "${objects[@]:1}" -sources "$PWD/src" >"$folder/all.lcov"

# What stands behind `#[cfg(test)]` at the end of a file, and files of tests, are no code
# of the crate's.
awk -v root="$PWD/" -v uncovered="$folder/uncovered.txt" '
    BEGIN { printf "" > uncovered }
    /^SF:/ {
        file = substr($0, 4); name = file; sub(root, "", name)
        last = 1e9; number = 0
        while ((getline line < file) > 0) {
            number++
            if (line ~ /^#\[cfg\((all\()?test/) { last = number; break }
        }
        close(file)
        skip = name ~ /(^|\/)(tests|differential)\.rs$/
    }
    /^DA:/ && !skip {
        split(substr($0, 4), at, ",")
        if (at[1] + 0 >= last) next
        key = name ":" at[1]
        if (!(key in hits)) { order[++count] = key; hits[key] = 0; of[key] = name }
        hits[key] += at[2]
    }
    END {
        for (i = 1; i <= count; i++) {
            key = order[i]; lines[of[key]]++; all++
            if (hits[key] > 0) { run[of[key]]++; ran++ } else print key > uncovered
        }
        for (name in lines) printf "%6.1f %% %5d of %5d  %s\n", 100 * run[name] / lines[name], run[name], lines[name], name | "sort -n"
        close("sort -n")
        printf "%6.1f %% %5d of %5d  src\n", 100 * ran / all, ran, all
    }' "$folder/all.lcov"
