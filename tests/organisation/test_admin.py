"""The organisation in the CMS: who gets in, what a hostile query string learns, what is saved and refused."""

from datetime import date

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import models
from django.test import Client
from django.urls import reverse

from leder.organisation.modeladmin import HardenedModelAdmin
from leder.organisation.models import Appointment, Position, Unit

from .factories import AppointmentFactory, PersonFactory, PositionFactory, UnitFactory

pytestmark = pytest.mark.django_db

ROOT = reverse("wagtailadmin_home") + "leder"
LISTS = ["units", "positions", "appointments"]
CHOOSERS = ["choose/person", "choose/position", "choose/unit"]


def _client(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _in_group(name, *codenames):
    person = PersonFactory(username=name)
    group = Group.objects.create(name=name)
    group.permissions.add(*Permission.objects.filter(codename__in=["access_admin", *codenames]))
    person.groups.add(group)
    return person


@pytest.fixture
def hr():
    codenames = [
        f"{act}_{model}"
        for act in ("add", "change", "delete", "view")
        for model in ("unit", "position", "appointment")
    ]
    return _client(_in_group("hr", *codenames))


@pytest.fixture
def superuser():
    return _client(PersonFactory(username="drift", is_superuser=True, is_staff=True))


@pytest.fixture
def editor():
    return _client(_in_group("kommunikasjon"))


@pytest.fixture
def employee():
    return _client(PersonFactory(username="ansatt"))


@pytest.fixture
def appointment():
    return AppointmentFactory(
        person__first_name="Kari",
        person__last_name="Myrdalsberg",
        person__email="hemmelig@example.no",
        position__title="Styrer",
        position__unit__name="Solsikke barnehage",
    )


def _addresses(appointment):
    """Every address of the three models, existing rows and missing ones."""
    rows = {
        "units": appointment.position.unit_id,
        "positions": appointment.position_id,
        "appointments": appointment.pk,
    }
    for name, pk in rows.items():
        yield f"{ROOT}/{name}/"
        yield f"{ROOT}/{name}/create/"
        for key in (pk, 999999, "abc", "9" * 40, "-1", "²"):
            yield f"{ROOT}/{name}/edit/{key}/"
            yield f"{ROOT}/{name}/delete/{key}/"
        yield f"{ROOT}/{name}/history/{pk}/"
        yield f"{ROOT}/{name}/inspect/{pk}/"
    for name in CHOOSERS:
        yield f"{ROOT}/{name}/"
        yield f"{ROOT}/{name}/results/?q=a"
        for key in (appointment.person_id, 999999, "abc"):
            yield f"{ROOT}/{name}/chosen/{key}/"


def test_hr_and_superuser_get_in(hr, superuser, appointment):
    for client in (hr, superuser):
        for name in LISTS:
            assert client.get(f"{ROOT}/{name}/").status_code == 200
            assert client.get(f"{ROOT}/{name}/create/").status_code == 200
        assert client.get(f"{ROOT}/appointments/edit/{appointment.pk}/").status_code == 200
        assert client.get(f"{ROOT}/appointments/delete/{appointment.pk}/").status_code == 200
        for name in CHOOSERS:
            assert client.get(f"{ROOT}/{name}/").status_code == 200


def test_an_editor_meets_the_same_404_everywhere(editor, appointment):
    for address in _addresses(appointment):
        assert editor.get(address).status_code == 404, address
        assert editor.post(address).status_code == 404, address
    assert Appointment.objects.filter(pk=appointment.pk).exists()


def test_an_employee_is_sent_away_the_same_way_everywhere(employee, appointment):
    seen = {
        (employee.get(address).status_code, employee.post(address).status_code)
        for address in _addresses(appointment)
        if "²" not in address
    }
    assert seen == {(302, 302)}
    assert Appointment.objects.filter(pk=appointment.pk).exists()


def test_nobody_reaches_history(hr, superuser, appointment):
    for client in (hr, superuser):
        for name in LISTS:
            assert client.get(f"{ROOT}/{name}/history/{appointment.pk}/").status_code == 404


def test_a_malformed_address_is_missing_not_broken(hr, appointment):
    for key in ("abc", "9" * 40, "-1", "0", "999999"):
        for act in ("edit", "delete"):
            assert hr.get(f"{ROOT}/appointments/{act}/{key}/").status_code == 404
        for name in CHOOSERS:
            assert hr.get(f"{ROOT}/{name}/chosen/{key}/").status_code == 404


HOSTILE = [
    "person__password__startswith={}",
    "person__email__startswith={}",
    "person__last_login__isnull={}",
    "position__agreements__leader__password__regex={}",
    "position__unit__name__startswith={}",
    "pk={}",
    "no_such_field={}",
    "acting__exact__x={}",
    "person__leader_appointments__person__password__contains={}",
]


@pytest.mark.parametrize("template", HOSTILE)
@pytest.mark.parametrize("who", ["hr", "superuser"])
def test_lookups_nobody_declared_say_nothing(request, who, template, appointment):
    client = request.getfixturevalue(who)
    plain = client.get(f"{ROOT}/appointments/?acting__exact=0")
    hit = client.get(f"{ROOT}/appointments/?" + template.format("pbkdf2"))
    miss = client.get(f"{ROOT}/appointments/?" + template.format("zzz"))
    for response in (plain, hit, miss):
        assert response.status_code == 200
        assert response.context["result_count"] == 1
    for response in (hit, miss):
        assert "Myrdalsberg" in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "acting__exact=perhaps",
        "acting__exact=",
        "runs=x",
        "runs=now&runs=past",
        "o=abc",
        "o=99.-1.%C2%B2",
        "ot=x",
        "p=-1",
        "p=99999",
        "p=abc",
        "q=%00",
        "e=1",
        "export=csv",
        "export=xlsx",
        "q=%25_",
    ],
)
def test_odd_values_never_break_the_list(hr, query, appointment):
    response = hr.get(f"{ROOT}/appointments/?{query}", follow=True)
    assert response.status_code == 200
    assert b"pbkdf2" not in response.content
    assert b"hemmelig" not in response.content


def test_filters_that_are_declared_filter(hr, appointment):
    AppointmentFactory(starts=date(2010, 1, 1), ends=date(2011, 1, 1))
    assert hr.get(f"{ROOT}/appointments/?runs=now").context["result_count"] == 1
    assert hr.get(f"{ROOT}/appointments/?runs=past").context["result_count"] == 1
    assert hr.get(f"{ROOT}/appointments/?acting__exact=1").context["result_count"] == 0
    assert hr.get(f"{ROOT}/positions/?held=no").context["result_count"] == 1
    assert hr.get(f"{ROOT}/positions/?group__exact=3&active__exact=1").context["result_count"] == 2
    assert hr.get(f"{ROOT}/units/?kind__exact=sector").context["result_count"] == 0


def test_search_finds_names_and_nothing_secret(hr, appointment):
    password = appointment.person.password = "pbkdf2$geheim"
    appointment.person.save()

    def found(text):
        return hr.get(f"{ROOT}/appointments/", {"q": text}).context["result_count"]

    assert found("myrdalsberg styrer") == 1
    assert found("solsikke") == 1
    assert found("hemmelig") == 0
    assert found(password) == 0
    results = hr.get(f"{ROOT}/choose/person/results/", {"q": "myrdals"}).content.decode()
    assert "Kari Myrdalsberg" in results
    for text in ("hemmelig", password):
        assert "Kari" not in hr.get(f"{ROOT}/choose/person/results/", {"q": text}).content.decode()


def test_choosers_ignore_what_is_not_offered(hr, appointment):
    for query in ("multiple=1", "person__password__startswith=p", "p=abc", "p=0"):
        for name in CHOOSERS:
            assert hr.get(f"{ROOT}/{name}/results/?{query}").status_code in (200, 404)
            assert hr.get(f"{ROOT}/{name}/?{query}").status_code in (200, 404)
    assert hr.get(f"{ROOT}/choose/person/create/").status_code == 404
    assert hr.get(f"{ROOT}/choose/person/chosen-multiple/?id=1").status_code == 404


def test_a_chooser_opens_for_those_who_use_it_only(appointment):
    units_only = _client(_in_group("enhetsmedarbeider", "change_unit"))
    assert units_only.get(f"{ROOT}/choose/unit/").status_code == 200
    assert units_only.get(f"{ROOT}/choose/person/").status_code == 404
    assert units_only.get(f"{ROOT}/appointments/").status_code == 404


def test_viewing_is_not_changing(appointment):
    viewer = _client(_in_group("controller", "view_appointment"))
    assert viewer.get(f"{ROOT}/appointments/").status_code == 200
    before = Appointment.objects.values().get()
    for act in ("edit", "delete"):
        address = f"{ROOT}/appointments/{act}/{appointment.pk}/"
        assert viewer.get(address).status_code == 404
        assert viewer.post(address, {"acting": "on"}).status_code == 404
    assert viewer.post(f"{ROOT}/appointments/create/", {}).status_code == 404
    assert Appointment.objects.values().get() == before


def test_hr_appoints(hr, appointment):
    person, position = PersonFactory(), PositionFactory()
    data = {"person": person.pk, "position": position.pk, "starts": "2026-01-01", "ends": ""}
    assert hr.post(f"{ROOT}/appointments/create/", data).status_code == 302
    assert Appointment.objects.get(person=person).position == position


@pytest.mark.parametrize("days", [("2026-01-01", ""), ("2019-01-01", ""), ("2025-01-01", "2025-02-01")])
def test_an_overlap_is_refused_with_a_reason_and_changes_nothing(hr, appointment, days):
    before = list(Appointment.objects.values())
    data = {
        "person": PersonFactory().pk,
        "position": appointment.position_id,
        "starts": days[0],
        "ends": days[1],
    }
    response = hr.post(f"{ROOT}/appointments/create/", data)
    assert response.status_code == 200
    assert "Kari Myrdalsberg" in response.content.decode()
    assert list(Appointment.objects.values()) == before


def test_hr_ends_an_appointment_and_appoints_the_next(hr, appointment):
    address = f"{ROOT}/appointments/edit/{appointment.pk}/"
    data = {"person": appointment.person_id, "position": appointment.position_id, "starts": "2020-01-01"}
    # The day before it began, and then a day after.
    assert hr.post(address, {**data, "ends": "2019-12-31"}).status_code == 200
    assert Appointment.objects.get().ends is None
    assert hr.post(address, {**data, "ends": "2026-05-31"}).status_code == 302
    assert Appointment.objects.get().ends == date(2026, 5, 31)
    then = {**data, "person": PersonFactory().pk, "starts": "2026-06-01", "ends": ""}
    assert hr.post(f"{ROOT}/appointments/create/", then).status_code == 302
    assert Appointment.objects.filter(position=appointment.position).count() == 2


def test_a_circle_is_refused_and_changes_nothing(hr):
    above = PositionFactory(title="Skolesjef")
    below = PositionFactory(title="Rektor", reports_to=above)
    data = {
        "title": "Skolesjef",
        "code": above.code,
        "unit": above.unit_id,
        "group": 2,
        "hta_chapter": "3.4.2",
        "reports_to": below.pk,
        "active": "on",
    }
    response = hr.post(f"{ROOT}/positions/edit/{above.pk}/", data)
    assert response.status_code == 200
    assert "Rektor" in str(response.context["form"].errors)
    assert Position.objects.get(pk=above.pk).reports_to is None


def test_deleting_what_is_referred_to_says_how_many_and_not_whom(hr, appointment):
    position = appointment.position
    response = hr.post(f"{ROOT}/positions/delete/{position.pk}/", follow=True)
    assert response.status_code == 200
    assert "Myrdalsberg" not in response.content.decode()
    (message,) = [str(message) for message in response.context["messages"]]
    assert "1" in message
    assert Position.objects.filter(pk=position.pk).exists()


def test_deleting_an_empty_unit(hr):
    unit = UnitFactory()
    assert hr.post(f"{ROOT}/units/delete/{unit.pk}/").status_code == 302
    assert not Unit.objects.exists()


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_as_many_queries_for_30_as_for_1(hr, name, appointment, django_assert_max_num_queries):
    hr.get(f"{ROOT}/{name}/")
    with django_assert_max_num_queries(100) as one:
        hr.get(f"{ROOT}/{name}/")
    for _ in range(30):
        AppointmentFactory(position__reports_to=appointment.position, position__unit__parent=UnitFactory())
    with django_assert_max_num_queries(len(one)):
        hr.get(f"{ROOT}/{name}/")


def test_no_list_asks_for_the_pictures_of_djangos_own_admin():
    """Yes and no as pictures come from `django.contrib.admin`, which is not installed."""
    from leder.wagtail_hooks import LeaderAgreementsGroup

    for item in LeaderAgreementsGroup.items:
        for name in item.list_display:
            column = getattr(item, name, None)
            assert not getattr(column, "boolean", False)
            if column is None:
                assert not isinstance(item.model._meta.get_field(name), models.BooleanField)


def test_every_model_admin_of_the_plugin_is_hardened():
    from leder.wagtail_hooks import LeaderAgreementsGroup

    assert all(issubclass(item, HardenedModelAdmin) for item in LeaderAgreementsGroup.items)
    assert not any(item.history_view_enabled for item in LeaderAgreementsGroup.items)
