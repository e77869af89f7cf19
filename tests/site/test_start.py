"""The site starts."""

from django.core.management import call_command


def test_system_checks_find_nothing() -> None:
    call_command("check", fail_level="WARNING")
