#!/usr/bin/env bash
# Builds the command line of this checkout once, unless it is built, and prints the path of its program. Of the packages that
# are for development, only the builder is installed.
set -euo pipefail
home="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
program="$home/dist/auditor.js"
version="$(node --print 'process.versions.node' 2>/dev/null || echo none)"
IFS=. read -r major minor _ <<< "$version.0"
if ! [[ "$major" =~ ^[0-9]+$ ]] || [ "$major" -lt 22 ] || { [ "$major" -eq 22 ] && [ "$minor" -lt 12 ]; }; then
  echo "pull-through-auditor needs Node.js 22.12 or later in the PATH; this is $version." >&2
  exit 69
fi
# A checkout that was changed is built again.
if [ -f "$program" ] && [ -z "$(find "$home/bin" "$home/src" "$home/demo" "$home/test/simulator" "$home/package.json" -newer "$program" -print -quit)" ]; then
  echo "$program"
  exit
fi
quiet=(--ignore-scripts --no-audit --no-fund --loglevel=error)
if [ ! -d "$home/node_modules" ]; then
  npm ci --omit=dev "${quiet[@]}" --prefix "$home" >&2
fi
if [ ! -d "$home/node_modules/esbuild" ] && [ ! -d "$home/tools/node_modules/esbuild" ]; then
  esbuild="$(node --print 'require(process.argv[1]).devDependencies.esbuild' "$home/package.json")"
  npm install --no-save "${quiet[@]}" --prefix "$home/tools" "esbuild@$esbuild" >&2
fi
node --experimental-strip-types --no-warnings "$home/tools/build.ts" >&2
echo "$program"
