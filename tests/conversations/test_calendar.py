"""The entry for calendars: read back by the library, and byte by byte as RFC 5545 wants it."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from leder.conversations.calendar import Entry, Method, Party, as_file, time_zone
from leder.mail.sending import one_line

OSLO = ZoneInfo("Europe/Oslo")
NOW = dt.datetime(2027, 2, 1, 8, 0, 0, 123456, tzinfo=dt.UTC)


def entry(**changes):
    values = {
        "uid": "1@intranett.example",
        "sequence": 0,
        "starts_at": dt.datetime(2027, 3, 2, 9, 30, tzinfo=dt.UTC),
        "minutes": 60,
        "summary": "Ledersamtale",
        "where": "Se avtalen",
        "description": "Mellom Åse Ærlig og Bjørn Øye.\nSe avtalen; her, nå:\nhttps://intranett.example/x/",
        "url": "https://intranett.example/x/",
        "organiser": Party("Bjørn Øye", "bjorn@example.org"),
        "attendee": Party("Åse Ærlig", "ase@example.org"),
        "cancelled": False,
        **changes,
    }
    return Entry(**values)


def read(content):
    """The one event in a file, by the library's own reader."""
    calendar = Calendar.from_ical(content)
    [event] = calendar.walk("VEVENT")
    return calendar, event


class TestWhatStandsInIt:
    def test_an_invitation(self):
        calendar, event = read(as_file(entry(), Method.REQUEST, now=NOW))
        assert (calendar["METHOD"], calendar["VERSION"]) == ("REQUEST", "2.0")
        assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("1@intranett.example", 0, "CONFIRMED")
        assert event["DTSTAMP"].dt == NOW.replace(microsecond=0)
        assert (event["CLASS"], event["TRANSP"]) == ("PRIVATE", "OPAQUE")
        assert event["SUMMARY"] == "Ledersamtale"
        assert "Åse Ærlig" in event["DESCRIPTION"]
        assert "\nSe avtalen; her, nå:\n" in event["DESCRIPTION"]
        assert event["ORGANIZER"] == "mailto:bjorn@example.org"
        assert event["ORGANIZER"].params["CN"] == "Bjørn Øye"
        attendee = event["ATTENDEE"]
        assert attendee == "mailto:ase@example.org"
        assert dict(attendee.params) == {
            "CN": "Åse Ærlig", "CUTYPE": "INDIVIDUAL", "PARTSTAT": "NEEDS-ACTION", "ROLE": "REQ-PARTICIPANT",
            "RSVP": "TRUE",
        }  # fmt: skip

    def test_a_cancellation_is_of_the_same_entry(self):
        calendar, event = read(as_file(entry(sequence=2, cancelled=True), Method.CANCEL, now=NOW))
        assert calendar["METHOD"] == "CANCEL"
        assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("1@intranett.example", 2, "CANCELLED")
        assert event["TRANSP"] == "TRANSPARENT"
        assert event["ORGANIZER"] == "mailto:bjorn@example.org"
        assert event["ATTENDEE"].params["RSVP"] == "FALSE"

    def test_what_is_published_invites_nobody(self):
        """RFC 5546, 3.2.1: an organiser, and no attendee."""
        calendar, event = read(as_file(entry(), Method.PUBLISH, now=NOW))
        assert calendar["METHOD"] == "PUBLISH"
        assert "ATTENDEE" not in event
        assert event["ORGANIZER"] == "mailto:bjorn@example.org"


class TestTime:
    @pytest.mark.parametrize(
        ("day", "minutes"),
        [
            (dt.datetime(2027, 3, 2, 10, 30), 60),
            (dt.datetime(2027, 7, 2, 10, 30), 90),
            (dt.datetime(2027, 3, 26, 14, 0), 60),  # the Friday before summer time
            (dt.datetime(2027, 3, 29, 8, 0), 60),  # the Monday after
            (dt.datetime(2027, 10, 29, 14, 0), 60),
            (dt.datetime(2027, 11, 1, 8, 0), 60),
            (dt.datetime(2027, 3, 28, 1, 30), 60),  # across the change
            (dt.datetime(2027, 10, 31, 1, 30), 180),
            (dt.datetime(2027, 12, 31, 23, 30), 60),
        ],
    )
    def test_is_norwegian_and_lasts_as_long_as_said(self, day, minutes):
        starts_at = day.replace(tzinfo=OSLO).astimezone(dt.UTC)
        content = as_file(entry(starts_at=starts_at, minutes=minutes), Method.REQUEST, now=NOW)
        assert f"DTSTART;TZID=Europe/Oslo:{day:%Y%m%dT%H%M%S}\r\n".encode() in content
        _calendar, event = read(content)
        start, end = event["DTSTART"].dt.astimezone(dt.UTC), event["DTEND"].dt.astimezone(dt.UTC)
        assert start == starts_at
        assert end - start == dt.timedelta(minutes=minutes)

    def test_the_hour_that_autumn_has_twice(self):
        first = dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC)
        for starts_at in (first, first + dt.timedelta(hours=1)):
            _calendar, event = read(as_file(entry(starts_at=starts_at), Method.REQUEST, now=NOW))
            assert event["DTSTART"].dt.astimezone(dt.UTC) == starts_at

    def test_the_rules_are_those_of_norway(self):
        """For every half day of the years that conversations are called in, against the machine's own rules."""
        ours = time_zone().to_tz()
        moment = dt.datetime(2024, 1, 1, 1, 30)
        while moment.year < 2038:
            assert moment.replace(tzinfo=ours).utcoffset() == moment.replace(tzinfo=OSLO).utcoffset(), moment
            moment += dt.timedelta(hours=12)

    def test_the_zone_is_told_by_rules(self):
        content = as_file(entry(), Method.REQUEST, now=NOW).decode()
        assert content.count("BEGIN:VTIMEZONE") == 1
        assert content.index("BEGIN:VTIMEZONE") < content.index("BEGIN:VEVENT")
        assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in content
        assert "RDATE" not in content


NAMES = [
    "Åse Ærlig",
    "Ø" * 300,
    'Kari "Kalle" O\'Neill; Eksempel, Avdeling: 4',
    "Kari\r\nATTENDEE:mailto:x@example.org",
    "Kari\nEND:VEVENT",
    "Kari^n\\nX",
    "李小龙 🎉 " * 20,
    "\u2028\u2029\x85\x0b\x00Kari",
    "",
]


class TestBytes:
    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("method", Method)
    def test_lines_are_short_end_as_they_should_and_are_whole_signs(self, name, method):
        party = Party(one_line(name, 100), "a@example.org")
        content = as_file(
            entry(organiser=party, attendee=party, description=f"Mellom {party.name}."), method, now=NOW
        )
        assert content.endswith(b"END:VCALENDAR\r\n")
        lines = content.split(b"\r\n")
        assert not any(b"\n" in line or b"\r" in line for line in lines)
        assert max(len(line) for line in lines) <= 75
        for line in lines:
            line.decode()
        assert content.count(b"\r\nATTENDEE") == (method is not Method.PUBLISH)
        assert lines.count(b"BEGIN:VEVENT") == lines.count(b"END:VEVENT") == 1
        _calendar, event = read(content)
        assert event["ORGANIZER"] == "mailto:a@example.org"
        assert event["ORGANIZER"].params.get("CN", "").replace("'", '"') == party.name.replace("'", '"')
