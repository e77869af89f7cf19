#!/bin/bash
# Every check but the tests, side by side. Tells what each has to say, in order, and fails if any did.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
PATH="$PWD/.venv/bin:$PATH"
export DJANGO_SETTINGS_MODULE=lorenskog_intranet.settings.test
names=() running=() failed=()
said=$(mktemp -d)
trap 'kill "${running[@]}" 2>/dev/null; rm -rf "$said"' EXIT
trap 'exit 130' INT TERM

check() {
    names+=("$1")
    shift
    "$@" >"$said/${#running[@]}" 2>&1 &
    running+=($!)
}

templates=$(git ls-files --cached --others --exclude-standard '*.html' | grep -v /vendor/)

# What takes longest begins first.
check "types" mypy
check "translations" python -m scripts.check_translations
check "migrations" python manage.py makemigrations --check --dry-run
check "templates: rules" djlint --lint --quiet $templates
check "templates: layout" djhtml --check --tabwidth 2 $templates
check "imports" lint-imports --no-cache --no-logo
check "code: rules" ruff check --quiet .
check "code: layout" ruff format --check --quiet .

for number in "${!names[@]}"; do
    wait "${running[number]}" || failed+=("${names[number]}")
    echo "— ${names[number]}"
    cat "$said/$number"
done

if [ ${#failed[@]} -gt 0 ]; then
    printf 'Failed: %s\n' "${failed[@]}" >&2
    exit 1
fi
echo "All checks pass."
