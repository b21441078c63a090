"""Alerts into a Mattermost channel."""
