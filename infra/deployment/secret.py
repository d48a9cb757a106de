"""The keys that sign Deskwire's tokens: made once, kept in Secrets Manager."""

import base64
import json
import secrets

from botocore.exceptions import ClientError

from . import Stop
from .aws import Aws, code_of, text_of

# SECRET_BYTES in shared/identity/src/tokens.rs.
SECRET_BYTES = 32


def name_of(stack: str) -> str:
    return f"deskwire/{stack}/signing-keys"


def new_keys() -> str:
    """One new key. CloudFormation's GenerateSecretString cannot make it: it puts a random password into a JSON field,
    and this is a list with base64url of random bytes in it."""
    secret = base64.urlsafe_b64encode(secrets.token_bytes(SECRET_BYTES)).rstrip(b"=").decode()
    return json.dumps({"active": "k1", "keys": [{"kid": "k1", "secret": secret}]})


def signing_keys(aws: Aws, stack: str, kind: str, dry_run: bool) -> dict[str, str]:
    """The parameters that name the keys; makes them for a new stack. Without the version a new key would
    reach no function: CloudFormation sees only that the template is the same."""
    client, name = aws.client("secretsmanager"), name_of(stack)
    try:
        found = client.describe_secret(SecretId=name)
    except ClientError as error:
        if code_of(error) != "ResourceNotFoundException":
            raise
        if kind != "CREATE":
            # With other keys everybody would be signed out, and visitors would be others.
            raise Stop(f"The secret {name} is gone.", "put the keys there again: see \"Signing keys\" in infra/README.md")
        if dry_run:
            return {"SigningKeysSecret": name}
        made = client.create_secret(Name=name, SecretString=new_keys(), Description="Keys that sign Deskwire's tokens")
        return {"SigningKeysSecret": name, "SigningKeysVersion": made["VersionId"]}
    if found.get("DeletedDate"):
        raise Stop(
            f"The secret {name} is being deleted.",
            f"aws secretsmanager restore-secret --secret-id {name} (old tokens hold again), then run the same again",
        )
    current = [version for version, stages in found["VersionIdsToStages"].items() if "AWSCURRENT" in stages]
    if not current:
        raise Stop(f"The secret {name} has no current version.", "put one: see \"Signing keys\" in infra/README.md")
    if wrong := fault(client.get_secret_value(SecretId=name, VersionId=current[0]).get("SecretString", "")):
        # With such keys no function would start.
        raise Stop(f"The secret {name} cannot be used: {wrong}.", "put a version that is right: see \"Signing keys\" in infra/README.md")
    return {"SigningKeysSecret": name, "SigningKeysVersion": current[0]}


def fault(text: str) -> str | None:
    """What is wrong with keys, never what they are; as SigningKeys::from_json in shared/identity/src/tokens.rs has it."""
    try:
        file = json.loads(text)
        active, lines = file["active"], [(line["kid"], line["secret"]) for line in file["keys"]]
    except (ValueError, TypeError, KeyError):
        return 'it is not JSON like {"active":"k1","keys":[{"kid":"k1","secret":"…"}]}'
    kids = [kid for kid, _ in lines]
    if not all(isinstance(kid, str) and kid for kid in kids) or len(set(kids)) < len(kids):
        return "each key needs a kid of its own"
    for kid, secret in lines:
        if not long_enough(secret):
            return f"the secret of key {kid} is not {SECRET_BYTES} random bytes or more in base64url without ="
    return None if active in kids else "the active key is not among the keys"


def long_enough(secret: object) -> bool:
    try:
        known = base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))
    except (ValueError, TypeError):
        return False
    # What is not of the alphabet is passed over in reading, and so not there in writing.
    return len(known) >= SECRET_BYTES and base64.urlsafe_b64encode(known).rstrip(b"=").decode() == secret


def forget(aws: Aws, stack: str) -> None:
    """Has the keys deleted in 30 days, as Secrets Manager does it."""
    try:
        aws.client("secretsmanager").delete_secret(SecretId=name_of(stack), RecoveryWindowInDays=30)
    except ClientError as error:
        if code_of(error) != "ResourceNotFoundException" and "scheduled for deletion" not in text_of(error):
            raise
