"""Addresses of conversations, preparation and meeting mode."""

from django.urls import URLPattern, path

from leder.conversations.views import calling, meeting, preparing

urlpatterns: list[URLPattern] = [
    path("avtale/<uuid:uuid>/forberedelse/", preparing.preparation, name="preparation"),
    path("avtale/<uuid:uuid>/forberedelse/klar/", preparing.preparation_ready, name="preparation_ready"),
    path(
        "avtale/<uuid:uuid>/forberedelse/<str:sid>/",
        preparing.preparation_section,
        name="preparation_section",
    ),
    path("avtale/<uuid:uuid>/samtaler/", calling.conversations, name="conversations"),
    path("avtale/<uuid:uuid>/samtaler/holdt/", calling.conversation_hold, name="conversation_hold"),
    path("avtale/<uuid:uuid>/samtaler/<int:pk>/holdt/", calling.conversation_hold, name="conversation_hold"),
    path("avtale/<uuid:uuid>/samtaler/<int:pk>/flytt/", calling.conversation_move, name="conversation_move"),
    path(
        "avtale/<uuid:uuid>/samtaler/<int:pk>/avlys/",
        calling.conversation_cancel,
        name="conversation_cancel",
    ),
    path("avtale/<uuid:uuid>/mote/", meeting.meeting_start, name="meeting_start"),
    path("avtale/<uuid:uuid>/mote/slutt/", meeting.meeting_end, name="meeting_end"),
    path("avtale/<uuid:uuid>/mote/<str:sid>/", meeting.meeting, name="meeting"),
]
