"""The languages that the plugin speaks, and what each needs: the one place that lists them.

A new one is a line here and its catalogues (`make messages` makes them, people fill them in). Texts in the code are in
English, which has no catalogue. Nothing of Django is asked here: settings and scripts read this file.
"""

from __future__ import annotations

from dataclasses import dataclass

SOURCE = "en"


@dataclass(frozen=True, slots=True)
class Language:
    """`name` is in the language itself. `region` decides quotes in documents. `day` and `time` are Django's formats."""

    code: str
    name: str
    region: str = "NO"
    day: str = "j. F Y"
    time: str = r"\k\l. H.i"

    def date_format(self, form: str = "") -> str:
        """A date in words: "", "weekday", and with the time of day "time" and "weekday_time"."""
        return " ".join(
            part
            for part, wanted in (
                ("l", form.startswith("weekday")),
                (self.day, True),
                (self.time, form.endswith("time")),
            )
            if wanted
        )


LANGUAGES: tuple[Language, ...] = (
    Language("nb", "Bokmål"),
    Language("nn", "Nynorsk"),
    Language(SOURCE, "English", region="GB", day="j F Y", time=r"\a\t H:i"),
)


def choices() -> list[tuple[str, str]]:
    """Code and name of each language."""
    return [(language.code, language.name) for language in LANGUAGES]


def translated() -> list[str]:
    """The languages that have catalogues."""
    return [language.code for language in LANGUAGES if language.code != SOURCE]


def find(code: str | None) -> Language | None:
    """The language of a code, whatever its region: “en-gb” is English. None for one that is not spoken here."""
    short = (code or "").partition("-")[0]
    return next((language for language in LANGUAGES if language.code == short), None)


def language(code: str | None) -> Language:
    """As `find`, but the first for no language, and English for one that is not spoken here."""
    return (find(code) or find(SOURCE) or LANGUAGES[0]) if code else LANGUAGES[0]


if __name__ == "__main__":  # for scripts/messages.sh
    print(*translated(), sep="\n")  # noqa: T201
