"""The hands of somebody who attacks: an ordinary browser without scripts, over HTTP, at the running site."""

from __future__ import annotations

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from collections import deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit

from tests.canary.html import Form, forms_in

LINK = re.compile(r'<a\s[^>]*href="([^"]+)"')
LEFT_OUT = re.compile(r"^/(?:logg-ut|cms/logout|static|sprak)/")
START = "/leder/min-side/"
# A crawl that comes here does not end.
MOST = 400


@dataclass(frozen=True)
class Answer:
    """What the site answered in the end, after every redirect."""

    status: int
    path: str
    text: str


class Hands:
    """One browser: what it is told by the site it keeps, cookies too. `forwarded` is what a proxy would say of it."""

    def __init__(self, url: str, *, forwarded: str = "") -> None:
        self.url = url
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self._headers = {"Accept-Language": "en"} | ({"X-Forwarded-For": forwarded} if forwarded else {})

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask(path, None)

    def post(self, path: str, fields: dict[str, Any]) -> Answer:
        """Send fields, with the token that the site has given this browser."""
        token = next((each.value for each in self.cookies if each.name.endswith("csrftoken")), "")
        sent = {"csrfmiddlewaretoken": token, **fields}
        return self._ask(path, urlencode(sent, doseq=True).encode())

    def submit(self, path: str, button: str = "", /, **changed: Any) -> Answer:
        """Send a form of a page as it stands there, with some fields changed (None: left out).

        It is the first that holds all of these fields, and a button or an address that ends so.
        """
        page = self.get(path)
        assert page.status == 200, (path, page.status)
        form = next(each for each in forms_in(page.text, page.path) if _fits(each, button, changed))
        fields: dict[str, Any] = {}
        for each in form.fields:
            if not each.in_pattern and (each.checked or each.type not in {"checkbox", "radio"}):
                fields.setdefault(each.name, []).append(each.value)
        for name, value in changed.items():
            fields.pop(name, None)
            if value is not None:
                fields[name] = value
        action = form.action
        for name, value, address in form.buttons:
            if button and (button in (name, value) or address.rstrip("/").endswith(button)):
                action = address
                if name:
                    fields[name] = value
        fields.pop("csrfmiddlewaretoken", None)
        return self.post(action, fields)

    def sign_in(self, username: str, password: str) -> Answer:
        """Sign in by the site's own form."""
        self.get("/logg-inn/")
        return self.post("/logg-inn/", {"username": username, "password": password})

    def bring(self, name: str, value: str) -> None:
        """Bring a cookie that the site never gave to these hands."""
        host = urlsplit(self.url).hostname or ""
        host = host if "." in host else f"{host}.local"
        self.cookies.set_cookie(
            http.cookiejar.Cookie(
                0, name, value, None, False, host, False, False, "/", True, False, None, True, None, None, {}
            )
        )

    def sign_out(self) -> None:
        """Sign out, and keep what the browser knows otherwise."""
        self.post("/logg-ut/", {})

    def can_sign_in(self, username: str, password: str) -> bool:
        """Whether the site lets these hands in."""
        return self.sign_in(username, password).status == 200 and "/logg-inn/" not in self.get(START).path

    def reads(self, *starts: str) -> str:
        """All that these hands are shown: every page that Min side leads to, and what those lead to, as one text."""
        waiting, seen, shown = deque((START, *starts)), set(), []
        while waiting and len(seen) < MOST:
            path = waiting.popleft()
            if path in seen or LEFT_OUT.match(path) or not path.startswith(("/leder/", *starts)):
                continue
            seen.add(path)
            answer = self.get(path)
            shown.append(answer.text)
            waiting.extend(self._links(answer))
        assert len(seen) < MOST, "the crawl does not end"
        return "\n".join(shown)

    def _links(self, answer: Answer) -> list[str]:
        found = [
            urldefrag(urljoin(answer.path, link.replace("&amp;", "&")))[0]
            for link in LINK.findall(answer.text)
        ]
        return [each for each in found if not urlsplit(each).netloc]

    def _ask(self, path: str, data: bytes | None) -> Answer:
        request = urllib.request.Request(
            urljoin(self.url, path), data, {**self._headers, "Referer": self.url + "/"}
        )
        try:
            response = self._opener.open(request)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            parts = urlsplit(response.url)
            shown = parts._replace(scheme="", netloc="").geturl()
            return Answer(response.status, shown, response.read().decode(errors="replace"))


def _fits(form: Form, button: str, fields: dict[str, Any]) -> bool:
    names = {each.name for each in form.fields}
    ends = [form.action.rstrip("/"), *(address.rstrip("/") for _name, _value, address in form.buttons)]
    has_button = not button or any(button in (name, value) for name, value, _address in form.buttons)
    return (
        form.method == "post"
        and fields.keys() <= names
        and (has_button or any(each.endswith(button) for each in ends))
    )
