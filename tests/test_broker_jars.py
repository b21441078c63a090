"""Kafka's jars: only what the lock names is ever used."""

from __future__ import annotations

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from schemas.errors import MonomiError
from streams.broker_jars import (
    KAFKA_VERSION,
    Jar,
    ensure_jars,
    kafka_jars,
    merge,
    read_lock,
    write_lock,
)
from streams.broker_settings import BrokerSettings


def content(coordinate: str) -> bytes:
    return f"the jar {coordinate}".encode()


def jar(coordinate: str) -> Jar:
    return Jar(coordinate, hashlib.sha256(content(coordinate)).hexdigest())


JARS = [jar("org.example:one:1.0"), jar("org.example:two:2.0")]


class Repository:
    """A fake of a Maven repository that serves each jar as it is and counts what it served."""

    def __init__(self) -> None:
        self.served: list[str] = []

    def __call__(self, wanted: Jar, path: Path) -> None:
        self.served.append(wanted.file_name)
        path.write_bytes(content(wanted.coordinate))


def test_missing_jars_are_fetched_once_and_verified(tmp_path: Path) -> None:
    """An empty cache is filled; a full one asks the repository for nothing."""
    repository = Repository()
    first = ensure_jars(tmp_path / "cache", JARS, repository)
    assert [path.read_bytes() for path in first] == [content(jar.coordinate) for jar in JARS]
    assert ensure_jars(tmp_path / "cache", JARS, repository) == first
    assert sorted(repository.served) == ["one-1.0.jar", "two-2.0.jar"]


@pytest.mark.parametrize("found", [b"", b"the jar, with something of mine"])
def test_an_altered_jar_is_fetched_again(tmp_path: Path, found: bytes) -> None:
    """A jar that was cut or tampered with in the cache does not reach a class path."""
    ensure_jars(tmp_path, JARS, Repository())
    (tmp_path / "two-2.0.jar").write_bytes(found)
    repository = Repository()
    paths = ensure_jars(tmp_path, JARS, repository)
    assert paths[1].read_bytes() == content("org.example:two:2.0")
    assert repository.served == ["two-2.0.jar"]


def test_a_jar_that_arrives_with_another_checksum_is_refused(tmp_path: Path) -> None:
    """What the repository altered is an error, and is not left under the jar's name."""

    def altered(wanted: Jar, path: Path) -> None:
        path.write_bytes(content(wanted.coordinate) + b"!")

    with pytest.raises(MonomiError, match=r"two-2\.0") as caught:
        ensure_jars(tmp_path, JARS[1:], altered)
    assert caught.value.code == "jar_checksum"
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_a_repository_that_fails_keeps_what_had_arrived(tmp_path: Path) -> None:
    """The next try asks only for what is still missing."""
    repository = Repository()

    def half(wanted: Jar, path: Path) -> None:
        if wanted == JARS[1]:
            raise RuntimeError("not found in remote repositories")
        repository(wanted, path)

    ensure_jars(tmp_path, JARS[:1], repository)
    with pytest.raises(MonomiError, match=r"two-2\.0") as caught:
        ensure_jars(tmp_path, JARS, half)
    assert caught.value.code == "download_failed"
    ensure_jars(tmp_path, JARS, repository)
    assert repository.served == ["one-1.0.jar", "two-2.0.jar"]


def test_of_two_that_start_at_once_one_fetches(tmp_path: Path) -> None:
    """The second waits for the first and finds the jars there."""
    repository, together = Repository(), Barrier(2)

    def start(_: int) -> list[Path]:
        together.wait()
        return ensure_jars(tmp_path, JARS, repository)

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(start, range(2))
    assert first == second
    assert sorted(repository.served) == ["one-1.0.jar", "two-2.0.jar"]


def test_a_cache_below_a_file_is_an_error_that_names_the_setting(tmp_path: Path) -> None:
    """A folder that cannot be made is explained, not traced."""
    (tmp_path / "file").touch()
    with pytest.raises(MonomiError, match="MONOMI_CACHE_DIR") as caught:
        ensure_jars(tmp_path / "file" / "cache", JARS, Repository())
    assert caught.value.code == "folder_not_writable"


def test_a_repository_out_of_reach_fails_at_once(tmp_path: Path) -> None:
    """With an empty cache and nobody listening, the real fetch gives up with one sentence."""
    settings = BrokerSettings(cache_dir=tmp_path, maven_repository="http://127.0.0.1:9/maven2")
    with pytest.raises(MonomiError, match="MONOMI_MAVEN_REPOSITORY") as caught:
        kafka_jars(settings)
    assert caught.value.code == "download_failed"


def test_the_first_build_that_has_an_artifact_gives_its_version() -> None:
    """Log4j's build must not replace a jar of Kafka's."""
    kafka = [jar("org.apache.kafka:kafka:4"), jar("org.slf4j:slf4j-api:1")]
    log4j = [jar("org.apache.logging:binding:2"), jar("org.slf4j:slf4j-api:2")]
    assert merge([kafka, log4j]) == [kafka[0], log4j[0], kafka[1]]


def test_the_lock_reads_as_it_was_written(tmp_path: Path) -> None:
    """A lock round-trips; its comment is no jar."""
    write_lock(JARS, tmp_path / "jars.lock")
    assert read_lock(tmp_path / "jars.lock") == JARS


def test_the_shipped_lock_names_one_kafka_with_its_logging() -> None:
    """One version of each artifact, a whole SHA-256 each, and log4j's parts of one version."""
    jars = read_lock()
    versions = {jar.coordinate.split(":")[1]: jar.coordinate.split(":")[2] for jar in jars}
    assert len(versions) == len(jars) == len({jar.file_name for jar in jars})
    assert all(re.fullmatch("[0-9a-f]{64}", jar.sha256) for jar in jars)
    assert versions["kafka_2.13"] == versions["kafka-clients"] == KAFKA_VERSION
    assert versions["log4j-slf4j-impl"] == versions["log4j-core"] == versions["log4j-api"]
