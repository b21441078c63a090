"""Faults on real workers and a real broker, one after another under load: nothing lost or doubled.

`make soak` is the long form, `test_soak.py` the short one that goes with all tests.
"""
