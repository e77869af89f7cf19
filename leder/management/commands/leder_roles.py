"""Set up the groups, permissions and workflow of those who work with the text."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from leder.pages.roles import OPERATIONS, PAGE_PERMISSIONS, WORKFLOW, beyond_operations, set_up_roles


class Command(BaseCommand):
    """`manage.py leder_roles`: safe to run again, for instance after an upgrade."""

    help = "Create or complete the groups of editors, approvers, HR, the director's staff and operations."

    def handle(self, *args: Any, **options: Any) -> None:
        page = set_up_roles()
        groups = ", ".join(PAGE_PERMISSIONS)
        if page is None:
            self.stdout.write(_("Groups: %(groups)s.") % {"groups": groups})
            self.stdout.write(
                self.style.WARNING(
                    _(
                        "There is no leadership page yet, so nobody was given rights to pages, and there is no "
                        "workflow. Make the page in the CMS, and run this again."
                    )
                )
            )
        else:
            self.stdout.write(
                _("Groups: %(groups)s. Workflow “%(workflow)s” from the page “%(page)s” down.")
                % {"groups": groups, "workflow": WORKFLOW, "page": page}
            )
        if beyond := beyond_operations():
            self.stdout.write(
                self.style.WARNING(
                    _(
                        "The group “%(group)s” may more than it needs: %(permissions)s. Take it away under groups."
                    )
                    % {"group": OPERATIONS, "permissions": ", ".join(beyond)}
                )
            )
