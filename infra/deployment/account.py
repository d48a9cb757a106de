"""A first account and its administrator, made by the function `account`, which only IAM can reach."""

import json
import shlex
from urllib.parse import quote

from . import Stop, say
from .aws import Aws


def begin(aws: Aws, outputs: dict[str, str], account: str, admin: str, email: str | None, console: bool) -> None:
    """Makes the account, unless it is there; prints how its administrator comes in."""
    person = {"name": admin, **({"email": email} if email else {})}
    asked = json.dumps({"name": account, "admin": person}).encode()
    answer = aws.client("lambda").invoke(FunctionName=outputs["AccountFunction"], Payload=asked)
    said = json.loads(answer["Payload"].read() or b"null")
    if answer.get("FunctionError") or not isinstance(said, dict) or "account" not in said:
        why = said.get("errorMessage", said) if isinstance(said, dict) else said
        raise Stop(f"The account could not be made: {why}", "mend what it names (--account, --admin), then run the same again")
    say(f"The account {said['account']}, with the administrator {admin} ({said['agent']}).")
    address = outputs["PublicUrl"].rstrip("/")
    if console:
        # In the fragment, which is sent to no server and stays in no log.
        come_in = f"{address}/console/?account={said['account']}#subject_token={quote(said['refresh_token'])}"
        say(f"Their way in, which is as good as a password:\n  {come_in}")
    else:
        form = [f"account={said['account']}", "grant_type=refresh_token", f"refresh_token={said['refresh_token']}"]
        command = ["curl", f"{address}/v1/token", *(word for one in form for word in ("--data-urlencode", one))]
        say(f"No console is served. What gets them a token, and is as good as a password:\n  {shlex.join(command)}")


def say_none(again: str) -> None:
    """What whoever deploys the first time comes to ask."""
    say(f"Nobody can sign in yet, unless the table is an earlier stack's.\n  Next: {again} --account NAME --admin NAME")
