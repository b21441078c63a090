"""What decides: pure code from events to findings, risk and alerts. Time comes from events."""
