"""A changed password is told, however it was changed; a strengthened one is not."""

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.hashers import (
    MD5PasswordHasher,
    PBKDF2PasswordHasher,
    ScryptPasswordHasher,
    make_password,
)
from django.core import checks, mail
from django.core.management import call_command
from django.db import transaction

from leder import passwords
from leder.agreements import actions as writing
from leder.agreements.models import Agreement, KnownAccount
from leder.agreements.states import State
from leder.identity import actions
from leder.safekeeping.deletion import delete_texts
from leder.safekeeping.rotation import rotate
from tests import factories
from tests.agreements.views.test_agreement import write
from tests.identity.conftest import both, sign_in
from tests.identity.journey import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "nytt-passord-er-satt"


class Quick(PBKDF2PasswordHasher):
    iterations = 1000


class Stronger(PBKDF2PasswordHasher):
    iterations = 2000


def hashers(*classes: type) -> list[str]:
    return [f"{each.__module__}.{each.__qualname__}" for each in classes]


def set_password(user: Any, password: str = NEW) -> None:
    user.set_password(password)
    user.save()


def write_into_the_database(user: Any, password: str = NEW, hasher: str = "default") -> None:
    """As one with the database's own tools does."""
    stored = make_password(password, hasher=hasher)
    assert get_user_model().objects.filter(pk=user.pk).update(password=stored) == 1


class TestThroughDjango:
    def test_both_parties_are_told(self, agreement: Any, leader: Any, told: Any) -> None:
        assert told(set_password, leader) == both(agreement)
        assert told(set_password, agreement.superior) == both(agreement)
        assert told(sign_in, leader, NEW) == []

    def test_each_is_told_what_concerns_them(self, agreement: Any, leader: Any, told: Any) -> None:
        told(set_password, leader)
        bodies = {message.to[0]: f"{message.subject}\n{message.body}" for message in mail.outbox}
        assert leader.get_full_name() in bodies[agreement.superior.email]
        assert leader.get_full_name() not in bodies[leader.email]
        assert "/bekreft/" in bodies[agreement.superior.email]
        assert "/leder/konto/stengt/" in bodies[leader.email]

    def test_it_is_told_also_of_one_who_has_never_signed_in(self, agreement: Any, told: Any) -> None:
        assert not KnownAccount.objects.get(pk=agreement.leader.pk).methods
        assert told(set_password, agreement.leader) == both(agreement)

    def test_what_was_removed_is_told_beside_it(self, agreement: Any, leader: Any, told: Any) -> None:
        KnownAccount.objects.filter(pk=leader.pk).delete()
        assert told(set_password, leader) == sorted(both(agreement) * 2)

    def test_the_command_of_an_administrator_is_told(
        self, agreement: Any, leader: Any, told: Any, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr("getpass.getpass", lambda *args, **kwargs: NEW)
        said = {"stdout": StringIO(), "stderr": StringIO()}
        assert told(call_command, "changepassword", leader.username, **said) == both(agreement)

    @pytest.mark.parametrize("form", [SetPasswordForm, PasswordChangeForm], ids=["by mail", "by themself"])
    def test_one_that_the_person_sets_is_told(
        self, agreement: Any, leader: Any, told: Any, form: type[SetPasswordForm]
    ) -> None:
        """As after a link in a mail, which one who has taken over the mailbox gets, too."""
        sent = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
        filled = form(leader, sent)
        assert filled.is_valid(), filled.errors
        assert told(filled.save) == both(agreement)

    def test_nothing_is_told_of_what_was_taken_back(self, leader: Any, told: Any) -> None:
        def act() -> None:
            with transaction.atomic():
                set_password(leader)
                transaction.set_rollback(True)

        assert told(act) == []
        leader.refresh_from_db()
        assert told(sign_in, leader) == []

    def test_a_new_account_concerns_nobody(self, agreement: Any, told: Any) -> None:
        assert told(factories.make_user, password=PASSWORD) == []

    def test_without_text_that_can_be_read_nobody_is_told(
        self, agreement: Any, leader: Any, told: Any
    ) -> None:
        for state in (State.ENDED, State.REPLACED):
            Agreement.objects.update(state=state)
            assert told(set_password, leader, state) == both(agreement)
        delete_texts([agreement.pk])
        assert told(set_password, leader) == []
        assert told(set_password, factories.make_user()) == []

    @pytest.mark.parametrize("state", [State.SIGNED, State.FOLLOWED_UP])
    def test_an_agreement_that_stands_counts(self, told: Any, state: str) -> None:
        signed = factories.make_agreement(state=state)
        assert told(set_password, signed.leader) == both(signed)

    def test_a_superior_of_thirty_is_told_once_and_each_of_the_thirty(
        self, agreement: Any, told: Any
    ) -> None:
        superior = agreement.superior
        others = [factories.make_agreement(superior=superior).leader.email for _ in range(29)]
        # Next year's agreement with the same leader: nobody is told twice.
        factories.make_agreement(superior=superior, leader=agreement.leader, year=factories.YEAR + 1)
        assert told(set_password, superior) == sorted([*both(agreement), *others])

    def test_one_who_is_switched_off_is_told_as_well(self, agreement: Any, leader: Any, told: Any) -> None:
        """The one who takes over an account has done that first."""
        for person in (agreement.superior, leader):
            person.is_active = False
            person.save()
            actions.look_at([person.pk])
            assert told(set_password, leader, person.last_name) == both(agreement)

    def test_one_without_an_address_stops_nobody(self, agreement: Any, leader: Any, told: Any) -> None:
        get_user_model().objects.filter(pk=agreement.superior.pk).update(email="")
        actions.look_at([agreement.superior.pk])
        KnownAccount.objects.filter(pk=agreement.superior.pk).update(email_before="")
        assert told(set_password, leader) == [leader.email]
        assert len(mail.outbox) == 1

    def test_no_mail_holds_a_word_of_the_agreement(self, agreement: Any, leader: Any, told: Any) -> None:
        write(agreement, leader, note="Hemmelig")
        writing.add_comment(
            factories.access_of(leader, agreement), section_id=factories.SECTION, text="Hemmelig"
        )
        assert len(told(set_password, leader)) == 2
        for message in mail.outbox:
            whole = message.message().as_string() + message.subject + message.body
            assert "Hemmelig" not in whole and NEW not in whole
            assert "Ledelsesutvikling" not in whole and str(agreement.uuid) not in whole


class TestBehindDjangosBack:
    def test_it_is_told_at_the_sign_in_and_once(self, agreement: Any, leader: Any, told: Any) -> None:
        write_into_the_database(leader)
        assert told(sign_in, leader, NEW) == both(agreement)
        assert told(sign_in, leader, NEW) == []

    def test_the_daily_run_tells_without_a_sign_in(self, agreement: Any, leader: Any, told: Any) -> None:
        write_into_the_database(leader)
        assert told(call_command, "leder_tidy", stdout=StringIO()) == both(agreement)
        assert told(call_command, "leder_tidy", stdout=StringIO()) == []

    def test_so_is_a_stored_password_of_a_weaker_kind(
        self, agreement: Any, leader: Any, told: Any, settings: Any
    ) -> None:
        """Django strengthens it at that very sign-in, and then it looks like the one before."""
        settings.PASSWORD_HASHERS = hashers(Stronger, ScryptPasswordHasher, MD5PasswordHasher)
        sign_in(leader)
        for kind in ("md5", "scrypt"):
            write_into_the_database(leader, hasher=kind)
            assert told(sign_in, leader, NEW) == both(agreement)

    def test_so_is_a_password_for_one_who_had_none(self, agreement: Any, leader: Any, told: Any) -> None:
        leader.set_unusable_password()
        leader.save()
        assert told(call_command, "leder_tidy", stdout=StringIO()) == []
        write_into_the_database(leader)
        assert told(sign_in, leader, NEW) == both(agreement)

    def test_another_persons_password_moved_over(self, agreement: Any, leader: Any, told: Any) -> None:
        sign_in(agreement.superior)
        agreement.superior.refresh_from_db()
        get_user_model().objects.filter(pk=leader.pk).update(password=agreement.superior.password)
        theirs = KnownAccount.objects.get(pk=agreement.superior.pk).mac
        KnownAccount.objects.filter(pk=leader.pk).update(mac=theirs)
        assert told(sign_in, leader) == both(agreement)

    def test_hiding_it_behind_another_form_does_not_help(
        self, agreement: Any, leader: Any, told: Any, settings: Any
    ) -> None:
        """What is known says another cost than it did, as if Django had strengthened the password since."""
        settings.PASSWORD_HASHERS = hashers(Stronger, MD5PasswordHasher)
        sign_in(leader)
        write_into_the_database(leader)
        KnownAccount.objects.filter(pk=leader.pk).update(password_form="pbkdf2_sha256$1000")
        assert told(sign_in, leader, NEW) == both(agreement)

    @pytest.mark.parametrize("daily", [False, True], ids=["sign-in", "daily run"])
    def test_removing_what_is_known_is_told(
        self, agreement: Any, leader: Any, told: Any, daily: bool
    ) -> None:
        write_into_the_database(leader)
        KnownAccount.objects.filter(pk=leader.pk).delete()
        act = (call_command, "leder_tidy") if daily else (sign_in, leader, NEW)
        assert told(*act) == both(agreement)
        assert told(*act) == []
        assert KnownAccount.objects.get(pk=leader.pk).changes == "unknown"


class TestStrengthening:
    def test_more_rounds_tell_nobody(self, agreement: Any, leader: Any, told: Any, settings: Any) -> None:
        settings.PASSWORD_HASHERS = hashers(Quick, MD5PasswordHasher)
        assert told(sign_in, leader) == []
        assert KnownAccount.objects.get(pk=leader.pk).password_form == "pbkdf2_sha256$1000"
        settings.PASSWORD_HASHERS = hashers(Stronger)
        assert told(sign_in, leader) == []
        assert KnownAccount.objects.get(pk=leader.pk).password_form == "pbkdf2_sha256$2000"
        write_into_the_database(leader)
        assert told(sign_in, leader, NEW) == both(agreement)

    def test_another_form_than_django_gives_is_no_strengthening(
        self, agreement: Any, leader: Any, told: Any, settings: Any
    ) -> None:
        """By a sign-in that does not go by the password, so that nothing is strengthened."""
        settings.PASSWORD_HASHERS = hashers(Stronger, MD5PasswordHasher)
        sign_in(leader)
        write_into_the_database(leader, hasher="md5")
        assert told(call_command, "leder_tidy", stdout=StringIO()) == both(agreement)

    def test_a_script_that_stores_a_password_as_django_does_is_told(
        self, agreement: Any, leader: Any, told: Any, settings: Any
    ) -> None:
        settings.PASSWORD_HASHERS = hashers(Stronger, MD5PasswordHasher)
        sign_in(leader)
        leader.refresh_from_db()
        leader.password = make_password(NEW)
        leader.save(update_fields=["password"])
        assert told(sign_in, leader, NEW) == both(agreement)

    @pytest.mark.parametrize("by_script", [False, True])
    def test_nor_is_it_strengthening_when_a_new_one_is_set_over_a_weak_one(
        self, agreement: Any, leader: Any, told: Any, settings: Any, by_script: bool
    ) -> None:
        """At a host that has not listed the validator: then the next sign-in tells."""
        settings.AUTH_PASSWORD_VALIDATORS = []
        settings.PASSWORD_HASHERS = hashers(Stronger, MD5PasswordHasher, ScryptPasswordHasher)
        leader.refresh_from_db()
        if by_script:
            leader.password = make_password(NEW, hasher="scrypt")
        else:
            leader.set_password(NEW)
        assert told(leader.save, update_fields=["password"]) == []
        assert told(sign_in, leader, NEW) == both(agreement)

    def test_strengthening_makes_nothing_known_that_was_not(
        self, agreement: Any, leader: Any, told: Any, settings: Any
    ) -> None:
        settings.PASSWORD_HASHERS = hashers(Quick, MD5PasswordHasher)
        sign_in(leader)
        write_into_the_database(leader)
        settings.PASSWORD_HASHERS = hashers(Stronger)
        assert told(sign_in, leader, NEW) == both(agreement)

    def test_a_new_password_is_told_when_the_form_is_new_too(
        self, agreement: Any, leader: Any, told: Any, settings: Any
    ) -> None:
        settings.PASSWORD_HASHERS = hashers(Stronger, MD5PasswordHasher)
        assert told(set_password, leader) == both(agreement)

    @pytest.mark.parametrize(
        ("stored", "form"),
        [
            ("pbkdf2_sha256$1000000$salt$hash", "pbkdf2_sha256$1000000"),
            ("scrypt$16384$salt$8$5$hash", "scrypt$8$5$16384"),
            ("md5$salt$hash", "md5"),
            ("!Qr3CyCqWPCMPvOc", ""),
            ("", ""),
            ("of_another_library$secret", "of_another_library"),
        ],
    )
    def test_the_form_is_all_but_salt_and_hash(self, stored: str, form: str, settings: Any) -> None:
        settings.PASSWORD_HASHERS = hashers(PBKDF2PasswordHasher, ScryptPasswordHasher, MD5PasswordHasher)
        assert passwords.form_of(stored) == form


class TestKeys:
    def test_exchanging_them_tells_nobody(self, leader: Any, told: Any, settings: Any) -> None:
        old = settings.LEDER_KEYS
        new = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="
        settings.LEDER_KEYS = [new, *old]
        assert told(sign_in, leader) == []
        rotate(lambda *args: None)
        settings.LEDER_KEYS = [new]
        assert told(sign_in, leader) == []
        assert told(call_command, "leder_tidy", stdout=StringIO()) == []

    def test_nothing_of_the_password_is_known(self, leader: Any) -> None:
        known = KnownAccount.objects.get(pk=leader.pk)
        leader.refresh_from_db()
        said = repr(vars(known))
        assert PASSWORD not in said
        assert leader.password not in said and leader.password.rpartition("$")[2] not in said


class TestSettings:
    def test_the_check_asks_a_host_to_list_the_validator(self, settings: Any) -> None:
        assert [each.id for each in checks.run_checks(tags=["security"])] == []
        settings.AUTH_PASSWORD_VALIDATORS = settings.AUTH_PASSWORD_VALIDATORS[:-1]
        assert [each.id for each in checks.run_checks(tags=["security"])] == ["leder.W001"]
