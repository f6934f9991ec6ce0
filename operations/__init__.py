"""The day-2 commands of the platform, each a module run by the Makefile."""
