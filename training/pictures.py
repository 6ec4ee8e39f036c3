"""The training pictures: RGBA icons drawn by data/rasterise.mjs, pasted on coloured backgrounds."""

import json
from pathlib import Path

import numpy
import torch

from training.settings import PICTURE_PX

CONCEPTS = json.loads((Path(__file__).parent / "concepts.json").read_text())
LABELS = [entry["label"] for entry in CONCEPTS["labels"]]
PACKS = [style["pack"] for style in CONCEPTS["styles"]]
BACKGROUNDS = torch.tensor([background["rgb"] for background in CONCEPTS["backgrounds"]], dtype=torch.float32)


def load_pictures(work_dir):
    """-> (rgba: uint8 [N, 64, 64, 4], index: [{pack, icon, label, tags}])."""
    folder = Path(work_dir) / "data"
    index = json.loads((folder / "pictures.json").read_text())
    rgba = numpy.memmap(folder / "pictures.rgba", dtype=numpy.uint8, mode="r").reshape(-1, PICTURE_PX, PICTURE_PX, 4)
    if len(rgba) != len(index):
        raise ValueError(f"pictures.rgba holds {len(rgba)} pictures, pictures.json names {len(index)}")
    return torch.from_numpy(numpy.array(rgba)), index


def write_synthetic_pictures(work_dir):
    """Discs of random colour under the concepts' names: enough to run every stage without node."""
    folder = Path(work_dir) / "data"
    folder.mkdir(parents=True, exist_ok=True)
    random = numpy.random.default_rng(0)
    grid = numpy.arange(PICTURE_PX) - PICTURE_PX / 2
    disc = (grid[:, None] ** 2 + grid[None] ** 2 < 24**2).astype(numpy.uint8) * 255
    pictures, index = [], []
    for pack in PACKS:
        icons = [entry["icon"] for entry in CONCEPTS["labels"]] + [f"extra-{i}" for i in range(40)]
        for icon in icons:
            colour = numpy.broadcast_to(random.integers(0, 256, 3, dtype=numpy.uint8), (PICTURE_PX, PICTURE_PX, 3))
            pictures.append(numpy.concatenate([colour, disc[..., None]], axis=2))
            index.append({"pack": pack, "icon": icon, "label": icon, "tags": []})
    numpy.stack(pictures).tofile(folder / "pictures.rgba")
    (folder / "pictures.json").write_text(json.dumps(index))


def concept_rows(index):
    """-> int64 [labels, packs]: the row in `rgba` of every concept in every style."""
    rows = {(entry["pack"], entry["icon"]): row for row, entry in enumerate(index)}
    return torch.tensor([[rows[pack, entry["icon"]] for pack in PACKS] for entry in CONCEPTS["labels"]])


def split_held_out(index, every=12):
    """-> (training rows, held-out rows). An icon is held out in all packs at once, and never a concept."""
    concepts = {entry["icon"] for entry in CONCEPTS["labels"]}
    others = sorted({entry["icon"] for entry in index} - concepts)
    held = set(others[::every])
    inside = lambda wanted: torch.tensor([r for r, e in enumerate(index) if (e["icon"] in held) == wanted])
    return inside(False), inside(True)
