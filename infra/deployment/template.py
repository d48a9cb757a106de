"""infra/template.yaml as data, for what looks at it: tests, the emulators' set-up, and what looks at parameters. A deployment
itself sends its text."""

from pathlib import Path

import yaml

from . import TEMPLATE


class Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms (`!Ref`, `!GetAtt` and the others) as their long ones."""


def long_form(loader: Loader, name: str, node: yaml.Node) -> dict:
    if isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_scalar(node)
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


Loader.add_multi_constructor("!", long_form)


def load(path: Path = TEMPLATE) -> dict:
    return yaml.load(path.read_text(), Loader)


def parameters(path: Path = TEMPLATE) -> dict[str, dict]:
    """What may be set, and what the template says of each. All of it takes a second to read, and this a part."""
    return yaml.load(path.read_text().split("\nConditions:")[0], Loader)["Parameters"]
