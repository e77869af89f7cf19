"""What the plugin adds to Wagtail: registrations only."""

from wagtail import hooks
from wagtail_modeladmin.options import modeladmin_register

from leder.agreements.editions.newer import agreements_by_edition

from .agreements.admin import RoundAdmin
from .handover.cms import HandoverPage
from .handover.cms import register_log_actions as register_handover_actions
from .handover.daily import hand_over_due
from .identity import admin as identity
from .organisation import deletion
from .organisation.admin import LeaderAgreementsGroup
from .organisation.chart_pages import ChartPage
from .organisation.choosers import person_chooser, position_chooser, unit_chooser
from .organisation.cms import own_permissions
from .organisation.importing import audit as import_audit
from .organisation.importing import pages as importing
from .organisation.importing.actions import LOOK_AT_ACCOUNTS
from .oversight.completion import listing as completion
from .oversight.completion.panel import add_completion_panel
from .oversight.coverage import cms as coverage
from .oversight.coverage.actions import refresh_on
from .oversight.hr_log import HrLogPage, HrLogResults
from .oversight.log_actions import register_log_actions
from .pages import protection
from .pages.panels import PublishChanged, before_publish_page
from .pages.references import COUNT_AGREEMENTS
from .reminders import cms as reminders
from .reminders.admin import ReminderTextAdmin
from .year import daily, log, views

# In the order of the menu: the pages of HR's year, then the lists.
LeaderAgreementsGroup.pages = (
    *views.PAGES,
    ChartPage,
    *importing.PAGES,
    HandoverPage,
    PublishChanged,
    *completion.PAGES,
    *coverage.PAGES,
    *reminders.PAGES,
    HrLogPage,
    HrLogResults,
)
LeaderAgreementsGroup.items = (RoundAdmin, *LeaderAgreementsGroup.items, ReminderTextAdmin)
modeladmin_register(LeaderAgreementsGroup)

for chooser in (person_chooser, position_chooser, unit_chooser):
    hooks.register("register_admin_viewset", lambda chooser=chooser: chooser)

hooks.register("register_permissions", own_permissions)
hooks.register("register_log_actions", reminders.register_log_actions)
hooks.register("register_log_actions", register_handover_actions)
hooks.register("before_publish_page", before_publish_page)
hooks.register(COUNT_AGREEMENTS, agreements_by_edition)
hooks.register("register_log_actions", import_audit.register_log_actions)
hooks.register("register_log_actions", register_log_actions)
hooks.register("construct_homepage_panels", add_completion_panel)
hooks.register("before_delete_page", protection.before_delete_page)
hooks.register("before_bulk_action", protection.before_bulk_action)
hooks.register("before_delete_user", deletion.before_delete_user)
hooks.register("before_bulk_action", deletion.before_bulk_action)
hooks.register("before_edit_user", identity.before_edit_user)
hooks.register("after_edit_user", identity.after_edit_user)
hooks.register("after_create_user", identity.after_create_user)
hooks.register("before_bulk_action", identity.before_bulk_action)
hooks.register("after_bulk_action", identity.after_bulk_action)
hooks.register(LOOK_AT_ACCOUNTS, identity.look_at_accounts)
hooks.register("register_log_actions", log.register_log_actions)

# What is done every day of the year, in this order.
hooks.register(daily.STEP, daily.end_leavers, order=100)
hooks.register(daily.STEP, hand_over_due, order=200)
hooks.register(daily.STEP, daily.open_for_newcomers, order=300)
hooks.register(daily.STEP, refresh_on, order=900)
