"""What somebody put into functions by hand (`cargo lambda deploy`) is taken out again. CloudFormation compares templates and
not what runs: it sees no change; and CodeDeploy moves an alias only from the version that the stack published."""

import re

from botocore.exceptions import ClientError

from . import say
from .aws import Aws, code_of
from .stack import Stack

# As in infra/template.yaml (AutoPublishAlias).
LIVE = "live"
# The code of a function, in the template of a release.
CODE = re.compile(r"CodeUri: s3://([^/\s]+)/(functions/(\w+)-\w+\.zip)")


def put_back(aws: Aws, stack: Stack, dry_run: bool) -> None:
    """Each function's alias leads to the stack's version again, and its code is the stack's."""
    published = stack.versions()
    code = stack_code(stack) if published else {}
    for function, version in sorted(published.items()):
        try:
            found = by_hand(aws.client("lambda"), function, version)
        except ClientError as error:
            # Who took the function or its alias away wants another remedy than this one.
            if code_of(error) != "ResourceNotFoundException":
                raise
            continue
        for words in found:
            say(f"{function}: {words}, which somebody did by hand; {'it would be' if dry_run else 'it is'} put back.")
        if found and not dry_run:
            restore(aws.client("lambda"), function, version, code.get(function))


def stack_code(stack: Stack) -> dict[str, dict[str, str]]:
    """Where the code lies that the stack's template names, by the function's name."""
    found = CODE.findall(stack.template())
    return {f"{stack.name}-{name}": {"S3Bucket": bucket, "S3Key": key} for bucket, key, name in found}


def by_hand(functions, function: str, version: str) -> list[str]:
    """What of a function is not as the stack made it, in words."""
    alias = functions.get_alias(FunctionName=function, Name=LIVE)
    found = []
    if alias["FunctionVersion"] != version:
        found.append(f"{LIVE} leads to version {alias['FunctionVersion']}, and not to {version}")
    elif alias.get("RoutingConfig", {}).get("AdditionalVersionWeights"):
        found.append(f"{LIVE} leads to other versions than {version} too")
    # From this one the next version is made, if only a setting changes.
    newest = functions.get_function_configuration(FunctionName=function)["CodeSha256"]
    if newest != functions.get_function_configuration(FunctionName=function, Qualifier=version)["CodeSha256"]:
        found.append(f"its code is another than version {version} has")
    return found


def restore(functions, function: str, version: str, code: dict[str, str] | None) -> None:
    functions.update_alias(FunctionName=function, Name=LIVE, FunctionVersion=version, RoutingConfig={"AdditionalVersionWeights": {}})
    if code:
        functions.update_function_code(FunctionName=function, **code)
        # CloudFormation could not change it before.
        functions.get_waiter("function_updated_v2").wait(FunctionName=function)
