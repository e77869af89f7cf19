"""A conversation as an entry for calendars (iCalendar, RFC 5545 and 5546), as Outlook and Exchange take it.

Who calls, who is called, and when; never place or message, which are the two's own text (R2).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress, vText

PRODUCT = "-//Lorenskog kommune//Lederavtale//NO"
ZONE_NAME = "Europe/Oslo"
ZONE = ZoneInfo(ZONE_NAME)


class Method(StrEnum):
    """What the receiver is to do with the entry (RFC 5546)."""

    # To the one who is called: answer, and keep the entry up to date.
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    # To the one who called: an entry of their own. Outlook has no answer to give to an invitation from oneself.
    PUBLISH = "PUBLISH"


@dataclass(frozen=True)
class Party:
    """Somebody in the entry: name (on one line) and address."""

    name: str
    address: str


@dataclass(frozen=True)
class Entry:
    """What stands in the entry. `uid` stays the same as long as the conversation is the same; `sequence` rises."""

    uid: str
    sequence: int
    starts_at: dt.datetime
    minutes: int
    summary: str
    where: str
    description: str
    url: str
    organiser: Party
    attendee: Party
    cancelled: bool


def as_file(entry: Entry, method: Method, *, now: dt.datetime) -> bytes:
    """Return the entry as a file: UTF-8, lines of 75 octets at most, CRLF. `now` is when it is written."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    calendar.add_component(time_zone())
    calendar.add_component(_event(entry, method, now))
    return bytes(calendar.to_ical())


def time_zone() -> Timezone:
    """Return Norwegian time as rules, which is how Outlook reads a time zone; it passes over single dates."""
    zone = Timezone()
    zone.add("tzid", ZONE_NAME)
    winter, summer = dt.timedelta(hours=1), dt.timedelta(hours=2)
    for part, name, month, hour, before, after in (
        (TimezoneDaylight(), "CEST", 3, 2, winter, summer),
        (TimezoneStandard(), "CET", 10, 3, summer, winter),
    ):
        # The last Sunday of 1996, since when all of Europe changes on the same days.
        part.add("dtstart", dt.datetime(1996, month, {3: 31, 10: 27}[month], hour))  # noqa: DTZ001
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("tzname", name)
        zone.add_component(part)
    return zone


def _event(entry: Entry, method: Method, now: dt.datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now.astimezone(dt.UTC).replace(microsecond=0))
    event.add("dtstart", _local(entry.starts_at))
    event.add("dtend", _local(entry.starts_at + dt.timedelta(minutes=entry.minutes)))
    event.add("summary", entry.summary)
    event.add("location", entry.where)
    event.add("description", entry.description)
    event.add("url", entry.url)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    event.add("organizer", _address(entry.organiser))
    if method is not Method.PUBLISH:
        attendee = _address(entry.attendee)
        attendee.params["CUTYPE"] = vText("INDIVIDUAL")
        attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
        attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
        attendee.params["RSVP"] = vText("FALSE" if entry.cancelled else "TRUE")
        event.add("attendee", attendee)
    return event


def _local(moment: dt.datetime) -> dt.datetime:
    """Return the moment in Norwegian time; in UTC within the hour that autumn has twice, which has no other name."""
    local = moment.astimezone(ZONE)
    return moment.astimezone(dt.UTC) if local.fold else local


def _address(party: Party) -> vCalAddress:
    address = vCalAddress(f"mailto:{party.address}")
    if party.name:
        address.params["CN"] = vText(party.name)
    return address
