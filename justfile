# The commands of the project; `just` alone lists them.

set shell := ["bash", "-euo", "pipefail", "-c"]

tools := justfile_directory() / "target/tools/check"
export PATH := tools / "bin" + ":" + env("PATH")

[private]
default:
    @just --list --unsorted

# The product on its embedded services, with demo data
[group('start')]
run *ARGS:
    cargo run -- {{ ARGS }}

# The checkers that `check` needs, as ready-made binaries, into target/tools
[group('start')]
tools:
    python3 -m pip install --quiet --upgrade --require-hashes --target {{ tools }} --requirement .ci/tools.txt

# Everything, or the tests whose names contain FILTER
[group('work')]
test *FILTER:
    cargo test --workspace --locked {{ FILTER }}

# The rules and the use cases alone: no services, under 5 seconds
[group('work')]
unit *FILTER:
    cargo test --package unionhall-domain --package unionhall-application {{ FILTER }}

# Accept changed snapshots; read them in `git diff` before you commit
[group('work')]
snap *FILTER:
    INSTA_UPDATE=always cargo test --workspace {{ FILTER }}

# Every file of one feature, in reading order
[group('work')]
feature NAME:
    @cargo xtask feature {{ NAME }}

# A new migration, with empty up.sql and down.sql
[group('work')]
migrate-new NAME:
    folder=migrations/$(date -u +%Y-%m-%d-%H%M%S)_{{ NAME }}; mkdir "$folder"; touch "$folder"/{up,down}.sql; echo "$folder"

# Write what is generated: parts of the documents, docs/openapi.json
[group('work')]
generate:
    cargo xtask codegen
    cargo run --quiet -- openapi > target/openapi.json
    mv target/openapi.json docs/openapi.json

# Format, and apply what the lints can mend
[group('check')]
fix:
    cargo fmt --all
    cargo clippy --workspace --all-targets --all-features --fix --allow-dirty --allow-staged

# Exactly what CI runs: every test, then every other check
[group('check')]
ci: test check

# Every check that is not a test
[group('check')]
check: format lint doc unused deny

# The code is formatted
[group('check')]
format:
    cargo fmt --all --check

# The lints, with warnings refused
[group('check')]
lint:
    cargo clippy --workspace --all-targets --all-features --locked -- --deny warnings

# The reference of all crates, private items included, with warnings refused
[group('check')]
doc *ARGS:
    RUSTDOCFLAGS="--deny warnings" cargo doc --workspace --no-deps --document-private-items --locked {{ ARGS }}

# Dependencies that no code uses
[group('check')]
unused:
    cargo shear

# Licences, duplicate versions and sources of the dependencies
[group('check')]
deny:
    cargo deny --locked check licenses bans sources

# Known weaknesses of the dependencies; fetches the advisory database, so not part of `ci`
[group('check')]
advisories:
    cargo deny --locked check advisories

# Requests per second beside two limits, written to docs/performance.md
[group('check')]
bench *ARGS:
    cargo build --release --package unionhall --package unionhall-bench
    target/release/unionhall-bench {{ ARGS }}
