#!/usr/bin/env bash
# The pre-commit hook for policies: builds this checkout once and lints the given files.
set -euo pipefail
program="$("$(dirname "${BASH_SOURCE[0]}")/build.sh")"
exec node "$program" policy lint "$@"
