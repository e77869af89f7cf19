"""A stranger's file costs little here: it is read in a process that is bounded, can be ended, and holds no secret."""

import subprocess

import pytest

from leder.organisation.importing import apart, unpacking
from leder.organisation.importing.faults import FileRefused
from leder.organisation.importing.reading import parse

from .files import as_xlsx, small
from .hostile import FILES


def test_what_costs_is_refused_with_words() -> None:
    for name, make in FILES.items():
        with pytest.raises(FileRefused) as refused:
            parse(make())
        said = str(refused.value)
        assert said.endswith((".", "?")), name
        # None of them has to be ended: each meets a bound.
        assert "for lang tid" not in said, name


def test_what_takes_too_long_is_ended(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    content = as_xlsx(small())
    assert len(parse(content).rows) == 2
    monkeypatch.setattr(unpacking, "PATIENCE", 0.001)
    with pytest.raises(FileRefused, match="for lang tid"):
        parse(content)
    assert "out of time" in caplog.text
    assert "Rektor" not in caplog.text


# Of the same clock as its limit, well beyond it: where that is gone, each comes to its own end soon.
SPIN = "import time; u.SECONDS = 1; u.confine()\nwhile time.process_time() < 4: pass"
GROW = "u.MEMORY = 200 << 20; u.confine(); bytearray(400 << 20)"
WAIT = "import time; u.PATIENCE = 1; u.confine(); time.sleep(10)"


@pytest.mark.parametrize("does", [SPIN, GROW, WAIT], ids=["spins", "grows", "waits"])
def test_the_process_ends_by_itself(does: str) -> None:
    """Also where nobody waits for it any more."""
    code = f"from leder.organisation.importing import unpacking as u; {does}"
    ended = subprocess.run(
        [apart._python(), "-P", "-c", code],
        env=apart._environment(),
        capture_output=True,
        check=False,
        timeout=500,
    )
    assert ended.returncode != 0


def test_a_lower_limit_of_the_host_stays() -> None:
    lower = (
        "import resource as r; r.setrlimit(r.RLIMIT_CPU, (9, 9)); r.setrlimit(r.RLIMIT_AS, (800 << 20,) * 2)"
    )
    code = (
        f"{lower}; from leder.organisation.importing import unpacking as u; u.confine(); "
        "print(r.getrlimit(r.RLIMIT_CPU), r.getrlimit(r.RLIMIT_AS)[0] >> 20)"
    )
    done = subprocess.run(
        [apart._python(), "-P", "-c", code],
        env=apart._environment(),
        capture_output=True,
        check=True,
        text=True,
        timeout=500,
    )
    assert done.stdout.split("\n")[0] == "(9, 9) 800"


def test_the_process_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LEDER_KEYS", "SECRET_KEY", "DATABASE_URL"):
        monkeypatch.setenv(name, "hemmelig")
    assert not {name for name, value in apart._environment().items() if "hemmelig" in value}
