"""What all channels can be set to, and the secrets that stand outside the file."""

from __future__ import annotations

import ipaddress
import os
import re
import ssl
from pathlib import Path
from typing import Annotated, ClassVar, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, model_validator

from alerting.console.messages import Language
from schemas.errors import MonomiError
from schemas.toml_file import allowed, unshown

STRICT = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
_ADDRESS = "an address https://…; http:// only on this machine"


def is_address(url: str) -> bool:
    """Return whether a URL may be posted to: https, or http on this machine; no sign-in in it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or parts.username or parts.fragment or re.search(r"[\s\\]", url):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host))


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _checked_address(url: str) -> str:
    if not is_address(url):
        # Not shown: in many services whoever knows such an address may write there.
        raise unshown(_ADDRESS)
    return url


def _checked_web_page(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise allowed("an address http://… or https://…")
    return url


def is_mail_address(text: str) -> bool:
    """Return whether a text is one mail address, name@host in ASCII, and nothing else."""
    return re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+", text) is not None


def _checked_mail_address(text: str) -> str:
    if not is_mail_address(text):
        raise allowed("an address name@host")
    return text


def _checked_variable(name: str) -> str:
    if not re.fullmatch(r"[A-Z_][A-Z0-9_]{0,99}", name):
        raise unshown("the name of an environment variable: A-Z 0-9 _")
    return name


def _checked_name(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9_-]{1,40}", name):
        raise allowed("1 to 40 characters of a-z 0-9 _ -")
    return name


Address = Annotated[str, AfterValidator(_checked_address)]
WebPage = Annotated[str, AfterValidator(_checked_web_page)]
MailAddress = Annotated[str, AfterValidator(_checked_mail_address)]
Variable = Annotated[str, AfterValidator(_checked_variable)]
ChannelName = Annotated[str, AfterValidator(_checked_name)]


class ChannelSettings(BaseModel):
    """Stand under the settings of every kind of channel.

    `secrets` names those that the kind needs: each is given by `<name>_env`, the name of an
    environment variable, or `<name>_file`, the path of a file.
    """

    model_config = STRICT
    secrets: ClassVar[tuple[str, ...]] = ()

    language: Language = Field("ja", description="Language of what is sent")
    show_operator: bool = Field(False, description="Whether it says whom an alert is about")
    timeout_s: float = Field(10.0, ge=0.1, le=120, description="Seconds until it is given up")
    ca_file: Path | None = Field(None, description="Certificates to trust instead of the system's")

    @model_validator(mode="after")
    def _name_secrets_once(self) -> Self:
        for name in self.secrets:
            given = [getattr(self, f"{name}_{how}") is not None for how in ("env", "file")]
            if sum(given) != 1:
                raise unshown(f"one of {name}_env and {name}_file")
        return self

    @property
    def longest_s(self) -> float:
        """Return within how many seconds a message is delivered, or was not."""
        return self.timeout_s

    def secret(self, name: str) -> SecretStr:
        """Return a secret; raises MonomiError `secret_missing`, which never holds its value."""
        variable, path = getattr(self, f"{name}_env"), getattr(self, f"{name}_file")
        if path is None:
            value = os.environ.get(variable, "")
            place = f"the environment variable {variable}"
        else:
            place = f"the file {path}"
            try:
                value = path.read_text("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                reason = getattr(error, "strerror", None) or "it is not text"
                raise MonomiError(
                    "secret_missing", f"{place} ({name}_file) cannot be read: {reason}"
                ) from None
        if not value.strip():
            raise MonomiError("secret_missing", f"{place} is empty: it must hold the {name}")
        return SecretStr(value.strip())

    def trust(self) -> ssl.SSLContext:
        """Return whose certificates are trusted; raises MonomiError `ca_unusable`."""
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except OSError as error:
            raise MonomiError(
                "ca_unusable",
                f"ca_file {self.ca_file} cannot be used: {error.strerror or error}",
            ) from None


class HttpSettings(ChannelSettings):
    """Add what all channels over HTTP can be set to."""

    proxy_url: WebPage | None = Field(None, description="Proxy that leads out of the house")


class HookSettings(HttpSettings):
    """Set a channel whose address is its secret, as chat services make them."""

    secrets: ClassVar[tuple[str, ...]] = ("url",)

    url_env: Variable | None = Field(None, description="Variable that holds the hook's address")
    url_file: Path | None = Field(None, description="File that holds the hook's address")

    def address(self) -> SecretStr:
        """Return the address; raises MonomiError `secret_missing` or `secret_unusable`."""
        address = self.secret("url")
        if not is_address(address.get_secret_value()):
            where = self.url_env or self.url_file
            raise MonomiError("secret_unusable", f"{where} must hold {_ADDRESS}")
        return address
