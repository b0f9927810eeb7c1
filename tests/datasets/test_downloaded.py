"""The download against a server of our own: right, cut short, changed, silent, or not there."""

import hashlib
import io
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import numpy as np
import pytest

from dlcourse import datasets
from dlcourse.datasets import downloaded as module


def archive(images: int = 3) -> bytes:
    """Return a small file in the format of the real one."""
    rng = np.random.default_rng(0)
    file = io.BytesIO()
    np.savez(
        file,
        x_train=rng.integers(256, size=(images, 28, 28), dtype=np.uint8),
        y_train=np.arange(images, dtype=np.uint8),
        x_test=np.full((2, 28, 28), 255, np.uint8),
        y_test=np.array([7, 2], np.uint8),
    )
    return file.getvalue()


class Server:
    """Sends what it is told to, and counts how often it was asked."""

    def __init__(self) -> None:
        self.content, self.asked, self.cut_short = archive(), 0, False
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                server.asked += 1
                self.send_response(200)
                self.send_header("Content-Length", str(len(server.content)))
                self.end_headers()
                half = len(server.content) // 2
                self.wfile.write(server.content[:half] if server.cut_short else server.content)

            def log_message(self, *arguments):
                pass

        self.http = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_port}/mnist.npz"
        Thread(target=self.http.serve_forever, args=[0.01], daemon=True).start()


@pytest.fixture
def server(monkeypatch, tmp_path):
    server = Server()
    monkeypatch.setenv("DLCOURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(module, "SOURCES", (server.address,))
    monkeypatch.setattr(module, "SHA256", hashlib.sha256(server.content).hexdigest())
    monkeypatch.setattr(module, "BYTES", len(server.content))
    yield server
    server.http.shutdown()
    server.http.server_close()


def cached() -> list[str]:
    folder = module.cache_folder()
    return sorted(os.listdir(folder)) if folder.exists() else []


def test_nothing_is_downloaded_unasked(server):
    with pytest.raises(FileNotFoundError, match=r"datasets\.mnist\(download=True\)"):
        datasets.mnist()
    assert server.asked == 0
    assert cached() == []


def test_it_is_downloaded_once_and_then_read_from_the_cache(server):
    for download in (True, True, False):
        digits = datasets.mnist(download=download)
    assert server.asked == 1
    assert cached() == ["mnist.npz"]
    assert digits.x_train.shape == (3, 28, 28, 1)
    assert digits.x_train.dtype == np.float32
    assert digits.x_test.min() == digits.x_test.max() == 1
    assert digits.y_test.tolist() == [7, 2]


@pytest.mark.parametrize("change", [b"", b"?", bytes(10**6)])
def test_another_file_is_refused_and_not_kept(server, change):
    right = server.content
    server.content = right[:-1] + change
    with pytest.raises(ConnectionError, match="sent another file"):
        datasets.mnist(download=True)
    assert cached() == []
    server.content = right
    assert datasets.mnist(download=True).y_train.tolist() == [0, 1, 2]


def test_a_download_that_breaks_off_starts_over(server):
    server.cut_short = True
    with pytest.raises(ConnectionError, match="MNIST could not be downloaded"):
        datasets.mnist(download=True)
    assert cached() == []
    server.cut_short = False
    datasets.mnist(download=True)
    assert cached() == ["mnist.npz"]


def test_the_next_source_is_tried(server, monkeypatch):
    monkeypatch.setattr(module, "SOURCES", ("http://127.0.0.1:9/nothing", server.address))
    assert len(datasets.mnist(download=True).x_test) == 2


def test_offline_it_says_what_to_do(server, monkeypatch):
    monkeypatch.setattr(module, "SOURCES", ("http://127.0.0.1:9/nothing",))
    with pytest.raises(ConnectionError, match="Are you online") as caught:
        datasets.mnist(download=True)
    assert str(module.cache_folder() / "mnist.npz") in str(caught.value)
    assert "All lessons work without it" in str(caught.value)


def test_a_spoiled_cache_is_noticed_and_mended(server):
    datasets.mnist(download=True)
    (module.cache_folder() / "mnist.npz").write_bytes(b"spoiled")
    with pytest.raises(ValueError, match="its checksum differs"):
        datasets.mnist()
    assert len(datasets.mnist(download=True).x_train) == 3
    assert server.asked == 2


def test_address_checksum_and_names_are_those_of_keras():
    import inspect

    from dlcourse.compare.keras_backend import load_keras

    assert all(source.startswith("https://") for source in module.SOURCES)
    keras = inspect.getsource(load_keras().datasets.mnist.load_data)
    folder, _, name = module.SOURCES[0].rpartition("/")
    assert f'"{folder}/"' in keras
    assert f'origin=f"{{origin_folder}}{name}"' in keras
    assert f'"{module.SHA256}"' in keras
    for array in ("x_train", "y_train", "x_test", "y_test"):
        assert f'f["{array}"]' in keras


@pytest.mark.parametrize(
    ("platform", "variable"),
    [("linux", "XDG_CACHE_HOME"), ("win32", "LOCALAPPDATA"), ("darwin", None)],
)
def test_the_cache_is_where_the_system_keeps_caches(monkeypatch, tmp_path, platform, variable):
    monkeypatch.delenv("DLCOURSE_CACHE", raising=False)
    monkeypatch.setattr("sys.platform", platform)
    if variable:
        monkeypatch.setenv(variable, str(tmp_path))
        assert module.cache_folder() == tmp_path / "dlcourse"
    else:
        assert module.cache_folder().parts[-3:] == ("Library", "Caches", "dlcourse")
