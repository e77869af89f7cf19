"""Opening a year: one agreement a leader, in batches that can be stopped and gone on with."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from leder.agreements import actions
from leder.agreements.actions import RuleBroken
from leder.agreements.actions import opening as one_by_one
from leder.agreements.models import Agreement, AgreementUserObjectPermission, DataKey, Event, ReadingHead
from leder.agreements.reading import log as reading_log
from leder.agreements.states import State
from leder.agreements.vault.cipher import cipher_of
from leder.safekeeping.verification import findings
from leder.year import opening
from leder.year.models import Opening
from tests.factories import make_agreement, make_position
from tests.year.conftest import YEAR, appoint, make_leaders, position_of

pytestmark = pytest.mark.django_db


def open_year(hr, year_round):
    begun = opening.begin(actor=hr, year_round=year_round)
    opening.run(begun)
    begun.refresh_from_db()
    return begun


@pytest.mark.parametrize("number", [0, 1, 12])
def test_one_agreement_a_leader(hr, year_round, number):
    superior, top, leaders = make_leaders(number)
    done = open_year(hr, year_round)
    year_round.refresh_from_db()
    assert year_round.opened_at is not None
    assert (done.total, done.done, done.skipped, done.failure) == (number, number, 1, "")
    assert done.finished_at is not None
    assert done.percent == 100
    agreements = Agreement.objects.all()
    assert {agreement.leader for agreement in agreements} == set(leaders)
    for agreement in agreements:
        assert (agreement.superior, agreement.superior_position) == (superior, top)
        assert agreement.state == State.OPENED


def test_everything_an_agreement_begins_with_is_there(hr, year_round):
    superior, _top, (leader,) = make_leaders(1)
    open_year(hr, year_round)
    agreement = Agreement.objects.get()
    assert agreement.opened_at == agreement.state_changed_at
    assert (agreement.leader_title, agreement.superior_title) == ("Avdelingsleder", "Kommunedirektør")
    assert agreement.unit_name == position_of(leader).unit.name
    assert {agreement.platform_edition.kind, agreement.letter_edition.kind, agreement.form_edition.kind} == {
        "platform",
        "letter",
        "form",
    }
    for person in (leader, superior):
        assert list(Agreement.objects.visible_to(person)) == [agreement]
    assert not Agreement.objects.visible_to(hr)
    assert cipher_of(agreement).open(cipher_of(agreement).seal({"a": "b"}, "x"), "x") == {"a": "b"}
    assert reading_log.first_fault(agreement) is None
    event = agreement.events.get()
    assert (event.kind, event.actor) == (Event.Kind.OPENED, None)
    # A whole sentence: there is no name before it.
    assert event.words != event.get_kind_display()
    assert list(findings()) == []


def test_the_same_rows_as_one_by_one(hr, year_round):
    """What many get at once is what one gets alone."""
    superior, top, leaders = make_leaders(2)
    open_year(hr, year_round)
    Agreement.objects.filter(leader=leaders[1]).update(state=State.ENDED)
    alone = actions.open_agreement(
        year_round=year_round,
        position=position_of(leaders[1]),
        leader=leaders[1],
        superior=superior,
        superior_position=top,
    )
    many = Agreement.objects.get(leader=leaders[0])

    def shape(agreement):
        differ = ("id", "uuid", "leader_id", "position_id", "unit_name", "opened_at", "state_changed_at")
        values = Agreement.objects.filter(pk=agreement.pk).values().get()
        return (
            {name: value for name, value in values.items() if name not in differ},
            agreement.events.count(),
            agreement.agreementuserobjectpermission_set.count(),
            DataKey.objects.filter(agreement=agreement).count(),
            ReadingHead.objects.filter(agreement=agreement).count(),
        )

    assert shape(alone) == shape(many)


def test_last_years_agreement_comes_before_it(hr, year_round):
    _superior, _top, leaders = make_leaders(2)
    last = make_agreement(leader=leaders[0], year=YEAR - 1, state=State.SIGNED)
    ended = make_agreement(leader=leaders[1], year=YEAR - 1)
    actions.end_agreement(agreement=ended)
    open_year(hr, year_round)
    previous = dict(Agreement.objects.filter(round=year_round).values_list("leader", "previous"))
    assert (previous[leaders[0].pk], previous[leaders[1].pk]) == (last.pk, None)


def test_who_has_one_keeps_it(hr, year_round):
    _superior, _top, leaders = make_leaders(3)
    own = actions.open_agreement(
        year_round=year_round,
        position=position_of(leaders[0]),
        leader=leaders[0],
        superior=leaders[1],
        superior_position=position_of(leaders[1]),
    )
    done = open_year(hr, year_round)
    assert (done.total, done.done) == (3, 3)
    assert Agreement.objects.get(leader=leaders[0]) == own
    assert Agreement.objects.count() == 3


def test_two_positions_one_agreement(hr, year_round):
    _superior, top, (leader,) = make_leaders(1)
    own, second = position_of(leader), make_position(reports_to=top)
    appoint(leader, second, acting=True)
    open_year(hr, year_round)
    assert Agreement.objects.get(leader=leader).position == own


@pytest.mark.parametrize("name", ["platform_page", "letter_page", "form_page"])
def test_text_that_is_not_published_stops_it(hr, year_round, texts, name):
    make_leaders(2)
    texts[name].unpublish()
    with pytest.raises(RuleBroken):
        opening.begin(actor=hr, year_round=year_round)
    year_round.refresh_from_db()
    assert year_round.opened_at is None
    assert not Opening.objects.exists()
    assert not Agreement.objects.exists()


def test_a_year_that_is_over_is_not_opened(hr, year_round, november):
    make_leaders(1)
    november.move_to("2028-01-03")
    with pytest.raises(RuleBroken):
        opening.begin(actor=hr, year_round=year_round)
    assert not Opening.objects.exists()


class Killed(BaseException):
    """As a signal from outside: nobody catches it."""


def test_killed_in_the_third_batch_it_goes_on(hr, year_round, monkeypatch):
    make_leaders(12)
    monkeypatch.setattr(opening, "BATCH", 3)
    real, batches = opening._open_some, []

    def dies_in_the_third(*args):
        opened = real(*args)
        batches.append(opened)
        if len(batches) == 3:
            raise Killed
        return opened

    monkeypatch.setattr(opening, "_open_some", dies_in_the_third)
    begun = opening.begin(actor=hr, year_round=year_round)
    with pytest.raises(Killed):
        opening.run(begun)
    begun.refresh_from_db()
    # The third batch is undone, the first two stand with all that belongs to them.
    assert (begun.done, begun.total, begun.finished_at, begun.failure) == (6, 12, None, "Killed")
    assert begun.has_stopped
    for model, each in (
        (Agreement, 1),
        (DataKey, 1),
        (ReadingHead, 1),
        (Event, 1),
        (AgreementUserObjectPermission, 2),
    ):
        assert model.objects.count() == 6 * each

    monkeypatch.setattr(opening, "_open_some", real)
    again = opening.begin(actor=hr, year_round=year_round)
    assert again == begun
    assert not again.has_stopped
    opening.run(again)
    again.refresh_from_db()
    assert (again.done, again.total, again.failure) == (12, 12, "")
    assert Agreement.objects.values("leader").distinct().count() == Agreement.objects.count() == 12
    assert list(findings()) == []


def test_run_again_changes_nothing(hr, year_round):
    make_leaders(4)
    done = open_year(hr, year_round)
    before = list(Agreement.objects.order_by("pk").values())
    opening.run(done)
    assert list(Agreement.objects.order_by("pk").values()) == before
    assert Opening.objects.get().finished_at == done.finished_at
    with pytest.raises(RuleBroken):
        opening.begin(actor=hr, year_round=year_round)


def test_a_superior_who_opens_one_meanwhile_wins(hr, year_round, monkeypatch):
    """The database refuses the batch; the others in it are opened one by one."""
    superior, top, leaders = make_leaders(5)
    begun = opening.begin(actor=hr, year_round=year_round)
    real = one_by_one._having

    def overtaken(*args):
        found = real(*args)
        monkeypatch.setattr(one_by_one, "_having", real)
        actions.open_agreement(
            year_round=year_round,
            position=position_of(leaders[2]),
            leader=leaders[2],
            superior=superior,
            superior_position=top,
            actor=superior,
        )
        return found

    monkeypatch.setattr(one_by_one, "_having", overtaken)
    opening.run(begun)
    assert Agreement.objects.count() == 5
    assert Agreement.objects.get(leader=leaders[2]).events.get().actor == superior
    begun.refresh_from_db()
    assert (begun.done, begun.total) == (5, 5)


def test_the_database_lets_nobody_have_two(hr, year_round):
    _superior, _top, leaders = make_leaders(2)
    open_year(hr, year_round)
    first, second = Agreement.objects.order_by("pk")
    for changes in ({"position": second.position}, {}):
        again = Agreement.objects.get(pk=first.pk)
        again.pk, again.uuid = None, uuid.uuid4()
        for name, value in changes.items():
            setattr(again, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            again.save()
    assert Agreement.objects.count() == 2


def asked(number, hr, year_round):
    make_leaders(number)
    begun = opening.begin(actor=hr, year_round=year_round)
    with CaptureQueriesContext(connection) as captured:
        opening.run(begun)
    kinds = [query["sql"].split(" ", 1)[0] for query in captured]
    return len(kinds) - kinds.count("INSERT"), kinds.count("INSERT")


@pytest.mark.parametrize("number", [1, 12, 250])
def test_the_price_of_a_batch_does_not_grow(hr, year_round, number):
    others, inserts = asked(number, hr, year_round)
    assert others <= 45
    # SQLite takes 999 values a statement, so that 250 agreements are 6 statements.
    assert inserts <= (40 if connection.vendor == "sqlite" else 12)
    assert Agreement.objects.count() == number


def test_hrs_log_tells_figures_and_no_names(hr, year_round):
    _superior, _top, leaders = make_leaders(2)
    open_year(hr, year_round)
    entries = ModelLogEntry.objects.filter(action__startswith="leder.").order_by("pk")
    assert [(entry.action, entry.user, entry.data) for entry in entries] == [
        ("leder.open_round", hr, {"leaders": 2}),
        ("leder.open_agreements", hr, {"agreements": 2, "without": 1}),
    ]
    for entry in entries:
        assert entry.label == str(YEAR)
        assert entry.message
        assert leaders[0].last_name not in str(entry.message)
