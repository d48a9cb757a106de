"""What goes wrong is said in words, with the next step, and does no harm."""

import random
import sys
import unittest
from datetime import datetime, timezone
from unittest import mock

import boto3
from botocore.stub import Stubber
from moto.cloudformation.models import cloudformation_backends
from world import ACCOUNT, REGION, ROOT, SMALL, World

sys.path.insert(0, str(ROOT / "infra"))
import deploy  # noqa: E402
from deployment import Stop  # noqa: E402
from deployment.aws import Aws  # noqa: E402
from deployment.stack import Stack  # noqa: E402


class Trouble(World):
    def test_without_credentials_it_says_how_to_sign_in_and_a_dry_run_gives_the_plan(self):
        self.refused(self.deploy(keys={}), "There are no AWS credentials", "aws sso login")
        said = self.went_well(self.deploy("--dry-run", keys={}), "this is the plan only", "AWS::DynamoDB::Table")
        self.assertIn("take 1 functions for arm64, as they were built", said)
        self.assertNotIn("web files", said)
        self.went_well(self.run_deploy("--dry-run", "--x86-64", keys={}), "build 1 functions for x86_64, and the browser parts", "web files")

    def test_what_is_built_is_looked_at_without_an_account(self):
        nobody = {"keys": {}, "endpoint": "http://localhost:9"}
        self.went_well(self.deploy("--build-only", **nobody), "what would be uploaded", "MB  message")
        # What cannot be made smaller.
        self.function(random.Random(1).randbytes(4_000_001))
        self.refused(self.deploy("--build-only", **nobody), "message weighs 4,00", "4,000,000 are the most")
        self.function(b"GLIBC_2.99")
        self.refused(self.deploy("--build-only", **nobody), "wants glibc 2.99", "without --skip-build")

    def test_another_account_is_left_alone(self):
        self.refused(self.deploy("--account-id", "111111111111"), f"of account {ACCOUNT}, and not of 111111111111")
        self.assertEqual(self.client("s3").list_buckets()["Buckets"], [])

    def test_a_line_that_is_gone_is_named(self):
        self.refused(self.deploy(endpoint="http://localhost:9"), "http://localhost:9 does not answer", "run the same again")

    def test_what_makes_no_sense_is_refused_before_anything_is_called(self):
        self.refused(self.deploy("--param", "LogDayz=3"), "there is no such parameter", "LogDays")
        self.refused(self.deploy("--param", "Release=mine"), "there is no such parameter")
        self.refused(self.deploy("--stack", "Deskwire_1"), "lower-case letters")
        self.refused(self.deploy("--account", "acme"), "--admin NAME")
        self.refused(self.deploy("--with-data"), "--delete --with-data")
        self.refused(self.deploy("--email", "ada@acme.example"), "--account NAME --admin NAME")
        self.refused(self.deploy(endpoint="nonsense"), "that is no address", "--endpoint-url http")
        for wrong in ("nonsense", "10.0.0.1", "10.0.0.0/8,x/y"):
            self.refused(self.deploy("--param", f"AllowInside={wrong}"), "is no address range", "10.0.0.0/8")
        self.went_well(self.deploy("--dry-run", "--param", "AllowInside=10.0.0.0/8, fd00::/8"))

    def test_a_parameter_that_the_template_does_not_allow_is_refused_before_anything_is_called(self):
        self.template((ROOT / "infra" / "template.yaml").read_text())
        certificate = "arn:aws:acm:{}:123456789012:certificate/12-ab"
        for said, wanted in (
            ("LogDays=8", "LogDays is one of 1, 3, 5, 7"),
            ("Shift=Canary10Percent7Minutes", "Shift is one of AllAtOnce"),
            ("WithAlarms=no", "WithAlarms is one of true, false"),
            ("QueueConcurrency=many", "QueueConcurrency is a number from 2 to 1000"),
            ("QueueConcurrency=1", "a number from 2 to 1000"),
            ("QueueConcurrency=1001", "a number from 2 to 1000"),
            ("SocketRate=", "SocketRate is a number from 1"),
            ("SlowMilliseconds=1e3", "a number from 1"),
            ("AlarmEmail=ada", "AlarmEmail is an e-mail address"),
            (f"CertificateArn={certificate.format('eu-central-1')}", "ACM in us-east-1"),
            ("PublicUrl=chat.example.com", "PublicUrl=https://chat.example.com"),
            ("PublicUrl=http://chat.example.com", "PublicUrl=https://chat.example.com"),
            ("PublicUrl=https://chat.example.com/", "nothing behind"),
        ):
            # AWS itself, and nobody's credentials.
            self.refused(self.run_deploy("--param", said, keys={}, endpoint=""), wanted)
        right = ("LogDays=7", "QueueConcurrency=2", "AlarmEmail=ada@acme.example", f"CertificateArn={certificate.format('us-east-1')}")
        right += ("PublicUrl=https://chat.example.com", "AlarmEmail=", "CertificateArn=", "PublicUrl=")
        given = [word for one in right for word in ("--param", one)]
        self.went_well(self.run_deploy("--dry-run", *given, keys={}, endpoint=""), "this is the plan only")

    def test_a_certificate_without_its_domain_is_refused_before_anything_is_built(self):
        more = ("PublicUrl", "CertificateArn")
        stated = "".join(f'  {name}:\n    Type: String\n    Default: ""\n' for name in more)
        self.template(SMALL.format(queue="q").replace("\nConditions:", f"{stated}\nConditions:"))
        certificate = "CertificateArn=arn:aws:acm:us-east-1:123456789012:certificate/12-ab"
        self.refused(self.deploy("--param", certificate), "PublicUrl says none", "--param PublicUrl=https")
        self.assertEqual(self.client("s3").list_buckets()["Buckets"], [])
        self.went_well(self.deploy("--param", certificate, "--param", "PublicUrl=https://chat.example.com"))
        # What was said before is looked at as well.
        self.refused(self.deploy("--param", "PublicUrl="), "PublicUrl says none", "--param CertificateArn=")
        self.went_well(self.deploy("--param", "PublicUrl=", "--param", "CertificateArn="))

    def test_what_is_not_done_at_once_or_has_no_dry_run_is_refused(self):
        self.went_well(self.deploy())
        for flags, said in (
            (["--delete", "--replay"], "--replay and --delete are not done at once"),
            (["--rollback", "--delete"], "--rollback and --delete are not done at once"),
            (["--delete", "--dry-run"], "--delete has no dry run"),
            (["--replay", "--dry-run"], "--replay has no dry run"),
            (["--rollback", "--param", "LogDays=7"], "belong to a deployment"),
        ):
            self.refused(self.run_deploy(*flags, typed="deskwire\n"), said)
        self.went_well(self.run_deploy("--rollback", self.release(), "--dry-run"), "the stack is as it was")

    def test_a_function_that_could_not_start_is_not_deployed(self):
        self.refused(self.deploy("--x86-64"), "built for arm64, and not for x86_64", "--arm64")
        self.function(b"first", machine=0x3E)
        self.refused(self.deploy(), "built for x86_64, and not for arm64", "--x86-64")
        (self.tree / "target/lambda/message/bootstrap").unlink()
        self.refused(self.deploy(), "is not there", "without --skip-build")

    def test_a_missing_parameter_is_named(self):
        self.template(SMALL.format(queue="q").replace("\nConditions:", "  Color:\n    Type: String\n\nConditions:"))
        self.refused(self.deploy(), "Color", "--param NAME=VALUE")

    def test_a_half_finished_stack_is_never_built_upon(self):
        self.went_well(self.deploy())
        # States that moto never comes to by itself; it takes them from here.
        for status, *words in (
            ("ROLLBACK_COMPLETE", "first deployment failed", "--delete"),
            ("CREATE_FAILED", "first deployment failed", "--delete"),
            ("UPDATE_ROLLBACK_FAILED", "could not put the old state back", "continue-update-rollback"),
            ("DELETE_FAILED", "It was being deleted", "--delete again"),
        ):
            self.state(status)
            self.refused(self.deploy(), status, *words)
            self.refused(self.run_deploy("--rollback"), status, *words)
        self.state("UPDATE_ROLLBACK_COMPLETE")
        self.function(b"second")
        self.went_well(self.deploy(), "runs, release")

    def test_a_dry_run_leaves_the_stack_and_the_keys(self):
        self.went_well(self.deploy("--dry-run"), "Add     Table", "the stack is as it was", f"deskwire-artifacts-{ACCOUNT}-{REGION} was made")
        self.assertEqual(self.client("cloudformation").list_stacks(StackStatusFilter=["REVIEW_IN_PROGRESS"])["StackSummaries"], [])
        self.assertEqual(self.client("secretsmanager").list_secrets()["SecretList"], [])
        self.went_well(self.deploy())
        self.function(b"second")
        before = self.client("ssm").get_parameter(Name="code")["Parameter"]["Value"]
        self.went_well(self.deploy("--dry-run"), "Modify  Code", "the stack is as it was")
        self.assertEqual(self.client("ssm").get_parameter(Name="code")["Parameter"]["Value"], before)

    def test_a_queue_that_was_just_deleted_is_waited_for(self):
        sqs = self.client("sqs")
        aws = Aws(boto3.Session(region_name=REGION), None, ACCOUNT, {"sqs": sqs})
        looks = deploy.FORGETS_SECONDS // deploy.FORGETS_PAUSE
        for known in (2, looks + 1):
            with Stubber(sqs) as stub, mock.patch.object(deploy.time, "sleep") as slept:
                for _ in range(known):
                    stub.add_response("get_queue_url", {"QueueUrl": "https://sqs.example/deskwire-assign.fifo"})
                if known <= looks:
                    stub.add_client_error("get_queue_url", "AWS.SimpleQueueService.NonExistentQueue")
                    deploy.alone(aws)
                else:
                    with self.assertRaisesRegex(Stop, "There is a Deskwire in"):
                        deploy.alone(aws)
                stub.assert_no_pending_responses()
            self.assertEqual(slept.call_count, min(known, looks))

    def test_what_failed_is_told_of_this_operation_alone_and_all_of_it(self):
        cfn = self.client("cloudformation")
        stack = Stack(Aws(None, self.endpoint, ACCOUNT, {"cloudformation": cfn}), "deskwire")
        pages = [
            [("Table", "CREATE_FAILED", "Resource creation cancelled"), ("Queue", "CREATE_FAILED", "quota reached")],
            [("Role", "UPDATE_FAILED", "not allowed"), ("deskwire", "UPDATE_IN_PROGRESS", "User Initiated")],
            [("Bucket", "CREATE_FAILED", "of the time before")],
        ]
        with Stubber(cfn) as stub:
            for number, page in enumerate(pages):
                stub.add_response("describe_stack_events", {"StackEvents": [event(*one) for one in page], "NextToken": str(number)})
            self.assertEqual(stack.first_failure("arn:deskwire"), ": Role: not allowed")

    def state(self, status):
        for stack in cloudformation_backends[ACCOUNT][REGION].stacks.values():
            stack.status = status


def event(name, status, reason):
    same = {"StackId": "arn:deskwire", "StackName": "deskwire", "Timestamp": datetime.fromtimestamp(0, timezone.utc)}
    physical = "arn:deskwire" if name == "deskwire" else name
    return same | {"EventId": name, "LogicalResourceId": name, "PhysicalResourceId": physical, "ResourceStatus": status, "ResourceStatusReason": reason}


if __name__ == "__main__":
    unittest.main()
