#!/usr/bin/env bash
# The pre-commit hook: builds this checkout once and checks the given files.
set -euo pipefail
program="$("$(dirname "${BASH_SOURCE[0]}")/build.sh")"
exec node "$program" check --quiet "$@"
