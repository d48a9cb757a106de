"""What may be said with --param, looked at before anything is built: CloudFormation would say it 20 minutes later."""

import re

from . import Stop
from .template import parameters

NUMBER = re.compile(r"-?\d+(\.\d+)?")
# Where the template looks for the host (Cdn.Aliases), and what tokens and addresses are made of: nothing behind it.
OWN_ADDRESS = re.compile(r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d+)?")
OWN_DOMAIN = re.compile(r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def defaults() -> dict[str, str | None]:
    """All parameters, and what each is unless it is set."""
    return {name: str(said["Default"]) if "Default" in said else None for name, said in parameters().items()}


def check(given: dict[str, str], on_aws: bool) -> None:
    """Stops at a value that the template does not allow."""
    known = parameters()
    for name, value in given.items():
        if wanted := fault(known[name], value):
            raise Stop(f"--param {name}={value}: {name} is {wanted}.", f"say it so: --param {name}=VALUE; what it is for stands in infra/template.yaml")
    # An emulator has addresses of its own kind.
    if on_aws and (url := given.get("PublicUrl")) and not OWN_ADDRESS.fullmatch(url):
        raise Stop(f"--param PublicUrl={url}: that is not https:// and a host, and nothing behind.", "say it whole: --param PublicUrl=https://chat.example.com")


def check_together(parameters: dict[str, str]) -> None:
    """Stops at values that do not go together, whenever they were said."""
    if parameters.get("CertificateArn") and not OWN_DOMAIN.fullmatch(parameters.get("PublicUrl", "")):
        reason = f"A certificate is for a domain, and PublicUrl says none ({parameters.get('PublicUrl') or 'it is empty'})."
        raise Stop(reason, "say it too: --param PublicUrl=https://chat.example.com; or take the certificate away: --param CertificateArn=")


def fault(said: dict, value: str) -> str | None:
    """What a parameter is to be, where the value is something else."""
    if allowed := [str(one) for one in said.get("AllowedValues", [])]:
        return None if value in allowed else f"one of {', '.join(allowed)}"
    if said["Type"] == "Number":
        least, most = said.get("MinValue", float("-inf")), said.get("MaxValue", float("inf"))
        if not NUMBER.fullmatch(value) or not least <= float(value) <= most:
            bounds = [f"{word} {said[bound]}" for word, bound in (("from", "MinValue"), ("to", "MaxValue")) if bound in said]
            return " ".join(["a number", *bounds])
    if (pattern := said.get("AllowedPattern")) and not re.fullmatch(pattern, value):
        return said.get("ConstraintDescription", f"what {pattern} matches")
    return None
