"""Copy the vendored files out of an npm work folder and write ``vendor.json`` beside them.

Called by ``scripts/vendor_update.sh``: ``collect.py WORK_FOLDER PLUGIN_FOLDER``. Lines that point to source maps
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
# The document is set with whole font files, not with those of a browser.
INTER_FILES = "@expo-google-fonts/inter"
EMOJI_FILES = "@expo-google-fonts/noto-emoji"
DEJAVU = "dejavu-fonts-ttf"
# What these packages say of the licence is of their code, or no name of one.
FONT_LICENCES = {INTER_FILES: "OFL-1.1", EMOJI_FILES: "OFL-1.1", DEJAVU: "Bitstream-Vera"}

# target path: (npm package, path in the package); the theme comes from the CLI and has no path in its package.
STATIC = {
    "designsystemet/designsystemet.css": (CSS, "dist/src/index.css"),
    "designsystemet/designsystemet.js": (WEB, "dist/umd/index.js"),
    "designsystemet/LICENSE": (CSS, "LICENSE"),
    "designsystemet/theme.css": (CLI, None),
    "inter/inter-latin.woff2": (INTER, "files/inter-latin-wght-normal.woff2"),
    "inter/inter-latin-italic.woff2": (INTER, "files/inter-latin-wght-italic.woff2"),
    "inter/inter-latin-ext.woff2": (INTER, "files/inter-latin-ext-wght-normal.woff2"),
    "inter/LICENSE": (INTER, "LICENSE"),
}
FONTS = {
    "inter/Inter-Regular.ttf": (INTER_FILES, "400Regular/Inter_400Regular.ttf"),
    "inter/Inter-Italic.ttf": (INTER_FILES, "400Regular_Italic/Inter_400Regular_Italic.ttf"),
    "inter/Inter-SemiBold.ttf": (INTER_FILES, "600SemiBold/Inter_600SemiBold.ttf"),
    "inter/LICENSE": (INTER_FILES, "LICENSE_FONT"),
    "noto-emoji/NotoEmoji-Regular.ttf": (EMOJI_FILES, "400Regular/NotoEmoji_400Regular.ttf"),
    "noto-emoji/LICENSE": (EMOJI_FILES, "LICENSE_FONT"),
    "dejavu/DejaVuSans.ttf": (DEJAVU, "ttf/DejaVuSans.ttf"),
    "dejavu/LICENSE": (DEJAVU, "LICENSE"),
}
# Folder in the plugin: what it holds.
TARGETS = {"static/leder/vendor": STATIC, "documents/fonts": FONTS}
SOURCE_MAP = re.compile(rb"^\s*(//[#@]|/\*[#@])\s*sourceMappingURL=.*$\n?", re.MULTILINE)


def collect(work: Path, target: Path, files: dict[str, tuple[str, str | None]]) -> None:
    """Fill ``target`` with these files and their description in ``vendor.json``."""
    shutil.rmtree(target, ignore_errors=True)
    entries = []
    for name, (package, path) in files.items():
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
                "licence": FONT_LICENCES.get(package, about["license"]),
                "made_from": path or "scripts/vendor/theme.json",
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        )
    (target / "vendor.json").write_text(json.dumps({"files": entries}, indent=2) + "\n")


if __name__ == "__main__":
    for folder, files in TARGETS.items():
        collect(Path(sys.argv[1]), Path(sys.argv[2]).resolve() / folder, files)
