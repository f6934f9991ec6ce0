"""`check-security`: the plan of every stack against checkov's rules, before AWS is touched."""
