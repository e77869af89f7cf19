"""The site's addresses with the plugin's as the slices give them: with nothing around the views."""

from django.urls import include, path

from leder.agreements.urls import urlpatterns as agreement_urls
from leder.conversations.urls import urlpatterns as conversation_urls
from leder.documents.urls import urlpatterns as document_urls
from leder.handover.urls import urlpatterns as handover_urls
from leder.history.urls import urlpatterns as history_urls
from leder.mail.urls import urlpatterns as mail_urls
from leder.oversight.urls import urlpatterns as oversight_urls
from leder.sharing.urls import urlpatterns as sharing_urls
from lorenskog_intranet.urls import urlpatterns as site_urls

bare = [
    *oversight_urls,
    *agreement_urls,
    *conversation_urls,
    *sharing_urls,
    *handover_urls,
    *mail_urls,
    *document_urls,
    *history_urls,
]
urlpatterns = [path("leder/", include((bare, "leder"))), *site_urls]
