"""One verb of the command line, one file; heavy imports wait until the verb runs."""
