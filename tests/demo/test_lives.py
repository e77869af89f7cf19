"""The dates of an agreement's life: in order, cut at today, and showing what a scene is to show."""

from dataclasses import fields, replace
from datetime import date, datetime, timedelta

import pytest

from leder.agreements.states import State
from lorenskog_intranet.demo.lives import (
    ZONE,
    Life,
    cut,
    draw_life,
    draw_scene,
    opens,
    with_follow_up_ahead,
    working_day,
)
from lorenskog_intranet.demo.people import draw

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
DAYS = [
    date(2026, 11, 23),
    date(2026, 11, 28),
    date(2026, 11, 1),
    date(2027, 1, 1),
    date(2027, 3, 31),
    date(2027, 7, 18),
    date(2028, 2, 29),
]


def _lives(count=200, year=2026):
    return [draw_life(draw("test", number), year, opens(year, NOW.date())) for number in range(count)]


def test_the_same_seed_gives_the_same_life():
    assert _lives() == _lives()


def test_steps_come_in_order():
    for life in _lives():
        assert life.opened < life.called < life.starts < life.held
        if life.leader_ready:
            assert life.opened < life.leader_ready < life.starts
            assert life.opened < life.superior_ready < life.starts
        assert life.held < life.leader_signed
        assert life.held < life.superior_signed
        assert life.signed < life.called_again < life.starts_again < life.held_again < life.confirmed


def test_nothing_but_a_called_conversation_lies_ahead():
    for life in _lives() + _lives(year=2027):
        kept = cut(life, NOW)
        for step in fields(Life):
            value = getattr(kept, step.name) if kept else None
            assert value is None or value <= NOW or step.name in ("starts", "starts_again")


def test_an_agreement_not_yet_opened_is_none():
    assert cut(Life(opened=NOW + timedelta(minutes=1)), NOW) is None


def test_most_are_signed_in_time_and_some_are_late():
    held = [life.held.date() for life in _lives(500)]
    late = sum(day > date(2026, 3, 31) for day in held)
    assert 5 < late < 100


def test_the_coming_year_has_every_state():
    states = {life.state if (life := cut(whole, NOW)) else None for whole in _lives(500, 2027)}
    assert states == {None, State.OPENED, State.PREPARED, State.DISCUSSED, State.SIGNING, State.SIGNED}


def test_last_year_is_signed_and_mostly_followed_up():
    states = [cut(life, NOW).state for life in _lives(500)]
    assert 0.6 < states.count(State.FOLLOWED_UP) / 500 < 0.95
    assert set(states) == {State.SIGNED, State.FOLLOWED_UP}


def test_nothing_follows_what_was_replaced_or_ended():
    stop = datetime(2026, 7, 1, 12, tzinfo=ZONE)
    for life in _lives(50):
        for how, state in (("replaced", State.REPLACED), ("ended", State.ENDED)):
            kept = cut(replace(life, **{how: stop}), NOW)
            assert kept.state == state
            assert kept.state_changed == stop
            assert kept.held_again is None
            assert kept.starts_again is None
            assert kept.confirmed is None


SCENES = {
    "untouched": State.OPENED,
    "opened": State.OPENED,
    "leader_ready": State.OPENED,
    "superior_ready": State.OPENED,
    "prepared": State.PREPARED,
    "discussed": State.DISCUSSED,
    "signing": State.SIGNING,
    "signed": State.SIGNED,
}


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_shows_its_state_on_any_day(scene, day):
    for hour in (0, 7, 12, 23):
        now = datetime.combine(day, datetime.min.time(), ZONE) + timedelta(hours=hour)
        life = cut(draw_scene(draw("test", scene), scene, now), now)
        assert life.state == SCENES[scene]
        assert life.opened.date() >= opens((day + timedelta(days=61)).year, day)


def test_ready_is_ready_on_one_side():
    life = draw_scene(draw("test"), "superior_ready", NOW)
    assert life.superior_ready
    assert life.leader_ready is None
    assert life.starts > NOW


def test_not_opened_is_no_life():
    assert draw_scene(draw("test"), "not_opened", NOW) is None


def test_a_follow_up_still_to_come():
    life = cut(with_follow_up_ahead(draw("test"), _lives(1)[0], NOW), NOW)
    assert life.state == State.SIGNED
    assert life.called_again < NOW < life.starts_again


@pytest.mark.parametrize(
    ("steps", "expected"),
    [(-1, date(2026, 11, 20)), (1, date(2026, 11, 24)), (-5, date(2026, 11, 16)), (5, date(2026, 11, 30))],
)
def test_working_days_leave_out_weekends(steps, expected):
    assert working_day(date(2026, 11, 23), steps) == expected
