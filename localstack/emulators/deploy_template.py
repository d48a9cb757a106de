"""infra/deploy with another template. Usage: python deploy_template.py TEMPLATE [flags of infra/deploy]"""

import runpy
import sys
from pathlib import Path

INFRA = Path(__file__).resolve().parent.parent.parent / "infra"
sys.path.insert(0, str(INFRA))

import deployment  # noqa: E402

# Set before the steps are read, for each takes it from here.
deployment.TEMPLATE = Path(sys.argv.pop(1))
runpy.run_path(str(INFRA / "deploy.py"), run_name="__main__")
