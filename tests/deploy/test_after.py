"""What comes after the stack: web files, the first account, and what the stream parked."""

import json
import sys
import unittest
from datetime import datetime, timezone
from unittest import mock

import boto3
from botocore.stub import Stubber
from moto.awslambda_simple.models import lambda_simple_backends
from moto.core.config import default_user_config
from world import ACCOUNT, REGION, ROOT, SMALL, World

sys.path.insert(0, str(ROOT / "infra"))
from deployment import Stop, build, replay, web  # noqa: E402
from deployment.aws import Aws  # noqa: E402
from deployment.stack import Stack  # noqa: E402

SESSION = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)

# moto's functions answer what they are told to, and need no Docker.
default_user_config["lambda"] = {"use_docker": False}


class After(World):
    def answers(self, *answers):
        lambda_simple_backends[ACCOUNT][REGION].lambda_simple_results_queue = [json.dumps(answer) for answer in answers]

    def aws(self):
        services = ("s3", "cloudfront", "dynamodbstreams")
        return Aws(None, self.endpoint, ACCOUNT, {service: self.client(service) for service in services})

    def test_web_files_have_the_gateways_headers_and_pages_come_last(self):
        names = ["console/index.html", "console/assets/app-1a2b.js", "widget.js", "widget/index.html", "docs/logo.svg"]
        self.assertEqual(sorted(names, key=web.order)[0], "console/assets/app-1a2b.js")
        self.assertEqual(sorted(names, key=web.order)[-2:], ["console/index.html", "widget/index.html"])
        aws, s3 = self.aws(), self.client("s3")
        s3.create_bucket(Bucket="web", CreateBucketConfiguration={"LocationConstraint": REGION})
        cdn = aws.client("cloudfront").create_distribution(DistributionConfig=distribution())["Distribution"]["Id"]
        web.publish(aws, "web", cdn, build.zipped({name: name.encode() for name in names}, build.READABLE))
        heads = {name: s3.head_object(Bucket="web", Key=name) for name in names}
        said = {name: (head["CacheControl"], head["ContentType"]) for name, head in heads.items()}
        self.assertEqual(
            said,
            {
                "console/index.html": ("no-cache", "text/html; charset=utf-8"),
                "console/assets/app-1a2b.js": ("public, max-age=31536000, immutable", "text/javascript; charset=utf-8"),
                "widget.js": ("public, max-age=300", "text/javascript; charset=utf-8"),
                "widget/index.html": ("no-cache", "text/html; charset=utf-8"),
                "docs/logo.svg": ("no-cache", "image/svg+xml"),
            },
        )
        self.assertEqual(aws.client("cloudfront").list_invalidations(DistributionId=cdn)["InvalidationList"]["Quantity"], 1)

    def test_the_first_administrator_gets_a_way_in(self):
        self.lambda_function("deskwire-account")
        self.answers({"account": "acc_acme", "agent": "agt_ada", "access_token": "a", "refresh_token": "r/1"})
        said = self.went_well(self.deploy("--account", "acme", "--admin", "Ada"), "acc_acme", "agt_ada")
        # Nothing serves a console there.
        self.assertNotIn("/console/", said)
        self.assertIn("curl https://chat.example/v1/token --data-urlencode account=acc_acme --data-urlencode grant_type=refresh_token", said)
        self.assertIn("--data-urlencode refresh_token=r/1", said)
        # With the CDN, or with something of one's own in front, it is there.
        for more in ("  Cdn: {Value: E1}\n  WebBucket: {Value: web}\n", ""):
            stated = SMALL.format(queue="deskwire-assign").replace("\nConditions:", '  PublicUrl:\n    Type: String\n    Default: ""\n\nConditions:')
            self.template(stated + more)
            self.answers({"account": "acc_acme", "agent": "agt_ada", "access_token": "a", "refresh_token": "r/1"})
            flags = [] if more else ["--param", "PublicUrl=https://chat.example"]
            said = self.went_well(self.deploy("--account", "acme", "--admin", "Ada", *flags))
            self.assertIn("https://chat.example/console/?account=acc_acme#subject_token=r/1", said)
        self.answers({"errorType": "Refused", "errorMessage": "name: letters, digits"})
        self.refused(self.deploy("--account", "ac me", "--admin", "Ada"), "name: letters, digits", "--account, --admin")

    def test_a_first_deployment_without_an_account_says_that_nobody_can_sign_in(self):
        said = self.went_well(self.deploy("--region", REGION), "Nobody can sign in yet")
        self.assertIn(f"Next: infra/deploy --skip-build --region {REGION} --endpoint-url {self.endpoint} --account NAME --admin NAME", said)
        self.function(b"second")
        self.assertNotIn("Nobody", self.went_well(self.deploy()))

    def test_what_the_stream_parked_is_done_again_when_the_cause_is_mended(self):
        queue, parked = self.relay_and_its_queue()
        records = replay.read(self.client("dynamodbstreams"), parked)
        self.assertEqual([one["dynamodb"]["Keys"]["PK"]["S"] for one in records], ["acc_a#C#1", "acc_a#C#2"])
        self.assertIsInstance(records[0]["dynamodb"]["ApproximateCreationDateTime"], float)
        self.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps({"DDBStreamBatchInfo": parked}))
        self.answers({"batchItemFailures": [{"itemIdentifier": parked["startSequenceNumber"]}]})
        self.refused(self.run_deploy("--replay"), "1 are not", "it fails still", "dead-letters.md")
        self.answers({"batchItemFailures": []})
        self.went_well(self.run_deploy("--replay"), "1 parked batches are done")
        self.went_well(self.run_deploy("--replay"), "0 parked batches are done")
        self.client("sqs").send_message(QueueUrl=queue, MessageBody="hello")
        self.refused(self.run_deploy("--replay"), "0 parked batches are done", "1 are not", "somebody else sent it")

    def test_a_parked_batch_is_read_to_its_end_or_stays_parked(self):
        queue, parked = self.relay_and_its_queue()
        streams = self.client("dynamodbstreams")
        records = replay.read(streams, parked)
        for record in records:
            record["dynamodb"]["ApproximateCreationDateTime"] = datetime.fromtimestamp(0, timezone.utc)
        # An open shard gives empty pages in between.
        pages = [[], records[:1], [], records[1:]]
        with Stubber(streams) as stub:
            stub.add_response("get_shard_iterator", {"ShardIterator": "next"})
            for page in pages:
                stub.add_response("get_records", {"Records": page, "NextShardIterator": "next"})
            self.assertEqual(replay.read(streams, parked), records)
        beyond = parked | {"endSequenceNumber": str(int(parked["endSequenceNumber"]) + 10**6)}
        self.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps({"DDBStreamBatchInfo": beyond}))
        aws = Aws(SESSION, self.endpoint, ACCOUNT)
        with mock.patch.object(replay, "READ_SECONDS", 1), self.assertRaisesRegex(Stop, "1 are not.*\n.*did not give all"):
            replay.replay(aws, Stack(aws, "deskwire"))
        left = self.client("sqs").receive_message(QueueUrl=queue).get("Messages", [])
        self.assertEqual([json.loads(one["Body"])["DDBStreamBatchInfo"] for one in left], [beyond])

    def test_relay_is_given_again_what_the_mapping_would_give_it(self):
        _, parked = self.relay_and_its_queue()
        aws = Aws(SESSION, self.endpoint, ACCOUNT)
        given = []
        lambda_ = aws.client("lambda")
        lambda_.meta.events.register("provide-client-params.lambda.Invoke", lambda params, **_: given.append(json.loads(params["Payload"])))
        self.answers({"batchItemFailures": []})
        with mock.patch.object(Aws, "once", lambda self, service, seconds: lambda_):
            self.assertIsNone(replay.again(aws, "deskwire", parked))
        (record,) = given[0]["Records"]
        self.assertEqual(record["dynamodb"]["Keys"]["SK"]["S"], "E#1")
        self.assertEqual(record["dynamodb"]["NewImage"]["sum"], {"B": "AP8="})

    def relay_and_its_queue(self):
        """A stack with a relay; of its records the second and third are parked, and the third is none of relay's."""
        self.went_well(self.deploy())
        self.lambda_function("deskwire-relay")
        for number, kind in enumerate("EEWE"):
            item = {"PK": {"S": f"acc_a#C#{number}"}, "SK": {"S": f"{kind}#{number}"}, "sum": {"B": b"\0\xff"}}
            self.client("dynamodb").put_item(TableName="deskwire", Item=item)
        return self.client("sqs").create_queue(QueueName="deskwire-relay-dead")["QueueUrl"], self.parked(1, 2)

    def parked(self, first, last):
        """What Lambda's mapping writes of a batch that it gave up."""
        streams = self.client("dynamodbstreams")
        stream = streams.list_streams(TableName="deskwire")["Streams"][0]["StreamArn"]
        shard = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"][0]["ShardId"]
        iterator = streams.get_shard_iterator(StreamArn=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        numbers = [one["dynamodb"]["SequenceNumber"] for one in streams.get_records(ShardIterator=iterator)["Records"]]
        return {
            "shardId": shard,
            "startSequenceNumber": numbers[first],
            "endSequenceNumber": numbers[last],
            "batchSize": last - first + 1,
            "streamArn": stream,
        }


def distribution():
    return {
        "CallerReference": "test",
        "Comment": "",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [{"Id": "web", "DomainName": "web.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "web",
            "ViewerProtocolPolicy": "https-only",
            "MinTTL": 0,
            "ForwardedValues": {"QueryString": False, "Cookies": {"Forward": "none"}},
        },
    }


if __name__ == "__main__":
    unittest.main()
