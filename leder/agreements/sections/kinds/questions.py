"""An answer to each guiding question."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from leder.agreements.sections.kinds.base import Kind
from leder.pages import answer_kinds


class Questions(Kind):
    """An answer to each guiding question (veiledende spørsmål), and a note. So are the prompts of the follow-up."""

    key = answer_kinds.QUESTIONS
    label = _("An answer to each question, and a note")
    asks_questions = True
