"""The two documents that the API makes of itself: valid by other people's rules, and true of what the API does."""

import json
import subprocess
import sys
import urllib.request

from openapi_spec_validator import validate

from gateway import BASE, token_of

# Requests made from the document, good ones and bad ones; the seed makes a run repeatable.
EXAMPLES = "15"
SEED = "1"
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def openapi(binary, folder):
    validate(json.load(urllib.request.urlopen(f"{BASE}/openapi.json", timeout=10)))
    token = token_of(binary, folder, "anna", "admin")
    # It must not revoke the token that it works with, nor switch off whom it works as.
    left_out = ["--exclude-path-regex", "revoke|^/v1/agents/"]
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{BASE}/openapi.json", "--header",
               f"Authorization: Bearer {token}", "--checks", CHECKS, "--max-examples", EXAMPLES, "--seed", SEED,
               "--generation-database", "none", *left_out]
    # It keeps notes where it runs.
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=folder)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
