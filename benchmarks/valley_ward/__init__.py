"""Make one valley municipality's records, with insiders hidden among honest work.

Written from how a Japanese city office works, by someone who had read none of the detectors:
a ward to measure on, and never one to tune on. A run starts on Monday 2 December 2024, so that
210 days hold the filing season, the moves of March and April, the transfers of 1 April and the
tax notices of June.
"""
