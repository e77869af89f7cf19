"""The smaller forms of the agreement; the form of a section is `sections.form`."""

from leder.agreements.forms.small import CommentForm, DecisionForm, ReopeningForm, SignForm

__all__ = ["CommentForm", "DecisionForm", "ReopeningForm", "SignForm"]
