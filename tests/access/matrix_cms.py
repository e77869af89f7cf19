"""Who reaches what in the CMS, as data: one row a group of addresses, the first row that matches counts.

`READERS` of a row may get an answer of 200 there; everybody else never does: who has no access to the CMS is sent
to the sign-in, who has is sent home or told that nothing is there. Reaching an address is not reading an agreement:
what the parties wrote is looked for in every answer, whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.access.world import ACCOUNTS, CMS_GROUPS

NOBODY: frozenset[str] = frozenset()
SUPERUSER = frozenset({"superuser"})
APPROVERS = SUPERUSER | {"approver"}
FILES = APPROVERS | {"editor"}
WRITERS = FILES | {"hr", "director_staff"}
HR = SUPERUSER | {"hr"}
# Completion in figures; names are HR's.
FIGURES = HR | {"director_staff"}
OPERATIONS = SUPERUSER | {"operations"}
CMS = SUPERUSER.union(CMS_GROUPS)
# Signed in, whether they have access to the CMS or not.
SIGNED_IN = CMS | {"leader", "superior", *ACCOUNTS}


@dataclass(frozen=True)
class Group:
    """Addresses by a pattern of their route, and who may read there."""

    route: str
    readers: frozenset[str]
    # Answers 200 for nobody by a GET without a question, but belongs to the readers.
    silent: bool = False

    def matches(self, route: str) -> bool:
        return fnmatchcase(route, self.route)


GROUPS = (
    # The door
    Group("cms/login/", NOBODY, silent=True),
    Group("cms/logout/", NOBODY, silent=True),
    Group("cms/password_reset/*", NOBODY, silent=True),
    Group("cms/sprite/", SIGNED_IN),
    Group("cms/jsi18n/", SIGNED_IN),
    Group("cms/failwhale/", NOBODY, silent=True),
    Group("cms/", CMS),
    Group("cms/^[.][*]/$", NOBODY, silent=True),
    # The organisation and the rounds: HR
    Group("cms/leder/publish/*", NOBODY, silent=True),
    Group("cms/leder/log/*", HR),
    Group("cms/leder/year/*", HR),
    Group("cms/leder/reminders/*", HR),
    Group("cms/leder/import/*", HR),
    Group("cms/leder/chart/", HR),
    Group("cms/leder/handovers/", HR),
    Group("cms/leder/completion/", FIGURES),
    Group("cms/leder/completion/print/", FIGURES),
    Group("cms/leder/completion/file/*", FIGURES),
    Group("cms/leder/completion/*", HR),
    Group("cms/leder/coverage/", FIGURES),
    Group("cms/leder/coverage/file/*", FIGURES, silent=True),
    Group("cms/^leder/*", HR),
    Group("cms/leder/choose/*", HR),
    # People and groups
    Group("cms/users/delete/*", SUPERUSER),
    Group("cms/users/*", OPERATIONS),
    Group("cms/groups/*", SUPERUSER),
    Group("cms/operators-log/*", OPERATIONS),
    # How the CMS itself is set up
    Group("cms/sites/*", SUPERUSER),
    Group("cms/collections/*", SUPERUSER),
    Group("cms/workflows/task_chooser/*", CMS),
    Group("cms/workflows/*", SUPERUSER),
    # Pages. What moves, hides or publishes them is the approvers'; Wagtail shows two questions before it asks.
    Group("cms/pages/<int:page_id>/delete/", APPROVERS),
    Group("cms/pages/<int:page_id>/unpublish/", APPROVERS),
    Group("cms/pages/<int:page_id>/privacy/", APPROVERS),
    Group("cms/pages/<int:page_id>/lock/", APPROVERS, silent=True),
    Group("cms/pages/<int:page_id>/unlock/", APPROVERS, silent=True),
    Group("cms/pages/<int:page_id>/revisions/<int:revision_id>/unschedule/", APPROVERS),
    Group("cms/pages/<int:page_to_move_id>/move/", APPROVERS),
    Group("cms/pages/<int:page_to_move_id>/move/<int:destination_id>/confirm/", CMS),
    Group("cms/pages/<int:page_to_move_id>/set_position/", APPROVERS, silent=True),
    Group("cms/pages/workflow/confirm_cancellation/*", CMS),
    Group("cms/pages/create/*", CMS, silent=True),
    Group("cms/pages/*", WRITERS),
    Group("cms/bulk/*", CMS, silent=True),
    # Reports
    Group("cms/reports/locked/*", APPROVERS),
    Group("cms/reports/site-history/*", CMS),
    Group("cms/reports/*", WRITERS),
    # Files
    Group("cms/documents/chooser/create/", FILES),
    Group("cms/documents/chooser/*", CMS),
    Group("cms/documents/*", FILES),
    Group("cms/images/chooser/create/", FILES),
    Group("cms/images/chooser/<int:image_id>/select_format/", WRITERS),
    Group("cms/images/chooser/*", CMS),
    Group("cms/images/*", FILES),
    Group("cms/snippets/", NOBODY, silent=True),
    # The page editor's own tools
    Group("cms/api/main/*", CMS),
    Group("cms/choose-*", CMS),
    Group("cms/tag-autocomplete/*", CMS),
    Group("cms/embeds/*", CMS),
    Group("cms/account/", CMS),
    Group("cms/dismissibles/", CMS),
    Group("cms/editing-sessions/*", CMS, silent=True),
    Group("cms/block-preview/", CMS, silent=True),
    Group("cms/modeladmin/jsi18n/", CMS),
    Group("cms/test404/", CMS),
)


def group_of(route: str) -> Group | None:
    """The row that an address of the CMS belongs to."""
    return next((group for group in GROUPS if group.matches(route)), None)
