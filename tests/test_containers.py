"""The image and the development container name what is there."""

import json
import re

from dlcourse.cli import COMMANDS
from dlcourse.layout import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "")


def test_what_the_image_copies_is_there():
    copied = re.findall(r"^COPY (.*) \S+$", DOCKERFILE, re.MULTILINE)
    names = [name for line in copied for name in line.split()]
    assert "requirements.txt" in names
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_the_image_is_not_root_and_opens_the_lab_where_it_says():
    users = re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE)
    assert users == ["learner"]
    command = json.loads(re.search(r"^CMD (.*)$", DOCKERFILE, re.MULTILINE)[1])
    assert command[:2] == ["dlcourse", "lab"]
    (port,) = re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)
    assert f"--port={port}" in command


def test_the_development_container_calls_commands_that_exist():
    text = (ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8")
    container = json.loads(text)
    called = re.findall(r"course\.py (\w+)", text)
    assert set(called) <= set(COMMANDS)
    assert container["forwardPorts"] == [8888]
    assert "--port=8888" in container["postAttachCommand"]
