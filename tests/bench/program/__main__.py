"""Plans SSM parameters."""

import os

from pulumi_aws import ssm

for number in range(int(os.environ["BENCH_RESOURCES"])):
    ssm.Parameter(f"parameter-{number}", name=f"/bench/{number}", type="String", value=str(number))
