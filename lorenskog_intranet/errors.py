"""Errors are told by kind and place. What somebody wrote or asked for never enters a log or a report."""

import copy
import logging
from collections.abc import ItemsView
from types import TracebackType
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from leder.errors import places


class ContentFreeFormatter(logging.Formatter):
    """Log lines whose tracebacks leave out the exception's message: it often quotes a value."""

    def format(self, record: logging.LogRecord) -> str:
        # A traceback that another formatter has left on the record is not ours to pass on.
        record = copy.copy(record)
        record.exc_text = None
        return super().format(record)

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        return places(ei[1]) if ei[1] is not None else ""


class ContentFreeFilter(SafeExceptionReporterFilter):
    """Drops what was posted and the local variables, in every report and also under DEBUG."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {}

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: Any
    ) -> ItemsView[str, Any]:
        return {}.items()

    def get_safe_cookies(self, request: HttpRequest | None) -> dict[str, Any]:
        return {}


class ContentFreeReporter(ExceptionReporter):
    """An error report without the exception's message, the request's fields or any variable."""

    def get_traceback_data(self) -> dict[str, Any]:
        data: dict[str, Any] = super().get_traceback_data()
        for emptied in ("exception_value", "exception_notes", "unicode_hint"):
            data.pop(emptied, None)
        data.update(
            frames=[], request=None, request_meta=None, filtered_POST_items=[], request_GET_items=[],
            request_COOKIES_items=[], request_FILES_items=[], request_insecure_uri=None, user_str=None,
        )  # fmt: skip
        return data

    def get_traceback_text(self) -> SafeString:
        path = self.request.path if self.request is not None else "-"
        text = f"{path}\n{places(self.exc_value)}" if self.exc_value else path
        return mark_safe(text)  # noqa: S308  a plain text mail
