"""The file as a whole: what hangs together, what goes in circles, who is appointed twice. Pure, in memory."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leder.organisation.models import UnitKind

from .faults import Fault, FaultKind, Kind, WarningKind
from .plain import Standing, TermKey, completed, rounds
from .rows import Sheet

# A file that ends this share of what is in use is perhaps of one sector only.
MUCH = 0.2


def check(sheet: Sheet, standing: Standing) -> None:
    """Note what is wrong between the rows."""
    _check_above(sheet, standing)
    _check_circles(sheet, standing)
    _check_overlaps(sheet)
    _check_addresses(sheet, standing)
    sheet.faults.sort(key=lambda fault: fault.place)


def _check_above(sheet: Sheet, standing: Standing) -> None:
    """A unit's parent and a position's superior are in the file, or at least in the database."""
    file = sheet.organisation
    for unit in file.units.values():
        if unit.parent and unit.parent not in file.units and unit.parent not in standing.units:
            sheet.fault(
                FaultKind.NO_UNIT,
                _row_saying(sheet, "unit", unit.code, "unit_parent", unit.parent),
                "unit_parent",
                _("There is no unit with the code “%(code)s”. Correct it, or add a row for that unit.")
                % {"code": unit.parent},
            )
    for position in file.positions.values():
        above = position.reports_to
        if above and above not in file.positions and above not in standing.positions:
            sheet.fault(
                FaultKind.NO_POSITION,
                _row_saying(sheet, "position", position.code, "reports_to", above),
                "reports_to",
                _(
                    "There is no position with the code “%(code)s”. Correct it, or add a row for that position."
                )
                % {"code": above},
            )


def _check_circles(sheet: Sheet, standing: Standing) -> None:
    file = sheet.organisation
    parents = {code: unit.parent for code, unit in {**standing.units, **file.units}.items()}
    for circle in rounds(parents):
        text = (
            _("The unit is part of itself.")
            if len(circle) == 1
            else _("The units are part of each other in a circle: %(chain)s.") % {"chain": _chain(circle)}
        )
        for code in circle:
            if code in file.units:
                row = _row_saying(sheet, "unit", code, "unit_parent", parents[code])
                sheet.fault(FaultKind.UNIT_CYCLE, row, "unit_parent", text)
    superiors = {code: each.reports_to for code, each in {**standing.positions, **file.positions}.items()}
    for circle in rounds(superiors):
        text = (
            _("The position reports to itself.")
            if len(circle) == 1
            else _("The positions report to each other in a circle: %(chain)s.") % {"chain": _chain(circle)}
        )
        for code in circle:
            if code in file.positions:
                row = _row_saying(sheet, "position", code, "reports_to", superiors[code])
                sheet.fault(FaultKind.POSITION_CYCLE, row, "reports_to", text)


def _check_overlaps(sheet: Sheet) -> None:
    by_position: dict[str, list[TermKey]] = defaultdict(list)
    for key in sheet.organisation.terms:
        if not key.acting:
            by_position[key.position].append(key)
    for position, keys in by_position.items():
        keys.sort(key=lambda key: (key.starts, sheet.term_rows[key]))
        longest = keys[0]
        for key in keys[1:]:
            ends = sheet.organisation.terms[longest]
            if ends is None or ends >= key.starts:
                sheet.fault(
                    FaultKind.OVERLAP,
                    sheet.term_rows[key],
                    "starts",
                    _(
                        "Position %(position)s is held permanently by somebody else then (row %(row)s). Give that "
                        "row a last day, or mark one of them as Konstituert."
                    )
                    % {"position": position, "row": sheet.term_rows[longest]},
                )
            mine = sheet.organisation.terms[key]
            if ends is not None and (mine is None or mine > ends):
                longest = key


def _check_addresses(sheet: Sheet, standing: Standing) -> None:
    """One address, one person. Two who already share one are left in peace while nothing changes."""
    file = sheet.organisation
    owners: dict[str, list[str]] = defaultdict(list)
    for person in file.people.values():
        if person.email:
            owners[person.email.casefold()].append(person.key)
    others: dict[str, str] = {}
    for key, account in standing.accounts.items():
        in_file = file.people.get(key)
        if account.facts.email and (in_file is None or in_file.email is None or account.guarded):
            others[account.facts.email.casefold()] = key
    for address, keys in owners.items():
        changed = {key for key in keys if _is_new_address(key, address, standing)}
        other = others.get(address)
        if not changed or (len(keys) == 1 and other in (None, keys[0])):
            continue
        keys.sort(key=lambda key: sheet.row_of("person", key, "email"))
        if other not in (None, *keys):
            for key in keys:
                sheet.fault(
                    FaultKind.SHARED_EMAIL,
                    sheet.row_of("person", key, "email"),
                    "email",
                    _("The address %(address)s belongs to %(other)s, who is not in the file.")
                    % {"address": address, "other": other},
                )
            continue
        for key in keys[1:]:
            sheet.fault(
                FaultKind.SHARED_EMAIL,
                sheet.row_of("person", key, "email"),
                "email",
                _("The address %(address)s also stands in row %(row)s, for somebody else.")
                % {"address": address, "row": sheet.row_of("person", keys[0], "email")},
            )


def _is_new_address(key: str, address: str, standing: Standing) -> bool:
    account = standing.accounts.get(key)
    return account is None or (account.facts.email or "").casefold() != address


def warnings(sheet: Sheet, standing: Standing, day: dt.date) -> list[Fault]:
    """What is worth a look before the file is applied."""
    found = [
        *_worth_of_people(sheet, standing, day),
        *_worth_of_positions(sheet, standing, day),
        *_worth_of_all(sheet, standing),
    ]
    return sorted(found, key=lambda warning: warning.place)


def _worth_of_people(sheet: Sheet, standing: Standing, day: dt.date) -> Iterable[Fault]:
    holding: dict[str, list[TermKey]] = defaultdict(list)
    for key, ends in sheet.organisation.terms.items():
        if key.starts <= day and (ends is None or ends >= day):
            holding[key.person].append(key)
    for keys in holding.values():
        positions = {key.position for key in keys}
        for key in keys[1:] if len(positions) > 1 else ():
            yield _warning(
                sheet,
                WarningKind.TWO_POSITIONS,
                sheet.term_rows[key],
                "position",
                _("%(person)s holds %(positions)s today.")
                % {"person": key.person, "positions": ", ".join(sorted(positions))},
            )
    for person in sheet.organisation.people.values():
        account = standing.accounts.get(person.key)
        row = sheet.row_of("person", person.key, "first")
        if account is None:
            continue
        before = account.facts
        if account.guarded and completed(person, before) != before:
            yield _warning(
                sheet,
                WarningKind.PROTECTED_PERSON,
                row,
                "person",
                _(
                    "%(person)s works in the CMS or is an administrator: name and address are changed there only."
                )
                % {"person": person.key},
            )
        elif before.email and person.email == "":
            yield _warning(
                sheet,
                WarningKind.LOST_EMAIL,
                row,
                "email",
                _("%(person)s has an e-mail address today, and none in the file.") % {"person": person.key},
            )


def _worth_of_positions(sheet: Sheet, standing: Standing, day: dt.date) -> Iterable[Fault]:
    file = sheet.organisation
    running = {
        (key.position, key.acting): key
        for key, ends in file.terms.items()
        if key.starts <= day and (ends is None or ends >= day)
    }
    for (position, acting), key in running.items():
        if acting and (position, False) not in running:
            yield _warning(
                sheet,
                WarningKind.ONLY_ACTING,
                sheet.term_rows[key],
                "acting",
                _("Somebody acts in position %(position)s, and nobody is permanently appointed to it.")
                % {"position": position},
            )
    for each in file.positions.values():
        unit = file.units.get(each.unit)
        if not each.reports_to and (unit is None or unit.kind != UnitKind.MUNICIPALITY):
            yield _warning(
                sheet,
                WarningKind.NO_SUPERIOR,
                sheet.row_of("position", each.code, "reports_to"),
                "reports_to",
                _("Position %(position)s reports to nobody, so its leader gets no agreement.")
                % {"position": each.code},
            )
        elif each.reports_to in standing.positions and each.reports_to not in file.positions:
            yield _warning(
                sheet,
                WarningKind.GONE_SUPERIOR,
                sheet.row_of("position", each.code, "reports_to"),
                "reports_to",
                _(
                    "Position %(position)s is not in the file and goes out of use. The next one above is the superior."
                )
                % {"position": each.reports_to},
            )


def _worth_of_all(sheet: Sheet, standing: Standing) -> Iterable[Fault]:
    used = standing.positions.keys() - standing.positions_off
    gone = len(used - sheet.organisation.positions.keys())
    if gone > max(5, MUCH * len(used)):
        yield _warning(
            sheet,
            WarningKind.MUCH_ENDS,
            None,
            "position",
            ngettext(
                "%(count)s of %(all)s positions is not in the file and goes out of use. Is everything in it?",
                "%(count)s of %(all)s positions are not in the file and go out of use. Is everything in it?",
                gone,
            )
            % {"count": gone, "all": len(used)},
        )


def _warning(sheet: Sheet, kind: Kind, row: int | None, key: str, text: str) -> Fault:
    return Fault(kind, row, sheet.headings[key], text)


def _row_saying(sheet: Sheet, what: str, code: str, key: str, value: str) -> int:
    """The first row that says this of a unit or position."""
    stated = sheet.stated[what, code, key]
    return next((row for row, said in stated if said == value), stated[0][0])


def _chain(circle: list[str]) -> str:
    return " → ".join([*circle, circle[0]])
