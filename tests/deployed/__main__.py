"""The end-to-end stories on a deployment of Deskwire, wherever it is: real sockets, a real company's server.

    localstack/up --on ministack --allow-inside 127.0.0.1/32 --then python tests/deployed [STORY …]

`--then` states in the environment where it is, and who the administrator is. With names only these stories are told.
"""

import asyncio
import sys
import time
import traceback

import stories


async def tell(story) -> bool:
    began = time.monotonic()
    try:
        await story()
    except Exception:
        traceback.print_exc()
        print(f"FAILED {story.__name__}", flush=True)
        return False
    print(f"ok     {story.__name__} ({time.monotonic() - began:.1f} s)", flush=True)
    return True


async def main() -> int:
    wanted = sys.argv[1:]
    chosen = [story for story in stories.ALL if not wanted or story.__name__ in wanted]
    if unknown := set(wanted) - {story.__name__ for story in stories.ALL}:
        print(f"no such story: {', '.join(unknown)}", file=sys.stderr)
        return 2
    told = [await tell(story) for story in chosen]
    print(f"deployed: {sum(told)} passed, {len(told) - sum(told)} failed")
    return 0 if all(told) else 1


sys.exit(asyncio.run(main()))
