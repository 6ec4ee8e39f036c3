"""Writes 8-bit RGB PNG files, and lays pictures out in a sheet."""

import struct
import zlib

import torch


def write_png(path, pixels):
    """pixels: u8 [H, W, 3]"""
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.numpy().tobytes() for row in pixels.contiguous())
    chunk = lambda kind, data: (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


def lay_out(pictures, columns, scale=1, gap=4):
    """pictures: u8 [N, H, W, 3], row by row -> one u8 sheet on grey."""
    pictures = pictures.repeat_interleave(scale, 1).repeat_interleave(scale, 2)
    count, height, width, _ = pictures.shape
    rows = -(-count // columns)
    sheet = torch.full((rows * (height + gap) + gap, columns * (width + gap) + gap, 3), 128, dtype=torch.uint8)
    for i, picture in enumerate(pictures):
        top, left = gap + i // columns * (height + gap), gap + i % columns * (width + gap)
        sheet[top : top + height, left : left + width] = picture
    return sheet
