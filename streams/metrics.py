"""What operations see: the worker's Prometheus metrics, named for the field and not the app."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from schemas.errors import MonomiError

REGISTRY = CollectorRegistry()

RECORDS = Counter("monomi_records", "Records applied", ["topic"], registry=REGISTRY)
LOOK_UPS = Counter("monomi_look_ups", "Look-ups judged", registry=REGISTRY)
LATE = Counter("monomi_late", "Records behind their operator's newest", ["kind"], registry=REGISTRY)
DUPLICATES = Counter("monomi_duplicates", "Records applied before", registry=REGISTRY)
DEAD_LETTERS = Counter("monomi_dead_letters", "Malformed records", ["code"], registry=REGISTRY)
UNKNOWN_FIELDS = Counter(
    "monomi_unknown_fields", "Fields that the schema does not know", registry=REGISTRY
)
ALERTS = Counter("monomi_alerts", "Alerts opened", ["severity"], registry=REGISTRY)
REVISIONS = Counter("monomi_revisions", "Revisions of alerts", registry=REGISTRY)
CLOCKS = Counter("monomi_clocks_fired", "Justification clocks that ended", registry=REGISTRY)
CHANGELOG_BYTES = Counter("monomi_changelog_bytes", "State written", registry=REGISTRY)
BATCH_SECONDS = Histogram(
    "monomi_batch_seconds",
    "From taking a batch to its acknowledgement",
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
    registry=REGISTRY,
)
ALERT_LATENCY = Histogram(
    "monomi_alert_latency_seconds",
    "From the append of the record that raised an alert to the alert's own",
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 30),
    registry=REGISTRY,
)
LAG = Gauge(
    "monomi_partition_lag", "Records not yet applied", ["topic", "partition"], registry=REGISTRY
)
PARTITIONS_OPEN = Gauge("monomi_partitions_open", "Partitions at work here", registry=REGISTRY)
HELD = Gauge("monomi_held_records", "Records read and not yet applied", registry=REGISTRY)
SNAPSHOT_DAY = Gauge(
    "monomi_snapshot_day", "Day through which the newest snapshot goes, epoch s", registry=REGISTRY
)
SNAPSHOT_DEGRADED = Counter(
    "monomi_snapshot_degraded", "Cuts that went on without a partition", registry=REGISTRY
)
DETECTORS_OFF = Gauge(
    "monomi_detectors_off",
    "1 where a detector's context is not fed",
    ["detector"],
    registry=REGISTRY,
)


def serve_metrics(host: str, port: int) -> None:
    """Serve `/metrics`; raises MonomiError `port_taken`."""
    try:
        start_http_server(port, host, registry=REGISTRY)
    except OSError as error:
        raise MonomiError(
            "port_taken",
            f"cannot serve metrics on {host}:{port} ({error.strerror}); choose another with "
            "--metrics-port (MONOMI_METRICS_PORT), 0 for none",
        ) from None
