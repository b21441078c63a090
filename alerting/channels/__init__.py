"""The ways out of the house: one folder a channel, one message, one error."""
