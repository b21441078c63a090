"""Delivery: what people are sent outside the console, by which channels, and when."""

from alerting.delivery.address_book import AddressBook, FileAddressBook
from alerting.delivery.senders import Delivery

__all__ = ["AddressBook", "Delivery", "FileAddressBook"]
