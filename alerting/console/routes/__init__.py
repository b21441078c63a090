"""The console's routes, a file for each thing that people work on."""
