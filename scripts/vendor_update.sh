#!/bin/sh
# Fetch the design system and the fonts anew into leder/static/leder/vendor and leder/documents/fonts. For maintainers; needs npm.
# Versions stand in scripts/vendor/package.json, the colours of the theme in scripts/vendor/theme.json.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$here/vendor/package.json" "$here/vendor/theme.json" "$work/"
cd "$work"
npm install --ignore-scripts --no-audit --no-fund --no-package-lock
npx --no-install designsystemet tokens create --config theme.json
npx --no-install designsystemet tokens build --tokens design-tokens --out-dir theme
python3 "$here/vendor/collect.py" "$work" "$here/../leder"
