"""The platform's Pulumi component resources, one a module."""
