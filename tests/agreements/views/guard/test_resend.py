"""What is shown of what was posted: what a person has typed, and nothing that the page itself sent along."""

from django.http import QueryDict

from leder.agreements.views.guard.resend import written_texts


def test_what_is_no_text_is_not_shown():
    posted = QueryDict(mutable=True)
    posted.update({"csrfmiddlewaretoken": "token", "version": "3", "writer": "7", "pair": "2" * 32})
    posted.update({"goal-0-id": "g-1", "goal-0-status": "open", "goal-0-goal": "Et mål", "note": "Et notat"})
    posted.update({"goal-1-goal": "   ", "choice-0-stance": "strength", "choice-0-why": "Fordi"})
    assert written_texts(posted) == ["Et mål", "Et notat", "Fordi"]
