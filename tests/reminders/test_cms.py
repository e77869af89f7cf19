"""HR's pages: figures by week, the plan, the timing, the texts, and how the mails look. Who else gets there: nobody."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from leder.agreements.states import State
from leder.languages import choices
from leder.pages import roles
from leder.reminders.figures import planned
from leder.reminders.kinds import Kind
from leder.reminders.models import Digest, ReminderPlan, ReminderText
from tests import factories
from tests.reminders.helpers import YEAR, at, day, make_pair, run

pytestmark = pytest.mark.django_db
PAGE, PREVIEW = "/cms/leder/reminders/", "/cms/leder/reminders/preview/"
TEXTS = "/cms/leder/reminder-texts/"
PLAN = {"weekday": "2", "missing_days": "50", "uncalled_days": "20", "step_days": "10"}


@pytest.fixture
def hr(client: Any) -> Any:
    """HR's browser."""
    roles.set_up_roles()
    person = factories.make_user()
    person.groups.add(Group.objects.get(name=roles.HR))
    client.force_login(person)
    client.person = person
    return client


def seen_on(hr: Any, today: Any, path: str, **query: str) -> Any:
    """A page as HR sees it on a day, signed in that day."""
    with at(today):
        hr.force_login(hr.person)
        return hr.get(path, query)


@pytest.fixture
def pair() -> Any:
    with at(day(1, 11)):
        return make_pair(superior="Overmann", last_name="Undersått")


class TestFigures:
    def test_how_many_went_in_which_week_never_to_whom(self, hr: Any, pair: Any) -> None:
        run(day(4, 5))
        run(day(4, 12))
        Digest.objects.create(person=factories.make_user(), week_start=day(4, 12), kinds={"step": 1})
        answer = seen_on(hr, day(4, 14), PAGE)
        assert [(week.monday, week.sent, week.unknown) for week in answer.context["weeks"]] == [
            (day(4, 12), 2, 1),
            (day(4, 5), 2, 0),
        ]
        [week] = [dict(zip(Kind, week.kinds, strict=True)) for week in answer.context["weeks"][:1]]
        assert {kind: count for kind, count in week.items() if count} == {Kind.OVERDUE: 2, Kind.STEP: 1}
        said = answer.content.decode()
        assert "Overmann" not in said
        assert "Undersått" not in said

    def test_none(self, hr: Any) -> None:
        answer = hr.get(PAGE)
        assert answer.status_code == 200
        assert answer.context["weeks"] == answer.context["begun"] == answer.context["to_come"] == []

    def test_what_comes_next_is_on_days_for_mail_and_counted(self, pair: Any) -> None:
        with at(day(3, 1)):
            rows = planned(day(3, 1), ReminderPlan())
        assert [(row.day, row.kind, row.agreements) for row in rows] == [
            (day(2, 1), Kind.MISSING, None),  # 30 January is a Saturday
            (day(3, 1), Kind.UNCALLED, 1),
            (day(3, 17), Kind.STEP, 1),
            (day(4, 1), Kind.OVERDUE, 1),
            (day(8, 2), Kind.AUTUMN, 0),  # 1 August is a Sunday
            (day(12, 1), Kind.UNCALLED, 0),
            (day(12, 17), Kind.STEP, 0),
            (day(1, 3, YEAR + 1), Kind.OVERDUE, 0),
        ]

    def test_of_the_year_before_what_is_left(self, pair: Any) -> None:
        with at(day(10, 1)):
            factories.bring_to(pair, State.SIGNED)
            factories.make_round(YEAR + 1)
        rows = planned(day(11, 1), ReminderPlan())
        assert {row.kind for row in rows if row.year == YEAR} == {
            Kind.AUTUMN, Kind.UNCALLED, Kind.STEP, Kind.OVERDUE,
        }  # fmt: skip

    @pytest.mark.parametrize("pairs", [1, 30])
    def test_the_price(self, hr: Any, pairs: int, django_assert_max_num_queries: Any) -> None:
        with at(day(1, 11)):
            for _number in range(pairs):
                make_pair()
        run(day(4, 5))
        seen_on(hr, day(4, 5), PAGE)
        with at(day(4, 5)), django_assert_max_num_queries(16):
            assert hr.get(PAGE).status_code == 200


class TestTiming:
    def test_hr_changes_it_and_the_log_says_so(self, hr: Any) -> None:
        assert hr.post(PAGE, PLAN).status_code == 302
        plan = ReminderPlan.objects.get()
        assert (plan.weekday, plan.missing_days, plan.step_days) == (2, 50, 10)
        hr.post(PAGE, {**PLAN, "step_days": "12"})
        assert ReminderPlan.objects.get().step_days == 12
        entry = ModelLogEntry.objects.filter(action="leder.change_reminder_plan").latest("pk")
        assert entry.data == {"step_days": 12}
        assert entry.user == hr.person

    def test_nothing_changed_is_nothing_logged(self, hr: Any) -> None:
        hr.post(PAGE, PLAN)
        hr.post(PAGE, PLAN)
        assert ModelLogEntry.objects.count() == 1

    @pytest.mark.parametrize("wrong", [{"weekday": "6"}, {"step_days": "0"}, {"missing_days": "121"}])
    def test_what_is_wrong_is_said(self, hr: Any, wrong: dict[str, str]) -> None:
        answer = hr.post(PAGE, {**PLAN, **wrong})
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == set(wrong)
        assert not ReminderPlan.objects.exists()


class TestPreview:
    @pytest.mark.parametrize("kind", Kind)
    def test_the_mail_in_each_language(self, hr: Any, pair: Any, kind: Kind) -> None:
        ReminderText.objects.create(
            kind=kind,
            language="nn",
            subject="Til {navn}, {frist}",
            introduction="Hei på deg",
            closing="Helsing",
        )
        answer = seen_on(hr, day(2, 1), PREVIEW, kind=kind.value)
        shown = {each.language: each for each in answer.context["examples"]}
        assert list(shown) == [language for language, _name in choices()]
        assert shown["nn"].subject.startswith("Til Kari Eksempel, ")
        assert "{" not in "".join(each.subject + each.text for each in shown.values())
        assert "Hei på deg" in shown["nn"].text
        assert "Hei på deg" not in shown["nb"].text
        assert html.escape(shown["en"].text.splitlines()[0]) in answer.content.decode()
        for person in (pair.leader, pair.superior):
            assert person.last_name not in answer.content.decode()

    def test_is_as_what_is_sent(self, hr: Any, pair: Any) -> None:
        answer = seen_on(hr, day(4, 6), PREVIEW, kind=Kind.OVERDUE.value)
        sent = run(day(4, 6))[0][pair.leader.email]
        [shown] = [each for each in answer.context["examples"] if each.language == "nb"]
        assert shown.subject == sent.subject
        assert (
            shown.text.splitlines()[0].replace("Kari Eksempel", "Kari Undersått") == sent.body.splitlines()[0]
        )

    @pytest.mark.parametrize("asked", ["", "?kind=", "?kind=nothing"])
    def test_without_a_kind_and_without_a_year(self, hr: Any, asked: str) -> None:
        assert hr.get(PREVIEW + asked).status_code == 200


class TestTexts:
    def save(self, hr: Any, **changes: str) -> Any:
        values = {
            "kind": "overdue",
            "language": "nb",
            "subject": "",
            "introduction": "",
            "closing": "",
            **changes,
        }
        return hr.post(f"{TEXTS}create/", values)

    def test_hr_writes_one_and_the_log_says_so(self, hr: Any) -> None:
        assert hr.get(f"{TEXTS}create/").status_code == 200
        assert self.save(hr, subject="Hei {navn}, innen {frist}").status_code == 302
        assert ReminderText.objects.get().subject == "Hei {navn}, innen {frist}"
        entry = ModelLogEntry.objects.get()
        assert (entry.action, entry.user) == ("wagtail.create", hr.person)

    @pytest.mark.parametrize("text", ["Hei {name}", "Hei {", "navn}", "{navn", "{{navn}}", "{0}", "{navn!r}"])
    @pytest.mark.parametrize("part", ["subject", "introduction", "closing"])
    def test_what_stands_for_nothing_is_said(self, hr: Any, part: str, text: str) -> None:
        answer = self.save(hr, **{part: text})
        assert answer.status_code == 200
        errors = answer.context["form"].errors
        assert set(errors) == {part}
        assert "{navn}" in str(errors)
        assert not ReminderText.objects.exists()

    def test_one_a_kind_and_language(self, hr: Any) -> None:
        self.save(hr)
        assert self.save(hr).context["form"].errors
        assert ReminderText.objects.count() == 1

    def test_hr_deletes_none_and_others_reach_none(self, hr: Any, client: Any) -> None:
        self.save(hr)
        pk = ReminderText.objects.get().pk
        assert hr.post(f"{TEXTS}delete/{pk}/").status_code == 404
        assert ReminderText.objects.exists()


@pytest.mark.parametrize(
    "group", [roles.COMMUNICATIONS, roles.APPROVERS, roles.DIRECTOR_STAFF, roles.OPERATIONS]
)
def test_others_in_the_cms_find_nothing(client: Any, group: str) -> None:
    roles.set_up_roles()
    person = factories.make_user()
    person.groups.add(Group.objects.get(name=group))
    client.force_login(person)
    for path in (PAGE, PREVIEW, TEXTS, f"{TEXTS}create/"):
        assert client.get(path).status_code == 404
    assert client.post(PAGE, PLAN).status_code == 404
    assert not ReminderPlan.objects.exists()
    assert reverse("leder_reminders") not in client.get("/cms/").content.decode()


def test_a_menu_item_for_hr(hr: Any) -> None:
    assert timezone.localdate()
    assert reverse("leder_reminders") in hr.get("/cms/").content.decode()
