"""How fast replay is, where its microseconds go, and how much it holds in memory."""
