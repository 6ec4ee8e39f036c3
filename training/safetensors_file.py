"""Reads and writes .safetensors files: u64 LE header length, JSON header padded with spaces to 8, raw tensors."""

import json
import os
import struct

import numpy
import torch

DTYPES = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "I64": torch.int64,
    "I32": torch.int32, "U8": torch.uint8, "BOOL": torch.bool,
}  # fmt: skip
NAMES = {dtype: name for name, dtype in DTYPES.items()}


def size_bytes(tensor):
    return tensor.numel() * tensor.element_size()


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        dtype = DTYPES[entry["dtype"]]
        flat = torch.frombuffer(data[begin:end], dtype=dtype) if end > begin else torch.empty(0, dtype=dtype)
        tensors[name] = flat.reshape(entry["shape"])
    return tensors


def write_safetensors(path, tensors, metadata=None):
    """The format allows no gaps, so tensors whose size is no multiple of 8 come last: all others start at one.
    The file appears under its name only when complete."""
    header = {"__metadata__": {"format": "pt", **(metadata or {})}}
    chunks, offset = [], 0
    for name in sorted(tensors, key=lambda n: (size_bytes(tensors[n]) % 8 != 0, -tensors[n].element_size(), n)):
        raw = numpy.ascontiguousarray(tensors[name].detach().cpu().numpy()).tobytes()
        header[name] = {
            "dtype": NAMES[tensors[name].dtype],
            "shape": list(tensors[name].shape),
            "data_offsets": [offset, offset + len(raw)],
        }
        chunks.append(raw)
        offset += len(raw)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    partial = f"{path}.partial"
    with open(partial, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for raw in chunks:
            file.write(raw)
    os.replace(partial, path)
