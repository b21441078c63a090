"""Alerts to any receiver of ours over HTTP, signed."""
