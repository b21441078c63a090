"""Consoles in a scene of the tests, asked as a browser's forms ask, by whoever is to ask."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import httpx
from fastapi import Request

from alerting.access.person import Person, Role
from alerting.bell import Bell
from alerting.console.app import console_app
from alerting.console.rendering import Pages
from alerting.console.stream import Console
from alerting.feed import FeedStatus
from benchmarks.pictures.ground import console_before
from tests.offices import Scene


@dataclass
class OnePerson:
    """A doorkeeper who takes everybody for one person."""

    whom: Person

    async def person(self, request: Request, *, at_work: bool = True) -> Person | None:  # noqa: ARG002
        return self.whom


def console_of(scene: Scene, person_id: str, role: Role = "supervisor") -> Console:
    """Return a console over the scene's office before one person."""
    office = scene.office
    pages = Pages(ZoneInfo("Asia/Tokyo"), office.desk.directory)
    person = OnePerson(Person(person_id, role, person_id))
    return console_before(office, Bell(), FeedStatus("live"), pages, person)


@asynccontextmanager
async def before(
    scene: Scene, person_id: str, role: Role = "supervisor"
) -> AsyncIterator[httpx.AsyncClient]:
    """Open a browser of sorts before a person's console; it speaks English, follows nothing."""
    app = console_app(console_of(scene, person_id, role), loopback_only=True)
    headers = {"Accept-Language": "en"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://localhost", headers=headers
    ) as web:
        yield web


def words_of(page: httpx.Response) -> str:
    """Return a page's text, spaces made single."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.text)))


def shown_alerts(page: httpx.Response) -> list[str]:
    """Return the ids of the alerts on a page, in its order."""
    return re.findall(r'data-alert="([^"]+)" data-revision', page.text)
