"""Make one island town's records, with insiders hidden among honest work.

Written from how a small Japanese town office works, by someone who had read neither the
detectors nor another ward: a ward to measure on, and never one to tune on. A run starts on
Tuesday 13 November 2018, so that 200 days hold the winter storms that stop the ferry, the
filing season, the moves of March and April, the transfers of 1 April and the ten days of
holidays around the change of era.
"""
