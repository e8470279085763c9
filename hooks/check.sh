#!/usr/bin/env bash
# The pre-commit hook: installs this checkout once and checks the given files.
set -euo pipefail
home="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
major="$(node --print 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)"
if [ "$major" -lt 24 ]; then
  echo "pull-through-auditor needs Node.js 24 or later in the PATH; this is $(node --version 2>/dev/null || echo none)." >&2
  exit 69
fi
if [ ! -d "$home/node_modules" ]; then
  npm ci --omit=dev --ignore-scripts --no-audit --no-fund --prefix "$home" >&2
fi
exec node "$home/bin/auditor.ts" check --quiet "$@"
