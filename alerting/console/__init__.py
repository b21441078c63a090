"""The live page over the alert store."""
