"""The whole system on this machine, with a simulated ward, for somebody who wants to see it."""
