"""Writing and reading in tests of handovers: every kind of text, each with words of its own."""

from leder.agreements import actions
from leder.agreements.answers import new_goal
from leder.agreements.models import Reading
from leder.conversations import actions as conversing
from leder.handover.consenting import consent
from tests.factories import FOLLOW_UP_SECTION, PRIVATE_SECTION, SECTION, access_of, opened_by

GOAL = new_goal(id="goal-1", goal="Et mål")


def payload(note, goals=()):
    return {"note": note, "answers": {}, "choices": [], "goals": list(goals)}


def version_of(agreement, section, kind="answer"):
    agreement.refresh_from_db()
    row = agreement.entries.filter(
        section_id=section, kind=kind, pair=agreement.pair if section != SECTION else ""
    )
    return row.values_list("version", flat=True).first() or 0


def write(case, section, note, *, by=None, goals=()):
    actions.save_section(
        access_of(by or case.leader, case.agreement),
        section_id=section,
        version=version_of(case.agreement, section),
        payload=payload(note, goals),
    )


def progress(case, section, note, *, by=None):
    actions.save_progress(
        access_of(by or case.leader, case.agreement),
        section_id=section,
        version=version_of(case.agreement, section, "progress"),
        payload={"note": note, "goals": {}},
    )


def prepare(case, person, note):
    kind = "preparation"
    case.agreement.refresh_from_db()
    role = case.agreement.role_of(person)
    row = case.agreement.entries.filter(
        kind=kind, role=role, section_id=SECTION, pair=case.agreement.pair
    ).first()
    conversing.save_preparation(
        access_of(person, case.agreement),
        section_id=SECTION,
        version=row.version if row else 0,
        payload=payload(note),
    )


def comment(case, person, text, section=PRIVATE_SECTION):
    actions.add_comment(access_of(person, case.agreement), section_id=section, text=text)


def let_read(case, section=PRIVATE_SECTION):
    consent(access_of(case.leader, case.agreement), section_id=section)


def texts_of(case, person):
    """All that a person is shown, kept texts too."""
    return opened_by(person, case.agreement, kinds=Reading.Kind.values, kept=True)


def words_of(case, person):
    """Every word that a person is shown, in one set."""
    texts = texts_of(case, person)
    assert not texts.damaged
    assert not texts.altered
    found = [*texts.answers.values(), *texts.progress.values(), *texts.preparations.values()]
    found += [each.text for each in texts.kept]
    words = {text.payload["note"] for text in found}
    words |= {comment.text for comments in texts.comments.values() for comment in comments}
    return words - {""}


def everything_before(case):
    """What two write before the conversation: shared and private."""
    write(case, SECTION, "felles", goals=[GOAL])
    write(case, PRIVATE_SECTION, "privat", goals=[{**GOAL, "id": "goal-2"}])
    comment(case, case.former, "privat kommentar")
    comment(case, case.former, "felles kommentar", SECTION)
    prepare(case, case.leader, "lederens forberedelse")
    prepare(case, case.former, "overordnets forberedelse")


def everything_after(case):
    """What two write after signing."""
    progress(case, SECTION, "felles fremdrift")
    progress(case, PRIVATE_SECTION, "privat fremdrift")
    write(case, FOLLOW_UP_SECTION, "privat oppfølging")
    comment(case, case.former, "privat kommentar etter", FOLLOW_UP_SECTION)
