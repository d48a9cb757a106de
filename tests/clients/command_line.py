"""The AWS CLI, websocat and wscat, as a person at a terminal uses them."""

import json
import os
import subprocess

from gateway import BASE, first_words, ticket, visitor


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, **more)
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


def aws(*command):
    # Version 1 of the CLI does not look at AWS_ENDPOINT_URL for SQS.
    return json.loads(run("aws", "--output", "json", "--endpoint-url", BASE, *command) or "null")


def aws_cli():
    assert aws("dynamodb", "list-tables") == {"TableNames": ["deskwire"]}
    key = {"PK": {"S": "cli"}, "SK": {"S": "1"}}
    aws("dynamodb", "put-item", "--table-name", "deskwire", "--item", json.dumps({**key, "n": {"N": "7"}}))
    got = aws("dynamodb", "get-item", "--table-name", "deskwire", "--key", json.dumps(key))
    assert got["Item"]["n"] == {"N": "7"}
    url = aws("sqs", "create-queue", "--queue-name", "cli")["QueueUrl"]
    aws("sqs", "send-message", "--queue-url", url, "--message-body", "héllo")
    message = aws("sqs", "receive-message", "--queue-url", url, "--wait-time-seconds", "2")["Messages"][0]
    assert message["Body"] == "héllo"
    aws("sqs", "delete-message", "--queue-url", url, "--receipt-handle", message["ReceiptHandle"])
    attributes = aws("sqs", "get-queue-attributes", "--queue-url", url, "--attribute-names", "All")["Attributes"]
    assert attributes["ApproximateNumberOfMessages"] == "0"


def connection():
    """The one connection there is, as an operator finds it in the table."""
    names = json.dumps({":n": {"S": "N#"}})
    rows = aws("dynamodb", "scan", "--table-name", "deskwire", "--filter-expression", "begins_with(SK, :n)",
               "--expression-attribute-values", names)["Items"]
    return rows[-1]["SK"]["S"][2:]


def websocat():
    socket = subprocess.Popen(["websocat", ticket(visitor())], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        socket.stdin.write(first_words("from websocat") + "\n")
        socket.stdin.flush()
        until(socket, "ack")
        aws("apigatewaymanagementapi", "post-to-connection", "--connection-id", connection(), "--data", '{"type":"hint"}')
        until(socket, "hint")
    finally:
        socket.kill()


def until(socket, kind):
    for line in socket.stdout:
        if json.loads(line)["type"] == kind:
            return
    raise AssertionError(f"no {kind} came")


def wscat():
    # It ends with its standard input, so that stays open.
    kept, open_end = os.pipe()
    said = run("wscat", "--no-color", "-c", ticket(visitor()), "-x", first_words("from wscat"), "-w", "2", stdin=kept)
    os.close(kept)
    os.close(open_end)
    assert '"type":"ack"' in said, said
