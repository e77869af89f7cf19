"""Is every text translated, and is what is shipped what was translated? Needs gettext's tools.

Gathers the texts anew in a copy of the sources and compares. Tells each difference and exits with 1.
"""

import gettext
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

from leder.languages import translated

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("leder", "lorenskog_intranet", "templates", "locale", "static", "manage.py", "scripts", ".venv")


def gathered(copy: Path) -> None:
    """A copy of the sources at `copy`, its catalogues made anew by the same script as always."""
    for name in COPIED:
        source = ROOT / name
        if name == ".venv":
            (copy / name).symlink_to(source)
        elif source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("*.pyc", "vendor"))
        elif source.exists():
            shutil.copy(source, copy / name)
    subprocess.run(["scripts/messages.sh", "gather"], cwd=copy, check=True, capture_output=True)  # noqa: S607


def ids(path: Path) -> set[tuple[str | None, str]]:
    """Context and text of every entry in use."""
    if not path.exists():
        return set()
    return {(e.msgctxt, e.msgid) for e in polib.pofile(str(path)) if not e.obsolete}


def stale(po: polib.POFile, mo: Path) -> bool:
    """Does the compiled file say something else than the catalogue?"""
    if not mo.exists():
        return True
    with mo.open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in po.translated_entries():
        for number, text in (entry.msgstr_plural or {None: entry.msgstr}).items():
            if number is not None:
                said = compiled._catalog.get((entry.msgid, number))  # type: ignore[attr-defined]
            elif entry.msgctxt:
                said = compiled.pgettext(entry.msgctxt, entry.msgid)
            else:
                said = compiled.gettext(entry.msgid)
            if said != text:
                return True
    return False


def complaints(copy: Path) -> Iterator[str]:
    """Everything that is wrong, a line each."""
    for new in sorted(copy.glob("**/LC_MESSAGES/*.po")):
        relative = new.relative_to(copy)
        if relative.parts[0] == ".venv" or relative.parent.parent.name not in translated():
            continue
        shipped = ROOT / relative
        for _context, text in sorted(ids(new) - ids(shipped), key=str):
            yield f"{relative}: not in the catalogue: {text!r}"
        for _context, text in sorted(ids(shipped) - ids(new), key=str):
            yield f"{relative}: no longer in use: {text!r}"
        if not shipped.exists():
            continue
        po = polib.pofile(str(shipped))
        for entry in po.untranslated_entries():
            yield f"{relative}: not translated: {entry.msgid!r}"
        for entry in po.fuzzy_entries():
            yield f"{relative}: fuzzy: {entry.msgid!r}"
        if stale(po, shipped.with_suffix(".mo")):
            yield f"{relative}: the compiled file is older than the catalogue; run “make messages”"


def main() -> int:
    """0 when the catalogues are complete and fresh, else 1."""
    if shutil.which("msgfmt") is None:
        sys.stderr.write("gettext's tools are missing (Debian: apt install gettext).\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        gathered(Path(folder))
        found = list(complaints(Path(folder)))
    for line in found:
        sys.stderr.write(f"{line}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
