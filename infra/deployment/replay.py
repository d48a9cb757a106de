"""What the stream's mapping parked is done again: the records are read from the stream, where they still lie."""

import base64
import json
import re
import time

from botocore.exceptions import ClientError

from . import Stop, TEMPLATE, say
from .aws import Aws, code_of
from .stack import Stack

PARKED = "deskwire-relay-dead"
# An answer of a queue that waits asks all of its servers; one that does not wait may miss messages.
WAIT_SECONDS = 2
# What a batch may take to be read. The pause keeps within a shard's five reads a second.
READ_SECONDS, READ_PAUSE = 60, 0.25
# `relay` may take 120 seconds (infra/template.yaml), and the answer some more.
INVOKE_SECONDS = 150
# Nobody else gets a message while it is read and done.
UNSEEN_SECONDS = READ_SECONDS + INVOKE_SECONDS + 30
RECORDS = 1000
PREFIX = re.compile(r'\{"prefix": "([^"]+)"\}')


def replay(aws: Aws, stack: Stack) -> None:
    """Goes on until the queue is empty, with each message once; what still fails stays in it."""
    if not stack.describe():
        raise Stop(f"There is no stack {stack.name} in {aws.region} of account {aws.account}.", "say --stack and --region")
    sqs = aws.client("sqs")
    url = sqs.get_queue_url(QueueName=PARKED)["QueueUrl"]
    # By a message's id: why it could not be done, or none; and its newest receipt, for it may come again.
    outcomes: dict[str, str | None] = {}
    receipts: dict[str, str] = {}
    while found := sqs.receive_message(QueueUrl=url, VisibilityTimeout=UNSEEN_SECONDS, WaitTimeSeconds=WAIT_SECONDS).get("Messages"):
        for message in found:
            name, receipt = message["MessageId"], message["ReceiptHandle"]
            if name not in outcomes:
                outcomes[name] = tried(aws, stack.name, message)
            if outcomes[name] is None:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=receipt)
            else:
                receipts[name] = receipt
    say(f"{len(outcomes) - len(receipts)} parked batches are done.")
    for receipt in receipts.values():
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=0)
    if receipts:
        listed = "\n".join(f"    {outcomes[name]}" for name in receipts)
        raise Stop(f"{len(receipts)} are not, and stay in {PARKED}:\n{listed}", "see infra/runbooks/dead-letters.md")


def tried(aws: Aws, stack: str, message: dict) -> str | None:
    try:
        batch = json.loads(message["Body"])["DDBStreamBatchInfo"]
    except (ValueError, TypeError, KeyError):
        return f"{message['MessageId']}: no batch of the stream; somebody else sent it"
    return again(aws, stack, batch)


def again(aws: Aws, stack: str, batch: dict) -> str | None:
    """Has `relay` do a batch; answers why it could not."""
    start = batch["startSequenceNumber"]
    try:
        records = read(aws.client("dynamodbstreams"), batch)
    except ClientError as error:
        if code_of(error) in ("TrimmedDataAccessException", "ResourceNotFoundException"):
            return f"{start}: the stream has forgotten it (after 24 hours)"
        raise
    if records is None:
        return f"{start}: the stream did not give all of it, up to {batch['endSequenceNumber']}; run the same again"
    wanted = prefixes()
    records = [record for record in records if record["dynamodb"]["Keys"]["SK"]["S"].startswith(wanted)]
    if not records:
        return None
    # In UTF-8 and without spaces, as the mapping has it: what fitted into an invocation fits again.
    event = json.dumps({"Records": records}, default=in_base64, ensure_ascii=False, separators=(",", ":")).encode()
    # Asked once: a batch that takes long would be done twice at the same time.
    answer = aws.once("lambda", INVOKE_SECONDS).invoke(FunctionName=f"{stack}-relay", Qualifier="live", Payload=event)
    said = json.loads(answer["Payload"].read() or b"null")
    if answer.get("FunctionError"):
        return f"{start}: {said}"
    failed = (said or {}).get("batchItemFailures") or []
    return f"{failed[0]['itemIdentifier']}: it fails still; the log of relay says why" if failed else None


def prefixes() -> tuple[str, ...]:
    """Sort keys that the mapping's filter lets through: `relay` is given nothing else."""
    found = tuple(PREFIX.findall(TEMPLATE.read_text()))
    if not found:
        raise Stop(f"{TEMPLATE} has no filter for the stream, so what to do again is not known.", "check out the commit that is deployed")
    return found


def in_base64(value: bytes) -> str:
    """A binary attribute, as the mapping writes it."""
    return base64.b64encode(value).decode()


def read(streams, batch: dict) -> list[dict] | None:
    """The batch's records, as the mapping gives them to a function; none where its end was not come to."""
    iterator = streams.get_shard_iterator(
        StreamArn=batch["streamArn"],
        ShardId=batch["shardId"],
        ShardIteratorType="AT_SEQUENCE_NUMBER",
        SequenceNumber=batch["startSequenceNumber"],
    )["ShardIterator"]
    records, last, until = [], int(batch["endSequenceNumber"]), time.monotonic() + READ_SECONDS
    while iterator and time.monotonic() < until:
        page = streams.get_records(ShardIterator=iterator, Limit=RECORDS)
        for record in page["Records"]:
            number = int(record["dynamodb"]["SequenceNumber"])
            if number <= last:
                record["dynamodb"]["ApproximateCreationDateTime"] = record["dynamodb"]["ApproximateCreationDateTime"].timestamp()
                records.append(record)
            if number >= last:
                return records
        # An empty page says nothing: the next one may have the rest.
        iterator = page.get("NextShardIterator")
        time.sleep(READ_PAUSE)
    return None
