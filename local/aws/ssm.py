"""Public parameters of Systems Manager that name the images of EKS nodes."""

from ministack.services import ssm

from local.nodes import BOTTLEROCKET_RELEASE

RELEASE_DATE = "20251112"
"""Date of the AL2023 release that the emulator recommends; any would do, it must only stay the same."""

IMAGES = "/aws/service/eks/optimized-ami"

VERSIONS = tuple(f"1.{minor}" for minor in range(30, 40))


def release_version(version: str, ami_type: str = "AL2023_x86_64_STANDARD") -> str:
    """The recommended release of an image for a Kubernetes version, in the form of its release notes."""
    return BOTTLEROCKET_RELEASE if ami_type.startswith("BOTTLEROCKET") else f"{version}.0-{RELEASE_DATE}"


def _image(version: str, architecture: str) -> str:
    return f"ami-{int(version.replace('.', '')):012x}{'a1' if architecture == 'x86_64' else 'a2'}000"


def publish() -> None:
    """GetParameter knows the recommended image and release (user guide: retrieve-ami-id)."""
    for version in VERSIONS:
        for architecture in ("x86_64", "arm64"):
            path = f"{IMAGES}/{version}/amazon-linux-2023/{architecture}/standard/recommended"
            ssm._PUBLIC_AMI_PARAMETERS[f"{path}/image_id"] = _image(version, architecture)
            ssm._PUBLIC_AMI_PARAMETERS[f"{path}/release_version"] = release_version(version)
