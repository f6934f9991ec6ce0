"""Public parameters of Systems Manager that name the images of EKS nodes."""

from ministack.services import ssm

RELEASE_DATE = "20251112"
"""Date of the AL2023 release that the emulator recommends; any would do, it must only stay the same."""

IMAGES = "/aws/service/eks/optimized-ami"

VERSIONS = tuple(f"1.{minor}" for minor in range(30, 40))


def release_version(version: str) -> str:
    """The recommended AL2023 release for a Kubernetes version, in the form of the EKS AMI release notes."""
    return f"{version}.0-{RELEASE_DATE}"


def _image(version: str, architecture: str) -> str:
    return f"ami-{int(version.replace('.', '')):012x}{'a1' if architecture == 'x86_64' else 'a2'}000"


def publish() -> None:
    """GetParameter knows the recommended image and release (user guide: retrieve-ami-id)."""
    for version in VERSIONS:
        for architecture in ("x86_64", "arm64"):
            path = f"{IMAGES}/{version}/amazon-linux-2023/{architecture}/standard/recommended"
            ssm._PUBLIC_AMI_PARAMETERS[f"{path}/image_id"] = _image(version, architecture)
            ssm._PUBLIC_AMI_PARAMETERS[f"{path}/release_version"] = release_version(version)
