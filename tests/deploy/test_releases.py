"""Deploying, deploying again, going back, deleting."""

import base64
import io
import json
import re
import unittest
import zipfile

from moto.cloudformation.models import cloudformation_backends
from world import ACCOUNT, REGION, SMALL, World

SHELF = f"deskwire-artifacts-{ACCOUNT}-{REGION}"


class Releases(World):
    def test_a_first_time_makes_everything_and_the_second_changes_nothing(self):
        said = self.went_well(self.deploy(), "Add     Table", "https://chat.example/openapi.json", "wss://sockets.example/live")
        self.assertIn("console, widget and API page are not served", said)
        keys = json.loads(self.client("secretsmanager").get_secret_value(SecretId="deskwire/deskwire/signing-keys")["SecretString"])
        secret = keys["keys"][0]["secret"]
        self.assertEqual(keys["active"], keys["keys"][0]["kid"])
        self.assertEqual(len(base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4))), 32)
        self.assertNotIn(secret, said)
        first = self.release()
        self.went_well(self.deploy(), f"release {first}")
        self.assertEqual(self.release(), first)
        again = self.client("secretsmanager").get_secret_value(SecretId="deskwire/deskwire/signing-keys")["SecretString"]
        self.assertEqual(json.loads(again), keys)

    def test_the_code_is_a_zip_by_its_content_with_an_executable(self):
        self.went_well(self.deploy())
        uri = self.client("ssm").get_parameter(Name="code")["Parameter"]["Value"].removeprefix("CodeUri: s3://")
        bucket, _, key = uri.partition("/")
        self.assertEqual(bucket, SHELF)
        with zipfile.ZipFile(io.BytesIO(self.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())) as archive:
            self.assertTrue(archive.read("bootstrap").endswith(b"first"))
            self.assertEqual(archive.getinfo("bootstrap").external_attr >> 16 & 0o777, 0o755)
        self.function(b"second")
        self.went_well(self.deploy())
        self.assertNotIn(key, self.client("ssm").get_parameter(Name="code")["Parameter"]["Value"])
        self.function(b"first")
        self.went_well(self.deploy())
        self.assertIn(key, self.client("ssm").get_parameter(Name="code")["Parameter"]["Value"])

    def test_parameters_are_kept_until_they_are_set_again(self):
        self.went_well(self.deploy("--param", "LogDays=7"))
        self.function(b"second")
        self.went_well(self.run_deploy("--skip-build"))
        self.assertEqual(self.parameters()["LogDays"], "7")
        self.assertEqual(self.parameters()["WithCdn"], "false")
        self.went_well(self.deploy("--param", "LogDays=14"))
        self.assertEqual(self.parameters()["LogDays"], "14")

    def test_a_new_default_reaches_a_stack_where_nobody_set_the_parameter(self):
        self.went_well(self.deploy())
        newer = SMALL.format(queue="deskwire-assign").replace("Default: 30", "Default: 60")
        self.template(newer)
        self.went_well(self.deploy())
        self.assertEqual(self.parameters()["LogDays"], "60")
        self.went_well(self.deploy("--param", "LogDays=60"))
        self.template(newer.replace("Default: 60", "Default: 90"))
        self.went_well(self.deploy())
        self.assertEqual(self.parameters()["LogDays"], "60")
        # One that is no parameter any more is kept no longer.
        self.template(newer.replace("LogDays:", "DaysOfLogs:"))
        self.went_well(self.deploy())
        self.assertEqual((self.parameters()["DaysOfLogs"], self.parameters()["Given"]), ("60", "WithCdn"))

    def test_a_hidden_parameter_is_kept_and_stands_nowhere(self):
        def headers():
            # The account itself shows it to nobody.
            (stack,) = cloudformation_backends[ACCOUNT][REGION].stacks.values()
            return stack.parameters["OtlpHeaders"]

        said = self.went_well(self.deploy("--param", "OtlpHeaders=api-key=hush"))
        first = self.release()
        self.function(b"second")
        said += self.went_well(self.deploy())
        self.assertEqual(headers(), "api-key=hush")
        said += self.went_well(self.run_deploy("--rollback", first))
        self.assertEqual(headers(), "api-key=hush")
        s3 = self.client("s3")
        for listed in s3.list_objects_v2(Bucket=SHELF)["Contents"]:
            self.assertNotIn(b"hush", s3.get_object(Bucket=SHELF, Key=listed["Key"])["Body"].read(), listed["Key"])
        self.assertNotIn("hush", said)
        self.went_well(self.deploy("--param", "OtlpHeaders="))
        self.assertEqual(headers(), "")

    def test_going_back_waits_for_no_alarm_and_the_next_deployment_does_again(self):
        self.went_well(self.deploy("--param", "WithCodeDeploy=true"))
        first = self.release()
        self.function(b"second")
        self.went_well(self.deploy())
        self.assertEqual(self.parameters()["WithCodeDeploy"], "true")
        self.went_well(self.run_deploy("--rollback"))
        self.assertEqual((self.release(), self.parameters()["WithCodeDeploy"]), (first, "false"))
        self.went_well(self.deploy())
        self.assertEqual(self.parameters()["WithCodeDeploy"], "true")
        self.went_well(self.deploy("--param", "WithCodeDeploy=false"))
        self.function(b"third")
        self.went_well(self.deploy())
        self.went_well(self.run_deploy("--rollback"))
        self.went_well(self.deploy())
        self.assertEqual(self.parameters()["WithCodeDeploy"], "false")

    def test_a_changed_setting_makes_new_versions_and_the_table_is_named_to_the_letter(self):
        def template():
            return self.client("cloudformation").get_template(StackName="deskwire")["TemplateBody"]

        self.went_well(self.deploy())
        first = template()
        self.assertIn("TableName: deskwire\n", first)
        self.went_well(self.deploy("--param", "LogDays=7"))
        self.assertNotEqual(re.search("Settings: .*", template())[0], re.search("Settings: .*", first)[0])
        self.went_well(self.deploy("--param", "LogDays=30"))
        self.assertEqual(re.search("Settings: .*", template())[0], re.search("Settings: .*", first)[0])

    def test_new_keys_are_an_update(self):
        self.went_well(self.deploy())
        before = self.parameters()["SigningKeysVersion"]
        self.put_keys(json.dumps({"active": "k2", "keys": [key("k1", 32), key("k2", 48)]}))
        self.went_well(self.deploy())
        changed = self.parameters()["SigningKeysVersion"]
        self.assertNotEqual(changed, before)
        # Going back is no way to bring an old key back.
        self.went_well(self.run_deploy("--rollback"))
        self.assertEqual(self.parameters()["SigningKeysVersion"], changed)

    def test_keys_with_which_no_function_would_start_are_refused(self):
        self.went_well(self.deploy())
        short, padded = key("k1", 31), {"kid": "k1", "secret": base64.urlsafe_b64encode(bytes(32)).decode()}
        for said, file in (
            ("it is not JSON", None),
            ("the active key is not among the keys", {"active": "k2", "keys": [key("k1", 32)]}),
            ("a kid of its own", {"active": "k1", "keys": [key("k1", 32), key("k1", 32)]}),
            ("the secret of key k1 is not 32 random bytes", {"active": "k1", "keys": [short]}),
            ("the secret of key k1 is not 32 random bytes", {"active": "k1", "keys": [padded]}),
        ):
            self.put_keys(json.dumps(file))
            for refused in (self.deploy(), self.run_deploy("--rollback", self.release())):
                self.refused(refused, said, "put a version that is right")
                self.assertNotIn(short["secret"], refused[1])

    def put_keys(self, text):
        self.client("secretsmanager").put_secret_value(SecretId="deskwire/deskwire/signing-keys", SecretString=text)

    def test_going_back_goes_back_step_by_step_with_code_and_parameters(self):
        names = []
        for content, days in ((b"first", "7"), (b"second", "14"), (b"third", "30")):
            self.function(content)
            self.went_well(self.deploy("--param", f"LogDays={days}"))
            names.append(self.release())
        first, second, third = names
        self.went_well(self.run_deploy("--rollback"), f"release {second}")
        self.assertEqual((self.release(), self.parameters()["LogDays"]), (second, "14"))
        self.went_well(self.run_deploy("--rollback"), f"release {first}")
        self.assertEqual((self.release(), self.parameters()["LogDays"]), (first, "7"))
        self.refused(self.run_deploy("--rollback"), "no release before the current one", third)
        self.went_well(self.run_deploy("--rollback", third), f"release {third}")
        self.refused(self.run_deploy("--rollback", "0123456789ab"), "no release 0123456789ab", second)

    def test_going_back_goes_to_what_ran_before_and_never_to_what_was_gone_back_from(self):
        def deployed(content):
            self.function(content)
            self.went_well(self.deploy())
            return self.release()

        good = deployed(b"good")
        bad = deployed(b"bad")
        self.went_well(self.run_deploy("--rollback"), f"release {good}")
        worse = deployed(b"worse")
        self.went_well(self.run_deploy("--rollback"), f"release {good}")
        # To deploy what runs is to change nothing, nor where the way back goes.
        self.assertEqual(deployed(b"good"), good)
        self.refused(self.run_deploy("--rollback"), "no release before the current one", bad, worse)
        self.assertEqual(self.release(), good)

    def test_keys_that_are_gone_are_not_made_anew_for_a_stack_that_runs(self):
        self.went_well(self.deploy())
        name = "deskwire/deskwire/signing-keys"
        secrets = self.client("secretsmanager")
        secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
        for refused in (self.deploy(), self.deploy("--dry-run"), self.run_deploy("--rollback", self.release())):
            self.refused(refused, f"The secret {name} is gone", "Signing keys")
        self.assertEqual(secrets.list_secrets()["SecretList"], [])

    def test_a_region_has_one(self):
        self.went_well(self.deploy())
        self.refused(self.deploy("--stack", "other"), "There is a Deskwire in", "deskwire-assign", "--stack")
        self.assertEqual(len(self.client("cloudformation").describe_stacks()["Stacks"]), 1)

    def test_the_bucket_of_releases_is_closed_to_the_public_each_time(self):
        self.went_well(self.deploy())
        s3 = self.client("s3")
        s3.delete_public_access_block(Bucket=SHELF)
        self.went_well(self.deploy())
        closed = s3.get_public_access_block(Bucket=SHELF)["PublicAccessBlockConfiguration"]
        self.assertEqual(set(closed.values()), {True})

    def test_going_back_where_nothing_is_says_so(self):
        self.refused(self.run_deploy("--rollback"), "There is no stack deskwire")

    def test_deleting_asks_and_keeps_the_data(self):
        self.went_well(self.deploy())
        self.refused(self.run_deploy("--delete", typed=""), "Nothing was deleted")
        self.refused(self.run_deploy("--delete", typed="yes\n"), "Nothing was deleted")
        self.assertIsNotNone(self.release())
        self.went_well(self.run_deploy("--delete", typed="deskwire\n"), "is still there")
        self.assertEqual(self.client("dynamodb").list_tables()["TableNames"], ["deskwire"])
        self.went_well(self.run_deploy("--delete"), "nothing to delete")

    def test_deleting_with_the_data_deletes_it(self):
        self.went_well(self.deploy())
        attachments = f"deskwire-attachments-{ACCOUNT}-{REGION}"
        s3 = self.client("s3")
        s3.create_bucket(Bucket=attachments, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket=attachments, Key="acc_a/att_1", Body=b"x")
        self.went_well(self.run_deploy("--delete", "--with-data", typed="deskwire\n"), "all that anybody ever wrote", f"still in the bucket {SHELF}")
        self.assertEqual(self.client("dynamodb").list_tables()["TableNames"], [])
        self.assertEqual([bucket["Name"] for bucket in s3.list_buckets()["Buckets"]], [SHELF])
        self.refused(self.deploy(), "is being deleted", "restore-secret")


def key(kid, length):
    return {"kid": kid, "secret": base64.urlsafe_b64encode(bytes(length)).rstrip(b"=").decode()}


if __name__ == "__main__":
    unittest.main()
