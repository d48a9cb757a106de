"""The template says what the code says: table, filter, queues, environment, web files."""

import json
import re
import subprocess
import unittest
from fnmatch import fnmatchcase

from template import RESOURCES, ROOT, TEMPLATE, load, of_function, of_type

from deployment import release, replay, web

FRONT = {"authorize", "connect", "disconnect", "message", "api"}


def source(path):
    return (ROOT / path).read_text()


def names():
    """The functions that there are."""
    return {folder.name for folder in (ROOT / "functions").iterdir() if (folder / "Cargo.toml").is_file()}


def arms(text, function):
    """The arms of a method of QueueName: what it says of each queue, `_` for all others."""
    body = re.search(rf"pub fn {function}\(self\)[^{{]*{{\s*match self {{(.*?)\n        }}", text, re.DOTALL)[1]
    said = {}
    for line in re.findall(r"^\s*([\w:| ]+?) => \"?([\w.-]+)\"?,$", body, re.MULTILINE):
        for queue in line[0].replace("Self::", "").split(" | "):
            said[queue] = line[1]
    return said


class Template(unittest.TestCase):
    maxDiff = None

    def test_the_table_is_the_stores(self):
        text = re.search(r"json!\((\{.*?\n    \})\)", source("shared/store/src/table.rs"), re.DOTALL)[1]
        stated = json.loads(re.sub(r",(\s*[}\]])", r"\1", text.replace('"TableName": table', '"TableName": ""')))
        table = RESOURCES["Table"]["Properties"]
        for part in ("AttributeDefinitions", "KeySchema", "BillingMode"):
            self.assertEqual(table[part], stated[part])
        self.assertEqual(table["StreamSpecification"]["StreamViewType"], stated["StreamSpecification"]["StreamViewType"])
        ttl = re.search(r'const TTL: &str = "(\w+)"', source("shared/store/src/item.rs"))[1]
        self.assertEqual(table["TimeToLiveSpecification"], {"AttributeName": ttl, "Enabled": True})

    def test_what_is_spelled_out_stands_in_the_template_once(self):
        text = source("infra/template.yaml")
        for line in (*release.NAMED, release.SETTINGS):
            self.assertEqual(text.count(line), 1, line)
        for name, function in of_type("AWS::Serverless::Function").items():
            self.assertNotIn("Description", function["Properties"], name)

    def test_what_cloudformation_shows_nobody_is_noted_nowhere(self):
        hidden = {name for name, parameter in TEMPLATE["Parameters"].items() if parameter.get("NoEcho")}
        self.assertEqual(hidden, release.HIDDEN)

    def test_a_shift_takes_as_long_as_the_alarms_that_stop_it(self):
        shift = TEMPLATE["Parameters"]["Shift"]["Default"]
        minutes = int(re.fullmatch(r"Canary10Percent(\d+)Minutes", shift)[1])
        for alarm in TEMPLATE["Globals"]["Function"]["DeploymentPreference"]["Alarms"]["Fn::If"][1]:
            stated = RESOURCES[alarm["Ref"]]["Properties"]
            periods = [one["MetricStat"]["Period"] for one in stated.get("Metrics", []) if "MetricStat" in one] or [stated["Period"]]
            self.assertLessEqual(max(periods) * stated["DatapointsToAlarm" if "DatapointsToAlarm" in stated else "EvaluationPeriods"], minutes * 60, alarm)

    def test_what_people_wrote_outlives_the_stack(self):
        for name in ("Table", "AttachmentsBucket"):
            self.assertEqual((RESOURCES[name]["DeletionPolicy"], RESOURCES[name]["UpdateReplacePolicy"]), ("Retain", "Retain"))

    def test_the_streams_filter_is_the_stores(self):
        keys = source("shared/store/src/keys.rs")
        listed = re.search(r"FILTER_PREFIXES: &\[&str\] = &\[(.*?)\];", source("shared/store/src/stream.rs"))[1]
        wanted = []
        for word in listed.split(", "):
            name, _, index = word.partition("[")
            value = re.search(rf"pub const {name}: [^=]+ = (.*?);", keys)[1]
            wanted.append(re.findall(r'"([^"]+)"', value)[int(index.rstrip("]") or 0)])
        mapping = RESOURCES["RelayFunction"]["Properties"]["Events"]["Stream"]["Properties"]
        (filter_,) = mapping["FilterCriteria"]["Filters"]
        prefixes = json.loads(filter_["Pattern"])["dynamodb"]["Keys"]["SK"]["S"]
        self.assertEqual([one["prefix"] for one in prefixes], wanted)
        self.assertEqual(list(replay.prefixes()), wanted)
        self.assertEqual(mapping["FunctionResponseTypes"], ["ReportBatchItemFailures"])

    def test_the_queues_are_the_jobs(self):
        text = source("shared/queue/src/lib.rs")
        queue_names, functions, batches = arms(text, "as_str"), arms(text, "function"), arms(text, "batch")
        waits = arms(text, "visibility_seconds")
        most = int(re.search(r"MAX_RECEIVES: u32 = (\d+)", text)[1])
        self.assertEqual(set(queue_names), set(functions))
        made = {resource["Properties"]["QueueName"] for resource in of_type("AWS::SQS::Queue").values()}
        dead = {name.replace(".fifo", "") + "-dead" + (".fifo" if name.endswith(".fifo") else "") for name in queue_names.values()}
        self.assertEqual(made, set(queue_names.values()) | dead | {"deskwire-relay-dead"})
        for queue, name in queue_names.items():
            stated = RESOURCES[f"{queue}Queue"]["Properties"]
            self.assertEqual(stated["QueueName"], name)
            self.assertEqual(stated.get("FifoQueue", False), name.endswith(".fifo"))
            self.assertEqual(stated["VisibilityTimeout"], int(waits.get(queue, waits["_"])))
            redrive = {"deadLetterTargetArn": {"Fn::GetAtt": [f"{queue}Dead", "Arn"]}, "maxReceiveCount": most}
            self.assertEqual(stated["RedrivePolicy"], redrive)
            event = RESOURCES[f"{functions[queue].capitalize()}Function"]["Properties"]["Events"][queue]["Properties"]
            self.assertEqual(event["Queue"], {"Fn::GetAtt": [f"{queue}Queue", "Arn"]})
            self.assertEqual(event["BatchSize"], int(batches[queue]))
            self.assertEqual(event["FunctionResponseTypes"], ["ReportBatchItemFailures"])

    def test_the_environment_is_the_configs(self):
        settings = source("shared/app/src/config.rs") + source("shared/telemetry/src/counts.rs")
        wanted = set(re.findall(r'const \w+: &str = "(DESKWIRE_\w+)"', settings))
        stated = set(TEMPLATE["Globals"]["Function"]["Environment"]["Variables"])
        self.assertEqual({name for name in stated if name.startswith("DESKWIRE_")}, wanted - {"DESKWIRE_SIGNING_KEYS"})
        signers = re.search(r"SIGNERS: \[&str; \d+\] = \[(.*?)\];", settings)[1]
        for name in names():
            own = set(RESOURCES[f"{name.capitalize()}Function"]["Properties"].get("Environment", {}).get("Variables", {}))
            self.assertEqual(own, {"DESKWIRE_SIGNING_KEYS"} if f'"{name}"' in signers else set(), name)

    def test_each_function_has_a_role_a_log_and_an_alias_of_its_own(self):
        self.assertEqual({name.removesuffix("Function").lower() for name in of_type("AWS::Serverless::Function")}, names())
        for name in names():
            stated = of_function(name)
            self.assertEqual(stated["CodeUri"], f"../target/lambda/{name}/")
            self.assertEqual(stated["Role"], {"Fn::GetAtt": [f"{name.capitalize()}Role", "Arn"]})
            self.assertEqual(stated["LoggingConfig"]["LogGroup"], {"Ref": f"{name.capitalize()}Logs"})
            self.assertEqual((stated["AutoPublishAlias"], stated["AutoPublishAliasAllProperties"]), ("live", True))

    def test_no_role_allows_more_than_it_names(self):
        for name, role in of_type("AWS::IAM::Role").items():
            self.assertNotIn("ManagedPolicyArns", role["Properties"], name)
            for statement in statements(role):
                for action in statement["Action"]:
                    self.assertNotIn("*", action, name)
                self.assertNotEqual(statement["Resource"], "*", name)

    def test_the_role_that_deploys_reads_nothing_that_people_wrote_and_never_changes_itself(self):
        role = load(ROOT / "infra/github-role.yaml")["Resources"]["Deployer"]["Properties"]
        said = list(statements({"Properties": role}))
        allowed = [(action, statement) for statement in said if statement["Effect"] == "Allow" for action in statement["Action"]]
        for forbidden in ("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:GetRecords", "sqs:ReceiveMessage", "cloudfront:DeletePublicKey"):
            self.assertEqual([action for action, _ in allowed if fnmatchcase(forbidden, action)], [], forbidden)
        files = [str(statement["Resource"]) for action, statement in allowed if fnmatchcase("s3:GetObject", action)]
        self.assertEqual([one for one in files if "attachments" in one or "${Stack}-*" in one], [])
        invoked = [one["Fn::Sub"] for action, statement in allowed if fnmatchcase("lambda:InvokeFunction", action) for one in statement["Resource"]]
        self.assertEqual([one.partition(":function:")[2] for one in invoked], ["${Stack}-account", "${Stack}-account:*"])
        self.assertFalse(fnmatchcase(role["RoleName"]["Fn::Sub"], "${Stack}-*"))
        (denied,) = [statement for statement in said if statement["Effect"] == "Deny"]
        self.assertEqual(denied["Action"], ["iam:*"])
        self.assertTrue(denied["Resource"]["Fn::Sub"].endswith(f":role/{role['RoleName']['Fn::Sub']}"))
        (attached,) = [statement for action, statement in allowed if fnmatchcase("iam:AttachRolePolicy", action)]
        self.assertIn("iam:PolicyARN", attached["Condition"]["ArnEquals"])

    def test_the_role_that_deploys_names_functions_wherever_lambda_lets_it(self):
        template = load(ROOT / "infra/github-role.yaml")
        role = template["Resources"]["Deployer"]["Properties"]
        self.assertEqual(template["Parameters"]["PermissionsBoundary"]["Default"], "")
        self.assertEqual(role["PermissionsBoundary"], {"Fn::If": ["WithBoundary", {"Ref": "PermissionsBoundary"}, {"Ref": "AWS::NoValue"}]})
        for statement in statements({"Properties": role}):
            for action in statement["Action"]:
                # Only listing has neither a resource nor a condition.
                if fnmatchcase(action, "lambda:*") and statement["Resource"] == "*" and action != "lambda:ListEventSourceMappings":
                    self.assertIn("function:${Stack}-*", statement["Condition"]["ArnLike"]["lambda:FunctionArn"]["Fn::Sub"], action)
            if "lambda:TagResource" in statement["Action"]:
                self.assertRegex(str(statement["Resource"]), r":(function:\$\{Stack\}-|event-source-mapping:)\*")

    def test_cargo_lambda_deploys_a_function_as_the_template_has_it(self):
        asked = ["cargo", "metadata", "--no-deps", "--format-version", "1"]
        packages = json.loads(subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout)["packages"]
        deploys = {}
        for package in packages:
            if deploy := ((package["metadata"] or {}).get("lambda") or {}).get("deploy"):
                deploys[deploy["binary_name"]] = (deploy["memory"], deploy["timeout"])
        self.assertEqual(deploys, {name: (of_function(name)["MemorySize"], of_function(name)["Timeout"]) for name in names()})

    def test_the_cdn_gives_the_headers_that_the_gateway_gives(self):
        gateway = source("localstack/gateway/src/web.rs")
        policy = constant(gateway, "POLICY")
        for name, wanted in (("WebHeaders", policy + constant(gateway, "UNFRAMED")), ("WidgetHeaders", policy)):
            headers = RESOURCES[name]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
            self.assertEqual(headers["ContentSecurityPolicy"]["ContentSecurityPolicy"], wanted)
            self.assertEqual(headers["ReferrerPolicy"]["ReferrerPolicy"], "no-referrer")
        for name in ("FOR_EVER", "MINUTES", "ASK"):
            self.assertEqual(getattr(web, name), constant(gateway, name))
        places = {place.removesuffix(".js") for place in re.findall(r'"([\w.]+)"', re.search(r"PLACES: .*?= \[(.*?)\]", gateway)[1])}
        paths = {one["PathPattern"] for one in RESOURCES["Cdn"]["Properties"]["DistributionConfig"]["CacheBehaviors"]}
        self.assertEqual(paths, {f"/{place}*" for place in places})
        self.assertEqual(set(web.PLACES), paths)

    def test_each_alarm_has_a_runbook_and_each_runbook_an_alarm(self):
        alarms = {alarm["Properties"]["AlarmName"]["Fn::Sub"].removeprefix("${AWS::StackName}-"): alarm for alarm in of_type("AWS::CloudWatch::Alarm").values()}
        self.assertEqual({path.stem for path in (ROOT / "infra" / "runbooks").glob("*.md")}, set(alarms))
        for name, alarm in alarms.items():
            self.assertIn(f"infra/runbooks/{name}.md", alarm["Properties"]["AlarmDescription"])
            page = source(f"infra/runbooks/{name}.md")
            for part in ("## What it means", "## How to look", "## What to do", "## What is lost meanwhile"):
                self.assertIn(part, page, name)

    def test_alarms_and_dashboard_look_at_counts_that_there_are(self):
        counts = source("shared/telemetry/src/counts.rs")
        namespace = constant(counts, "NAMESPACE")
        listed = re.search(r"^counts! \{(.*?)^\}", counts, re.DOTALL | re.MULTILINE)[1]
        known = set(re.findall(r"^    (\w+),$", listed, re.MULTILINE)) | set(re.findall(r'"Name": "(\w+)"', counts))
        self.assertLess({"Acked", "Took"}, known)
        shown = [metric for board in dashboards().values() for one in board.values() for metric in one if metric[0] == namespace]
        alarms = [one["MetricStat"]["Metric"] for one in RESOURCES["FramesFailed"]["Properties"]["Metrics"] if "MetricStat" in one]
        looked_at = {(one[1], one[3]) for one in shown} | {(one["MetricName"], one["Dimensions"][0]["Value"]) for one in alarms}
        self.assertLessEqual({count for count, _ in looked_at}, known)
        self.assertLessEqual({function for _, function in looked_at}, names())
        self.assertEqual({one["Namespace"] for one in alarms}, {namespace})

    def test_each_dashboard_is_as_large_as_one_may_be_that_is_free_and_runbooks_name_what_it_shows(self):
        boards = dashboards()
        self.assertLessEqual(len(boards), 3)
        for name, shown in boards.items():
            self.assertLessEqual(sum(len(metrics) for metrics in shown.values()), 50, name)
        for path in (ROOT / "infra" / "runbooks").glob("*.md"):
            for said in re.findall(r"^The dashboard (.*)$", path.read_text(), re.MULTILINE):
                for name, titles in re.findall(r"`(people|work)`: ([^;]+)", said):
                    for title in re.findall('"([^"]+)"', titles):
                        self.assertIn(title, boards[name], path.name)
                self.assertRegex(said, r"^`(people|work)`: ")

    def test_no_figure_is_paid_for_that_nothing_looks_at(self):
        for name, stage in of_type("AWS::ApiGatewayV2::Stage").items():
            self.assertFalse(stage["Properties"].get("DefaultRouteSettings", {}).get("DetailedMetricsEnabled", False), name)
        for path in (ROOT / "infra" / "runbooks").glob("*.md"):
            self.assertNotIn("Name=Route", path.read_text(), f"{path.name}: only detailed figures have it")

    def test_the_cdn_finds_pages_as_the_gateway_does(self):
        code = RESOURCES["WebPages"]["Properties"]["FunctionCode"]
        wanted = {
            "/console/": "/console/index.html",
            "/console/conversations/cnv_1": "/console/index.html",
            "/console/assets/app-1a2b.js": "/console/assets/app-1a2b.js",
            "/console/assets/gone": "/console/assets/gone",
            "/console/favicon.svg": "/console/favicon.svg",
            "/widget.js": "/widget.js",
            "/widget/": "/widget/index.html",
            "/docs/": "/docs/index.html",
            "/docs": 301,
            "/console": 301,
        }
        ask = "JSON.stringify(JSON.parse(process.argv[1]).map((uri) => { const a = handler({request: {uri}}); return a.statusCode ?? a.uri }))"
        command = ["node", "-e", f"{code}\nconsole.log({ask})", json.dumps(list(wanted))]
        said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        self.assertEqual(dict(zip(wanted, said)), wanted)

    def test_every_function_is_watched(self):
        watched = {"FrontErrors": FRONT, "WorkErrors": names() - FRONT}
        for alarm, wanted in watched.items():
            metrics = RESOURCES[alarm]["Properties"]["Metrics"]
            functions = {one["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Ref"] for one in metrics if "MetricStat" in one}
            self.assertEqual({name.removesuffix("Function").lower() for name in functions}, wanted)


def statements(role):
    """Its statements, those under a condition too."""
    for policy in role["Properties"]["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            yield statement.get("Fn::If", [None, statement])[1]


def dashboards():
    """What each dashboard shows: its figures by their title."""
    found = {}
    for dashboard in of_type("AWS::CloudWatch::Dashboard").values():
        widgets = json.loads(dashboard["Properties"]["DashboardBody"]["Fn::Sub"])["widgets"]
        name = dashboard["Properties"]["DashboardName"]["Fn::Sub"].rpartition("-")[2]
        found[name] = {one["properties"]["title"]: one["properties"]["metrics"] for one in widgets}
        assert len(found[name]) == len(widgets), f"{name}: two have one title"
    return found


def constant(text, name):
    """A string constant of a Rust file, with its line ends taken away as Rust takes them away."""
    value = re.search(rf'const {name}: &str = "(.*?)";', text, re.DOTALL)[1]
    return re.sub(r"\\\n\s*", "", value)


if __name__ == "__main__":
    unittest.main()
