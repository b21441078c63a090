"""The moving half beside its peers: throughput, latency, recovery and scaling on a real Kafka."""
