"""A site that has set up nothing of its own against what error reports tell: as Django comes."""

import io
import logging

import pytest
from django.core import mail
from django.utils.log import AdminEmailHandler
from django.views.debug import get_default_exception_reporter_filter

from tests.errors.failing import WORD


class Told:
    """What operators get of a failed request: mails, with and without HTML, and the lines of a log file."""

    def __init__(self, log):
        self.log = log

    def all(self):
        """Everything that was told, as text. At least a mail of each kind was sent."""
        assert {bool(each.alternatives) for each in mail.outbox} == {True, False}
        parts = [self.log.getvalue()]
        for each in mail.outbox:
            parts += [each.subject, each.body, *(part.content for part in each.alternatives)]
        return "\n".join(map(str, parts))

    def has_the_word(self):
        return WORD in self.all()

    def forget(self):
        mail.outbox.clear()
        self.log.seek(0)
        self.log.truncate()


@pytest.fixture
def told(settings):
    """What is told to the operators of such a site."""
    settings.DEBUG = False
    settings.ADMINS = [("Drift", "drift@example.org")]
    settings.DEFAULT_EXCEPTION_REPORTER = "django.views.debug.ExceptionReporter"
    settings.DEFAULT_EXCEPTION_REPORTER_FILTER = "django.views.debug.SafeExceptionReporterFilter"
    get_default_exception_reporter_filter.cache_clear()
    log = io.StringIO()
    handlers = [AdminEmailHandler(include_html=html) for html in (True, False)]
    for handler in handlers:
        handler.setLevel(logging.ERROR)
    file = logging.StreamHandler(log)
    file.setFormatter(logging.Formatter())
    logger = logging.getLogger("django")
    kept, logger.handlers = logger.handlers, [*handlers, file]
    yield Told(log)
    logger.handlers = kept
    get_default_exception_reporter_filter.cache_clear()
