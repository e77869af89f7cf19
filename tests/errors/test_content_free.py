"""On a site that has set up nothing, a failed request tells its operators where it failed, and no word of the text.

Each form of the parties is posted, and each page with text is read, while something fails that holds the text.
"""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.urls import clear_url_caches, set_urlconf

from leder.agreements.views.guard.resend import RESENDABLE, csrf_failure
from leder.errors import MARK, Unexpected, content_free
from leder.urls import urlpatterns
from tests.errors.failing import TEXT, WAYS, WORD, fail
from tests.errors.world import FORMS, PAGES, World

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}
# Documents are set by Typst, not by templates; the page of preparations says which there are, and shows none.
NOT_MET = {("document", "page"), ("shared_document", "page"), ("preparation", "page")}


@pytest.fixture
def world():
    return World()


@pytest.fixture
def ask(world, as_user):
    """A function that posts a form, or reads a page, while something fails; gives the status of the answer."""

    def ask_for(name, way, *, typed=None, headers=None):
        place = (PAGES if typed is None else FORMS)[name]
        client = as_user(world.person(place))
        client.raise_request_exception = False
        address = world.address(name, place)
        with WAYS[way]():
            if typed is None:
                return client.get(address, headers=headers).status_code
            return client.post(address, typed, headers=headers).status_code

    return ask_for


@pytest.fixture
def bare_addresses(settings):
    """The plugin's addresses without what keeps the text back."""
    settings.ROOT_URLCONF = "tests.errors.bare_urls"
    clear_url_caches()
    set_urlconf(None)
    yield
    clear_url_caches()
    set_urlconf(None)


@pytest.mark.parametrize("way", WAYS)
def test_without_the_guard_each_of_these_errors_says_it(way, bare_addresses, world, ask, told):
    """Else the tests below would prove nothing."""
    reads = way in ("decryption", "page")
    name = "agreement" if reads else "section"
    assert ask(name, way, typed=None if reads else world.typed(name)) == 500
    assert told.has_the_word()


def test_every_form_says_nothing_of_what_was_typed(world, ask, told):
    for name in FORMS:
        for way in ("form", "encryption", "database"):
            assert ask(name, way, typed=world.typed(name)) == 500, (name, way)
            assert not told.has_the_word(), (name, way)
            told.forget()


def test_nor_does_the_script_s_saving(world, ask, told):
    for name in ("section", "preparation_section", "follow_up_progress"):
        for way in ("form", "encryption", "database"):
            assert ask(name, way, typed=world.typed(name), headers=JSON) == 500, (name, way)
            assert not told.has_the_word(), (name, way)
            told.forget()


def test_nor_does_a_page_that_shows_again_what_was_typed(world, ask, told):
    too_long = {"section": "note", "comment": "text", "reopening": "reason", "follow_up_progress": "note"}
    for name, field in too_long.items():
        typed = {**world.typed(name), field: TEXT + "å" * 20_000}
        assert ask(name, "page", typed=typed) == 500, name
        assert not told.has_the_word(), name
        told.forget()


def test_nor_does_a_page_that_shows_what_is_written(ask, told):
    for name in PAGES:
        for way in ("decryption", "page"):
            if (name, way) in NOT_MET:
                continue
            assert ask(name, way) == 500, (name, way)
            assert not told.has_the_word(), (name, way)
            told.forget()


def test_nor_does_the_page_to_send_again(world, told):
    """What a signed-out person typed, and what came with an old token: both are shown, and looked up nowhere."""
    address = world.address("section", FORMS["section"])
    for client in (Client(), Client(enforce_csrf_checks=True)):
        client.raise_request_exception = False
        with WAYS["page"]():
            assert client.post(address, world.typed("section")).status_code == 500
        assert not told.has_the_word()
        told.forget()


def test_nor_does_a_post_with_too_many_fields(world, as_user, settings, told):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    client = as_user(world.writing.leader)
    client.raise_request_exception = False
    assert client.post(world.address("section", FORMS["section"]), world.typed("section")).status_code == 400
    assert not told.has_the_word()


def test_what_is_told_leads_to_the_place(ask, world, told):
    ask("section", "encryption", typed=world.typed("section"))
    everything = told.all()
    for known in (
        "RuntimeError",
        "leder/agreements/vault/cipher.py",
        "leder/agreements/views/section.py",
        "/leder/avtale/",
    ):
        assert known in everything
    assert str(world.writing.uuid) in everything


def test_every_form_where_people_write_was_posted():
    named = {each.name for each in urlpatterns}
    assert set(FORMS) == set(RESENDABLE) & named


def test_every_view_of_the_plugin_is_guarded():
    unguarded = [each.name for each in urlpatterns if not getattr(each.callback, MARK, False)]
    assert urlpatterns
    assert unguarded == []
    assert getattr(csrf_failure, MARK)


class TestGuard:
    """What leaves a view that fails."""

    def leaves(self, view):
        with pytest.raises(Exception) as caught:  # noqa: PT011 (which it is, is what is asked)
            content_free(view)(RequestFactory().post("/", {"note": TEXT}))
        return caught.value

    def test_an_error_is_told_by_kind_and_place_with_those_behind_it(self):
        error = self.leaves(lambda request: fail(TEXT))
        assert isinstance(error, Unexpected)
        for known in ("KeyError", "ValueError", "tests/errors/failing.py", "in fail"):
            assert known in str(error)
        assert WORD not in str(error)
        assert error.__cause__ is None
        assert error.__context__ is None
        frames = []
        step = error.__traceback__
        while step:
            frames.append(step.tb_frame.f_code.co_name)
            step = step.tb_next
        assert "fail" not in frames

    @pytest.mark.parametrize("kind", [Http404, PermissionDenied, SuspiciousOperation])
    def test_what_django_answers_stays_what_it_is_without_its_words(self, kind):
        def view(request):
            try:
                fail(TEXT)
            except ValueError:
                raise kind(TEXT)  # noqa: B904

        error = self.leaves(view)
        assert type(error) is kind
        assert str(error) == ""
        assert error.__context__ is None

    def test_posts_are_marked_as_django_marks_them(self):
        request = RequestFactory().post("/", {"note": TEXT})
        content_free(lambda request: HttpResponse())(request)
        assert request.sensitive_post_parameters == "__ALL__"

    def test_a_developer_sees_it_all(self, settings):
        settings.DEBUG = True
        assert TEXT in str(self.leaves(lambda request: fail(TEXT)))
