"""boto3 for DynamoDB, SQS and @connections, Python's websockets for a chat, and a graceful stop."""

import asyncio
import json
import signal

import boto3
import websockets
from botocore.exceptions import ClientError

from gateway import BASE, first_words, ticket, visitor


def refused(code, call):
    try:
        call()
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return
    raise AssertionError(f"{code} expected")


def dynamodb(session):
    table = session.client("dynamodb")
    assert table.list_tables()["TableNames"] == ["deskwire"]
    item = {"PK": {"S": "boto"}, "SK": {"S": "1"}, "n": {"N": "1.5"}}
    condition = {"ConditionExpression": "attribute_not_exists(PK)"}
    put = table.put_item(TableName="deskwire", Item=item, ReturnConsumedCapacity="TOTAL", **condition)
    assert put["ConsumedCapacity"]["CapacityUnits"] == 1.0
    refused("ConditionalCheckFailedException", lambda: table.put_item(TableName="deskwire", Item=item, **condition))
    assert table.get_item(TableName="deskwire", Key={"PK": item["PK"], "SK": item["SK"]})["Item"] == item
    streams = session.client("dynamodbstreams")
    assert streams.list_streams(TableName="deskwire")["Streams"]
    stranger = boto3.client("dynamodb", aws_access_key_id="x", aws_secret_access_key="y", region_name="us-east-1", endpoint_url=BASE)
    refused("InvalidSignatureException", stranger.list_tables)


def sqs(session):
    queues = session.client("sqs")
    url = queues.create_queue(QueueName="boto.fifo", Attributes={"FifoQueue": "true", "VisibilityTimeout": "30"})["QueueUrl"]
    for n in range(3):
        queues.send_message(QueueUrl=url, MessageBody=f"m{n}", MessageGroupId="g", MessageDeduplicationId=str(n),
                            MessageAttributes={"kind": {"DataType": "String", "StringValue": "ünïcode"}})
    got = queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1, MessageAttributeNames=["All"])["Messages"]
    assert [message["Body"] for message in got] == ["m0", "m1", "m2"]
    queues.change_message_visibility(QueueUrl=url, ReceiptHandle=got[0]["ReceiptHandle"], VisibilityTimeout=0)
    assert "Messages" not in queues.receive_message(QueueUrl=url)
    entries = [{"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(got[1:])]
    assert len(queues.delete_message_batch(QueueUrl=url, Entries=entries)["Successful"]) == 2
    # Only now: while later ones of its group were out, the first must not be given out behind them.
    assert queues.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"][0]["Body"] == "m0"
    refused("AWS.SimpleQueueService.NonExistentQueue", lambda: queues.get_queue_url(QueueName="nowhere"))


async def until(socket, kind):
    """The next frame of this type; others, such as the position in the queue, may come between."""
    while True:
        frame = json.loads(await asyncio.wait_for(socket.recv(), 10))
        if frame["type"] == kind:
            return frame


async def chat(session, process):
    management = session.client("apigatewaymanagementapi", endpoint_url=BASE)
    async with websockets.connect(ticket(visitor())) as socket:
        await socket.send(first_words("你好"))
        assert (await until(socket, "ack"))["seq"] == 2
        # The connection's id is in the table, as any operator would find it.
        rows = session.client("dynamodb").scan(TableName="deskwire", FilterExpression="begins_with(SK, :n)",
                                               ExpressionAttributeValues={":n": {"S": "N#"}})["Items"]
        connection = rows[-1]["SK"]["S"][2:]
        management.post_to_connection(ConnectionId=connection, Data=b'{"type":"typing"}')
        assert await until(socket, "typing") == {"type": "typing"}
        assert management.get_connection(ConnectionId=connection)["Identity"]["SourceIp"] == "127.0.0.1"
        refused("GoneException", lambda: management.post_to_connection(ConnectionId="nobody=", Data=b"x"))
        # A graceful stop: a frame that says so, and the close code for a restart.
        process.send_signal(signal.SIGTERM)
        await until(socket, "reconnect")
        await asyncio.wait_for(socket.wait_closed(), 10)
        assert (socket.close_code, socket.close_reason) == (1012, "reconnect")
    assert process.wait(30) == 0
