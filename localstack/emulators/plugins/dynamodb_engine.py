"""LocalStack's DynamoDB is a door to a new DynamoDB Local, which it downloads and starts with an agent of its own; neither
can be had here. This lets the door lead to an engine that runs already, at the address in DYNAMODB_ENGINE: an older
DynamoDB Local, or Deskwire's embedded engine. Needs PROVIDER_OVERRIDE_DYNAMODB=v2 and PROVIDER_OVERRIDE_DYNAMODBSTREAMS=v2.
"""

import os
import re
from urllib.parse import urlsplit

from localstack.runtime import hooks

# What engines call the region in the names that they give: DynamoDB Local, and dynoxide.
ENGINES_REGION = "(?:ddblocal|dynoxide)"


@hooks.on_infra_start()
def use_engine():
    address = os.environ.get("DYNAMODB_ENGINE")
    if not address:
        return
    # Imported here: at the top they would start what they need before LocalStack is configured.
    from localstack.services.dynamodb import utils
    from localstack.services.dynamodb.server import DynamodbServer
    from localstack.services.dynamodbstreams.v2.provider import DynamoDBStreamsProvider

    engine = urlsplit(address)
    begin = DynamodbServer.__init__
    DynamodbServer.__init__ = lambda self, *_, **__: begin(self, port=engine.port, host=engine.hostname)
    DynamodbServer.start_dynamodb = lambda self: True
    DynamodbServer.stop_dynamodb = lambda self: None
    utils._ddb_local_arn_pattern = re.compile(utils._ddb_local_arn_pattern.pattern.replace("ddblocal", ENGINES_REGION))
    # Iterators of a new DynamoDB Local begin with the stream's name, those of other engines do not, and stay as they are.
    to_engine = DynamoDBStreamsProvider.modify_stream_arn_for_ddb_local
    DynamoDBStreamsProvider.modify_stream_arn_for_ddb_local = lambda self, name: (
        to_engine(self, name) if name.startswith("arn:") else name
    )
