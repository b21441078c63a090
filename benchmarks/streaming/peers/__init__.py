"""Who else could do this: the same detectors on by-the-book Faust and quixstreams, and bare loops.

Each module runs as a process of its own, `python -m benchmarks.streaming.peers.NAME TASK`, and
tells on standard output how far it is.
"""
