"""The embedded environment of the `local` stack: what stands in for AWS and its clusters.

Nothing above this package imports it: the Pulumi program does not know that it exists.
"""
