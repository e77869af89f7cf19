"""Importing in the CMS: from the file to the end, who gets in, and what happens when something changes meanwhile."""

import datetime as dt
import tempfile
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from leder.organisation.importing import apart
from leder.organisation.importing.models import ColumnMapping, OrganisationFile, OrganisationImport
from leder.organisation.importing.reading import kept, parse
from leder.organisation.models import Unit
from leder.pages import roles
from tests.organisation.factories import PersonFactory

from .files import HEADINGS, as_csv, as_xlsx, bring_in, everything, organisation, small

pytestmark = pytest.mark.django_db
START = reverse("leder_import")


def _hr(username="hr"):
    from django.contrib.auth.models import Group

    roles.set_up_roles()
    person = PersonFactory(username=username, email=f"{username}@example.com")
    person.groups.add(Group.objects.get(name=roles.HR))
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return person, client


@pytest.fixture
def hr():
    return _hr()[1]


def _send(client, content, name="ledere.csv"):
    return client.post(START, {"file": SimpleUploadedFile(name, content)})


def _address(name):
    return reverse(f"leder_import_{name}", args=[OrganisationFile.objects.get().pk])


def test_from_the_file_to_the_end(hr):
    headings = [*HEADINGS]
    headings[0] = "Kode i HR"
    content = as_csv(small(), headings=headings)
    assert _send(hr, content).url == _address("columns")

    page = hr.get(_address("columns")).content.decode()
    assert "Kode i HR" in page
    places = {key: str(place) for place, key in enumerate([column.key for column in actions_columns()])}
    refused = hr.post(_address("columns"), {**places, "unit": ""})
    assert refused.status_code == 400
    twice = hr.post(_address("columns"), {**places, "unit": places["unit_name"]})
    assert twice.status_code == 400
    assert hr.post(_address("columns"), places).url == _address("difference")

    page = hr.get(_address("difference"))
    assert [group["kind"].value for group in page.context["groups"]] == [
        "unit_new", "position_new", "person_new", "term_new",
    ]  # fmt: skip
    assert not Unit.objects.exists()
    answer = hr.post(_address("difference"), {"digest": page.context["digest"]})
    made = OrganisationImport.objects.get()
    assert answer.url == f"{START}?done={made.pk}"
    assert "ledere.csv" in hr.get(answer.url).content.decode()
    assert (made.by.username, made.counts["unit_new"]) == ("hr", 2)
    assert not OrganisationFile.objects.exists()
    entry = ModelLogEntry.objects.get(action="leder.import_organisation")
    assert entry.data == {"counts": made.counts, "undo": False}
    assert "Kari" not in f"{entry.label}{entry.data}"

    # The next file with these headings goes straight to the difference.
    assert _send(hr, content).url == _address("difference")
    assert ColumnMapping.objects.count() == 1
    page = hr.get(_address("difference"))
    assert page.context["groups"] == []


def actions_columns():
    from leder.organisation.importing.columns import every_column

    return every_column()


def test_faults_are_listed_and_nothing_can_be_applied(hr):
    rows = small()
    rows[1] |= {"group": "9", "starts": "i går"}
    _send(hr, as_xlsx(rows), "ledere.xlsx")
    hr.post(_address("columns"), {column.key: str(n) for n, column in enumerate(actions_columns())})
    before = everything()
    page = hr.get(_address("difference"))
    assert [(fault.row, fault.column) for fault in page.context["page"]] == [
        (3, "Fra dato"),
        (3, "Ledernivå"),
    ]
    only = hr.get(_address("difference"), {"kind": "date"})
    assert [fault.column for fault in only.context["page"]] == ["Fra dato"]
    assert hr.post(_address("difference"), {"digest": "x"}).status_code == 409
    assert everything() == before
    assert OrganisationFile.objects.exists()


def test_what_was_shown_is_what_is_applied(hr):
    bring_in(as_csv(small()))
    rows = small()
    rows[1]["unit_name"] = "Nytt navn"
    _send(hr, as_csv(rows))
    hr.post(_address("columns"), {column.key: str(n) for n, column in enumerate(actions_columns())})
    shown = hr.get(_address("difference")).context["digest"]
    Unit.objects.filter(code="10").update(name="Endret for hånd")
    before = everything()
    answer = hr.post(_address("difference"), {"digest": shown})
    assert answer.status_code == 409
    assert everything() == before
    assert answer.context["digest"] != shown
    assert hr.post(_address("difference"), {"digest": answer.context["digest"]}).status_code == 302
    assert Unit.objects.get(code="10").name == "Nytt navn"


def test_an_earlier_file_undoes_unless_one_says_no(hr):
    bring_in(as_csv(small()))
    before = organisation()
    rows = small()
    rows.append({**rows[1], "person": "eva", "first": "Eva", "email": "eva@example.no", "acting": "ja"})
    bring_in(as_csv(rows))
    _send(hr, as_csv(small()))
    hr.post(_address("columns"), {column.key: str(n) for n, column in enumerate(actions_columns())})
    as_new = hr.get(_address("difference"), {"undo": "no"}).context
    assert as_new["look"].difference.counts() == {"term_ended": 1}
    undone = hr.get(_address("difference")).context
    assert undone["look"].difference.counts() == {"term_removed": 1}
    # What is chosen on the page is what counts.
    assert hr.post(_address("difference"), {"digest": as_new["digest"], "undo": "yes"}).status_code == 409
    hr.post(_address("difference"), {"digest": undone["digest"], "undo": "yes"})
    assert organisation() == before


def test_the_file_is_for_the_one_who_sent_it(hr):
    _send(hr, as_csv(small()))
    other = _hr("annen")[1]
    before = everything()
    for name in ("columns", "difference"):
        assert other.get(_address(name)).status_code == 404
        assert other.post(_address(name), {"cancel": "1"}).status_code == 404
        assert hr.get(reverse(f"leder_import_{name}", args=[uuid.uuid4()])).status_code == 404
    assert OrganisationFile.objects.count() == 1
    assert everything() == before
    # Another file of one's own takes the place of the first; another person's stays.
    _send(other, as_csv(small()))
    _send(other, as_csv(small()))
    assert OrganisationFile.objects.count() == 2


def test_without_the_permission_nothing_is_there():
    person = PersonFactory(username="leser")
    from django.contrib.auth.models import Permission

    person.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", "view_unit"]))
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(START).status_code == 404
    assert _send(client, as_csv(small())).status_code == 404
    assert client.get(reverse("leder_export")).status_code == 404
    assert client.get(reverse("leder_chart")).status_code == 200
    assert not OrganisationFile.objects.exists()


def test_what_cannot_be_read_is_not_kept(hr):
    answer = _send(hr, b"\x89PNG\x00")
    assert answer.status_code == 400
    assert not OrganisationFile.objects.exists()
    assert hr.post(START).status_code == 400


def test_a_workbook_is_read_once(hr, monkeypatch):
    """Every page after that is made of what was read, the days in it too; the file itself is kept nowhere."""
    content = as_xlsx(small())
    table = parse(content)
    _send(hr, content, "ledere.xlsx")
    stored = bytes(OrganisationFile.objects.get().content)
    assert kept(stored) == table
    assert content not in stored
    monkeypatch.setattr(apart, "_python", lambda: "/bin/false")
    hr.post(_address("columns"), {column.key: str(n) for n, column in enumerate(actions_columns())})
    page = hr.get(_address("difference"))
    assert hr.post(_address("difference"), {"digest": page.context["digest"]}).status_code == 302
    assert Unit.objects.count() == 2


def test_cancelled_and_forgotten_files_are_deleted(hr):
    _send(hr, as_csv(small()))
    hr.post(_address("difference"), {"cancel": "1"})
    assert not OrganisationFile.objects.exists()
    _send(hr, as_csv(small()))
    address = _address("columns")
    OrganisationFile.objects.update(at=timezone.now() - dt.timedelta(hours=25))
    assert hr.get(address).status_code == 404
    call_command("leder_tidy", verbosity=0)
    assert not OrganisationFile.objects.exists()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_and_import_change_nothing(hr, form):
    rows = small()
    rows[1]["unit_name"] = "=cmd|' /C calc'!A0"
    bring_in(as_csv(rows))
    answer = hr.get(reverse("leder_export"), {"format": form})
    assert f".{form}" in answer["Content-Disposition"]
    table = parse(answer.content)
    # As a spreadsheet sees it: no cell begins as a formula does.
    raw = answer.content.decode() if form == "csv" else _formulas(answer.content)
    assert ";=" not in raw and "\n=" not in raw
    assert bring_in(answer.content) is None
    assert table.headings == HEADINGS


def _formulas(content):
    import io

    from openpyxl import load_workbook

    cells = [cell for row in load_workbook(io.BytesIO(content)).active for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    return ";".join(str(cell.value) for cell in cells)


def test_the_difference_is_as_many_queries_for_one_as_for_thirty(hr, django_assert_max_num_queries):
    rows = small()
    for number in range(30):
        rows.append({**rows[1], "position": f"X{number}", "person": f"x{number}", "email": ""})
    for content in (as_csv(small()), as_csv(rows)):
        _send(hr, content)
        hr.post(_address("columns"), {column.key: str(n) for n, column in enumerate(actions_columns())})
        with django_assert_max_num_queries(20):
            assert hr.get(_address("difference")).status_code == 200


def test_many_files_in_a_short_time_wait(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    settings.LEDER_PACE = {"import": (2, 3)}
    (_person, one), (_another, other) = _hr(), _hr("hr2")
    assert [_send(one, as_csv(small())).status_code for _time in range(2)] == [302, 302]
    before = list(OrganisationFile.objects.values_list("pk", flat=True))
    refused = _send(one, as_csv(small()))
    assert (refused.status_code, 0 < int(refused["Retry-After"]) <= 600) == (429, True)
    assert "Vent" in refused.content.decode()
    assert list(OrganisationFile.objects.values_list("pk", flat=True)) == before
    # The network has three between them; to look at the page is not counted.
    assert [_send(other, as_csv(small())).status_code for _time in range(2)] == [302, 429]
    assert one.get(START).status_code == 200
