"""Kubernetes versions that the platform supports on EKS: those that addons.yaml pins add-ons for.

Source: Amazon EKS User Guide, "Understand the Kubernetes version lifecycle on EKS".
"""

from __future__ import annotations

from planning import addon_versions

VERSIONS = tuple(addon_versions.VERSIONS)
DEFAULT_VERSION = "1.35"
