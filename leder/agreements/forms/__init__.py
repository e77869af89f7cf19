"""The smaller forms of the agreement; the form of a section is `sections.form`."""

from leder.agreements.forms.small import CarryOverForm, CommentForm, DecisionForm, ReopeningForm, SignForm

__all__ = ["CarryOverForm", "CommentForm", "DecisionForm", "ReopeningForm", "SignForm"]
