"""The variables with which programs use the local environment, and nothing of the user's own accounts."""

import os
import secrets
import shlex
import sys
from pathlib import Path

from local import paths, pki
from local.aws import server as aws
from local.errors import LocalError

STACK = "local"

FOREIGN = ("AWS_", "PULUMI_", "KUBE", "HELM_", "ARGOCD_")
"""How the names of variables begin that may lead programs to accounts and clusters of the user's."""

LOOPBACK = "127.0.0.1,localhost"


def kubeconfig() -> Path:
    """The kubeconfig of the cluster, as the program puts it out."""
    return paths.LOCAL / "kubeconfig"


def pulumi_home() -> Path:
    """Where the engine keeps its plugins."""
    return paths.STATE / "pulumi-home"


def backend() -> Path:
    """Where the engine keeps the state of stacks."""
    return paths.STATE / "pulumi"


def config_file() -> Path:
    """The stack's configuration: the committed one, with what is known only here (`local.stack`)."""
    return paths.STATE / f"Pulumi.{STACK}.yaml"


def variables() -> dict[str, str]:
    """What a program needs besides PATH. Raises LocalError if the environment was never up."""
    if not aws.operator_file().exists():
        raise LocalError("The local environment was never up.", remedy="run `make up`.")
    state = paths.STATE
    return {
        **aws.environment(),
        "KUBECONFIG": str(kubeconfig()),
        "KUBECACHEDIR": str(state / "kubectl"),
        "PULUMI_HOME": str(pulumi_home()),
        # Without a file of metadata beside each of the state's: an engine that is killed while it writes one
        # leaves it empty, and no later one reads the state then (gocloud.dev, package blob/fileblob).
        "PULUMI_BACKEND_URL": f"{backend().as_uri()}?metadata=skip",
        "PULUMI_STACK": STACK,
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(_passphrase_file()),
        # The engine writes the stack's salt into this file; the committed one stays as it is.
        "PULUMI_OPTION_CONFIG_FILE": str(config_file()),
        # Plugins are those of `local.plugins`; none is downloaded, and nobody is asked for newer versions.
        "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DEBUG_COMMANDS": "true",  # for --event-log
        "HELM_CACHE_HOME": str(state / "helm" / "cache"),
        "HELM_CONFIG_HOME": str(state / "helm" / "config"),
        "HELM_DATA_HOME": str(state / "helm" / "data"),
        "ARGOCD_CONFIG_DIR": str(state / "argocd-cli"),
        "NO_PROXY": _no_proxy(),
        "no_proxy": _no_proxy(),
    }


def of_child() -> dict[str, str]:
    """The whole environment of a program that uses the local environment."""
    own = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}
    return {**own, **variables(), "PATH": os.pathsep.join([*_path(), os.environ.get("PATH", os.defpath)])}


def shell_lines() -> list[str]:
    """Commands for a POSIX shell that set the variables, and unset those that would lead elsewhere."""
    chosen = variables()
    foreign = sorted(key for key in os.environ if key.startswith(FOREIGN) and key not in chosen)
    lines = [f"unset {key}" for key in foreign]
    lines += [f"export {key}={shlex.quote(value)}" for key, value in sorted(chosen.items())]
    return [*lines, f'export PATH={shlex.quote(os.pathsep.join(_path()))}:"$PATH"']


def _no_proxy() -> str:
    """The user's exceptions from the proxy, and loopback."""
    chosen = os.environ.get("NO_PROXY") or os.environ.get("no_proxy") or LOOPBACK
    return chosen if LOOPBACK in chosen else f"{chosen},{LOOPBACK}"


def _path() -> tuple[str, str]:
    return str(paths.BIN), str(Path(sys.executable).parent)


def _passphrase_file() -> Path:
    file = paths.STATE / "passphrase"
    if not file.exists():
        pki.write_private(file, secrets.token_urlsafe(30).encode())
    return file
