"""Who is told: the alert store and the console."""
