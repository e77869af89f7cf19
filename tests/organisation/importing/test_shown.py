"""What HR is promised: 5,000 people with 40 faults refused with every one named, then applied, again, and undone."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.contrib.auth import get_user_model

from leder.organisation.importing import actions
from leder.organisation.importing.export import export
from leder.organisation.importing.faults import FaultKind
from leder.organisation.importing.models import OrganisationImport
from leder.organisation.models import Appointment, Position, Unit

from .files import HEADINGS, KEYS, TODAY, as_csv, as_xlsx, bring_in, everything, look, organisation, person
from .large import large, planted

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
HEADING = dict(zip(KEYS, HEADINGS, strict=True))


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_forty_faults_of_all_kinds_are_named_by_row_and_column(write):
    rows, expected = planted(large())
    assert len(expected) == 40
    assert len({kind for kind, _row, _column in expected}) >= 12
    before = everything()

    with pytest.raises(actions.FileFaulty) as refused:
        bring_in(write(rows))

    found = {(fault.kind, fault.row, fault.column) for fault in refused.value.look.faults}
    wanted = {(kind, row, HEADING[column]) for kind, row, column in expected}
    assert wanted <= found
    # Each of the two who were given somebody else's address is named by one row; nothing else is said to be wrong.
    assert len(refused.value.look.faults) == len(found)
    assert found - wanted == set()
    assert everything() == before
    assert not OrganisationImport.objects.exists()


def test_corrected_applied_again_and_undone():
    with time_machine.travel(TODAY, tick=False) as clock:
        rows = large()
        assert bring_in(as_xlsx(rows)).counts["person_new"] == 5_000
        assert (Unit.objects.count(), Position.objects.count(), Appointment.objects.count()) == (5000,) * 3
        assert not get_user_model().objects.filter(password="").exists()
        assert not any(user.has_usable_password() for user in get_user_model().objects.all()[:50])
        assert bring_in(as_xlsx(rows)) is None
        assert bring_in(as_csv(rows)) is None

        clock.shift(dt.timedelta(days=3))
        before, first_file = organisation(), export("csv")
        later = changed(rows)
        counts = bring_in(as_csv(later)).counts
        assert counts == {
            "unit_changed": 1, "unit_moved": 1, "unit_off": 2, "position_changed": 1, "position_superior": 2,
            "position_off": 2, "person_new": 1, "person_name": 1, "person_email": 1, "term_new": 2, "term_ended": 3,
        }  # fmt: skip
        assert bring_in(as_csv(later)) is None

        clock.shift(dt.timedelta(days=3))
        assert bring_in(first_file) is not None
        assert organisation() == before
        assert bring_in(as_xlsx(rows)) is None


def changed(rows):
    """A later file: somebody left, somebody new, one acting, a unit renamed and one moved, a department gone."""
    rows = [dict(row) for row in rows]
    rows[2000] |= {"ends": "2027-06-01"}
    rows.append({**rows[2000], **person("ny", "Ny", "Leder", "2027-06-02")})
    rows.append({**rows[2001], **person("p02002", "Fornavn2002", "Ås-Øvergård", "2027-06-05", "", "ja")})
    rows[2003] |= {"unit_name": "Nytt navn"}
    rows[2004] |= {"unit_parent": "E20", "reports_to": "S20"}
    rows[2005] |= {"reports_to": "S21", "title": "Fagleder"}
    rows[2006] |= {"last": "Giftnavn", "email": "giftnavn@example.no"}
    return [row for index, row in enumerate(rows) if index not in (3000, 3001)]


def test_a_missing_column_is_named():
    headings = [*HEADINGS]
    headings[headings.index("Fra dato")] = "Noe annet"
    headings[headings.index("E-post")] = "Noe mer"
    faults = look(as_csv(large(20), headings=headings)).faults
    assert [(fault.kind, fault.row, fault.column) for fault in faults] == [
        (FaultKind.MISSING_COLUMN, None, "Fra dato")
    ]
