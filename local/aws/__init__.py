"""The AWS of the local stack: ministack on loopback, its gaps closed, its EKS booting real control planes."""
