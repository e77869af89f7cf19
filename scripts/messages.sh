#!/bin/bash
# Gather texts to translate into leder/locale (the plugin) and locale (the site), and compile them.
# With the word “gather” they are not compiled.
set -euo pipefail
export DJANGO_SETTINGS_MODULE=lorenskog_intranet.settings.test

mkdir -p leder/locale locale
mapfile -t languages < <(.venv/bin/python leder/languages.py)
for domain in django djangojs; do
    .venv/bin/python manage.py makemessages --domain "$domain" "${languages[@]/#/--locale=}" \
        --no-location --no-obsolete --no-wrap \
        --ignore '.*' --ignore var --ignore tests --ignore bench --ignore '*/vendor/*'
done
[ "${1:-}" = gather ] || .venv/bin/python manage.py compilemessages --ignore '.*' --ignore var
