"""The stack: in which state it is, a change set, and waiting until it is done."""

import time

from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError

from . import Stop, say
from .aws import Aws, code_of, lost, text_of
from .release import HIDDEN, Release, Shelf, UNSEEN

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
PAUSE_SECONDS = 5
EMULATOR_PAUSE_SECONDS = 0.2
# A CDN takes up to a quarter of an hour; a gradual shift of all functions as long again.
LONGEST_SECONDS = 3600
# How long the line may be gone while the stack is at work.
LINE_SECONDS = 300
NEVER_THERE = {"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"}
DONE = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"}
# The stack's own event with which an operation begins; a rollback belongs to what it rolls back.
BEGUN = {"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "IMPORT_IN_PROGRESS", "DELETE_IN_PROGRESS"}
# What CloudFormation says of an empty change set.
NOTHING = ("didn't contain changes", "No updates are to be performed", "no changes")


class Stack:
    def __init__(self, aws: Aws, name: str):
        self.name, self.cfn = name, aws.client("cloudformation")
        # An emulator is done at once.
        self.pause = EMULATOR_PAUSE_SECONDS if aws.endpoint else PAUSE_SECONDS

    def describe(self) -> dict | None:
        try:
            found = self.cfn.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if code_of(error) == "ValidationError" and "does not exist" in text_of(error):
                return None
            raise
        return None if found["StackStatus"] == "DELETE_COMPLETE" else found

    def outputs(self) -> dict[str, str]:
        return {o["OutputKey"]: o["OutputValue"] for o in (self.describe() or {}).get("Outputs", [])}

    def parameters(self) -> dict[str, str]:
        return {p["ParameterKey"]: p["ParameterValue"] for p in (self.describe() or {}).get("Parameters", [])}

    def template(self) -> str:
        """The template that it was made with, and not what SAM makes of it, which CloudFormation would give by itself."""
        return self.cfn.get_template(StackName=self.name, TemplateStage="Original")["TemplateBody"]

    def versions(self) -> dict[str, str]:
        """The version of each function that the stack published, by the function's name."""
        found = {}
        for page in self.cfn.get_paginator("list_stack_resources").paginate(StackName=self.name):
            for one in page["StackResourceSummaries"]:
                if one["ResourceType"] == "AWS::Lambda::Version" and not one["ResourceStatus"].startswith("DELETE_"):
                    # arn:aws:lambda:<region>:<account>:function:<name>:<version>
                    function, version = one["PhysicalResourceId"].split(":")[-2:]
                    found[function] = version
        return found

    def given(self) -> dict[str, str]:
        """The parameters that somebody set, by the last deployment or an earlier one."""
        now = self.parameters()
        # A stack of before `Given` does not tell; all of its parameters are kept then.
        names = now["Given"].split() if "Given" in now else now
        return {name: now[name] for name in names if name in now}

    def ready(self) -> str:
        """CREATE or UPDATE: what can be done with the stack now; waits for what is under way."""
        found = self.describe()
        if found and found["StackStatus"].endswith("_IN_PROGRESS") and found["StackStatus"] != "REVIEW_IN_PROGRESS":
            say(f"{self.name} is at work ({found['StackStatus']}); waiting for it …")
            self.wait(found["StackId"])
            found = self.describe()
        status = found["StackStatus"] if found else None
        # A change set that nobody carried out leaves an empty stack in review.
        if status in (None, "REVIEW_IN_PROGRESS"):
            return "CREATE"
        reason = f"{self.name} is in the state {status}."
        if status in NEVER_THERE:
            again = f"infra/deploy --stack {self.name} --delete, then deploy again"
            raise Stop(f"{reason} Its first deployment failed{self.first_failure(found['StackId'])}", again)
        if status == "UPDATE_ROLLBACK_FAILED":
            command = f"mend what is named, then: aws cloudformation continue-update-rollback --stack-name {self.name}"
            raise Stop(f"{reason} CloudFormation could not put the old state back{self.first_failure(found['StackId'])}", command)
        if status == "DELETE_FAILED":
            raise Stop(f"{reason} It was being deleted{self.first_failure(found['StackId'])}", f"infra/deploy --stack {self.name} --delete again")
        return "UPDATE"

    def change(self, kind: str, shelf: Shelf, release: Release) -> str | None:
        """Makes a change set and shows it; answers its id, or none where nothing would change."""
        arguments = {
            "StackName": self.name,
            "ChangeSetName": f"deskwire-{release.name}-{int(time.time())}",
            "ChangeSetType": kind,
            "TemplateURL": shelf.template_url(release),
            "Parameters": [parameter(name, value) for name, value in sorted(release.parameters.items())],
            "Capabilities": CAPABILITIES,
        }
        if kind == "CREATE":
            # A table and a bucket that an earlier stack of this name left are taken up again.
            arguments["ImportExistingResources"] = True
        made = self.cfn.create_change_set(**arguments)["Id"]
        found = self.reviewed(made)
        if found["Status"] == "FAILED":
            reason = found.get("StatusReason", "")
            self.drop(made)
            if any(words in reason for words in NOTHING):
                return None
            raise Stop(f"CloudFormation refuses the change: {reason}", "mend what it names, then run the same again")
        self.show(made)
        return made

    def reviewed(self, change: str) -> dict:
        until = time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < until:
            found = self.cfn.describe_change_set(ChangeSetName=change, StackName=self.name)
            if found["Status"] in ("CREATE_COMPLETE", "FAILED"):
                return found
            time.sleep(self.pause)
        raise Stop("CloudFormation does not get done with the change set.", "run the same again later")

    def show(self, change: str) -> None:
        token, lines = {}, []
        while True:
            page = self.cfn.describe_change_set(ChangeSetName=change, StackName=self.name, **token)
            lines += [line(one["ResourceChange"]) for one in page["Changes"] if "ResourceChange" in one]
            if not page.get("NextToken"):
                break
            token = {"NextToken": page["NextToken"]}
        say(f"{len(lines)} changes:")
        for text in sorted(lines):
            say(f"  {text}")

    def drop(self, change: str) -> None:
        """Takes a change set away, and the empty stack that it may have made."""
        self.cfn.delete_change_set(ChangeSetName=change, StackName=self.name)
        found = self.describe()
        if found and found["StackStatus"] == "REVIEW_IN_PROGRESS":
            self.cfn.delete_stack(StackName=self.name)

    def carry_out(self, change: str) -> None:
        self.cfn.execute_change_set(ChangeSetName=change, StackName=self.name)
        found = self.describe()
        status = self.wait(found["StackId"])
        if status not in DONE:
            why = self.first_failure(found["StackId"])
            if status in NEVER_THERE:
                again = f"mend what is named; then infra/deploy --stack {self.name} --delete, and deploy again"
                raise Stop(f"The first deployment failed ({status}){why}", again)
            again = "mend what is named, then run the same again"
            raise Stop(f"The deployment failed; what was there before is there still ({status}){why}", again)

    def wait(self, stack_id: str) -> str | None:
        """Waits until nothing is under way; tells what fails meanwhile. A line that is gone for a while is no failure."""
        began, heard, told = time.monotonic(), time.monotonic(), set(self.failures(stack_id))
        while time.monotonic() - began < LONGEST_SECONDS:
            try:
                status = self.cfn.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"]
                failures = self.failures(stack_id)
                heard = time.monotonic()
            except (ConnectionError, HTTPClientError) as error:
                if time.monotonic() - heard > LINE_SECONDS:
                    raise lost(str(error)) from None
                say("The line to AWS is gone; trying again …")
                time.sleep(self.pause)
                continue
            except ClientError as error:
                # A deleted stack is not found by its name, and at some emulators not by its id either.
                if code_of(error) == "ValidationError":
                    return None
                raise
            for failure in failures:
                if failure not in told:
                    told.add(failure)
                    say(f"  {failure[1]}")
            if not status.endswith("_IN_PROGRESS"):
                return status
            time.sleep(self.pause)
        raise Stop(f"{self.name} is still at work after an hour.", "look at it in the console; the same command waits again")

    def failures(self, stack_id: str) -> list[tuple[str, str]]:
        """What failed since the operation began, the latest first: an id, and words."""
        failed = []
        try:
            for page in self.cfn.get_paginator("describe_stack_events").paginate(StackName=stack_id):
                for event in page["StackEvents"]:
                    status = event["ResourceStatus"]
                    if event.get("PhysicalResourceId") == stack_id and status in BEGUN:
                        return failed
                    if status.endswith("_FAILED"):
                        failed.append((event["EventId"], f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', status)}"))
        except (BotoCoreError, ClientError):
            # It only tells why; what the state is, is asked elsewhere.
            pass
        return failed

    def first_failure(self, stack_id: str) -> str:
        """The failure from which the others came; what was only cancelled with it says nothing."""
        failed = [words for _, words in self.failures(stack_id) if "cancelled" not in words.lower()]
        return f": {failed[-1]}" if failed else "."


def parameter(name: str, value: str) -> dict:
    as_it_is = name in HIDDEN and value == UNSEEN
    return {"ParameterKey": name, **({"UsePreviousValue": True} if as_it_is else {"ParameterValue": value})}


def line(change: dict) -> str:
    replaced = "  (replaced!)" if change.get("Replacement") == "True" else ""
    return f"{change['Action']:<7} {change['LogicalResourceId']}  {change['ResourceType']}{replaced}"
