#!/usr/bin/env bash
# Makes this checkout ready: `tools/setup.sh run` for the program, `tools/setup.sh test` for its tests as well.
# Installs only what is missing; what is there is known by a stamp, so a second call takes a moment.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

profile=${1:-run}
python=${PYTHON:-python3.11}
asset=src/liantu/report/assets/echarts.min.js

case $profile in run | test) ;; *) echo "tools/setup.sh: run or test, not '$profile'." >&2; exit 2 ;; esac
say() { printf 'setup: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

# pip and uv read settings of their own from the machine; the locked files say all that is needed. What is compiled once, here, starts
# in half the time ever after.
export PIP_CONFIG_FILE=/dev/null PIP_DISABLE_PIP_VERSION_CHECK=1 UV_NO_CONFIG=1 UV_LINK_MODE=${UV_LINK_MODE:-copy} UV_COMPILE_BYTECODE=1
unset VIRTUAL_ENV PYTHONHOME PYTHONPATH
[ -w "${HOME:-}" ] || export HOME=$PWD/.tools/home  # where they keep what they fetched

apt_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    say "installing with apt: $*"
    apt-get update -qq >/dev/null 2>&1 || true
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

key() {  # what an installation depends on; the folder counts too, because environments hold absolute paths
    { pwd; "$python" --version; cat requirements/*.txt pyproject.toml "$@"; grep '^__version__' src/liantu/__init__.py || true; } 2>/dev/null |
        sha256sum | cut -d' ' -f1
}

stamped() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }

need_python() {
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        stop "Liantu needs Python 3.11 or newer and '$python' is not one: install it (Debian 12: apt-get install python3.11 python3.11-venv)" \
            "or name another one, like make PYTHON=/usr/bin/python3.12"
}

installer() {  # uv in a folder of its own, so that the environment holds nothing but the program
    [ -x .tools/bin/uv ] && stamped .tools/stamp "$(key)" && return
    rm -rf .tools
    if ! "$python" -m venv .tools >/dev/null 2>&1; then
        rm -rf .tools
        apt_install python3-venv && "$python" -m venv .tools >/dev/null 2>&1 ||
            stop "Python's venv module is incomplete; install it: apt-get install python3-venv"
    fi
    .tools/bin/python -m pip install -q --require-hashes -r requirements/uv.txt || stop "uv could not be installed: see the lines above."
    key >.tools/stamp
}

environment() {  # $1: run or test
    local lock=(-r requirements/web.txt -r requirements/build.txt)
    [ "$1" = run ] || lock=(-r requirements/dev.txt)
    stamped ".venv/stamp-$1" "$(key)" && return
    if [ "$1" = run ] && stamped .venv/stamp-test "$(key)"; then return; fi
    say "installing Python packages ($1)"
    installer
    .venv/bin/python -c '' 2>/dev/null && [ "$(cat .venv/folder 2>/dev/null || pwd)" = "$(pwd)" ] ||
        .tools/bin/uv venv -q --clear --python "$python" .venv
    pwd >.venv/folder
    .tools/bin/uv pip install -q --python .venv/bin/python --require-hashes "${lock[@]}"
    .tools/bin/uv pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e .
    key >".venv/stamp-$1"
}

npm_command() {
    if command -v npm >/dev/null && command -v node >/dev/null; then echo npm; return; fi
    say "no npm on this machine: bringing one along"
    installer
    [ -x .tools/bin/npm ] || .tools/bin/uv pip install -q --python .tools/bin/python --require-hashes -r requirements/node.txt || return 1
    echo .tools/bin/npm
}

charts() {  # ECharts, drawn into every report, without which it shows the tables instead; for tests axe-core as well. $1: run or test
    local wanted npm only=()
    wanted=$(cat package-lock.json | sha256sum | cut -d' ' -f1)
    [ "$1" = test ] || only=(--omit=dev)
    if [ -s "$asset" ] && stamped node_modules/.stamp "$wanted" && { [ "$1" = run ] || [ -d node_modules/axe-core ]; }; then return; fi
    say "installing ECharts"
    if npm=$(npm_command) && PATH="$PWD/.tools/bin:$PATH" "$npm" ci "${only[@]}" --silent --no-audit --no-fund --ignore-scripts; then
        mkdir -p "$(dirname "$asset")"
        cp node_modules/echarts/dist/echarts.min.js "$asset"
        echo "$wanted" >node_modules/.stamp
    else
        say "ECharts could not be installed: reports will show tables in place of flow charts."
    fi
}

pictures() {  # what the tests that look at a page need
    local missing=()
    command -v chromium >/dev/null || missing+=(chromium)
    command -v fc-list >/dev/null || missing+=(fontconfig)
    # grep reads to the end: with -q it would break fc-list's pipe, and pipefail would call that a missing font.
    fc-list :lang=zh 2>/dev/null | grep . >/dev/null || missing+=(fonts-noto-cjk)
    [ ${#missing[@]} = 0 ] || apt_install "${missing[@]}" ||
        say "tests that look at pages are skipped until this is run as root: apt-get install --no-install-recommends ${missing[*]}"
}

database() {  # PostgreSQL for the tests, which start a throw-away cluster of their own
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || apt_install postgresql ||
        say "tests on PostgreSQL are skipped until this is run as root: apt-get install --no-install-recommends postgresql"
}

need_python
environment "$profile"
charts "$profile"
if [ "$profile" = test ]; then
    pictures
    database
fi
