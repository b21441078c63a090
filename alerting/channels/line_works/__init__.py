"""Alerts from a LINE WORKS bot."""
