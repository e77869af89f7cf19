"""Addresses of agreements."""

from django.urls import URLPattern, path

from leder.agreements.views import (
    agreement,
    carry_over,
    comment,
    edition,
    follow_up,
    newer_text,
    readings,
    reopening,
    review,
    section,
    signing,
    versions,
)

urlpatterns: list[URLPattern] = [
    path("avtale/<uuid:uuid>/", agreement.agreement, name="agreement"),
    path("avtale/<uuid:uuid>/del/<str:sid>/", section.section, name="section"),
    path("avtale/<uuid:uuid>/del/<str:sid>/kommentar/", comment.comment, name="comment"),
    path("avtale/<uuid:uuid>/del/<str:sid>/vurdering/", review.review, name="review"),
    path("avtale/<uuid:uuid>/del/<str:sid>/viderefor/", carry_over.carry_over, name="carry_over"),
    path("avtale/<uuid:uuid>/del/<str:sid>/versjoner/", versions.versions, name="versions"),
    path("avtale/<uuid:uuid>/del/<str:sid>/versjoner/<int:number>/", versions.version, name="version"),
    path(
        "avtale/<uuid:uuid>/del/<str:sid>/versjoner/<int:number>/hent-tilbake/",
        versions.put_back,
        name="version_put_back",
    ),
    path("avtale/<uuid:uuid>/signer/", signing.sign, name="sign"),
    path("avtale/<uuid:uuid>/signer/trekk/", signing.withdraw, name="sign_withdraw"),
    path("avtale/<uuid:uuid>/gjenapne/", reopening.reopening, name="reopening"),
    path(
        "avtale/<uuid:uuid>/gjenapne/<uuid:row>/samtykk/",
        reopening.consent,
        name="reopening_consent",
    ),
    path("avtale/<uuid:uuid>/gjenapne/<uuid:row>/nei/", reopening.decline, name="reopening_decline"),
    path("avtale/<uuid:uuid>/gjenapne/<uuid:row>/trekk/", reopening.withdraw, name="reopening_withdraw"),
    path("avtale/<uuid:uuid>/signert/<uuid:seal>/", reopening.earlier_seal, name="earlier_seal"),
    path("avtale/<uuid:uuid>/oppfolging/", follow_up.follow_up, name="follow_up"),
    path("avtale/<uuid:uuid>/oppfolging/bekreft/", follow_up.confirm, name="follow_up_confirm"),
    path("avtale/<uuid:uuid>/oppfolging/bekreft/trekk/", follow_up.withdraw, name="follow_up_withdraw"),
    path("avtale/<uuid:uuid>/oppfolging/<str:sid>/", follow_up.progress, name="follow_up_progress"),
    path("avtale/<uuid:uuid>/ny-tekst/", newer_text.newer_text, name="newer_text"),
    path("avtale/<uuid:uuid>/nytt-i-brevet/", newer_text.letter_news, name="letter_news"),
    path("avtale/<uuid:uuid>/lesing/", readings.readings, name="readings"),
    path("tekst/<int:pk>/", edition.edition, name="edition"),
    path("tekst/<int:pk>/mot/<int:other>/", edition.comparison, name="comparison"),
]
