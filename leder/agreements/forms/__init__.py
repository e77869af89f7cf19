"""Forms of the agreement. They read what was typed leniently, and keep it when something in it is wrong."""

from leder.agreements.forms.progress import ProgressForm
from leder.agreements.forms.section import SectionForm
from leder.agreements.forms.small import CommentForm, DecisionForm, ReopeningForm, SignForm

__all__ = ["CommentForm", "DecisionForm", "ProgressForm", "ReopeningForm", "SectionForm", "SignForm"]
