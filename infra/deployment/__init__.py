"""The steps of infra/deploy, a file each."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATE = ROOT / "infra" / "template.yaml"


class Stop(Exception):
    """A reason to stop, in words, and what to do next."""

    def __init__(self, reason: str, next_step: str):
        super().__init__(f"{reason}\n  Next: {next_step}")


def say(text: str = "") -> None:
    print(text, flush=True)


def step(text: str) -> None:
    say(f"\n== {text}")
