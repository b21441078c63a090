"""Alerts into a Slack channel."""
