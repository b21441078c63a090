"""The outbox: what must leave the house is written with its cause, sent after, then marked."""

from alerting.outbox.dispatcher import Dispatcher, Send
from alerting.outbox.letters import Leased, Letter
from alerting.outbox.table import Outbox

__all__ = ["Dispatcher", "Leased", "Letter", "Outbox", "Send"]
