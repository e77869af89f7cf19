"""Forms of the page editor that differ from Wagtail's own."""

import re
from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.forms.pages import CopyForm

from leder.pages.copying import first_free, years_taken


class CopyYearForm(CopyForm):
    """Copies last year's letter or form into a draft of the next year.

    Suggests title and slug of the first free year. There is no publishing at once and no alias: the new
    year's text is to be worked on first, and is to have identities of its own.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        page = self.page.specific
        old = str(page.year)
        new = str(first_free(page.year, years_taken(page) | {page.year}))
        for name in ("new_title", "new_slug"):
            self.fields[name].initial = re.sub(rf"\b{old}\b", new, self.fields[name].initial)
        self.fields["new_title"].help_text = _(
            "The copy becomes a draft for %(year)s. Deadlines are moved as many years as the text."
        ) % {"year": new}
        for name in ("publish_copies", "alias"):
            self.fields.pop(name, None)
