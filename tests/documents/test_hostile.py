"""The check of a file that was made to cost: an ordinary answer, and little spent on it, whatever the file is.

What is spent is counted, in bytes unpacked, parsed and held; no test asks how long it took.
"""

import datetime as dt
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import tracemalloc
import zlib
from contextlib import contextmanager
from pathlib import Path

import pypdf
import pytest
import rfc8785
import time_machine
from django.utils import timezone

from leder import pace
from leder.agreements.answers import new_goal
from leder.agreements.models import Seal, SealHead, SealLink
from leder.agreements.seals import chain
from leder.agreements.states import State
from leder.canonical import digest
from leder.documents import checking, embedded
from leder.documents.checking import Verdict, check
from leder.documents.register import Copy, issue
from leder.documents.sealing import SealState
from leder.documents.turns import turn_of
from leder.documents.variants import Variant
from tests.documents.hostile import FILES, MEGABYTE, file_of
from tests.documents.sealed import certificate_pem
from tests.factories import PRIVATE_SECTION, QUESTIONS_SECTION, SECTION, bring_to, make_agreement, make_user
from tests.sharing.pages import write

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ONE_MORE = 64 * 1024


class Spent:
    """What was unpacked and parsed while it was counted."""

    def __init__(self, monkeypatch):
        self.opened, self.unpacked, self.parsed = 0, 0, []
        opener, loads, spent = zlib.decompressobj, json.loads, self

        class Counting:
            def __init__(self):
                self.opener = opener()
                spent.opened += 1

            def decompress(self, *args, **kwargs):
                piece = self.opener.decompress(*args, **kwargs)
                spent.unpacked += len(piece)
                return piece

            def __getattr__(self, name):
                return getattr(self.opener, name)

        def counting(content, **kwargs):
            if content[:13] == embedded.RECORD_BEGINS:
                spent.parsed.append(len(content))
            return loads(content, **kwargs)

        monkeypatch.setattr(zlib, "decompressobj", Counting)
        monkeypatch.setattr(json, "loads", counting)


@contextmanager
def held():
    """A function that gives the bytes of memory that were held at the most."""
    tracemalloc.start()
    try:
        yield lambda: tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture
def spent(monkeypatch):
    return Spent(monkeypatch)


@pytest.fixture
def sealing(settings, tmp_path):
    """A certificate to ask a seal with."""
    settings.LEDER_SEAL_CERTIFICATE = str(tmp_path / "seal.pem")
    (tmp_path / "seal.pem").write_bytes(certificate_pem())


@pytest.mark.parametrize("name", FILES)
def test_costs_little_and_is_not_ours(name, spent, sealing):
    file = FILES[name]()
    assert len(file) <= checking.MOST_BYTES
    with held() as most:
        finding = check(file)
        assert most() < 40 * MEGABYTE
    assert finding.verdict in (Verdict.UNKNOWN, Verdict.DRAFT)
    assert finding.seal is None
    assert finding.municipal_seal != SealState.HOLDS
    assert spent.opened <= embedded.MOST_STREAMS
    assert spent.unpacked <= embedded.MOST_INFLATED + embedded.MOST_RECORD + ONE_MORE
    assert all(size <= embedded.MOST_RECORD for size in spent.parsed)
    assert len(spent.parsed) <= embedded.MOST_RECORDS


@pytest.mark.parametrize(
    "name",
    [
        "63 MB of lists",
        "63 MB of deep lists",
        "2 MB of lists",
        "2 MB of objects",
        "1 byte more than 2 MB",
        "a deep list",
        "a deep object",
        "a list as deep as may not be",
    ],
)
def test_is_not_parsed(name, spent):
    assert check(FILES[name]()).verdict == Verdict.UNKNOWN
    assert spent.parsed == []


def test_up_to_the_bounds_it_is(spent):
    longest = b'{"agreement":"' + b"x" * (2 * MEGABYTE - 16) + b'"}'
    deepest = b'{"agreement":' + b"[" * 31 + b'"[[[[[["' + b"]" * 31 + b"}"
    assert check(file_of(longest, deepest)).verdict == Verdict.DRAFT
    assert spent.parsed == [len(longest), len(deepest)]


@pytest.mark.parametrize("name", ["63 MB of lists", "many streams", "deep objects", "a deep signature"])
def test_the_page_answers_as_ever(name, upload):
    response = upload(make_user(), FILES[name]())
    assert response.status_code == 200
    assert response.context["finding"].verdict in (Verdict.UNKNOWN, Verdict.DRAFT)


class TestOwnDocuments:
    def test_the_largest_that_two_write_is_genuine(self, fetch, spent):
        """The most goals that a section takes, in each, with more to say of each than anybody has."""
        agreement = make_agreement()
        goals = [
            new_goal(goal="Et mål " * 60, measures="Et tiltak, " * 60, due="2027-09-01") for _ in range(50)
        ]
        for section in (SECTION, PRIVATE_SECTION):
            write(agreement, section, note="«Et notat», " * 1_000, goals=goals)
        write(agreement, QUESTIONS_SECTION, note="«Et notat», " * 1_000)
        bring_to(agreement, State.SIGNED)
        whole, partly = (
            fetch(agreement.leader, agreement, without_private=without).content for without in (False, True)
        )
        for pdf in (whole, partly):
            finding = check(pdf)
            assert (finding.verdict, finding.record_agrees) == (Verdict.GENUINE, True)
        # Changed, it is looked at within the bounds for all the world, and is well within them.
        finding = check(whole + b" ")
        assert (finding.verdict, finding.record_agrees) == (Verdict.CHANGED, True)
        assert finding.seal == agreement.seals.get()
        record = pypdf.PdfReader(io.BytesIO(whole)).attachments["record.json"][0]
        assert len(record) < embedded.MOST_RECORD / 5
        assert sum(record.count(mark) for mark in embedded.MARKS) < embedded.MOST_MARKS / 5
        spent.unpacked = 0
        check(whole + b" ")
        assert spent.unpacked < embedded.MOST_INFLATED / 5

    @pytest.mark.parametrize("variant", Variant)
    def test_and_so_is_one_beyond_all_bounds(self, variant, signed):
        """What is in the register was made here: it is as large as what the two have written."""
        seal = signed.seals.get()
        record = {"agreement": "x", "salt": "x", "sections": [{"note": '["{' * 500_000}] * 3}
        if variant == Variant.WHOLE:
            signed_instead(seal, digest(record))
        else:
            record["whole_sha256"] = seal.sha256
        file = file_of(rfc8785.dumps(record))
        seal.refresh_from_db()
        issue(seal.agreement, Copy(seal, variant, "nb", "0" * 64), file)
        assert len(rfc8785.dumps(record)) > 2 * embedded.MOST_RECORD
        finding = check(file)
        assert (finding.verdict, finding.record_agrees) == (Verdict.GENUINE, True)
        assert check(file + b" ").verdict == Verdict.UNKNOWN


def signed_instead(seal: Seal, sha256: str) -> None:
    """Let both have signed another record: signatures and chain are made anew."""
    type(seal).objects.filter(pk=seal.pk).update(sha256=sha256)
    seal.refresh_from_db()
    for signature in seal.signatures.all():
        signature.seal = seal
        signature.sign()
        signature.save()
    SealLink.objects.all().delete()
    SealHead.objects.all().delete()
    chain.begin(seal.agreement.round)


HOLD = """
import sys, django
django.setup()
from leder.documents.turns import turn_of
with turn_of(sys.argv[1]) as is_free:
    print(is_free, flush=True)
    sys.stdin.read()
"""


class TestOneAtATime:
    @pytest.fixture(autouse=True)
    def own_folder(self, tmp_path, monkeypatch):
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    @pytest.fixture
    def another(self, tmp_path):
        """A function that starts a process which holds a person's turn."""
        started = []

        def start(person):
            environment = {**os.environ, "TMPDIR": str(tmp_path)}
            command = [sys.executable, "-c", HOLD, str(person.pk)]
            process = subprocess.Popen(
                command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            started.append(process)
            assert process.stdout.readline() == "True\n"
            return process

        yield start
        for process in started:
            process.kill()
            process.communicate()

    def test_the_second_of_the_same_person_is_not_computed(self, upload, pdf, spent):
        person = make_user()
        with turn_of(person.pk) as is_free:
            assert is_free
            response = upload(person, pdf)
        assert response.status_code == 429
        assert response.headers["Retry-After"]
        assert "En annen fil fra deg kontrolleres nå" in response.content.decode()
        assert 'type="file"' in response.content.decode()
        assert (spent.unpacked, spent.parsed) == (0, [])
        assert "finding" not in response.context
        assert upload(person, pdf).context["finding"].verdict == Verdict.GENUINE

    def test_many_in_a_short_time_wait(self, upload, pdf, spent, settings, tmp_path):
        settings.LEDER_PACE = {"check": (2, 3)}
        one, another = make_user(), make_user()
        assert [upload(one, pdf).status_code for _time in range(2)] == [200, 200]
        cost = spent.unpacked
        with time_machine.travel(timezone.now() + dt.timedelta(minutes=4), tick=False) as clock:
            response = upload(one, pdf)
            assert (response.status_code, spent.unpacked) == (429, cost)
            assert "Vent 6 minutter" in response.content.decode()
            # The network has three between them. What is refused is not counted, and moves no wait.
            assert [upload(another, pdf).status_code for _time in range(2)] == [200, 429]
            clock.shift(int(response.headers["Retry-After"]))
            assert upload(one, pdf).status_code == 200
            names = [file.name for file in tmp_path.glob(f"{pace.BEGINS}*")]
            assert len(names) == 3 and not [
                name for name in names if "127.0.0.1" in name or str(one.pk) == name
            ]
            clock.shift(pace.WINDOW * 2)
            assert (pace.tidy(), list(tmp_path.glob(f"{pace.BEGINS}*"))) == (3, [])

    def test_that_of_another_is(self, upload, pdf):
        with turn_of(make_user().pk):
            assert upload(make_user(), pdf).status_code == 200

    def test_a_turn_is_given_back_when_the_check_fails(self, upload, pdf, monkeypatch):
        person = make_user()
        with monkeypatch.context() as patch:
            patch.setattr(zlib, "decompressobj", None)
            with pytest.raises(Exception):  # noqa: B017, PT011 (whatever it is)
                upload(person, pdf)
        assert upload(person, pdf).status_code == 200

    def test_holds_across_processes_and_ends_with_one_that_is_killed(self, upload, pdf, another):
        person = make_user()
        process = another(person)
        assert upload(person, pdf).status_code == 429
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert upload(person, pdf).status_code == 200

    def test_without_a_folder_to_write_in_the_check_works_all_the_same(
        self, upload, pdf, monkeypatch, caplog
    ):
        monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
        assert upload(make_user(), pdf).status_code == 200
        assert "not held to one at a time" in caplog.text

    def test_the_files_tell_nobody_who_it_was(self, upload, pdf, tmp_path):
        person = make_user()
        upload(person, pdf)
        [file] = Path(tmp_path).glob("leder-check-*")
        assert file.name != f"leder-check-{person.pk}"
        assert file.read_bytes() == b""
