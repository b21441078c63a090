"""How the program ends: by one sentence where it cannot start, and in order where it is asked."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from kafka import KafkaProducer

from streams.broker import Broker
from streams.topics import create_topics
from tests.processes import eventually
from tests.test_live_equals_replay import applied_look_ups
from tests.workers import WorkerProcess
