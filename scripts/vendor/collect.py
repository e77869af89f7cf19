"""Copy the vendored files out of an npm work folder and write ``vendor.json`` beside them.

Called by ``scripts/vendor_update.sh``: ``collect.py WORK_FOLDER TARGET_FOLDER``. Lines that point to source maps
are dropped, because the maps are not vendored and the manifest storage would look for them.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

CSS = "@digdir/designsystemet-css"
WEB = "@digdir/designsystemet-web"
CLI = "@digdir/designsystemet"
INTER = "@fontsource-variable/inter"

# target path: (npm package, path in the package); the theme comes from the CLI and has no path in its package.
FILES = {
    "designsystemet/designsystemet.css": (CSS, "dist/src/index.css"),
    "designsystemet/designsystemet.js": (WEB, "dist/umd/index.js"),
    "designsystemet/LICENSE": (CSS, "LICENSE"),
    "designsystemet/theme.css": (CLI, None),
    "inter/inter-latin.woff2": (INTER, "files/inter-latin-wght-normal.woff2"),
    "inter/inter-latin-italic.woff2": (INTER, "files/inter-latin-wght-italic.woff2"),
    "inter/inter-latin-ext.woff2": (INTER, "files/inter-latin-ext-wght-normal.woff2"),
    "inter/LICENSE": (INTER, "LICENSE"),
}
SOURCE_MAP = re.compile(rb"^\s*(//[#@]|/\*[#@])\s*sourceMappingURL=.*$\n?", re.MULTILINE)


def collect(work: Path, target: Path) -> None:
    """Fill ``target`` with the files named in ``FILES`` and their description in ``vendor.json``."""
    shutil.rmtree(target, ignore_errors=True)
    entries = []
    for name, (package, path) in FILES.items():
        folder = work / "node_modules" / package
        about = json.loads((folder / "package.json").read_text())
        source = folder / path if path else work / "theme" / "leder.css"
        content = source.read_bytes()
        if source.suffix in {".css", ".js"}:
            content = SOURCE_MAP.sub(b"", content).rstrip() + b"\n"
        destination = target / name
        destination.parent.mkdir(parents=True, exist_ok=True)
        destination.write_bytes(content)
        entries.append(
            {
                "file": name,
                "package": package,
                "version": about["version"],
                "licence": about["license"],
                "made_from": path or "scripts/vendor/theme.json",
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        )
    (target / "vendor.json").write_text(json.dumps({"files": entries}, indent=2) + "\n")


if __name__ == "__main__":
    collect(Path(sys.argv[1]), Path(sys.argv[2]).resolve())
