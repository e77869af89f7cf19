"""What tests of the pages that others are shown share."""

from leder.agreements import actions
from tests.factories import PRIVATE_SECTION, access_of

LIST = "/leder/delt/"


def text_of(response):
    return response.content.decode()


def write(agreement, section=PRIVATE_SECTION, **payload):
    """Let the leader write in a section."""
    whole = {"note": "", "answers": {}, "choices": [], "goals": [], **payload}
    actions.save_section(access_of(agreement.leader, agreement), section_id=section, version=0, payload=whole)


def links_into_the_agreement(page):
    return "/leder/avtale/" in page
