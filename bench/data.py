"""Scratch databases: the demo's organisation and agreements in bulk, and the people whose pages are measured."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from guardian.models import UserObjectPermission

from bench import writing
from bench.models import Paper
from leder.agreements import actions
from leder.agreements.actions.opening import pinned_editions
from leder.agreements.models import Agreement, Round
from leder.agreements.states import State
from leder.organisation.models import Appointment, Position, Unit

# What the demo makes of one leader position in three years: some are vacant, the first has no superior.
AGREEMENTS_A_LEADER = 2.52
YEARS = 3
SUPERIORS = {"superior12": 12, "superior200": 200}
BATCH = 5000


def is_built() -> bool:
    """Whether this size is there from an earlier run."""
    return "bench_paper" in connection.introspection.table_names() and Paper.objects.exists()


def build(size: int) -> None:
    """Make the database of a size. Takes some minutes for the largest."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("site_demo", leaders=max(12, round(size / AGREEMENTS_A_LEADER)), years=YEARS, seed=1)
    _make_people()
    _make_papers()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _make_people() -> None:
    """Superiors with 12 and 200 reports, and the leader whose agreements are of the usual size in every state."""
    newest = Round.objects.order_by("-year")[0]
    editions = pinned_editions(newest)
    for name, reports in SUPERIORS.items():
        superior, position = _make_leader(name, None)
        for number in range(reports):
            person, own = _make_leader(f"{name}-{number}", position)
            actions.open_agreement(
                year_round=newest,
                position=own,
                leader=person,
                superior=superior,
                superior_position=position,
                editions=editions,
            )
    superior = get_user_model().objects.get(username="superior12")
    for agreement, state in zip(
        Agreement.objects.filter(superior=superior).order_by("pk"),
        (State.OPENED, State.PREPARED, State.DISCUSSED, State.SIGNED),
        strict=False,
    ):
        writing.write(agreement, state)
    editor = get_user_model().objects.create_user("bench-editor")
    editor.groups.add(Group.objects.get(name="Kommunikasjon"))
    staff = get_user_model().objects.create_user("bench-staff")
    staff.groups.add(Group.objects.get(name="Kommunedirektørens stab"))


def _make_leader(name: str, reports_to: Position | None) -> tuple[Any, Position]:
    person = get_user_model().objects.create_user(name, first_name="Maja", last_name=f"Målegård {name}")
    position = Position.objects.create(
        code=f"bench-{name}",
        title="Avdelingsleder",
        unit=Unit.objects.create(code=f"bench-{name}", name=f"Avdeling {name}", kind="department"),
        group=3,
        hta_chapter="5",
        reports_to=reports_to,
    )
    Appointment.objects.create(
        position=position, person=person, starts=timezone.localdate() - dt.timedelta(400)
    )
    return person, position


def _make_papers() -> None:
    """As many papers as agreements, each with two generic permissions, the largest superior's among them."""
    with connection.schema_editor() as editor:
        editor.create_model(Paper)
    content_type, _created = ContentType.objects.get_or_create(app_label="bench", model="paper")
    permission, _created = Permission.objects.get_or_create(content_type=content_type, codename="party_paper")
    parties = list(Agreement.objects.order_by("pk").values_list("pk", "leader_id", "superior_id"))
    Paper.objects.bulk_create([Paper(pk=pk) for pk, _leader, _superior in parties], batch_size=BATCH)
    UserObjectPermission.objects.bulk_create(
        (
            UserObjectPermission(
                user_id=user_id, permission=permission, content_type=content_type, object_pk=str(pk)
            )
            for pk, *both in parties
            for user_id in both
        ),
        batch_size=BATCH,
    )


def counts() -> dict[str, int]:
    """How much there is, for the report."""
    return {
        model.__name__: model._default_manager.count()
        for model in apps.get_app_config("leder").get_models()
        if model.__name__ in ("Agreement", "Entry", "Signature", "Position")
    }
