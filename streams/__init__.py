"""What moves: Kafka, the worker, its state, and files into topics."""
