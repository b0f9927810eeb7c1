"""MNIST, the only data of the course that is downloaded, and only if the learner says so.

The file is the one that Keras uses: NumPy arrays in one npz archive, 11 MB. Its SHA-256 stands
in the source of Keras (keras/src/datasets/mnist.py), and whatever comes from the network or
from the cache must have it: a file that is cut short or changed on its way is refused.

The tests of this module have no network. They play the server, and compare the address, the
checksum and the names of the arrays with those in Keras; the file itself they never saw.
"""

import hashlib
import os
import sys
import tempfile
from http.client import HTTPException
from pathlib import Path
from typing import BinaryIO, NamedTuple
from urllib.request import urlopen

import numpy as np
from numpy.typing import NDArray

# All that this module ever asks for. Sources are tried in order; the checksum is one for all.
SOURCES = ("https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",)
SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
BYTES = 11_490_434
TIMEOUT = 30  # seconds without an answer


class Mnist(NamedTuple):
    """Training and test digits."""

    x_train: NDArray[np.float32]  # (60000, 28, 28, 1), from 0 (paper) to 1 (ink)
    y_train: NDArray[np.int64]  # (60000,), the digit
    x_test: NDArray[np.float32]  # (10000, 28, 28, 1)
    y_test: NDArray[np.int64]  # (10000,)


def mnist(*, download: bool = False) -> Mnist:
    """Return 70,000 handwritten digits of 28 x 28 pixels [1]_, if they are on this machine.

    The name stands for *modified* NIST: the authors mixed two collections of the U.S. National
    Institute of Standards and Technology, one written by employees of the Census Bureau and one
    by high school students, so that training and test digits come from both.

    Parameters
    ----------
    download : bool, default False
        Fetch the file (11 MB) if it is not there yet. Without this, nothing is downloaded.

    Returns
    -------
    digits : Mnist

    Raises
    ------
    FileNotFoundError
        If the file is not there and `download` is false.
    ConnectionError
        If no source could be reached, or none sent the right file.
    ValueError
        If the file in the cache is not the right one and `download` is false.

    References
    ----------
    .. [1] Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-Based Learning Applied to
       Document Recognition", Proceedings of the IEEE 86(11), 1998, section III.A.
    """
    path = cache_folder() / "mnist.npz"
    if not path.exists() and not download:
        raise FileNotFoundError(
            f"MNIST is not on this machine: there is no {path}. Call datasets.mnist(download=True) "
            f"once to fetch it (11 MB, from {SOURCES[0].split('/')[2]}). The course downloads "
            "nothing by itself."
        )
    if not path.exists() or (download and checksum(path) != SHA256):
        fetch(path)
    elif checksum(path) != SHA256:
        raise ValueError(
            f"{path} is not the MNIST file: its checksum differs. Call "
            "datasets.mnist(download=True) to fetch it again."
        )
    with np.load(path, allow_pickle=False) as arrays:
        parts = [arrays[name] for name in ("x_train", "y_train", "x_test", "y_test")]
    x_train, y_train, x_test, y_test = parts
    return Mnist(_images(x_train), y_train.astype(int), _images(x_test), y_test.astype(int))


def cache_folder() -> Path:
    """Return the folder for downloads: $DLCOURSE_CACHE, or one among the user's caches."""
    if chosen := os.environ.get("DLCOURSE_CACHE"):
        return Path(chosen)
    if sys.platform == "win32":
        caches = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        caches = Path.home() / "Library" / "Caches"
    else:
        caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "dlcourse"


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fetch(path: Path) -> None:
    """Download the file to `path`, which appears only when all of it is there and right.

    An interrupted download leaves nothing behind; the next call starts over.

    Raises
    ------
    ConnectionError
        If no source could be reached, or none sent the right file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    problems = []
    for source in SOURCES:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
        unfinished = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                _download(source, file)
            if checksum(unfinished) == SHA256:
                unfinished.replace(path)
                return
            size = unfinished.stat().st_size
            problems.append(f"{source} sent another file ({size} bytes instead of {BYTES})")
        except (OSError, HTTPException) as error:  # URLError and time-outs are OSErrors
            problems.append(f"{source} did not answer ({getattr(error, 'reason', error)})")
        finally:
            unfinished.unlink(missing_ok=True)
    raise ConnectionError(
        f"MNIST could not be downloaded: {'; '.join(problems)}. Are you online? You can also put "
        f"the file mnist.npz that Keras uses at {path} yourself. All lessons work without it."
    )


def _download(source: str, file: BinaryIO) -> None:
    """Copy what `source` sends, but no more than a little beyond what is expected."""
    from tqdm.auto import tqdm  # slow to import, so only here

    with (
        urlopen(source, timeout=TIMEOUT) as answer,
        tqdm(total=BYTES, unit="B", unit_scale=True, desc="MNIST") as bar,
    ):
        while bar.n <= BYTES and (block := answer.read(2**16)):
            file.write(block)
            bar.update(len(block))


def _images(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return grey values from 0 to 1 as images with one channel."""
    images = pixels[..., np.newaxis].astype(np.float32)
    images /= 255
    return images
