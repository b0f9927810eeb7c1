"""What each backend says of its GPUs, on machines that this one is not."""

from types import SimpleNamespace

import pytest

from dlcourse.compare import backends


def fake(kind, **module):
    """Return a backend whose module is not the real one."""
    backend = kind.__new__(kind)
    backend.module = SimpleNamespace(**module)
    return backend


def tensorflow(*names):
    details = {"get_device_details": lambda gpu: {"device_name": gpu} if gpu else {}}
    config = {"list_physical_devices": lambda kind: list(names)}
    return fake(
        backends.TensorFlow,
        config=SimpleNamespace(**config, experimental=SimpleNamespace(**details)),
        sysconfig=SimpleNamespace(get_build_info=lambda: {"cuda_version": "12.5.1"}),
    )


def torch(*names, metal=False, error=None):
    def init():
        if error:
            raise error

    return fake(
        backends.Torch,
        cuda=SimpleNamespace(
            is_available=lambda: bool(names),
            device_count=lambda: len(names),
            get_device_name=lambda index: names[index],
            init=init,
        ),
        version=SimpleNamespace(cuda=None),
        backends=SimpleNamespace(mps=SimpleNamespace(is_available=lambda: metal)),
    )


def jax(*devices, error=None):
    def find(platform=None):
        if platform and error:
            raise error
        return [SimpleNamespace(platform=kind, device_kind=name) for kind, name in devices]

    return fake(backends.Jax, devices=find)


@pytest.mark.parametrize(
    ("backend", "names"),
    [
        (tensorflow(), []),
        (tensorflow("NVIDIA H200", ""), ["NVIDIA H200", "GPU"]),
        (jax(("cpu", "cpu")), []),
        (jax(("gpu", "NVIDIA H200"), ("gpu", "NVIDIA H200")), ["NVIDIA H200"] * 2),
        (jax(("tpu", "TPU v4")), []),
        (torch(), []),
        (torch("NVIDIA H200", "NVIDIA T4"), ["NVIDIA H200", "NVIDIA T4"]),
        (torch(metal=True), ["Apple GPU (Metal)"]),
    ],
)
def test_gpus_have_the_names_of_the_driver(backend, names):
    assert backend.gpu_names() == names


def test_the_version_of_cuda_is_that_of_the_build(monkeypatch):
    assert tensorflow().cuda_version() == "12.5.1"
    assert torch().cuda_version() == ""
    for package, version in [("jax-cuda13-plugin", "13"), ("jax-cuda13-pjrt", "")]:
        found = [SimpleNamespace(name="numpy"), SimpleNamespace(name=package)]
        monkeypatch.setattr(backends, "distributions", lambda found=found: found)
        assert jax().cuda_version() == version


def test_what_a_backend_says_itself_is_kept():
    assert jax(error=RuntimeError("Unknown backend cuda")).refusal() == "Unknown backend cuda"
    assert torch(error=AssertionError("Torch not compiled with CUDA")).refusal() == (
        "Torch not compiled with CUDA"
    )
    assert (jax().refusal(), torch().refusal(), tensorflow().refusal()) == ("", "", "")
