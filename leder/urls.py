"""Addresses of the plugin; a host includes them where it likes. Each slice lists its own."""

from leder.agreements.urls import urlpatterns as agreement_urls
from leder.agreements.views.guard.shut import all_shut_to_changed
from leder.conversations.urls import urlpatterns as conversation_urls
from leder.documents.urls import urlpatterns as document_urls
from leder.errors import all_content_free
from leder.handover.urls import urlpatterns as handover_urls
from leder.history.urls import urlpatterns as history_urls
from leder.identity.urls import urlpatterns as identity_urls
from leder.mail.urls import urlpatterns as mail_urls
from leder.oversight.urls import urlpatterns as oversight_urls
from leder.sharing.urls import urlpatterns as sharing_urls

app_name = "leder"

# An error in any of them tells nobody what was written, and none opens text to an account that was changed.
urlpatterns = all_content_free(
    all_shut_to_changed(
        [
            *oversight_urls,
            *identity_urls,
            *agreement_urls,
            *conversation_urls,
            *sharing_urls,
            *handover_urls,
            *mail_urls,
            *document_urls,
            *history_urls,
        ]
    )
)
