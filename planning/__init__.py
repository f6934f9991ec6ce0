"""The arithmetic, names and documents of the platform, in plain Python: nothing here imports Pulumi."""
