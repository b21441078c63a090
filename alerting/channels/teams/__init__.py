"""Alerts into a channel of Microsoft Teams."""
