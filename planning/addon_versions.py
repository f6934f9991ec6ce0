"""Reads addons.yaml: which version of each EKS add-on goes with which Kubernetes version."""

from __future__ import annotations

from pathlib import Path

import yaml

FILE = Path(__file__).with_name("addons.yaml")

VERSIONS: dict[str, dict[str, str]] = yaml.safe_load(FILE.read_text())
"""Kubernetes minor version -> add-on -> version, oldest Kubernetes first."""
