"""The local stack's stand-in for the pulumi-eks component plugin 4.3.0, which no package registry carries.

Not the original: it serves `Cluster` and `ManagedNodeGroup` under the original's tokens and expands them into
the same AWS resources (types, names, parents, inputs, outputs), for the inputs that it knows. It
refuses every other input by name. Never used with a real AWS account: there the original runs.

The modules leave annotations unevaluated: services of pulumi_aws load when they are first used, and
`pulumi_aws.ec2` alone takes as long as everything else.
"""
