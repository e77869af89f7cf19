"""Goals through the years: each one line, with how it stood, for those who may read it."""

import pytest
from django.urls import reverse

from leder.agreements import actions
from leder.agreements.models import Entry, Reading
from leder.agreements.reading.current import open_goals
from leder.agreements.states import State
from leder.agreements.vault.bindings import entry_binding
from leder.agreements.vault.cipher import cipher_of
from leder.history.goals import goal_groups
from leder.history.years import accesses_to
from leder.safekeeping.deletion import delete_texts
from tests.factories import PRIVATE_SECTION, SECTION, access_of, make_user, sign
from tests.history.writing import make_year, set_goals, stand

pytestmark = pytest.mark.django_db


def lines(reader, agreement, *, recent=True):
    """Each goal as this reader is shown it: [(words, [(year, status, carried)])], in the order of the page."""
    found = accesses_to(agreement.leader_id, reader, recent=recent)
    texts = open_goals(found)
    return [
        (
            line.last.goal.goal,
            [(step.agreement.year, str(step.goal.status), step.is_carried) for step in line.steps],
        )
        for group in goal_groups([each.agreement for each in found], texts)
        for line in group.lines
    ]


def page_of(client, agreement):
    response = client.get(reverse("leder:history", args=[agreement.uuid]))
    assert response.status_code == 200
    return response.content.decode()


class TestLines:
    def test_a_goal_is_one_line_from_the_year_it_was_set(self, a_year):
        first = a_year(2025, "Kortere kø", "Flere i heltid")
        stand(first, **{"Kortere kø": "started", "Flere i heltid": "reached"})
        second = a_year(2026, "Ny avdeling")
        stand(second, **{"Kortere kø": "started"})
        third = a_year(2027, state=State.DISCUSSED)
        assert lines(third.leader, third) == [
            ("Kortere kø", [(2025, "started", False), (2026, "started", True), (2027, "started", True)]),
            ("Ny avdeling", [(2026, "open", False), (2027, "open", True)]),
            ("Flere i heltid", [(2025, "reached", False)]),
        ]
        assert lines(third.superior, first) == lines(third.leader, third)

    def test_one_year_and_none(self, a_year):
        only = a_year(2027, "Kortere kø", state=State.OPENED)
        assert lines(only.leader, only) == [("Kortere kø", [(2027, "open", False)])]

    def test_no_goals(self, a_year, as_user):
        only = a_year(2027, state=State.OPENED)
        assert lines(only.leader, only) == []
        assert "leder-empty" in page_of(as_user(only.leader), only)

    def test_other_words_in_a_later_year_stay_one_line(self, a_year, as_user):
        a_year(2026, "Kortere kø")
        later = a_year(2027, state=State.OPENED)
        accesses = accesses_to(later.leader_id, later.leader, recent=True)
        text = open_goals(accesses)[later.pk].answers[SECTION]
        goals = [{**goal, "goal": "Kø under to uker"} for goal in text.payload["goals"]]
        actions.save_section(
            access_of(later.leader, later),
            section_id=SECTION,
            version=text.version,
            payload={**text.payload, "goals": goals},
        )
        assert lines(later.leader, later) == [
            ("Kø under to uker", [(2026, "open", False), (2027, "open", True)])
        ]
        page = page_of(as_user(later.leader), later)
        assert "Kortere kø" in page

    def test_carried_over_twice_it_goes_on_once(self, a_year):
        first = a_year(2026, "Kortere kø")
        second = a_year(2027, state=State.OPENED, carry=False)
        row = Entry.objects.get(agreement=first, kind="answer")
        [original] = cipher_of(first).open(row.ciphertext, *entry_binding(row))["goals"]
        copies = [{**original, "id": f"copy-{n}", "carried_from": original["id"]} for n in (1, 2)]
        actions.save_section(
            access_of(second.leader, second),
            section_id=SECTION,
            version=0,
            payload={"note": "", "answers": {}, "choices": [], "goals": copies},
        )
        assert sorted(len(steps) for _words, steps in lines(second.leader, second)) == [1, 2]


class TestWho:
    def test_private_goals_ask_for_a_recent_sign_in(self, a_year, as_user):
        agreement = a_year(2026, "Spørre først", section=PRIVATE_SECTION)
        set_goals_later = a_year(2027, "Kortere kø", state=State.OPENED)
        for person in (agreement.leader, agreement.superior):
            stale = page_of(as_user(person, recent=False), agreement)
            assert "Spørre først" not in stale
            assert "Kortere kø" in stale
            assert "leder-closed" in stale
            fresh = page_of(as_user(person), set_goals_later)
            assert "Spørre først" in fresh
            assert "leder-closed" not in fresh
        assert lines(agreement.leader, agreement, recent=False) == [("Kortere kø", [(2027, "open", False)])]

    def test_a_superior_sees_the_years_with_them_alone(self, a_year, pair, as_user):
        earlier = make_user(first_name="Anne", last_name="Før")
        with_other = make_year((pair[0], earlier), 2025, "Hos en annen")
        newest = a_year(2027, "Hos deg")
        # What is not private was carried over; the year it is from is not theirs to see.
        assert lines(pair[1], newest) == [
            ("Hos en annen", [(2027, "open", True)]),
            ("Hos deg", [(2027, "open", False)]),
        ]
        assert lines(earlier, with_other) == [("Hos en annen", [(2025, "open", False)])]
        assert lines(pair[0], newest)[0] == ("Hos en annen", [(2025, "open", False), (2027, "open", True)])
        page = page_of(as_user(pair[1]), newest)
        assert "2025" not in page
        assert str(with_other.uuid) not in page
        assert as_user(pair[1]).get(reverse("leder:history", args=[with_other.uuid])).status_code == 404
        assert as_user(earlier).get(reverse("leder:history", args=[newest.uuid])).status_code == 404

    def test_reading_is_logged_and_only_what_is_shown(self, a_year, as_user):
        agreement = a_year(2026, "Kortere kø")
        a_year(2026 + 1, "Spørre først", section=PRIVATE_SECTION, state=State.OPENED)
        page_of(as_user(agreement.leader), agreement)
        assert not Reading.objects.filter(reader=agreement.leader).exclude(agreement=agreement).exists()
        page_of(as_user(agreement.superior, recent=False), agreement)
        read = Reading.objects.filter(reader=agreement.superior).values_list(
            "agreement__round__year", "section_id"
        )
        assert list(read) == [(2026, SECTION)]
        page_of(as_user(agreement.superior), agreement)
        page_of(as_user(agreement.superior), agreement)
        assert sorted(read.all()) == [(2026, SECTION), (2027, PRIVATE_SECTION)]

    def test_to_one_who_is_no_party_nothing_is_listed(self, a_year):
        agreement = a_year(2027, "Kortere kø", state=State.OPENED)
        assert accesses_to(agreement.leader_id, make_user(is_superuser=True), recent=True) == []


class TestUnusual:
    def test_deleted_text_is_told(self, a_year, as_user):
        first = a_year(2026, "Kortere kø")
        later = a_year(2027, state=State.OPENED)
        delete_texts([first.pk])
        assert lines(later.leader, later) == [("Kortere kø", [(2027, "open", True)])]
        page = page_of(as_user(later.leader), later)
        assert "2026:" in page

    def test_what_does_not_open_is_told_and_hides_no_other(self, a_year, as_user):
        first = a_year(2026, "Kortere kø", state=State.DISCUSSED)
        set_goals(first, PRIVATE_SECTION, "Spørre først")
        Entry.objects.filter(agreement=first, section_id=SECTION).update(ciphertext=b"\x01" + b"0" * 600)
        page = page_of(as_user(first.leader), first)
        assert 'data-color="danger"' in page
        assert "Spørre først" in page

    def test_what_was_signed_stands_where_the_text_was_changed_by_hand(self, a_year, as_user):
        first = a_year(2026, "Kortere kø")
        Entry.objects.filter(agreement=first, section_id=SECTION).update(ciphertext=b"\x01" + b"0" * 600)
        page = page_of(as_user(first.superior), first)
        assert "Kortere kø" in page
        assert 'data-color="danger"' in page

    def test_of_an_agreement_that_was_changed_the_standing_seal_counts(self, a_year):
        agreement = a_year(2027, "Kortere kø", state=State.SIGNING)
        set_goals(agreement, SECTION, "Flere i heltid")
        for person in (agreement.leader, agreement.superior):
            sign(agreement, person)
        assert [words for words, _ in lines(agreement.superior, agreement)] == [
            "Kortere kø",
            "Flere i heltid",
        ]
