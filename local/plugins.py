"""The plugins of the Pulumi engine, where it looks for those that it has installed itself.

From there it takes them without a warning, and only with the version that the program's SDK asks for.
"""

from importlib.metadata import version

from local import environment, paths

PLUGINS = {
    "resource-aws": "pulumi-aws",
    "resource-eks": "pulumi-eks",
    "resource-kubernetes": "pulumi-kubernetes",
    "language-python": "pulumi",
    "analyzer-policy-python": "pulumi",
}
"""Kind and name of each plugin, and the Python package of the SDK that has its version."""


def link() -> None:
    """Link the plugins in `.local/bin` into the engine's folder of plugins."""
    for plugin, package in PLUGINS.items():
        folder = environment.pulumi_home() / "plugins" / f"{plugin}-v{version(package)}"
        folder.mkdir(parents=True, exist_ok=True)
        name = folder / f"pulumi-{plugin}"
        name.unlink(missing_ok=True)
        name.symlink_to(paths.BIN / f"pulumi-{plugin}")
