"""What the stream's mapping parked is done again: the records are read from the stream, where they still lie."""

import json

from botocore.exceptions import ClientError

from . import Stop, say
from .aws import Aws, code_of
from .stack import Stack

PARKED = "deskwire-relay-dead"
# Long enough that nobody else gets a message while it is worked at.
UNSEEN_SECONDS = 120
RECORDS = 1000


def replay(aws: Aws, stack: Stack) -> None:
    """Goes on until the queue is empty; what still fails stays in it."""
    if not stack.describe():
        raise Stop(f"There is no stack {stack.name} in {aws.region} of account {aws.account}.", "say --stack and --region")
    sqs = aws.client("sqs")
    url, done, left = sqs.get_queue_url(QueueName=PARKED)["QueueUrl"], 0, []
    while found := sqs.receive_message(QueueUrl=url, VisibilityTimeout=UNSEEN_SECONDS, MaxNumberOfMessages=10).get("Messages"):
        for message in found:
            if why := again(aws, stack.name, json.loads(message["Body"])["DDBStreamBatchInfo"]):
                left.append((why, message["ReceiptHandle"]))
                continue
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            done += 1
    say(f"{done} parked batches are done.")
    for _, receipt in left:
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=0)
    if left:
        listed = "\n".join(f"    {why}" for why, _ in left)
        raise Stop(f"{len(left)} are not, and stay in {PARKED}:\n{listed}", "see infra/runbooks/dead-letters.md")


def again(aws: Aws, stack: str, batch: dict) -> str | None:
    """Has `relay` do a batch; answers why it could not."""
    try:
        records = read(aws.client("dynamodbstreams"), batch)
    except ClientError as error:
        if code_of(error) in ("TrimmedDataAccessException", "ResourceNotFoundException"):
            return f"{batch['startSequenceNumber']}: the stream has forgotten it (after 24 hours)"
        raise
    event = json.dumps({"Records": records}).encode()
    answer = aws.client("lambda").invoke(FunctionName=f"{stack}-relay", Qualifier="live", Payload=event)
    said = json.loads(answer["Payload"].read() or b"null")
    if answer.get("FunctionError"):
        return f"{batch['startSequenceNumber']}: {said}"
    failed = (said or {}).get("batchItemFailures") or []
    return f"{failed[0]['itemIdentifier']}: it fails still; the log of relay says why" if failed else None


def read(streams, batch: dict) -> list[dict]:
    """The batch's records, as the mapping gives them to a function."""
    iterator = streams.get_shard_iterator(
        StreamArn=batch["streamArn"],
        ShardId=batch["shardId"],
        ShardIteratorType="AT_SEQUENCE_NUMBER",
        SequenceNumber=batch["startSequenceNumber"],
    )["ShardIterator"]
    records, last = [], int(batch["endSequenceNumber"])
    while iterator:
        page = streams.get_records(ShardIterator=iterator, Limit=RECORDS)
        for record in page["Records"]:
            if int(record["dynamodb"]["SequenceNumber"]) > last:
                return records
            record["dynamodb"]["ApproximateCreationDateTime"] = record["dynamodb"]["ApproximateCreationDateTime"].timestamp()
            records.append(record)
        # An open shard has no end: the newest page may be empty.
        if not page["Records"] or int(records[-1]["dynamodb"]["SequenceNumber"]) >= last:
            break
        iterator = page.get("NextShardIterator")
    return records
