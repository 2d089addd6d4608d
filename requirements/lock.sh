#!/bin/sh
# Writes run.txt and test.txt from pyproject.toml and build.in: one version of everything for Python 3.11 to 3.14,
# wheels only (but for one package of mere data that has none: PACKED_HERE in tools/bootstrap.py), with hashes,
# without a word on where packages come from. The three that are left out are wanted on Windows and in browsers alone.
# Versions stay unless UPGRADE is set (UPGRADE=--upgrade, or UPGRADE="--upgrade-package fastapi").
set -eu
cd "$(dirname "$0")/.."
UV="${UV:-uv}"
command -v "$UV" >/dev/null || { echo "make lock needs uv: pip install uv, or make lock UV=/path/to/uv" >&2; exit 1; }
unset PIP_FIND_LINKS UV_FIND_LINKS UV_EXTRA_INDEX_URL

compile() {
    # shellcheck disable=SC2086
    "$UV" pip compile --quiet --no-config --universal --python-version 3.11 --fork-strategy fewest \
        --only-binary :all: --no-binary kiwipiepy-model --no-emit-package colorama --no-emit-package httpx2-jsfetch --no-emit-package pywin32 \
        --generate-hashes --no-emit-index-url --no-emit-find-links \
        --custom-compile-command "make lock" --no-annotate ${UPGRADE:-} "$@" pyproject.toml requirements/build.in
}

compile --output-file requirements/run.txt
compile --output-file requirements/test.txt --constraint requirements/run.txt --extra test --extra cluster --extra wyoming --extra sherpa --extra supertonic
if grep -nE '://|--(index|extra-index|find-links)' requirements/run.txt requirements/test.txt; then
    echo "a lock file names a place to fetch from" >&2
    exit 1
fi
grep -c '==' requirements/run.txt requirements/test.txt
