"""A new version is put in place, and taken back, while people talk: their sockets stay open, and nothing is lost."""

import asyncio
import json
import os
import shlex

import boto3
from websockets.protocol import State

import door
from client import Client

# What an update changes here: it concerns all functions, and so makes a new version of each.
CHANGE = ["--no-cdn", "--skip-build", "--param", "LogDays=14"]
# As many as are said at least while it goes on: people who talk, not a line that happens to be open.
LEAST_SAID = 10
SPEAKING = ("message", "connect", "authorize", "api", "relay")


def versions() -> dict[str, str]:
    """Which version of each function people speak with calls go to."""
    functions = boto3.client("lambda", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
    named = {name: f"{os.environ['DESKWIRE_STACK']}-{name}" for name in SPEAKING}
    return {name: functions.get_alias(FunctionName=full, Name="live")["FunctionVersion"] for name, full in named.items()}


async def deploy(*flags: str) -> None:
    command = [*shlex.split(os.environ["DESKWIRE_DEPLOY"]), *flags]
    running = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await running.communicate()
    assert running.returncode == 0, f"{shlex.join(command)}:\n{said.decode(errors='replace')}"


async def talk_during(work, anna: Client, visitor: Client, conversation: str, word: str) -> list[str]:
    """Each says something in turn, and hears the other, until the work is done; what was said."""
    going, said = asyncio.create_task(work), []
    while not going.done() or len(said) < LEAST_SAID:
        for speaker, listener in ((visitor, anna), (anna, visitor)):
            said.append(f"{word} {len(said)}")
            await speaker.say(conversation, said[-1])
            await listener.entry("message", lambda entry: entry["content"]["text"] == said[-1])
    await going
    return said


async def update():
    """An update and a way back: both sockets outlive them, and each word is acked, pushed and kept, once and in order."""
    anna = await Client.agent(door.ADMIN)
    visitor = await Client.visitor()
    conversation = await visitor.begin("before")
    await anna.entry("assigned", lambda entry: entry["conversation"] == conversation)
    for client in (anna, visitor):
        await client.ok(action="sync", conversation=conversation, after=0)
    first = await asyncio.to_thread(versions)
    said = await talk_during(deploy(*CHANGE), anna, visitor, conversation, "update")
    second = await asyncio.to_thread(versions)
    assert all(second[name] != version for name, version in first.items()), (first, second)
    said += await talk_during(deploy("--rollback"), anna, visitor, conversation, "back")
    third = await asyncio.to_thread(versions)
    assert all(third[name] != version for name, version in second.items()), (second, third)
    assert (visitor.socket.state, anna.socket.state) == (State.OPEN, State.OPEN)
    # Who comes now is let in too.
    later = await Client.open(await asyncio.to_thread(door.anonymous))
    await later.ok(action="hello")
    texts = [entry["content"]["text"] for entry in await asyncio.to_thread(whole_log, conversation) if entry["type"] == "message"]
    assert texts == ["before", *said], json.dumps([texts, said])
    print(f"       {len(said)} messages during an update and a way back", flush=True)
    await anna.ok(action="close", conversation=conversation)
    await anna.leave()


def whole_log(conversation: str) -> list[dict]:
    entries = []
    while more := door.log(conversation, entries[-1]["seq"] if entries else 0):
        entries += more
    return entries
