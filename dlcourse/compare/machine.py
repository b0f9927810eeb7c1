"""What the machine has, as far as it can be seen without any framework: GPUs and their driver."""

import os
import platform
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

PCI = Path("/sys/bus/pci/devices")
LOADED = Path("/proc/driver/nvidia/version")  # there while the kernel has the NVIDIA driver
IN_WSL = Path("/dev/dxg")  # the way to the GPU of Windows
NVIDIA, DISPLAY = "0x10de", "0x03"

SETTINGS = ("CUDA_VISIBLE_DEVICES", "JAX_PLATFORMS", "KERAS_TORCH_DEVICE")
# One row a GPU. Drivers older than 2022 do not know the last column.
COLUMNS = ("name", "memory.total", "memory.used", "driver_version", "compute_cap")


@dataclass(frozen=True)
class Gpu:
    """A GPU.

    Parameters
    ----------
    name : str
        As the driver tells it, "NVIDIA H200".
    gibibytes, used : float or None
        All of its memory and what is in use; None where the driver does not tell.
    driver : str
        Version of the driver.
    capability : str
        What its maker calls the compute capability, "9.0".
    """

    name: str
    gibibytes: float | None = None
    used: float | None = None
    driver: str = ""
    capability: str = ""

    def __str__(self) -> str:
        return self.name if self.gibibytes is None else f"{self.name}, {self.gibibytes:.0f} GiB"


@dataclass(frozen=True)
class Machine:
    """What can be known of a machine before a framework looks for its GPU.

    Parameters
    ----------
    system : str
        "Linux", "Darwin" or "Windows".
    wsl : bool
        Whether this Linux runs inside Windows.
    has_card : bool
        Whether a graphics processor of NVIDIA is plugged in.
    driver_loaded : bool
        Whether the kernel has loaded NVIDIA's driver.
    gpus : tuple of Gpu
        What nvidia-smi lists.
    complaint : str
        What nvidia-smi says if it fails; empty if it works, or is not there.
    settings : dict
        Environment variables that choose a device.
    """

    system: str = "Linux"
    wsl: bool = False
    has_card: bool = False
    driver_loaded: bool = False
    gpus: tuple[Gpu, ...] = ()
    complaint: str = ""
    settings: dict[str, str] = field(default_factory=dict)


def look() -> Machine:
    """Look at this machine."""
    gpus, complaint = ask_driver()
    return Machine(
        system=platform.system(),
        wsl="microsoft" in platform.release().lower(),
        has_card=any(map(_is_nvidia_card, PCI.iterdir() if PCI.is_dir() else ())),
        driver_loaded=LOADED.exists() or IN_WSL.exists(),
        gpus=gpus,
        complaint=complaint,
        settings={name: os.environ[name] for name in SETTINGS if name in os.environ},
    )


def ask_driver() -> tuple[tuple[Gpu, ...], str]:
    """Return the GPUs that nvidia-smi lists, and what it complains of."""
    said = ""
    for columns in COLUMNS, COLUMNS[:-1]:
        query = f"--query-gpu={','.join(columns)}"
        status, said = run("nvidia-smi", query, "--format=csv,noheader,nounits")
        if status == 0:
            return tuple(map(_gpu, said.splitlines())), ""
        if status is None:
            return (), ""
        if "not a valid field" not in said:
            break
    return (), said.partition("\n")[0]


def _gpu(row: str) -> Gpu:
    """Read a row of nvidia-smi; what is not a number there, as [N/A], is not known."""
    name, total, used, driver, *capability = [cell.strip() for cell in row.split(",")]
    return Gpu(name, _gibibytes(total), _gibibytes(used), driver, *capability)


def _gibibytes(mebibytes: str) -> float | None:
    return int(mebibytes) / 1024 if mebibytes.isdigit() else None


def _is_nvidia_card(device: Path) -> bool:
    try:
        vendor, kind = (device / "vendor").read_text(), (device / "class").read_text()
    except OSError:
        return False
    return vendor.startswith(NVIDIA) and kind.startswith(DISPLAY)


def cpu_name() -> str:
    """Return the name of the processor, or its architecture where no name is to be had."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    if platform.system() == "Darwin":
        status, name = run("sysctl", "-n", "machdep.cpu.brand_string")
        return name if status == 0 and name else platform.machine()
    return platform.processor() or platform.machine()


def run(*command: str) -> tuple[int | None, str]:
    """Return the exit status of a command and what it printed; None if it is not there.

    Looked for beforehand: with a folder on PATH that may not be read, the system would say of
    every command that is missing that it may not be run.
    """
    if shutil.which(command[0]) is None:
        return None, ""
    try:
        result = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=20,
        )
    except (OSError, subprocess.SubprocessError) as error:
        return 1, str(error)
    return result.returncode, result.stdout.strip()
