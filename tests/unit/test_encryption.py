import json

from planning.kms import secrets_key_policy


def test_the_key_stays_in_the_hands_of_the_account():
    """Incident: a key policy named one administrator, who left, and nobody could change it any more."""
    (statement,) = json.loads(secrets_key_policy("aws-us-gov", "111122223333"))["Statement"]
    assert statement["Principal"] == {"AWS": "arn:aws-us-gov:iam::111122223333:root"}
    assert statement["Action"] == "kms:*"
