"""What kind of device somebody signs in by, in words as coarse as a person knows their own by.

From the browser's own word (User-Agent, RFC 9110), which anybody can make up: it tells a person which sign-in was
theirs, and decides nothing. Neither a version nor a model is kept: they would tell one person's device from another's.
"""

from __future__ import annotations

from django.db import models

LONGEST = 500


class Browser(models.TextChoices):
    """Families of browsers, by the names that people know."""

    EDGE = "edge", "Edge"
    OPERA = "opera", "Opera"
    SAMSUNG = "samsung", "Samsung Internet"
    FIREFOX = "firefox", "Firefox"
    CHROME = "chrome", "Chrome"
    SAFARI = "safari", "Safari"


class System(models.TextChoices):
    """Families of operating systems."""

    IPAD = "ipad", "iPad"
    IPHONE = "iphone", "iPhone"
    ANDROID = "android", "Android"
    WINDOWS = "windows", "Windows"
    CHROMEOS = "chromeos", "ChromeOS"
    MACOS = "macos", "macOS"
    LINUX = "linux", "Linux"


# The first that stands there counts: each claims to be those after it, too.
_BROWSERS = (
    ("edg", Browser.EDGE),
    ("opr/", Browser.OPERA),
    ("opera", Browser.OPERA),
    ("samsungbrowser", Browser.SAMSUNG),
    ("firefox", Browser.FIREFOX),
    ("fxios", Browser.FIREFOX),
    ("chrome", Browser.CHROME),
    ("crios", Browser.CHROME),
    ("safari", Browser.SAFARI),
)
_SYSTEMS = (
    ("ipad", System.IPAD),
    ("iphone", System.IPHONE),
    ("android", System.ANDROID),
    ("windows", System.WINDOWS),
    ("cros", System.CHROMEOS),
    ("mac os", System.MACOS),
    ("linux", System.LINUX),
)


def kind_of(user_agent: str) -> tuple[str, str]:
    """Return the family of browser and of system, as stored; "" for what the tables do not know."""
    said = user_agent[:LONGEST].lower()
    browser = next((family for mark, family in _BROWSERS if mark in said), "")
    system = next((family for mark, family in _SYSTEMS if mark in said), "")
    return str(browser), str(system)
