"""What a file is that was not written here: named by what it begins with, or by what is in it."""

import os
import zipfile
from os import PathLike

KERAS = "Load it with keras.models.load_model, then compare.from_keras makes layers of it"
ARRAYS = "Read its arrays with its own library, then model.set_weights takes them"

# Inside zip archives, by the name of an entry.
ENTRIES = {
    "config.json": f"it is a model of Keras. {KERAS}",
    "data.pkl": f"it is a model of PyTorch. {ARRAYS}",
}
BEGINNINGS = {
    b"\x89HDF": f"it is a file of HDF5, as older Keras wrote models. {KERAS}",
    b"\x80": "it is a pickle, which can run anything when it is read: nothing here reads pickles",
    b"\x93NUMPY": "it is a single array, which np.load reads",
    b"\x1f\x8b": "it is compressed: unpack it first",
    b"PK": "it is an archive that is cut off: copy or download it again",
    b"{": "it is JSON, the description of a model without its weights perhaps",
    b"\x08": f"it may be a model in ONNX. {ARRAYS}",
    b"": "it is something else",
}


def kind_of_file(path: str | PathLike[str]) -> str:
    """Say in a sentence what a file or folder seems to be, and how to read it.

    Examples
    --------
    >>> import os
    >>> kind_of_file(os.devnull)
    'it is empty'
    """
    if os.path.isdir(path):
        is_model = os.path.exists(os.path.join(path, "saved_model.pb"))
        return f"it is a {'SavedModel of TensorFlow' if is_model else 'folder'}. {KERAS}"
    with open(path, "rb") as file:
        start = file.read(64)
    if not start:
        return "it is empty"
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
        base_names = {name.rpartition("/")[2] for name in names}
        told = (kind for entry, kind in ENTRIES.items() if entry in base_names)
        return next(told, f"it is an archive of {', '.join(names[:3]) or 'nothing'}")
    if start[8:9] == b"{":  # after the length of this header
        return f"it is a file of safetensors. {ARRAYS}"
    return next(kind for beginning, kind in BEGINNINGS.items() if start.startswith(beginning))
