"""Clients that others wrote, against a gateway of its own. Usage: python tests/clients <deskwire binary>"""

import asyncio
import os
import sys
import tempfile

import boto3

import browser
import command_line
import documents
import events
import sdk
import webhooks
from gateway import keys, start


def main():
    binary = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        process = start(binary, folder)
        try:
            os.environ.update(keys(binary, folder))
            session = boto3.Session()
            sdk.dynamodb(session)
            sdk.sqs(session)
            command_line.aws_cli()
            command_line.websocat()
            command_line.wscat()
            browser.browser()
            webhooks.webhooks(binary, folder)
            events.events(binary, folder)
            documents.openapi(binary, folder)
            # The last: it stops the gateway.
            asyncio.run(sdk.chat(session, process))
        finally:
            process.kill()
    print("clients: boto3, AWS CLI, websockets, websocat, wscat and Chromium work, the OpenAPI document is true, "
          "public libraries verify webhooks and send events, and the stop is graceful")


main()
