"""What travels: the records of the wire contract, the topic table, the settings and the errors."""
