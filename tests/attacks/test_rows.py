"""One who writes to the database deletes rows, or sets them back to what they genuinely were: SQL, and nothing else.

The keys stay with the plugin, so no row is forged here: each is one that the plugin itself has written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.utils import timezone

from leder.agreements import actions
from leder.agreements.models import Agreement, Comment, Entry, Event, Inventory, Round, RoundCount, Share
from leder.agreements.models.acts import InventoriedQuerySet, inventoried_models, one_act
from leder.agreements.states import State
from leder.conversations import actions as conversing
from leder.conversations.models import Conversation
from leder.safekeeping.deletion import delete_due_texts
from leder.safekeeping.verification import findings
from leder.sharing import actions as sharing
from tests import factories
from tests.factories import PRIVATE_SECTION, SECTION, access_of

pytestmark = pytest.mark.django_db

Row = tuple[Any, ...]


def sql(statement: str, *values: Any) -> list[Row]:
    """Run a statement past the plugin; returns the rows that it gives, if any."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def delete(model: type[models.Model], **where: Any) -> None:
    ((column, value),) = where.items()
    sql(f"DELETE FROM {model._meta.db_table} WHERE {column} = %s", value)  # noqa: S608


def dump(model: type[models.Model], **where: Any) -> Callable[[], None]:
    """Copy a table, or a row of it; returns what puts it back as it was."""
    table = model._meta.db_table
    condition, values = (f" WHERE {next(iter(where))} = %s", list(where.values())) if where else ("", [])
    columns = ", ".join(
        connection.ops.quote_name(field.column)  # type: ignore[attr-defined]
        for field in model._meta.concrete_fields
    )
    rows = sql(f"SELECT {columns} FROM {table}{condition}", *values)  # noqa: S608

    def put_back() -> None:
        sql(f"DELETE FROM {table}{condition}", *values)  # noqa: S608
        for row in rows:
            places = ", ".join(["%s"] * len(row))
            sql(f"INSERT INTO {table} ({columns}) VALUES ({places})", *row)  # noqa: S608

    return put_back


@contextmanager
def undone() -> Any:
    """What is done within is undone at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class World:
    """Two agreements as they are today, and the tables as they were last week."""

    agreement: Agreement
    other: Agreement
    comment: Comment
    entry: Entry
    share: Share
    conversation: Conversation
    last_week: dict[type[models.Model], Callable[[], None]]

    def named(self, *faults: str, agreement: Agreement | None = None) -> list[str]:
        """The lines of these faults."""
        return [f"inventory: {fault} (agreement {(agreement or self.agreement).uuid})" for fault in faults]

    def text(self) -> Any:
        """What the leader is shown of the section, and whether it is called damaged."""
        texts = factories.opened_by(self.agreement.leader, self.agreement)
        answer = texts.answers.get(SECTION)
        return SECTION in texts.damaged, answer and answer.payload["note"]


def write(agreement: Agreement, note: str, version: int) -> Entry:
    return actions.save_section(
        access_of(agreement.leader, agreement),
        section_id=SECTION,
        version=version,
        payload={"note": note, "answers": {}, "choices": [], "goals": []},
    )


def prepare(agreement: Agreement) -> Entry:
    return conversing.save_preparation(
        access_of(agreement.leader, agreement),
        section_id=SECTION,
        version=0,
        payload={"note": "Bare min", "answers": {}, "choices": [], "goals": []},
    )


@pytest.fixture
def world() -> World:
    agreement, other = (factories.make_agreement() for _number in range(2))
    for each in (agreement, other):
        write(each, "Før", 0)
        prepare(each)
    conversing.mark_ready(access_of(agreement.leader, agreement))
    share = factories.share(agreement, factories.make_user(), section_id=SECTION)
    conversation = conversing.call(
        access_of(agreement.superior, agreement),
        starts_at=timezone.now() + dt.timedelta(days=9),
        minutes=60,
        place="Rådhuset",
    )
    tables = [*inventoried_models(), Inventory, RoundCount]
    last_week = {model: dump(model) for model in tables if model is not Agreement}
    last_week[Agreement] = dump(Agreement, id=agreement.pk)
    entry = write(agreement, "Etter", 1)
    comment = actions.add_comment(
        access_of(agreement.superior, agreement), section_id=SECTION, text="Ikke dette"
    )
    conversing.take_back(access_of(agreement.leader, agreement))
    sharing.withdraw(access_of(agreement.leader, agreement), share)
    conversing.cancel(access_of(agreement.superior, agreement), conversation)
    return World(agreement, other, comment, entry, share, conversation, last_week)


def test_a_row_that_is_gone_moved_changed_or_set_back_is_named(world: World) -> None:
    assert list(findings(with_texts=True)) == []
    agreement, other, comment, entry = world.agreement, world.other, world.comment, world.entry
    event = agreement.events.get(kind=Event.Kind.CANCELLED)
    preparation = agreement.entries.get(kind=Entry.Kind.PREPARATION)

    with undone():
        delete(Comment, id=comment.pk)
        assert list(findings()) == world.named(f"comment {comment.pk} is gone")
        # What the two do afterwards neither hides nor adds to it.
        write(agreement, "Videre", 2)
        assert list(findings()) == world.named(f"comment {comment.pk} is gone")
    with undone():
        delete(Event, id=event.pk)
        assert list(findings()) == world.named(f"event {event.pk} is gone")
    with undone():
        delete(Entry, id=preparation.pk)
        assert list(findings()) == world.named(f"entry {preparation.pk} is gone")
    with undone():
        sql("UPDATE leder_event SET actor_id = %s WHERE id = %s", agreement.leader_id, event.pk)
        assert list(findings()) == world.named(f"event {event.pk} is not as it was last written")
    with undone():
        sql("UPDATE leder_comment SET agreement_id = %s WHERE id = %s", other.pk, comment.pk)
        assert set(findings()) == {
            *world.named(f"comment {comment.pk} is gone"),
            *world.named(
                f"comment {comment.pk} is not the plugin's, or is another agreement's", agreement=other
            ),
        }
        # Nor does it open there.
        assert SECTION in factories.opened_by(other.leader, other).damaged
    with undone():
        sql(
            "INSERT INTO leder_event (agreement_id, kind, actor_id, section_id, at)"
            " SELECT agreement_id, 'ended', actor_id, section_id, at FROM leder_event WHERE id = %s",
            event.pk,
        )
        added = agreement.events.latest("pk")
        assert list(findings()) == world.named(
            f"event {added.pk} is not the plugin's, or is another agreement's"
        )
    with undone():
        world.last_week[Entry]()
        expected = world.named(f"entry {entry.pk} is not as it was last written")
        assert list(findings()) == expected
        # It is the two's own words, so they are shown; what is written from there on does not hide it.
        assert world.text() == (False, "Før")
        write(agreement, "Videre", 1)
        assert list(findings()) == expected


def test_last_weeks_dump_of_any_one_table_is_named(world: World) -> None:
    pk, share, called = world.agreement.pk, world.share.pk, world.conversation.pk
    events = list(world.agreement.events.order_by("-pk").values_list("pk", flat=True)[:3])
    expected = {
        Agreement: [f"agreement {pk} is not as it was last written"],
        Comment: [f"comment {world.comment.pk} is gone"],
        Conversation: [f"conversation {called} is not as it was last written"],
        Entry: [f"entry {world.entry.pk} is not as it was last written"],
        Event: [f"event {key} is gone" for key in sorted(events)],
        Share: [f"share {share} is not as it was last written"],
    }
    for model, put_back in world.last_week.items():
        if model in (Inventory, RoundCount):
            continue
        with undone():
            put_back()
            assert list(findings()) == world.named(*expected.get(model, ())), model
    with undone():
        # Every row is newer than the list.
        world.last_week[Inventory]()
        assert len(list(findings())) == sum(len(each) for each in expected.values())


def test_an_unsigned_agreement_that_is_gone_is_named(world: World) -> None:
    with undone():
        _take_away(world.other)
        assert list(findings()) == ["round 2027: 2 agreements were opened, and 1 are there"]
        # The count is not to be had back by opening another.
        factories.make_agreement()
        assert list(findings()) == ["round 2027: 3 agreements were opened, and 2 are there"]
    with undone():
        _take_away(world.other)
        sql("UPDATE leder_roundcount SET opened = 1")
        assert any(line.startswith("counts of agreements: row") for line in findings())
        factories.make_agreement()
        assert any(line.startswith("counts of agreements: row") for line in findings())
    with undone():
        sql("DELETE FROM leder_roundcount")
        assert list(findings()) == ["round 2027: 0 agreements were opened, and 2 are there"]
        factories.make_agreement()
        assert list(findings()) == ["round 2027: 1 agreements were opened, and 3 are there"]


def _take_away(agreement: Agreement) -> None:
    """The agreement, and all that hangs on it."""
    for model in apps.get_app_config("leder").get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is Agreement and model is not Agreement:
                delete(model, **{field.column: agreement.pk})  # type: ignore[arg-type]
    delete(Agreement, id=agreement.pk)


def test_an_inventory_put_in_by_hand_is_named_and_never_signed_again(world: World) -> None:
    agreement = world.agreement
    with undone():
        sql("UPDATE leder_inventory SET text = '[]' WHERE agreement_id = %s", agreement.pk)
        write(agreement, "Videre", 2)
        assert any(f"inventories: row {agreement.pk} is not genuine" in line for line in findings())
    with undone():
        delete(Inventory, agreement_id=agreement.pk)
        assert list(findings()) == world.named("it is missing")
        # The two go on as before.
        write(agreement, "Videre", 2)
        conversing.mark_ready(access_of(agreement.leader, agreement))
        assert world.text() == (False, "Videre")
        assert any(f"inventories: row {agreement.pk} is not genuine" in line for line in findings())
    with undone():
        of_other = Inventory.objects.filter(pk=world.other.pk).values_list("number", "text", "mac").get()
        sql(
            "UPDATE leder_inventory SET number = %s, text = %s, mac = %s WHERE agreement_id = %s",
            *of_other,
            agreement.pk,
        )
        assert any(f"inventories: row {agreement.pk} is not genuine" in line for line in findings())


def test_two_texts_that_are_swapped_do_not_open(world: World) -> None:
    """Ciphertext is not listed: it is bound to what is."""
    entries = [each.entries.get(section_id=SECTION, kind="answer") for each in (world.agreement, world.other)]
    for entry, text in zip(entries, [bytes(each.ciphertext) for each in reversed(entries)], strict=True):
        sql("UPDATE leder_entry SET ciphertext = %s WHERE id = %s", text, entry.pk)
    assert world.text() == (True, None)
    assert list(findings()) == []
    assert {line.split(" (")[0] for line in findings(with_texts=True)} == {
        f"entry: {entry.pk} does not open" for entry in entries
    }


def test_all_of_an_agreement_set_back_is_seen_by_what_was_noted_elsewhere(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    noted = tmp_path / "heads"
    noted.write_text(_verified(heads=True))
    caplog.set_level("INFO", "leder.seals")
    call_command("leder_tidy", stdout=StringIO())
    of_the_day = [record.getMessage() for record in caplog.records if record.name == "leder.seals"]
    in_log = tmp_path / "log"
    in_log.write_text("\n".join(line.removeprefix("head: ") for line in of_the_day))
    acts = sum(Inventory.objects.values_list("number", flat=True))
    uuid = world.agreement.uuid
    with undone():
        for put_back in world.last_week.values():
            put_back()
        assert _inventories(findings()) == []
        before = sum(Inventory.objects.values_list("number", flat=True))
        of_round = f"round 2027: its agreements had been changed {acts} times when it was noted, and {before} times now"
        assert _inventories(_verified(since=noted)) == [
            of_round,
            f"agreement {uuid}: it had been changed 12 times when it was noted, and 7 times now",
        ]
        assert _inventories(_verified(since=in_log)) == [of_round]
        # As many acts since, but others.
        for version in range(1, 6):
            write(world.agreement, f"Videre {version}", version)
        assert _inventories(_verified(since=noted)) == [
            "round 2027: its inventories are others than when it was noted",
            f"agreement {uuid}: its inventory is another than when it was noted",
        ]
    with undone():
        _take_away(world.other)
        RoundCount.objects.all().delete()
        for _number in range(2):
            factories.make_agreement(year=2028)
        assert "round 2027: it had 2 agreements when it was noted, and has 1 now" in _verified(since=noted)
        assert f"agreement {world.other.uuid}: it is gone" in _verified(since=noted)
    write(world.agreement, "Videre", 2)
    factories.make_agreement()
    assert "as the plugin wrote it" in _verified(since=noted)


def _inventories(lines: Iterable[str] | str) -> list[str]:
    """What is said of inventories and rounds: the account of the reader was forgotten in the night."""
    lines = lines.splitlines() if isinstance(lines, str) else lines
    return [line for line in lines if line.startswith(("inventory", "agreement ", "round "))]


def _verified(**options: Any) -> str:
    out = StringIO()
    try:
        call_command("leder_verify", stdout=out, **options)
    except CommandError as error:
        out.write(str(error))
    return out.getvalue()


def test_what_the_plugin_itself_takes_away_is_no_fault(world: World) -> None:
    conversing.mark_ready(access_of(world.agreement.leader, world.agreement))
    factories.propose(world.other, factories.make_user())
    factories.make_agreement(state=State.FOLLOWED_UP)
    today = timezone.localdate()
    Round.objects.update(unshared_deleted_on=today)
    assert conversing.delete_unshared_preparations(today=today) == 2
    assert list(findings(with_texts=True)) == []
    Round.objects.update(text_deleted_on=today)
    assert delete_due_texts(today=today) == 3
    assert list(findings(with_texts=True)) == []


def test_a_part_of_an_act_that_was_given_up_leaves_no_trace(world: World) -> None:
    """What an act tries and gives up is not listed; what it does beside that is."""
    with one_act():
        write(world.agreement, "Først", 2)
        with pytest.raises(ZeroDivisionError), one_act():
            write(world.agreement, "Så", 3)
            Entry.objects.filter(agreement=world.agreement, section_id=PRIVATE_SECTION).delete()
            raise ZeroDivisionError
        write(world.agreement, "Til slutt", 3)
    assert list(findings()) == []
    assert world.text() == (False, "Til slutt")


def test_every_way_to_write_such_a_row_lists_it(world: World) -> None:
    for model in inventoried_models():
        assert isinstance(model._default_manager.all(), InventoriedQuerySet), model
    entry, event = world.entry, world.agreement.events.latest("pk")
    now = timezone.now()
    Event.objects.bulk_create([Event(agreement=world.other, kind=Event.Kind.ENDED, at=now) for _n in "ab"])
    Entry.objects.filter(agreement__in=[world.agreement, world.other]).update(updated_at=now)
    Event.objects.only("at").get(pk=event.pk).save(update_fields=["at"])
    world.agreement.events.filter(pk=event.pk).delete()
    entry.refresh_from_db(fields=["version", "updated_at"])
    entry.version += 1
    entry.save()
    world.comment.delete()
    assert list(findings()) == []
