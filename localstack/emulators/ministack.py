"""ministack (PyPI, MIT): API Gateway with WebSockets, functions as processes, tables, queues and mappings, all by others."""

import sys
from pathlib import Path

import template
from children import Child

# The id that each API gets, so that its address is known before it is there.
SOCKETS, HTTP = "sockets", "http"


class Ministack:
    name, stack, updates = "ministack", "deskwire", True
    # It has no CDN, and so no browser parts.
    web = None

    def __init__(self, port: int, folder: Path):
        self.endpoint, self.folder = f"http://127.0.0.1:{port}", folder
        apis = f"127.0.0.1:{port}/_aws/execute-api"
        self.api = f"http://{apis}/{HTTP}"
        self.parameters = {
            "Sockets": f"http://{apis}/{SOCKETS}/live",
            "SocketUrl": f"ws://{apis}/{SOCKETS}/live",
            "PublicUrl": self.api,
        }

    def begin(self, children: list[Child]) -> None:
        port = self.endpoint.rpartition(":")[2]
        temporary = self.folder / "tmp"
        temporary.mkdir()
        environment = {
            "GATEWAY_PORT": port,
            "BIND_HOST": "127.0.0.1",
            # What functions call AWS at.
            "AWS_ENDPOINT_URL": self.endpoint,
            "LOG_LEVEL": "WARNING",
            "TMPDIR": str(temporary),
        }
        command = [str(Path(sys.executable).with_name("ministack"))]
        children.append(Child("ministack", command, environment, self.folder / "ministack.log"))
        children[-1].wait_for(f"{self.endpoint}/_ministack/health")

    def template(self) -> Path:
        """What ministack 1.5.33 does wrong, worked round here and nowhere else."""
        adapted = template.load()
        # It knows no route responses, and answers on the socket without.
        template.without_type(adapted, "AWS::ApiGatewayV2::RouteResponse")
        # It hands no parameters to the SAM transform, which then makes CodeDeploy's resources, and it has no CodeDeploy.
        adapted["Globals"]["Function"].pop("DeploymentPreference", None)
        # It keeps a parameter of type Number as text, and its poller of queues compares it with a number.
        template.without_event_property(adapted, "ScalingConfig")
        # Its APIs' addresses hold ids that it makes up, and no parameter can name them before.
        template.with_tag(adapted, "SocketApi", "ms-custom-id", SOCKETS)
        template.with_tag(adapted, "HttpApi", "ms-custom-id", HTTP)
        path = self.folder / "template.yaml"
        template.save(adapted, path)
        return path
