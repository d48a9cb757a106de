"""infra/template.yaml as data."""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "infra"))

from deployment.template import load  # noqa: E402

TEMPLATE = load()
RESOURCES = TEMPLATE["Resources"]


def of_type(kind):
    return {name: resource for name, resource in RESOURCES.items() if resource["Type"] == kind}


def of_function(name):
    """A function's properties, with what Globals say."""
    return TEMPLATE["Globals"]["Function"] | RESOURCES[f"{name.capitalize()}Function"]["Properties"]
