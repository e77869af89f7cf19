"""The organisation as a file: what is in use, and no cell that a spreadsheet takes for a formula."""

import io

import pytest
import tablib

from leder.organisation.importing.export import export
from leder.organisation.models import Position, Unit
from tests.organisation.factories import AppointmentFactory, PersonFactory, PositionFactory, UnitFactory

pytestmark = pytest.mark.django_db


def cells(form):
    content = export(form)
    if form == "csv":
        read = tablib.Dataset().load(content.decode("utf-8-sig"), format="csv", delimiter=";")
    else:
        read = tablib.Dataset().load(io.BytesIO(content), format="xlsx")
    return [str(cell) for row in read for cell in row]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_begins_a_formula(form):
    unit = UnitFactory(name='=HYPERLINK("http://example.org")')
    position = PositionFactory(unit=unit, title="+47")
    AppointmentFactory(position=position, person=PersonFactory(first_name="@SUM(A1)", last_name="-1"))
    found = cells(form)
    assert "'+47" in found
    assert [cell for cell in found if cell.startswith(("=", "+", "-", "@"))] == []


def test_what_is_out_of_use_stays_behind():
    kept, gone = AppointmentFactory(), AppointmentFactory()
    Position.objects.filter(pk=gone.position_id).update(active=False)
    Unit.objects.filter(pk=gone.position.unit_id).update(active=False)
    found = cells("csv")
    assert kept.position.code in found
    assert gone.position.code not in found
    assert gone.person.username not in found
