"""Gives what was there before signatures its office, its date of deletion, its signatures and an empty reading log."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import migrations

from leder import conf
from leder.agreements import keyed


def sign_existing(apps: Any, schema_editor: Any) -> None:
    """Sign grants and ready-dates as they stand: from here on only the plugin makes them."""
    agreements = apps.get_model("leder", "Agreement")
    grants = apps.get_model("leder", "AgreementUserObjectPermission")
    heads = apps.get_model("leder", "ReadingHead")
    appointments = apps.get_model("leder", "Appointment")
    for year_round in apps.get_model("leder", "Round").objects.filter(text_deleted_on=None):
        year_round.text_deleted_on = dt.date(year_round.year + conf.retention_years(), 12, 31)
        year_round.save(update_fields=["text_deleted_on"])
    for agreement in agreements.objects.select_related("position").iterator():
        held = appointments.objects.filter(person_id=agreement.superior_id).order_by("-starts").first()
        agreement.superior_position_id = (
            held.position_id if held else agreement.position.reports_to_id or agreement.position_id
        )
        for role in ("leader", "superior"):
            at = getattr(agreement, f"{role}_ready_at")
            moment = at.astimezone(dt.UTC).isoformat() if at else ""
            mac = keyed.sign("ready", agreement.uuid, role, moment) if at else ""
            setattr(agreement, f"{role}_ready_mac", mac)
        agreement.save(update_fields=["superior_position", "leader_ready_mac", "superior_ready_mac"])
        heads.objects.create(agreement=agreement, mac=keyed.sign("readings", agreement.uuid, 0, ""))
    for grant in grants.objects.select_related("content_object").iterator():
        parties = {grant.content_object.leader_id: "leader", grant.content_object.superior_id: "superior"}
        if role := parties.get(grant.user_id, ""):
            grant.role = role
            grant.mac = keyed.sign("grant", grant.content_object.uuid, grant.user_id, role)
            grant.save(update_fields=["role", "mac"])


class Migration(migrations.Migration):
    dependencies = [("leder", "0003_signed_access")]

    operations = [migrations.RunPython(sign_existing, migrations.RunPython.noop)]
