#!/bin/bash
# Print the path of an installed Chromium; as root on Debian, install one if there is none. The one without windows
# draws the same pages for half the work.
set -euo pipefail

find_chromium() {
    local name
    for name in "${CHROMIUM:-chromium-headless-shell}" chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" && return
    done
    return 1
}

find_chromium && exit
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium for the browser tests …" >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium-headless-shell; } >&2
    find_chromium && exit
fi
echo "The browser tests need Chromium. Install it (Debian: sudo apt install chromium), or set CHROMIUM to its path." >&2
exit 1
