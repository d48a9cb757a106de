"""infra/template.yaml as an emulator takes it: what it cannot do is taken out, by name; nothing is described twice."""

from pathlib import Path

import yaml

from children import Stop
from deployment.template import load

__all__ = ["load", "save", "with_tag", "without_event_property", "without_type"]


def save(template: dict, path: Path) -> None:
    path.write_text(yaml.safe_dump(template, sort_keys=False, width=1_000_000))


def without_type(template: dict, kind: str) -> None:
    """Takes the resources of a type out, and the words that others wait for them."""
    resources = template["Resources"]
    gone = [name for name, resource in resources.items() if resource["Type"] == kind]
    for name in gone:
        del resources[name]
    for resource in resources.values():
        if isinstance(after := resource.get("DependsOn"), list):
            resource["DependsOn"] = [name for name in after if name not in gone]


def without_event_property(template: dict, name: str) -> None:
    """Takes a property out of what the functions' triggers say."""
    for resource in template["Resources"].values():
        for event in resource.get("Properties", {}).get("Events", {}).values():
            event["Properties"].pop(name, None)


def with_tag(template: dict, resource: str, tag: str, value: str) -> None:
    if resource not in template["Resources"]:
        raise Stop(f"infra/template.yaml has no {resource} any more.", "say its new name in localstack/emulators")
    template["Resources"][resource]["Properties"].setdefault("Tags", {})[tag] = value
