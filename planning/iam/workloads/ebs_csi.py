"""aws-ebs-csi-driver: volumes and snapshots of the cluster.

Source: AWS Managed Policy Reference, "AmazonEBSCSIDriverPolicyV2". Left out are volumes of the in-tree
plugin, which no supported Kubernetes version has, and what the platform does not use: cloning, locking, fast
restore.
Beside the driver's tag, which volumes of every cluster of the account have, the cluster's own is asked for;
`configuration` makes the driver set it.
"""

from __future__ import annotations

from planning.iam.documents import ANYTHING, Scope, Statement

DRIVER = "ebs.csi.aws.com/cluster"
"""Tag that the driver gives volumes and snapshots."""


def configuration(cluster: str) -> dict[str, object]:
    """Return the add-on's configuration values without which it may create nothing."""
    return {"controller": {"extraVolumeTags": {f"kubernetes.io/cluster/{cluster}": "owned"}}}


def statements(scope: Scope) -> tuple[Statement, ...]:
    """Return what it may do."""
    tags = {DRIVER: "true", f"kubernetes.io/cluster/{scope.cluster}": "owned"}
    asked = {"StringEquals": {f"aws:RequestTag/{key}": value for key, value in tags.items()}}
    ours = {"StringEquals": {f"aws:ResourceTag/{key}": value for key, value in tags.items()}}
    volumes, snapshots = scope.ec2("volume")[0], f"arn:{scope.partition}:ec2:{scope.region}::snapshot/*"
    return (
        Statement(
            "Look",
            (
                "ec2:DescribeAvailabilityZones",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeInstances",
                "ec2:DescribeSnapshots",
                "ec2:DescribeVolumeStatus",
                "ec2:DescribeVolumes",
                "ec2:DescribeVolumesModifications",
            ),
            ANYTHING,
        ),
        Statement("MakeVolumes", ("ec2:CreateVolume",), (volumes,), asked),
        Statement("MakeSnapshots", ("ec2:CreateSnapshot",), (snapshots,), asked),
        Statement("MakeSnapshotsOfVolumes", ("ec2:CreateSnapshot",), (volumes,), ours),
        Statement("MakeVolumesOfSnapshots", ("ec2:CreateVolume",), (snapshots,), ours),
        Statement(
            "TagWhatItMakes",
            ("ec2:CreateTags",),
            (volumes, snapshots),
            {"StringEquals": {"ec2:CreateAction": ["CreateVolume", "CreateSnapshot"]}},
        ),
        Statement(
            "ManageVolumes",
            ("ec2:AttachVolume", "ec2:DeleteVolume", "ec2:DetachVolume", "ec2:ModifyVolume"),
            (volumes,),
            ours,
        ),
        Statement(
            "AttachToNodes",
            ("ec2:AttachVolume", "ec2:DetachVolume"),
            scope.ec2("instance"),
            scope.in_cluster(),
        ),
        Statement("DeleteSnapshots", ("ec2:DeleteSnapshot",), (snapshots,), ours),
        Statement(
            # Volume attributes classes change tags; those that say whose a volume is stay.
            "ChangeOtherTags",
            ("ec2:CreateTags", "ec2:DeleteTags"),
            (volumes,),
            {
                **ours,
                "Null": {"aws:TagKeys": "false"},
                "ForAllValues:StringNotEquals": {"aws:TagKeys": list(tags)},
            },
        ),
    )
