"""Errors tell what happened, never what anybody wrote."""

import io
import logging
import sys
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils.log import AdminEmailHandler
from django.views.debug import get_exception_reporter_class, get_exception_reporter_filter

from lorenskog_intranet.errors import ContentFreeFormatter

SECRET = "det jeg skrev i fortrolighet"


def fail(text: str) -> None:
    try:
        raise KeyError(text)
    except KeyError as error:
        raise ValueError(f"can't use {text}") from error


def failing(request: Any = None) -> Any:
    """What sys.exc_info() says of an error that quotes the secret."""
    try:
        fail(SECRET)
    except ValueError:
        return sys.exc_info()


def test_the_log_has_places_and_kinds_but_no_values(settings: Any) -> None:
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Error: %s", ("/a/",), failing())
    logging.Formatter().format(record)  # leaves its own traceback on the record
    told = ContentFreeFormatter().format(record)
    assert SECRET not in told
    assert "ValueError" in told
    assert "KeyError" in told
    assert "test_errors.py" in told


@pytest.mark.parametrize("html", [True, False])
def test_a_report_has_no_values_either(html: bool, mailoutbox: list[Any], settings: Any) -> None:
    settings.ADMINS = [("IT", "it@example.com")]
    request = RequestFactory().post(f"/a/?q={SECRET}", {"note": SECRET}, HTTP_COOKIE=f"a={SECRET}")
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Error: %s", ("/a/",), failing())
    record.request = request
    AdminEmailHandler(include_html=html).emit(record)
    [mail] = mailoutbox
    everything = "".join([mail.subject, mail.body, *[part.content for part in mail.alternatives]])
    assert "/a/" in everything
    assert "test_errors.py" in mail.body
    for shown in (SECRET, SECRET.replace(" ", "%20"), SECRET.replace(" ", "+")):
        assert shown not in everything


def test_a_technical_page_has_no_values(settings: Any) -> None:
    request = RequestFactory().post("/a/", {"note": SECRET})
    reporter = get_exception_reporter_class(request)(request, *failing())
    assert SECRET not in reporter.get_traceback_html()
    assert get_exception_reporter_filter(request).get_post_parameters(request) == {}


@pytest.mark.django_db
def test_not_found_says_it_in_words(person: Client) -> None:
    response = person.get("/finnes-ikke/")
    assert response.status_code == 404
    assert "<h1" in response.content.decode()


@pytest.mark.django_db
def test_forged_form_says_it_in_words(person: Client) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = person.cookies
    response = client.post("/sprak/", {"language": "nn"})
    assert response.status_code == 403
    assert "<h1" in response.content.decode()


def test_the_page_for_a_broken_site_needs_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    # No django_db mark: any query fails this test.
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", broken)
    log = io.StringIO()
    [handler] = [h for h in logging.getLogger("django").handlers if h.get_name() == "console"]
    monkeypatch.setattr(handler, "stream", log)
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "a" * 32
    response = client.get("/")
    page = response.content.decode()
    assert response.status_code == 500
    assert SECRET not in page
    assert "<h1" in page
    assert "RuntimeError" in log.getvalue()
    assert SECRET not in log.getvalue()
