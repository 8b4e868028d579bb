"""What `pgtool check` said, from the report of its JSON form."""


def fires(rule, report):
    """The one finding of that rule."""
    found = [finding for finding in report["findings"] if finding["rule"] == rule]
    assert len(found) == 1, report["findings"]
    return found[0]


def silent(rule, report):
    """No finding of that rule."""
    assert [finding for finding in report["findings"] if finding["rule"] == rule] == []


def line_of(finding, project):
    """The text of the line that the finding points at."""
    where = finding["where"]
    assert where["file"] and where["line"], where
    return (project.dir / where["file"]).read_text(encoding="utf-8").splitlines()[where["line"] - 1]


def of_poolers(report):
    """Findings about a pooler's own settings."""
    areas = {rule["rule"]: rule["area"] for rule in report["rules"]}
    return [finding for finding in report["findings"] if areas[finding["rule"]] == "pooler"]
