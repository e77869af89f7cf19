"""Keys are exchanged, verified and shown; a rotation that was stopped goes on."""

import base64
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from leder.agreements import actions
from leder.agreements.models import Agreement, DataKey, ReadingHead
from leder.agreements.reading import log as reading_log
from leder.agreements.reading.current import open_texts
from leder.agreements.states import State
from leder.safekeeping import rotation
from leder.safekeeping.verification import findings
from leder.signed import signed_models
from tests.factories import SECTION, access_of, make_agreement

pytestmark = pytest.mark.django_db
NEW = base64.b64encode(b"\x07" * 32).decode()


def run(*args, **options):
    out = StringIO()
    call_command(*args, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


@pytest.fixture
def agreements():
    made = [make_agreement(state=State.PREPARED), make_agreement()]
    for agreement in made:
        actions.save_section(
            access_of(agreement.leader, agreement),
            section_id=SECTION,
            version=0,
            payload={"note": "Grågås", "answers": {}, "choices": [], "goals": []},
        )
        open_texts(access_of(agreement.superior, agreement))
    return made


def notes(agreement):
    fresh = Agreement.objects.visible_to(agreement.superior).get(pk=agreement.pk)
    texts = open_texts(access_of(agreement.superior, fresh))
    return [text.payload["note"] for text in texts.answers.values()]


def test_after_a_rotation_the_old_keys_can_go(agreements, settings):
    settings.LEDER_KEYS = [NEW, *settings.LEDER_KEYS]
    told = run("leder_keys", "rotate")
    assert "data keys: 2 made anew" in told
    assert "grants: 4 made anew" in told
    settings.LEDER_KEYS = [NEW]
    for agreement in agreements:
        assert notes(agreement) == ["Grågås"]
        assert reading_log.first_fault(agreement) is None
    assert list(findings(with_texts=True)) == []
    assert "All 2 data keys open." in run("leder_keys", "verify")


def test_without_a_rotation_the_old_key_is_needed(agreements, settings):
    settings.LEDER_KEYS = [NEW]
    assert not Agreement.objects.visible_to(agreements[0].leader).exists()
    with pytest.raises(CommandError):
        run("leder_keys", "verify")
    assert "NOT LISTED, 2 data keys" in run("leder_keys", "status")


def test_every_kind_of_signature_is_made_anew(agreements, settings):
    settings.LEDER_KEYS = [NEW, *settings.LEDER_KEYS]
    run("leder_keys", "rotate")
    left = {
        model.named(field): [
            signature
            for signature in model.to_be_signed(field).values_list(field, flat=True)
            if not signature.startswith(_name())
        ]
        for model in signed_models()
        for field in model.signatures
    }
    assert len(left) == len(set(left)) >= 11
    assert {name for name, macs in left.items() if macs} == set()


def _name():
    from leder import conf, keyed

    return keyed.fingerprint(conf.wrapping_keys()[0])


def test_a_stopped_rotation_goes_on(agreements, settings, monkeypatch):
    settings.LEDER_KEYS = [NEW, *settings.LEDER_KEYS]
    monkeypatch.setattr(rotation, "BATCH", 1)

    def stop(name, done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(stop)
    assert DataKey.objects.filter(wrapped_by=_name()).count() == 1
    assert "data keys: 1 made anew" in run("leder_keys", "rotate")
    assert "data keys: 0 made anew" in run("leder_keys", "rotate")
    settings.LEDER_KEYS = [NEW]
    assert notes(agreements[0]) == ["Grågås"]


def test_what_is_forged_is_not_signed_anew(agreements, settings):
    settings.LEDER_KEYS = [NEW, *settings.LEDER_KEYS]
    ReadingHead.objects.filter(agreement=agreements[0]).update(length=0)
    with pytest.raises(CommandError):
        run("leder_keys", "rotate")
    assert reading_log.first_fault(agreements[0]) == 0
    assert len(list(findings())) == 2


def test_status_tells_what_each_key_does(agreements, settings):
    told = run("leder_keys", "status").splitlines()
    assert "wraps and opens, 2 data keys" in told[0]
    assert "opens, 0 data keys" in told[1]
    assert DataKey.objects.count() == 2
