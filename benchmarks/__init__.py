"""Wards and measurements held apart from the product."""
