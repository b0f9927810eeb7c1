"""The bootstrap where uv is there, with a uv that only pretends."""

import json
import os
import sys

import pytest

from tests.pretended import Clone

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the pretended Python is a POSIX script")


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path / "the course, ünïcode")


def test_uv_installs_the_same_lock_with_hashes(clone):
    clone.put_uv(pip_install="Resolved 2 packages in 1ms\nDownloading numpy (16.0MiB)")
    status, out, err = clone.run("lab")
    assert (status, err) == (7, "")
    assert clone.installations() == []
    python = str(clone.folder / ".venv/bin/python")
    lock, project = clone.uv_calls()
    assert lock[:4] == ["pip", "install", "--python", python]
    assert lock[-3:-1] == ["--require-hashes", "--requirement"]
    assert project[-2:] == ["--editable", str(clone.folder)]
    assert "numpy (16.0MiB)" in out  # progress is visible
    assert "Downloading numpy" in (clone.folder / ".venv/install.log").read_text()
    assert clone.run("lab")[1] == "dlcourse got ['lab']\n"


def test_what_uv_cannot_do_pip_tries(clone):
    clone.put_uv()
    clone.let_uv_fail("pip-install", "error: unexpected argument '--python' found")
    status, out, _ = clone.run("lab")
    assert status == 7
    assert "uv could not do it; pip tries." in out
    assert len(clone.installations()) == 2


UV_SAYS = [
    (
        "error: Failed to fetch: http://127.0.0.1:9/simple/click/\n"
        "  cause: error sending request for url (http://127.0.0.1:9/simple/click/)\n"
        "  cause: tcp connect error\n  cause: Connection refused (os error 111)",
        "no connection to the package index",
    ),
    ("  cause: tunnel error: proxy authorization required", "The proxy asks for a name"),
    ("  cause: invalid peer certificate: UnknownIssuer", "a certificate that is not trusted"),
    ("  cause: Hash mismatch for `click==8.2.1`", "differs from the one that the lock names"),
    ("  cause: No space left on device (os error 28)", "The disk is full."),
    ("hint: unavailable because the network was disabled.", "the package index may not be asked"),
]


@pytest.mark.parametrize(("said", "sentence"), UV_SAYS)
def test_what_uv_says_becomes_the_same_sentences_and_pip_does_not_try(clone, said, sentence):
    clone.put_uv()
    clone.let_uv_fail("pip-install", said)
    status, _, err = clone.run("lab")
    assert status == 1
    assert sentence in err
    assert clone.installations() == []


@pytest.mark.parametrize(
    ("told", "settings", "is_uv"),
    [
        ("global.index-url='https://mirror.example/simple'", {}, False),
        (":env:.no-index='1'", {}, False),
        ("global.cert='/company.pem'", {"UV_DEFAULT_INDEX": "https://mirror.example"}, True),
        (":env:.timeout='60'", {}, True),
    ],
)
def test_where_pip_alone_is_told_of_a_mirror_pip_installs(clone, told, settings, is_uv):
    clone.put_uv()
    clone.tell_pip(told)
    clone.settings = settings
    assert clone.run("lab")[0] == 7
    assert (clone.installations() == []) == is_uv


def test_uv_gets_no_setting_that_names_another_place(clone):
    clone.put_uv()
    clone.settings = {
        **{"VIRTUAL_ENV": "/a", "CONDA_PREFIX": "/b", "UV_SYSTEM_PYTHON": "1", "UV_PYTHON": "3.14"},
        **{"UV_CONSTRAINT": "/c", "UV_INDEX_URL": "https://mirror.example", "UV_CACHE_DIR": "/d"},
    }
    assert clone.run("lab")[0] == 7
    environment = json.loads((clone.home / "uv-environment").read_text())
    assert clone.settings.items() & environment.items() == {
        ("UV_INDEX_URL", "https://mirror.example"),
        ("UV_CACHE_DIR", "/d"),
    }


TOO_NEW = "sys.version_info = (3, 14, 0)"


def test_with_a_python_that_is_too_new_uv_brings_another_and_it_goes_on(clone, tmp_path):
    other = tmp_path / "another python"
    other.write_text('#!/bin/sh\n[ "$1" = -c ] || echo it goes on: "$@" $DLCOURSE_AGAIN\n')
    other.chmod(0o755)
    clone.put_uv(python_find=str(other))
    status, out, err = clone.run("lab", "--port=1", patch=TOO_NEW)
    assert (status, err) == (0, "")
    assert out == (
        "The course needs Python 3.11, 3.12 or 3.13, and this is Python 3.14. TensorFlow is not "
        f"built for it. It goes on with {other}.\n"
        f"it goes on: {clone.folder}/course.py lab --port=1 1\n"
    )
    assert clone.uv_calls()[0] == ["python", "find", "--system", "3.13"]


def test_a_python_that_uv_cannot_bring_is_told(clone):
    clone.put_uv()
    clone.let_uv_fail("python-find")
    clone.let_uv_fail("python-install", "error: Failed to install cpython-3.13\ncause: dns")
    status, _, err = clone.run("lab", patch=TOO_NEW)
    assert status == 1
    assert "uv could not bring Python 3.13: error: Failed to install cpython-3.13\n" in err


def test_another_python_that_does_not_fit_either_looks_for_no_third(clone):
    clone.put_uv(python_find=sys.executable)
    clone.settings = {"DLCOURSE_AGAIN": "1"}
    status, _, err = clone.run("lab", patch=TOO_NEW)
    assert status == 1
    assert "this is Python 3.14" in err


def test_once_it_is_installed_any_python_starts_it(clone):
    clone.run("lab")
    assert clone.run("lab", patch="sys.version_info = (3, 6, 0)")[1] == "dlcourse got ['lab']\n"
