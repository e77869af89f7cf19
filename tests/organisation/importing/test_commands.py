"""`manage.py leder_import` and `leder_export`."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from leder.organisation.importing.models import ColumnMapping
from leder.organisation.models import Unit

from .files import HEADINGS, as_csv, as_xlsx, everything, organisation, small

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


def _run(*args):
    out, err = io.StringIO(), io.StringIO()
    call_command("leder_import", *map(str, args), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def _written(path, content):
    path.write_bytes(content)
    return path


def test_dry_run_import_and_again(tmp_path):
    file = _written(tmp_path / "a.xlsx", as_xlsx(small()))
    assert "New units: 2" in _run(file, "--dry-run")[0]
    assert not Unit.objects.exists()
    assert "Imported." in _run(file)[0]
    before = everything()
    assert _run(file)[0] == "No changes.\n"
    assert everything() == before


@pytest.mark.parametrize("dry", [["--dry-run"], []])
def test_every_fault_is_told_and_the_command_fails(tmp_path, dry):
    rows = small()
    rows[0]["starts"] = "aldri"
    rows[1]["group"] = "9"
    err = io.StringIO()
    with pytest.raises(CommandError, match="2 faults"):
        call_command("leder_import", str(_written(tmp_path / "a.csv", as_csv(rows))), *dry, stderr=err)
    assert [line.partition(":")[0] for line in err.getvalue().splitlines()] == [
        "Row 2, Fra dato",
        "Row 3, Ledernivå",
    ]
    assert not Unit.objects.exists()


def test_a_mapping_is_used_and_remembered(tmp_path):
    headings = [*HEADINGS]
    headings[0] = "Kode i HR"
    file = _written(tmp_path / "a.csv", as_csv(small(), headings=headings))
    with pytest.raises(CommandError):
        _run(file)
    mapping = _written(tmp_path / "m.json", json.dumps({"Kode i HR": "Enhetskode"}).encode())
    assert "Imported." in _run(file, "--mapping", mapping)[0]
    assert ColumnMapping.objects.count() == 1
    assert "No changes." in _run(file)[0]
    for wrong in (b"{", b"[]", b'{"a": 1}', b'{"Kode i HR": "Finnes ikke"}'):
        with pytest.raises(CommandError):
            _run(file, "--mapping", _written(tmp_path / "w.json", wrong))


def test_what_cannot_be_read(tmp_path):
    with pytest.raises(CommandError):
        _run(tmp_path / "none.csv")
    with pytest.raises(CommandError):
        _run(_written(tmp_path / "a.xls", b"\xd0\xcf\x11\xe0"))


def test_the_earlier_file_undoes(tmp_path):
    first = _written(tmp_path / "a.csv", as_csv(small()))
    _run(first)
    before = organisation()
    rows = small()
    rows.append({**rows[1], "person": "eva", "first": "Eva", "email": "eva@example.no", "acting": "ja"})
    _run(_written(tmp_path / "b.csv", as_csv(rows)))
    assert "undone" in _run(first, "--dry-run")[0]
    assert "undone" not in _run(first, "--dry-run", "--no-undo")[0]
    _run(first)
    assert organisation() == before


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_exported_changes_nothing(tmp_path, form):
    _run(_written(tmp_path / "a.csv", as_csv(small())))
    file = tmp_path / f"ut.{form}"
    call_command("leder_export", str(file), stdout=io.StringIO())
    assert "No changes." in _run(file)[0]
    for wrong in ("ut.pdf", "mangler/ut.csv"):
        with pytest.raises(CommandError):
            call_command("leder_export", str(tmp_path / wrong))
