"""The insiders: each kind of misuse with its story, planned into the days of honest work."""
