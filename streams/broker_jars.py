"""Kafka's jars: locked by Maven coordinate and SHA-256, fetched once, verified before each use.

The lock is the resolution: a machine that lacks jars fetches exactly the locked ones, and no
POM decides anything there. `python -m streams.broker_jars lock` resolves anew and rewrites
the lock (after a change of ENDPOINTS: read the difference before you commit it);
`python -m streams.broker_jars fetch` only fills the cache, for an image or a closed network,
whose machines can then be given a copy of the folder that it prints.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from schemas.errors import MonomiError
from streams.broker_settings import BrokerSettings

KAFKA_VERSION = "4.2.1"
# Each endpoint is resolved in a build of its own: in one build with Kafka, log4j's
# dependency management turns kafka-clients into 3.9.1, and the broker dies with
# NoSuchMethodError. Kafka's slf4j is 1.7, so this binding and not log4j-slf4j2-impl, of the
# version of log4j that Kafka itself brings; without a binding the broker logs nothing.
ENDPOINTS = (
    f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}",
    "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4",
)
LOCK_FILE = Path(__file__).with_name("broker_jars.lock")
CONNECT_TIMEOUT_S, READ_TIMEOUT_S = 4, 20  # to connect to each of a host's addresses, and to wait
DOWNLOADS_AT_ONCE = 4


@dataclass(frozen=True, order=True)
class Jar:
    """Name one jar by its Maven coordinate, `group:artifact:version`, and its SHA-256 in hex."""

    coordinate: str
    sha256: str

    @property
    def file_name(self) -> str:
        """Return the jar's file name, as Maven's repositories have it."""
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"

    def is_intact(self, path: Path) -> bool:
        """Tell whether the file at the path is this jar, to the last bit."""
        try:
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == self.sha256
        except OSError:
            return False


Fetch = Callable[[Jar, Path], None]
"""Write one jar to a path; raises OSError or RuntimeError where it cannot be had."""


def read_lock(path: Path = LOCK_FILE) -> list[Jar]:
    """Read the locked jars: lines of `sha256 coordinate`, `#` before a comment."""
    lines = (line.partition("#")[0].split() for line in path.read_text("utf-8").splitlines())
    return [Jar(coordinate, sha256) for sha256, coordinate in filter(None, lines)]


def kafka_jars(settings: BrokerSettings) -> list[Path]:
    """Return the paths of all of Kafka's jars in the user's cache, fetched and verified.

    Raises MonomiError as `ensure_jars` does.
    """
    folder = settings.cache_dir.expanduser().absolute() / f"kafka-{KAFKA_VERSION}"
    return ensure_jars(folder, read_lock(), from_maven(settings.maven_repository))


def ensure_jars(folder: Path, jars: Sequence[Jar], fetch: Fetch) -> list[Path]:
    """Return the jars' paths in the folder, each verified; fetch those missing or altered.

    One process fetches at a time; a jar appears under its name only whole and verified.
    Raises MonomiError `folder_not_writable`, `download_failed`, or `jar_checksum` where what
    was fetched is not what the lock names.
    """
    if _broken(folder, jars):
        try:
            with _only_one(folder):
                missing = _broken(folder, jars)  # again: the one before us may have fetched them
                if missing:
                    _fetch_all(folder, missing, fetch)
        except OSError as error:
            raise MonomiError(
                "folder_not_writable",
                f"The cache folder {folder} cannot be written ({error.strerror}); "
                "set MONOMI_CACHE_DIR to a folder that can.",
            ) from error
    return [folder / jar.file_name for jar in jars]


def _broken(folder: Path, jars: Sequence[Jar]) -> list[Jar]:
    """Return the jars that the folder lacks or has with another checksum."""
    return [jar for jar in jars if not jar.is_intact(folder / jar.file_name)]


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Hold the folder against other processes; the kernel lets go if this one dies."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fetch_all(folder: Path, jars: Sequence[Jar], fetch: Fetch) -> None:
    """Fetch the jars into the folder, a few at once; the first failure ends it."""
    incoming = folder / ".incoming"
    shutil.rmtree(incoming, ignore_errors=True)  # left by a process that was killed
    incoming.mkdir()
    with _progress(len(jars), folder) as arrived, ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
        waiting = {pool.submit(_fetch_one, jar, incoming, fetch): jar for jar in jars}
        try:
            for done in as_completed(waiting):
                name = waiting[done].file_name
                done.result().replace(folder / name)
                arrived(name)
        finally:
            pool.shutdown(cancel_futures=True)
            shutil.rmtree(incoming, ignore_errors=True)


def _fetch_one(jar: Jar, incoming: Path, fetch: Fetch) -> Path:
    """Fetch one jar beside its place and verify it there."""
    path = incoming / jar.file_name
    try:
        fetch(jar, path)
    except (OSError, RuntimeError) as error:  # requests' errors are OSErrors
        raise MonomiError(
            "download_failed",
            f"{jar.file_name} could not be downloaded ({type(error).__name__}): connect this "
            "machine to a Maven repository (MONOMI_MAVEN_REPOSITORY names another one), or copy "
            f"{incoming.parent} from a machine that has it.",
        ) from error
    if not jar.is_intact(path):
        raise MonomiError(
            "jar_checksum",
            f"{jar.file_name} arrived with another SHA-256 than the locked one and was thrown "
            "away: somebody altered it on its way; check the Maven repository and the proxy.",
        )
    return path


@contextmanager
def _progress(count: int, folder: Path) -> Iterator[Callable[[str], None]]:
    """Show the jars' arrival on standard error: a bar on a terminal, else plain lines."""
    title = f"Fetching Kafka {KAFKA_VERSION}"
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import MofNCompleteColumn, Progress

        columns = (*Progress.get_default_columns(), MofNCompleteColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(title, total=count)
            yield lambda _name: bar.advance(task)
        return
    print(f"{title}: {count} jars into {folder}", file=sys.stderr, flush=True)
    yield lambda name: print(f"{title}: {name}", file=sys.stderr, flush=True)


def from_maven(repository: str | None = None) -> Fetch:
    """Return a fetch from a Maven repository by jgo; None is jgo's default, Maven Central."""
    remotes = None if repository is None else {"chosen": repository.rstrip("/")}

    def fetch(jar: Jar, path: Path) -> None:
        from jgo.maven import MavenContext

        maven = MavenContext(
            repo_cache=path.parent / "m2",
            remote_repos=remotes,
            timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),  # jgo hands it to requests as it is
        )
        group, artifact, version = jar.coordinate.split(":")
        maven.project(group, artifact).at_version(version).artifact().resolve().replace(path)

    return fetch


def resolve(endpoint: str, repository: str | None = None) -> list[Jar]:
    """Resolve one endpoint and all that it needs at run time, with jgo; hash what arrives."""
    from jgo.env import EnvironmentBuilder
    from jgo.maven import MavenContext

    remotes = None if repository is None else {"chosen": repository.rstrip("/")}
    with tempfile.TemporaryDirectory(prefix="monomi-lock-") as folder:
        maven = MavenContext(repo_cache=Path(folder, "m2"), remote_repos=remotes)
        environment = EnvironmentBuilder(maven, Path(folder, "jgo")).from_endpoint(endpoint)
        hashes = {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in environment.all_jars
        }
        names = [(d.groupId, d.artifactId, d.version) for d in environment.lockfile.dependencies]
    return [
        Jar(f"{group}:{artifact}:{version}", hashes.pop(f"{artifact}-{version}.jar"))
        for group, artifact, version in names
    ]


def merge(builds: Sequence[Sequence[Jar]]) -> list[Jar]:
    """Return one class path of several builds: an artifact is taken from the first that has it."""
    chosen: dict[str, Jar] = {}
    for build in builds:
        for jar in build:
            chosen.setdefault(jar.coordinate.rpartition(":")[0], jar)
    return sorted(chosen.values())


def write_lock(jars: Sequence[Jar], path: Path = LOCK_FILE) -> None:
    """Write the lock that `read_lock` reads."""
    head = f"# The jars of Kafka {KAFKA_VERSION}, by `python -m streams.broker_jars lock`.\n"
    path.write_text(head + "".join(f"{jar.sha256} {jar.coordinate}\n" for jar in jars), "utf-8")


def main() -> None:
    """Run `lock` or `fetch`; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m streams.broker_jars", description=__doc__)
    parser.add_argument("what", choices=["lock", "fetch"])
    settings = BrokerSettings()
    try:
        if parser.parse_args().what == "lock":
            write_lock(merge([resolve(name, settings.maven_repository) for name in ENDPOINTS]))
            print(LOCK_FILE)
        else:
            print(os.path.commonpath(kafka_jars(settings)))
    except (MonomiError, OSError, RuntimeError) as error:  # jgo's and requests' own, for `lock`
        sys.exit(f"monomi: {error}")


if __name__ == "__main__":
    main()
