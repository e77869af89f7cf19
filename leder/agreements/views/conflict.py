"""Both have changed the same text: the page that shows both and lets the person choose. Nothing is lost."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from leder.agreements.models import Agreement
from leder.agreements.reading.texts import Text
from leder.agreements.sections.form import SectionForm
from leder.agreements.sections.kinds.follow_up import ProgressForm
from leder.agreements.sections.merging import compare


def conflict_page(  # noqa: PLR0913 (all that the page shows, each by its name)
    request: HttpRequest,
    *,
    agreement: Agreement,
    form: SectionForm | ProgressForm,
    stored: Text,
    version: int,
    back: str,
) -> HttpResponse:
    """Return the page of a conflict (409).

    Its forms post to the same address with the version that stands now, so a third change in the meantime leads
    here again. `form` holds what was typed, `back` is where the text stands for one who keeps the other's.
    """
    pairs = compare(form.compared(form.payload()), form.compared(stored.payload))
    posted = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in {"csrfmiddlewaretoken", "version"}
    ]
    context = {
        "agreement": agreement,
        "section": form.section,
        "differing": [pair for pair in pairs if pair.differs],
        "same": [pair for pair in pairs if not pair.differs],
        "stored": stored,
        "version": version,
        "posted": posted,
        "form": form.put_together(stored.payload),
        "back": back,
        "posted_back": request.POST.get("back", ""),
        "by_other": stored.author != request.user,
    }
    return render(request, "leder/agreements/conflict.html", context, status=409)
