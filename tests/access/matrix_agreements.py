"""Who reaches what of an agreement, as data: a row for each address, method, state and kind of section.

Read a row as: “this address, this method, in these states: what the leader gets, what the superior gets”. Everybody
else who is signed in gets `stranger`, and whoever is not signed in gets `outsider`. A stranger is answered as if
there were no such agreement, whatever the method (404), except where the address itself takes no such method (405).
"""

from __future__ import annotations

from dataclasses import dataclass

from leder.agreements.states import BEFORE_SIGNED, State
from tests.factories import FOLLOW_UP_SECTION, PRIVATE_SECTION, QUESTIONS_SECTION, SECTION

ALL = tuple(State.values)
WRITING = BEFORE_SIGNED
STANDING = (*BEFORE_SIGNED, State.SIGNED)
SIGN_IN = "sign-in"
# Sent to confirm who they are, and back.
CONFIRM = "confirm"
Expected = int | str


def but(*states: str) -> tuple[str, ...]:
    """All states but these."""
    return tuple(state for state in ALL if state not in states)


@dataclass(frozen=True)
class Row:
    """What each kind of person gets from an address in some states."""

    address: str
    method: str
    states: tuple[str, ...]
    leader: Expected
    superior: Expected
    stranger: Expected = 404
    outsider: Expected = SIGN_IN
    section: str = QUESTIONS_SECTION
    # What happened just before: "held" – the follow-up conversation was held; "shared" – both had agreed to share;
    # "proposed" – the leader had proposed to reopen it; "confirmed" – the leader had confirmed the follow-up.
    given: str = ""
    # How it is asked: "page" – as a browser does; "script" – as the page's own script does, for data; "stale" – as a
    # page, by somebody whose sign-in is not recent.
    channel: str = "page"

    def __str__(self) -> str:
        extra = f" {self.section}" if self.section != QUESTIONS_SECTION else ""
        given = f" ({self.given})" if self.given else ""
        by = f" by {self.channel}" if self.channel != "page" else ""
        return f"{self.method} {self.address}{extra}{given}{by} [{' '.join(self.states)}]"


def no_get(address: str, **kwargs: Expected) -> Row:
    """An address that only takes POST."""
    return Row(address, "GET", ALL, 405, 405, **{"stranger": 405, **kwargs})  # type: ignore[arg-type]


def no_post(address: str) -> Row:
    """An address that only takes GET."""
    return Row(address, "POST", ALL, 405, 405, stranger=405)


PROMPTS = FOLLOW_UP_SECTION
UNKNOWN = "no-such-section"
PRIVATE = PRIVATE_SECTION
BEFORE_SIGNING = (State.OPENED, State.PREPARED, State.DISCUSSED)

ROWS = (
    # -- the agreement -----------------------------------------------------------------------------------
    #   address                method  states                       leader  superior
    Row("agreement",           "GET",  ALL,                         200,    200),
    no_post("agreement"),
    Row("readings",            "GET",  ALL,                         200,    200),
    no_post("readings"),
    # -- texts that were published anew: what no page posts decides nothing (422); see test_views_newer_text ---
    Row("newer_text",          "GET",  ALL,                         200,    200),
    Row("newer_text",          "POST", WRITING,                     422,    422),
    Row("newer_text",          "POST", but(*WRITING),               403,    403),
    Row("letter_news",         "GET",  ALL,                         200,    200),
    no_post("letter_news"),
    # What is posted without a session comes back to be sent again (401): nothing that was typed is lost.
    no_get("section", outsider=405),
    Row("section",             "POST", WRITING,                     302,    302,   outsider=401),
    Row("section",             "POST", but(*WRITING),               403,    403,   outsider=401),
    Row("section",             "POST", (State.SIGNED,),             302,    302,   outsider=401, section=PROMPTS),
    Row("section",             "POST", but(State.SIGNED),           403,    403,   outsider=401, section=PROMPTS),
    Row("section",             "POST", ALL,                         404,    404,   outsider=401, section=UNKNOWN),
    no_get("comment", outsider=405),
    Row("comment",             "POST", STANDING,                    302,    302,   outsider=401),
    Row("comment",             "POST", but(*STANDING),              403,    403,   outsider=401),
    no_get("review", outsider=405),
    Row("review",              "POST", WRITING,                     403,    302,   outsider=401),
    Row("review",              "POST", but(*WRITING),               403,    403,   outsider=401),
    Row("review",              "POST", ALL,                         403,    403,   outsider=401, section=PROMPTS),
    Row("carry_over",          "GET",  WRITING,                     200,    200),
    Row("carry_over",          "GET",  WRITING,                     CONFIRM, CONFIRM, channel="stale"),
    Row("carry_over",          "GET",  but(*WRITING),               403,    403),
    # What chooses no goal leads back to the choice.
    Row("carry_over",          "POST", WRITING,                     302,    302),
    Row("carry_over",          "POST", but(*WRITING),               403,    403),
    # -- earlier versions of a section: number 1, which both have been shown, is put back over number 3 -----
    Row("versions",            "GET",  ALL,                         200,    200),
    Row("versions",            "GET",  ALL,                         404,    404,   section=UNKNOWN),
    no_post("versions"),
    Row("version",             "GET",  ALL,                         200,    200,   section=SECTION),
    Row("version",             "GET",  ALL,                         200,    200,   section=PRIVATE),
    Row("version",             "GET",  ALL,                         404,    404),
    no_post("version"),
    no_get("version_put_back"),
    Row("version_put_back",    "POST", BEFORE_SIGNING,              302,    302,   section=SECTION),
    Row("version_put_back",    "POST", BEFORE_SIGNING,              302,    302,   section=PRIVATE),
    Row("version_put_back",    "POST", but(*BEFORE_SIGNING),        403,    403,   section=SECTION),
    Row("version_put_back",    "POST", ALL,                         404,    404),
    # -- the document --------------------------------------------------------------------------------------
    Row("document",            "GET",  ALL,                         200,    200),
    no_post("document"),
    Row("follow_up_document",  "GET",  but(*WRITING),               200,    200),
    Row("follow_up_document",  "GET",  WRITING,                     403,    403),
    no_post("follow_up_document"),
    # -- the leader's agreements through the years ---------------------------------------------------------
    Row("history",             "GET",  ALL,                         200,    200),
    no_post("history"),
    # -- signing (R7) ------------------------------------------------------------------------------------
    Row("sign",                "GET",  ALL,                         200,    200),
    Row("sign",                "POST", (State.DISCUSSED,),          302,    302,   outsider=401),
    Row("sign",                "POST", (State.SIGNING,),            403,    302,   outsider=401),
    Row("sign",                "POST", but(State.DISCUSSED, State.SIGNING), 403, 403, outsider=401),
    no_get("sign_withdraw"),
    Row("sign_withdraw",       "POST", (State.SIGNING,),            302,    403),
    Row("sign_withdraw",       "POST", but(State.SIGNING),          403,    403),
    # -- reopening what both have signed: the leader has proposed, so the superior answers (R7) --------------
    Row("reopening",           "GET",  ALL,                         200,    200),
    Row("reopening",           "POST", (State.SIGNED,),             302,    302,   outsider=401),
    Row("reopening",           "POST", but(State.SIGNED),           403,    403,   outsider=401),
    # It is proposed already: what was typed comes back.
    Row("reopening",           "POST", (State.SIGNED,),             422,    422,   outsider=401, given="proposed"),
    no_get("reopening_consent"),
    Row("reopening_consent",   "POST", ALL,                         404,    404),
    Row("reopening_consent",   "POST", (State.SIGNED,),             403,    302,   given="proposed"),
    no_get("reopening_decline"),
    Row("reopening_decline",   "POST", ALL,                         404,    404),
    Row("reopening_decline",   "POST", (State.SIGNED,),             403,    302,   given="proposed"),
    no_get("reopening_withdraw"),
    Row("reopening_withdraw",  "POST", ALL,                         404,    404),
    Row("reopening_withdraw",  "POST", (State.SIGNED,),             302,    403,   given="proposed"),
    # What was signed before: here nothing was (see test_reopening).
    Row("earlier_seal",        "GET",  ALL,                         404,    404),
    no_post("earlier_seal"),
    Row("earlier_document",    "GET",  ALL,                         404,    404),
    no_post("earlier_document"),
    # -- the follow-up (R4) ------------------------------------------------------------------------------
    Row("follow_up",           "GET",  but(*WRITING),               200,    200),
    Row("follow_up",           "GET",  WRITING,                     403,    403),
    no_post("follow_up"),
    no_get("follow_up_progress", outsider=405),
    Row("follow_up_progress",  "POST", (State.SIGNED,),             302,    302,   outsider=401),
    Row("follow_up_progress",  "POST", but(State.SIGNED),           403,    403,   outsider=401),
    no_get("follow_up_confirm"),
    Row("follow_up_confirm",   "POST", ALL,                         403,    403),
    Row("follow_up_confirm",   "POST", (State.SIGNED,),             302,    302,   given="held"),
    no_get("follow_up_withdraw"),
    Row("follow_up_withdraw",  "POST", ALL,                         403,    403),
    Row("follow_up_withdraw",  "POST", (State.SIGNED,),             302,    403,   given="confirmed"),
    # -- the preparation: each one's own (R5) ------------------------------------------------------------
    Row("preparation",         "GET",  ALL,                         200,    200),
    no_post("preparation"),
    Row("preparation_section", "GET",  (State.OPENED,),             200,    200),
    Row("preparation_section", "GET",  but(State.OPENED),           302,    302),
    Row("preparation_section", "POST", (State.OPENED,),             302,    302,   outsider=401),
    Row("preparation_section", "POST", but(State.OPENED),           403,    403,   outsider=401),
    Row("preparation_section", "GET",  ALL,                         404,    404,   section=UNKNOWN),
    no_get("preparation_ready"),
    Row("preparation_ready",   "POST", (State.OPENED,),             302,    302),
    Row("preparation_ready",   "POST", but(State.OPENED),           403,    403),
    # -- conversations: the superior calls them (R3) -----------------------------------------------------
    Row("conversations",       "GET",  ALL,                         200,    200),
    Row("conversations",       "POST", (State.DISCUSSED, State.SIGNING), 403, 302, outsider=401),
    # One is called already: the form comes back and says so.
    Row("conversations",       "POST", (State.OPENED, State.PREPARED, State.SIGNED), 403, 422, outsider=401),
    Row("conversations",       "POST", but(*STANDING),              403,    403, outsider=401),
    no_get("conversation_move"),
    Row("conversation_move",   "POST", (State.OPENED, State.PREPARED, State.SIGNED), 403, 302, outsider=401),
    Row("conversation_move",   "POST", but(State.OPENED, State.PREPARED, State.SIGNED), 403, 403, outsider=401),
    no_get("conversation_cancel"),
    Row("conversation_cancel", "POST", (State.OPENED, State.PREPARED, State.SIGNED), 403, 302),
    Row("conversation_cancel", "POST", but(State.OPENED, State.PREPARED, State.SIGNED), 403, 403),
    no_get("conversation_hold"),
    Row("conversation_hold",   "POST", (State.OPENED, State.PREPARED, State.SIGNED), 403, 302),
    Row("conversation_hold",   "POST", but(State.OPENED, State.PREPARED, State.SIGNED), 403, 403),
    # -- sharing: the leader has proposed, so the superior answers and the leader takes back (R2) ----------
    Row("sharing",             "GET",  ALL,                         200,    200),
    Row("sharing",             "POST", but(State.ENDED),            302,    302,   outsider=401),
    Row("sharing",             "POST", (State.ENDED,),              403,    403,   outsider=401),
    no_get("share_consent"),
    Row("share_consent",       "POST", but(State.ENDED),            403,    302),
    Row("share_consent",       "POST", (State.ENDED,),              403,    403),
    no_get("share_decline"),
    Row("share_decline",       "POST", ALL,                         403,    302),
    no_get("share_withdraw"),
    Row("share_withdraw",      "POST", ALL,                         302,    403),
    Row("share_withdraw",      "POST", ALL,                         302,    302,   given="shared"),
    # -- what the leader decides when there is another superior: here there is none (see test_handover) ----
    no_get("handover_consent"),
    Row("handover_consent",    "POST", ALL,                         403,    403,   section=PRIVATE),
    # -- meeting mode ------------------------------------------------------------------------------------
    Row("meeting_start",       "GET",  STANDING,                    302,    302),
    Row("meeting_start",       "GET",  but(*STANDING),              403,    403),
    no_post("meeting_start"),
    Row("meeting",             "GET",  (State.OPENED, State.PREPARED, State.DISCUSSED, State.SIGNED), 200, 200),
    # A word changed in a meeting would undo the signature that is there: that is done where it says so.
    Row("meeting",             "GET",  (State.SIGNING,),            302,    302),
    Row("meeting_end",         "GET",  STANDING,                    200,    200),
    Row("meeting_end",         "GET",  but(*STANDING),              403,    403),
    no_post("meeting_end"),
    Row("meeting",             "GET",  but(*STANDING),              403,    403),
    Row("meeting",             "GET",  (State.OPENED, State.SIGNED), 404,   404,   section=UNKNOWN),
    no_post("meeting"),
    # -- the page's own script, which saves: data, never text ---------------------------------------------
    Row("section",             "POST", WRITING,                     200,    200,   outsider=401, channel="script"),
    Row("section",             "POST", but(*WRITING),               403,    403,   outsider=401, channel="script"),
    Row("section",             "POST", (State.SIGNED,),             200,    200,   outsider=401, channel="script",
        section=PROMPTS),
    Row("follow_up_progress",  "POST", (State.SIGNED,),             200,    200,   outsider=401, channel="script"),
    Row("follow_up_progress",  "POST", but(State.SIGNED),           403,    403,   outsider=401, channel="script"),
    Row("preparation_section", "POST", (State.OPENED,),             200,    200,   outsider=401, channel="script"),
    Row("preparation_section", "POST", but(State.OPENED),           403,    403,   outsider=401, channel="script"),
    # -- a sign-in that is not recent: private parts are closed, saving is not ----------------------------
    Row("agreement",           "GET",  ALL,                         200,    200,   channel="stale"),
    Row("readings",            "GET",  ALL,                         200,    200,   channel="stale"),
    Row("newer_text",          "GET",  ALL,                         200,    200,   channel="stale"),
    Row("history",             "GET",  ALL,                         200,    200,   channel="stale"),
    Row("conversations",       "GET",  ALL,                         200,    200,   channel="stale"),
    Row("preparation",         "GET",  ALL,                         CONFIRM, CONFIRM, channel="stale"),
    Row("preparation_section", "GET",  (State.OPENED,),             CONFIRM, CONFIRM, channel="stale",
        section=PRIVATE),
    Row("preparation_section", "GET",  (State.OPENED,),             200,    200,   channel="stale"),
    Row("versions",            "GET",  ALL,                         200,    200,   channel="stale"),
    Row("versions",            "GET",  ALL,                         CONFIRM, CONFIRM, channel="stale", section=PRIVATE),
    Row("version",             "GET",  ALL,                         200,    200,   channel="stale", section=SECTION),
    Row("version",             "GET",  ALL,                         CONFIRM, CONFIRM, channel="stale", section=PRIVATE),
    Row("version_put_back",    "POST", BEFORE_SIGNING,              302,    302,   channel="stale", section=SECTION),
    Row("version_put_back",    "POST", ALL,                         CONFIRM, CONFIRM, channel="stale", section=PRIVATE),
    Row("meeting",             "GET",  BEFORE_SIGNING,              CONFIRM, CONFIRM, channel="stale",
        section=PRIVATE),
    Row("meeting",             "GET",  BEFORE_SIGNING,              200,    200,   channel="stale"),
    Row("document",            "GET",  ALL,                         CONFIRM, CONFIRM, channel="stale"),
    Row("follow_up_document",  "GET",  but(*WRITING),               CONFIRM, CONFIRM, channel="stale"),
    Row("sign",                "GET",  ALL,                         CONFIRM, CONFIRM, channel="stale"),
    Row("sign",                "POST", ALL,                         403,    403,   outsider=401, channel="stale"),
    Row("sign_withdraw",       "POST", ALL,                         CONFIRM, CONFIRM, channel="stale"),
    Row("follow_up",           "GET",  but(*WRITING),               CONFIRM, CONFIRM, channel="stale"),
    Row("follow_up_confirm",   "POST", but(*WRITING),               CONFIRM, CONFIRM, channel="stale"),
    Row("follow_up_withdraw",  "POST", ALL,                         CONFIRM, CONFIRM, channel="stale"),
    Row("sharing",             "GET",  ALL,                         CONFIRM, CONFIRM, channel="stale"),
    Row("reopening",           "GET",  ALL,                         CONFIRM, CONFIRM, channel="stale"),
    Row("reopening",           "POST", (State.SIGNED,),             403,    403,   outsider=401, channel="stale"),
    Row("reopening_consent",   "POST", (State.SIGNED,),             CONFIRM, CONFIRM, given="proposed",
        channel="stale"),
    Row("sharing",             "POST", but(State.ENDED),            403,    403,   outsider=401, channel="stale"),
    Row("section",             "POST", WRITING,                     302,    302,   outsider=401, channel="stale",
        section=PRIVATE),
    Row("preparation_section", "POST", (State.OPENED,),             302,    302,   outsider=401, channel="stale",
        section=PRIVATE),
)  # fmt: skip


def rows_of(address: str) -> list[Row]:
    """The rows of an address, by its name in the namespace `leder`."""
    return [row for row in ROWS if row.address == address]
