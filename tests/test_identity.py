"""Sign-in by an identity provider, against a real one that keeps the rules."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from alerting.access.identity import IdentityProvider, IdentitySettings
from alerting.access.person import Person
from schemas.errors import MonomiError
from tests.identity_provider import Provider, identity_provider

BACK = "http://localhost/sign-in/back"
CLAIMS = {"preferred_username": "op-002", "name": "Sato", "groups": ["staff", "ward-privacy"]}


async def go_there_and_back(url: str) -> str:
    """Follow a browser's way to the provider; return the address that it is sent back to."""
    async with httpx.AsyncClient() as browser:
        return (await browser.get(url)).headers["location"]


def signed_in(
    change: Callable[[Provider], object] = lambda _: None,
    way: Callable[[str], Awaitable[str]] = go_there_and_back,
    **claims: Any,
) -> Person:
    """Sign somebody in; `change` alters the provider between the two halves of it."""

    async def run() -> Person:
        async with identity_provider(**{**CLAIMS, **claims}) as provider:
            settings = IdentitySettings(
                oidc_issuer=provider.issuer,
                oidc_roles={"ward-privacy": "privacy_officer", "staff": "supervisor"},
            )
            console = IdentityProvider(settings)
            begun = await console.begin(BACK)
            change(provider)
            return await console.finish(begun.state, await way(begun.url))

    return asyncio.run(run())


def code_of(refused: pytest.ExceptionInfo[MonomiError]) -> str:
    """Return an error's code."""
    return refused.value.code


def test_a_person_comes_back_with_the_role_of_their_first_group() -> None:
    """The claims name the person; the mapping's order decides between two groups."""
    assert signed_in() == Person("op-002", "privacy_officer", "Sato")
    assert signed_in(groups="staff").role == "supervisor"


def test_a_person_without_a_group_that_has_a_role_does_not_come_in() -> None:
    """Whom no mapping names has nothing to do here, however well signed in."""
    with pytest.raises(MonomiError) as refused:
        signed_in(groups=["other-ward"])
    assert code_of(refused) == "identity_without_role"


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"aud": "another-client"},
        {"iss": "http://elsewhere.example"},
        {"exp": 1_400_000_000},
        {"preferred_username": "../etc"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_an_identity_that_does_not_hold_is_refused(wrong: dict[str, Any]) -> None:
    """Of another sign-in, for another client, from another issuer, too old, or no id at all."""
    with pytest.raises(MonomiError) as refused:
        signed_in(lambda provider: provider.wrong.update(wrong))
    assert code_of(refused) == "identity_refused"


def test_a_code_that_was_stolen_or_used_is_refused() -> None:
    """A code of another sign-in fails at the provider, for the verifier is another."""

    async def with_another_code(url: str) -> str:
        own = await go_there_and_back(url)
        return own.replace("code=", "code=stolen-")

    with pytest.raises(MonomiError) as refused:
        signed_in(way=with_another_code)
    assert code_of(refused) == "identity_refused"


def test_a_state_is_good_once() -> None:
    """Whoever comes back a second time with the same state begins anew."""

    async def run() -> None:
        async with identity_provider(**CLAIMS) as provider:
            roles: Any = {"staff": "auditor"}
            console = IdentityProvider(
                IdentitySettings(oidc_issuer=provider.issuer, oidc_roles=roles)
            )
            begun = await console.begin(BACK)
            back = await go_there_and_back(begun.url)
            assert (await console.finish(begun.state, back)).role == "auditor"
            with pytest.raises(MonomiError) as refused:
                await console.finish(begun.state, back)
            assert code_of(refused) == "identity_refused"

    asyncio.run(run())


def test_a_provider_that_changes_its_keys_goes_on() -> None:
    """Keys known from before are fetched again where they do not fit."""

    async def run() -> None:
        async with identity_provider(**CLAIMS) as provider:
            roles: Any = {"staff": "auditor"}
            console = IdentityProvider(
                IdentitySettings(oidc_issuer=provider.issuer, oidc_roles=roles)
            )
            for _ in range(2):
                begun = await console.begin(BACK)
                person = await console.finish(begun.state, await go_there_and_back(begun.url))
                assert person.person_id == "op-002"
                provider.change_key()

    asyncio.run(run())


def test_a_provider_that_is_not_there_is_named() -> None:
    """The sentence names the setting to look at."""
    console = IdentityProvider(IdentitySettings(oidc_issuer="http://127.0.0.1:9"))
    with pytest.raises(MonomiError) as refused:
        asyncio.run(console.begin(BACK))
    assert code_of(refused) == "identity_unreachable"
    assert "MONOMI_OIDC_ISSUER" in refused.value.sentence
