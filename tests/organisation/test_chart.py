"""The organisation chart: trees, problems, search, and how much is shown at once."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from leder.organisation.chart import Problem, chart, fit, part_of
from leder.organisation.models import Position

from .factories import AppointmentFactory, PersonFactory, PositionFactory, UnitFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date.today()
ADDRESS = reverse("leder_chart")


@pytest.fixture
def top():
    municipality = UnitFactory(name="Kommunen", kind="municipality")
    position = PositionFactory(title="Kommunedirektør", unit=municipality, group=1)
    AppointmentFactory(position=position, person=PersonFactory(first_name="Kari", last_name="Topp"))
    return position


def _below(top, number, **kwargs):
    unit = UnitFactory(name=f"Virksomhet {number}", kind="service", parent=top.unit)
    return PositionFactory(title="Virksomhetsleder", unit=unit, reports_to=top, **kwargs)


@pytest.fixture
def reader():
    client = Client()
    client.force_login(
        PersonFactory(username="sjef", is_superuser=True, is_staff=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def test_problems(top):
    vacant = _below(top, 1)
    acting = _below(top, 2)
    AppointmentFactory(position=acting, acting=True)
    alone = PositionFactory(unit=_below(top, 3).unit)
    AppointmentFactory(position=alone)
    unused = PositionFactory(active=False)
    posts = {post.pk: post for post in chart(TODAY).posts}
    assert posts[top.pk].problems == ()
    assert posts[vacant.pk].problems == (Problem.VACANT,)
    assert posts[acting.pk].problems == (Problem.ACTING,)
    assert posts[acting.pk].superior == "Kari Topp"
    assert posts[alone.pk].problems == (Problem.ALONE,)
    assert unused.pk not in posts


def test_trees_by_unit_and_by_superior(top):
    first, second = _below(top, 1), _below(top, 2)
    # Reports across the units.
    Position.objects.filter(pk=second.pk).update(reports_to=first)
    found = chart(TODAY)
    (by_unit,) = found.by_unit()
    assert [node.name for node in by_unit.below] == ["Virksomhet 1", "Virksomhet 2"]
    (by_superior,) = found.by_superior()
    assert [node.pk for node in by_superior.below] == [first.pk]
    assert part_of([by_superior], second.pk).total == 1
    assert (by_unit.total, by_superior.total) == (3, 3)


def test_circles_in_the_database_do_not_hang(top):
    first, second = _below(top, 1), _below(top, 2)
    Position.objects.filter(pk=first.pk).update(reports_to=second)
    Position.objects.filter(pk=second.pk).update(reports_to=first)
    nodes = chart(TODAY).by_superior()
    assert sum(node.total for node in nodes) == 3


def test_what_there_is_no_room_for_becomes_a_link(top):
    large = _below(top, 1)
    for number in range(20):
        _below(large, number)
    nodes = chart(TODAY).by_unit()
    fit(nodes, room=10)
    assert [node.is_link for node in (nodes[0], nodes[0].below[0])] == [False, True]
    nodes = chart(TODAY).by_unit()
    fit(nodes, room=30)
    assert not nodes[0].below[0].is_link
    # A link leads somewhere, however much there is.
    nodes = chart(TODAY).by_unit()[0].below
    fit(nodes, room=1)
    assert not nodes[0].is_link


def test_pages(top, reader):
    below = _below(top, 1)
    AppointmentFactory(
        position=below, person=PersonFactory(first_name="Åse", last_name="Øverby"), acting=True
    )
    for question in ({}, {"by": "superior"}, {"at": top.unit.pk}, {"q": "åse øver"}, {"show": "acting"}):
        page = reader.get(ADDRESS, question)
        assert page.status_code == 200
        assert "Åse Øverby" in page.content.decode(), question
    assert reader.get(ADDRESS, {"q": "finnes ikke"}).context["page"].paginator.count == 0
    assert [post.pk for post, _path in reader.get(ADDRESS, {"show": "acting"}).context["rows"]] == [below.pk]
    for at in ("0", "999999", "x", "9" * 30):
        assert reader.get(ADDRESS, {"at": at}).status_code == 404
    for question in ({"q": "\x00"}, {"show": "x"}, {"p": "x"}, {"by": "x"}):
        assert reader.get(ADDRESS, question).status_code == 200


def test_an_empty_organisation(reader):
    assert reader.get(ADDRESS).status_code == 200


@pytest.mark.parametrize("question", [{}, {"by": "superior"}, {"q": "virksomhet"}, {"show": "vacant"}])
def test_as_many_queries_for_one_as_for_thirty(top, reader, question, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _below(top, 0)
    reader.get(ADDRESS, question)
    with CaptureQueriesContext(
        connection,
    ) as few:
        reader.get(ADDRESS, question)
    for number in range(1, 31):
        AppointmentFactory(position=_below(top, number))
    with django_assert_num_queries(len(few)):
        reader.get(ADDRESS, question)


def test_a_large_organisation_stays_a_moderate_page(top, reader):
    for number in range(8):
        sector = _below(top, number)
        for other in range(60):
            _below(sector, 100 * number + other)
    page = reader.get(ADDRESS)
    assert page.context["total"] == 489
    assert len(page.content) < 250_000
    assert [node.is_link for node in page.context["nodes"][0].below] == [False] * 4 + [True] * 4
    for node in page.context["nodes"][0].below:
        assert reader.get(ADDRESS, {"at": node.pk}).context["nodes"][0].below
