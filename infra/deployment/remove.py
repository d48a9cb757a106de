"""Deleting a stack: asks, and keeps what people wrote unless told otherwise."""

from botocore.exceptions import ClientError

from . import Stop, say, step
from .aws import Aws, code_of
from .release import MISSING, Shelf
from .secret import forget, name_of
from .stack import Stack

TABLE_SECONDS, TABLE_PAUSE = 300, 5


def remove(aws: Aws, name: str, with_data: bool) -> None:
    stack = Stack(aws, name)
    found = stack.describe()
    bucket = f"{name}-attachments-{aws.account}-{aws.region}"
    if not found and not with_data:
        say(f"There is no stack {name} in {aws.region} of account {aws.account}: nothing to delete.")
        return
    ask(aws, name, f"the table {name}, the files in {bucket} and the keys in {name_of(name)}", with_data)
    if found:
        step(f"deleting the stack {name}")
        empty(aws, web_bucket(stack))
        stack.cfn.delete_stack(StackName=name)
        status = stack.wait(found["StackId"])
        if status not in (None, "DELETE_COMPLETE"):
            raise Stop(f"{name} could not be deleted ({status}){stack.first_failure(found['StackId'])}", "mend what is named, then run the same again")
    if with_data:
        step("deleting the data")
        delete_table(aws, name)
        if empty(aws, bucket):
            aws.client("s3").delete_bucket(Bucket=bucket)
        forget(aws, name)
        shelf = Shelf(aws, name).bucket
        say(f"The keys can be restored for 30 days. Releases, which are programs and settings, are still in the bucket {shelf}.")
        say("Everything else is gone.")
    else:
        say(f"What people wrote is still there: table {name}, bucket {bucket}, secret {name_of(name)}.")
        say("Deploying a stack of this name takes it up again (its settings, --param, are to be said anew); --delete --with-data deletes it.")


def ask(aws: Aws, name: str, data: str, with_data: bool) -> None:
    fate = f"WITH {data}: all that anybody ever wrote" if with_data else f"but not {data}"
    say(f"This deletes the stack {name} in {aws.region} of account {aws.account}, {fate}.")
    try:
        typed = input(f"Type the stack's name ({name}) to go on: ")
    except EOFError:
        typed = ""
    if typed.strip() != name:
        raise Stop("Nothing was deleted.", f"run the same again and type {name} if you mean it")


def web_bucket(stack: Stack) -> str | None:
    try:
        found = stack.cfn.describe_stack_resource(StackName=stack.name, LogicalResourceId="WebBucket")
        return found["StackResourceDetail"].get("PhysicalResourceId")
    except ClientError as error:
        # A stack without the CDN has none.
        if code_of(error) == "ValidationError":
            return None
        raise


def empty(aws: Aws, bucket: str | None) -> bool:
    """Whether there is such a bucket; it is empty then."""
    if not bucket:
        return False
    s3 = aws.client("s3")
    try:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            if objects := [{"Key": found["Key"]} for found in page.get("Contents", [])]:
                s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
    except ClientError as error:
        if code_of(error) in MISSING:
            return False
        raise
    return True


def delete_table(aws: Aws, table: str) -> None:
    client = aws.client("dynamodb")
    waits = {"Delay": TABLE_PAUSE, "MaxAttempts": TABLE_SECONDS // TABLE_PAUSE}
    try:
        client.update_table(TableName=table, DeletionProtectionEnabled=False)
        client.get_waiter("table_exists").wait(TableName=table, WaiterConfig=waits)
        client.delete_table(TableName=table)
        client.get_waiter("table_not_exists").wait(TableName=table, WaiterConfig=waits)
    except ClientError as error:
        if code_of(error) != "ResourceNotFoundException":
            raise
