"""The console's interface for machines: alerts and what people do with them, as JSON."""
