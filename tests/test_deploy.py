"""What deploys Monomi, against what the programs accept; no engine runs it here."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.metrics_core import Metric

from alerting.settings import ConsoleSettings
from monomi.cli import app
from schemas.settings import Settings
from streams.broker_jars import KAFKA_VERSION
from streams.metrics import REGISTRY
from streams.topics import MAX_SHARED_BYTES
from streams.worker_settings import WorkerSettings

ROOT = Path(__file__).parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS: dict[str, type[Settings]] = {"worker": WorkerSettings, "console": ConsoleSettings}
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text()
PROVISIONED = ROOT / "deploy/grafana/provisioning"
DASHBOARD = json.loads((ROOT / "deploy/grafana/dashboards/monomi.json").read_text())
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
SUFFIXES = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"], "gauge": [""]}


def settings_of(service: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the settings that a service's process reads from its environment."""
    for name, value in SERVICES[service]["environment"].items():
        monkeypatch.setenv(name, value)
    return OURS[service]()


def names_of(metric: Metric) -> list[str]:
    """Return the names under which Prometheus stores a metric."""
    return [metric.name + suffix for suffix in SUFFIXES[metric.type]]


@pytest.mark.parametrize("service", OURS)
def test_every_variable_is_a_setting_of_the_program(service: str) -> None:
    """A mistyped name would be passed over in silence."""
    known = {f"MONOMI_{name.upper()}" for name in OURS[service].model_fields}
    assert set(SERVICES[service]["environment"]) <= known


@pytest.mark.parametrize("service", OURS)
def test_the_programs_accept_the_values(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """They find Kafka where it listens, and keep what they keep in the image's volume."""
    settings = settings_of(service, monkeypatch)
    advertised = SERVICES["kafka"]["environment"]["KAFKA_ADVERTISED_LISTENERS"]
    assert f"//{settings.bootstrap}" in advertised
    assert f"VOLUME {settings.data_dir}\n" in DOCKERFILE


def test_commands_are_verbs_of_the_program() -> None:
    """Those of compose, and the image's own."""
    verbs = {
        command.name or getattr(command.callback, "__name__", "")
        for command in app.registered_commands
    }
    images = re.findall(r'^CMD \["(\w+)"\]$', DOCKERFILE, flags=re.MULTILINE)
    commands = [SERVICES[service]["command"] for service in OURS]
    assert {command[0] for command in [*commands, images]} <= verbs
    assert images == ["console"]


def test_the_consoles_port_is_the_published_and_the_healthy_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It listens on all of the container's addresses, and is asked on that port."""
    settings = settings_of("console", monkeypatch)
    assert settings.console_host == "0.0.0.0"
    assert SERVICES["console"]["ports"] == [f"127.0.0.1:{settings.console_port}:8600"]
    assert f"127.0.0.1:{settings.console_port}/healthz" in DOCKERFILE
    assert settings.store_location.startswith(f"{settings.data_dir}/")


def test_prometheus_asks_every_worker_where_it_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the service's name, on the port of the worker's metrics."""
    settings = settings_of("worker", monkeypatch)
    config = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
    (found,) = (sd for job in config["scrape_configs"] for sd in job["dns_sd_configs"])
    assert (found["names"], found["port"]) == (["worker"], settings.metrics_port)
    assert settings.metrics_host == "0.0.0.0"
    assert f":{settings.metrics_port}/metrics" in SERVICES["worker"]["healthcheck"]["test"][-1]
    assert f"EXPOSE 8600 {settings.metrics_port}\n" in DOCKERFILE


def test_kafka_is_the_embedded_ones_version_and_takes_what_we_send() -> None:
    """What the tests have tried is what is deployed."""
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{KAFKA_VERSION}"
    environment = SERVICES["kafka"]["environment"]
    assert int(environment["KAFKA_MESSAGE_MAX_BYTES"]) >= MAX_SHARED_BYTES
    assert environment["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"


def test_nothing_is_open_to_other_machines() -> None:
    """None of the pages asks who one is."""
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert len(ports) == 4
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_what_is_mounted_exists() -> None:
    """Files of the repository and declared volumes."""
    sources = {
        volume.partition(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", ())
    }
    assert {s for s in sources if not s.startswith(".")} == set(COMPOSE["volumes"])
    assert all((ROOT / source).exists() for source in sources if source.startswith("."))


def test_the_image_has_every_package_and_runs_as_nobody_special() -> None:
    """The packages of the wheel, locked requirements, a Python that they support, no root."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    copied = re.findall(r"^COPY (\w+)/ \1/$", DOCKERFILE, flags=re.MULTILINE)
    assert copied == packages
    let_in = (ROOT / "deploy/Dockerfile.dockerignore").read_text().splitlines()
    assert {f"!{name}" for name in [*packages, "requirements.txt", "LICENSE"]} <= set(let_in)
    assert "FROM python:3.13-slim" in DOCKERFILE
    assert project["project"]["requires-python"] == ">=3.11,<3.14"
    assert "--require-hashes" in DOCKERFILE
    assert DOCKERFILE.index("USER monomi") < DOCKERFILE.index("ENTRYPOINT")


def test_the_dashboard_asks_for_metrics_that_exist() -> None:
    """Under the names that Prometheus stores."""
    stored = {name for metric in REGISTRY.collect() for name in names_of(metric)}
    asked = set(re.findall(r"monomi_\w+", " ".join(QUERIES)))
    assert asked
    assert asked <= stored


def test_the_dashboard_and_its_source_are_provided_to_grafana() -> None:
    """The folder, the data source's id, and where Prometheus answers."""
    (source,) = yaml.safe_load((PROVISIONED / "datasources/prometheus.yml").read_text())[
        "datasources"
    ]
    assert {panel["datasource"]["uid"] for panel in DASHBOARD["panels"]} == {source["uid"]}
    assert source["url"] == "http://prometheus:9090"
    (provider,) = yaml.safe_load((PROVISIONED / "dashboards/monomi.yml").read_text())["providers"]
    grafana = SERVICES["grafana"]
    assert f"./deploy/grafana/dashboards:{provider['options']['path']}:ro" in grafana["volumes"]
    home = grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home == f"{provider['options']['path']}/monomi.json"
