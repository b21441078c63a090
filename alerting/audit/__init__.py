"""The watchers are watched: an append-only log, chained by hashes, with signed checkpoints."""
