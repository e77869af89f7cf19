#!/bin/bash
# Every check but the tests. Runs them all, says which failed, and fails if any did.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
PATH="$PWD/.venv/bin:$PATH"
export DJANGO_SETTINGS_MODULE=lorenskog_intranet.settings.test
failed=()

check() {
    local name=$1
    shift
    echo "— $name"
    "$@" || failed+=("$name")
}

templates() {
    git ls-files --cached --others --exclude-standard '*.html' | grep -v /vendor/
}

check "code: rules" ruff check --quiet .
check "code: layout" ruff format --check --quiet .
check "types" mypy
check "imports" lint-imports --no-cache --no-logo
check "templates: layout" djhtml --check --tabwidth 2 $(templates)
check "templates: rules" curlylint --quiet $(templates)
check "migrations" python manage.py makemigrations --check --dry-run
check "translations" python scripts/check_translations.py

if [ ${#failed[@]} -gt 0 ]; then
    printf 'Failed: %s\n' "${failed[@]}" >&2
    exit 1
fi
echo "All checks pass."
