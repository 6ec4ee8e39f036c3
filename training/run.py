"""What every stage shares: command line, device, seeds, resumable checkpoints, loss log, learning-rate schedule."""

import argparse
import csv
import json
import math
import os
import time
from pathlib import Path

import torch

from training import settings as recipe
from training.pictures import write_synthetic_pictures

CHECKPOINT_EVERY_S = 90


def argument_parser(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", default=os.environ.get("TRAINING_WORK", "training/.work"), help="scratch folder")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--minutes", type=float, help="end the schedule at this time, at fewer steps")
    parser.add_argument("--smoke", action="store_true", help="tiny networks, synthetic pictures, a few steps")
    return parser


def parse_arguments(description):
    return argument_parser(description).parse_args()


class Run:
    """One stage's run. Scratch layout: WORK/<stage>.pt (finished), WORK/<stage>.partial.pt (resumes), WORK/<stage>.csv."""

    def __init__(self, stage, arguments):
        self.stage = stage
        self.work = Path(arguments.work)
        self.work.mkdir(parents=True, exist_ok=True)
        self.device = torch.device(arguments.device)
        self.settings = recipe.smoke() if arguments.smoke else recipe.FULL
        self.minutes = arguments.minutes
        torch.set_num_threads(arguments.threads)
        # The stage's name is part of the seed, so that no stage repeats another's noise.
        self.seed = self.settings.seed + sum(stage.encode())
        torch.manual_seed(self.seed)
        if arguments.smoke and not (self.work / "data" / "pictures.json").exists():
            write_synthetic_pictures(self.work)
        self.spent_s = 0.0
        self.started = self.saved = time.time()

    def path(self, name):
        return self.work / name

    def autocast(self):
        """bfloat16 on CUDA, plain float32 on the CPU."""
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.device.type == "cuda")

    def elapsed_s(self):
        return self.spent_s + time.time() - self.started

    def progress(self, step, steps):
        """0..1 through the schedule: by steps, or by the clock where --minutes ends it sooner."""
        by_clock = self.elapsed_s() / (self.minutes * 60) if self.minutes else 0.0
        return min(1.0, max(step / steps, by_clock))

    def resume(self, state):
        """Loads WORK/<stage>.partial.pt into `state` (name -> object with load_state_dict); -> next step."""
        path = self.path(f"{self.stage}.partial.pt")
        if not path.exists():
            return 0
        saved = torch.load(path, map_location=self.device)
        for name, holder in state.items():
            holder.load_state_dict(saved[name])
        torch.set_rng_state(saved["rng"])
        self.spent_s = saved["spent_s"]
        print(f"{self.stage}: resumed at step {saved['step']}", flush=True)
        return saved["step"]

    def warm_start(self, model, name=None):
        """Weights of an earlier training, WORK/earlier/<name or stage>.pt. -> whether there are any"""
        path = self.work / "earlier" / f"{name or self.stage}.pt"
        if not path.exists():
            return False
        model.load_state_dict(torch.load(path, map_location="cpu")["model"])
        print(f"{self.stage}: starts from {path}", flush=True)
        return True

    def checkpoint(self, step, state):
        if time.time() - self.saved < CHECKPOINT_EVERY_S:
            return
        self.saved = time.time()
        content = {name: holder.state_dict() for name, holder in state.items()}
        content |= {"step": step, "rng": torch.get_rng_state(), "spent_s": self.elapsed_s()}
        save_atomically(content, self.path(f"{self.stage}.partial.pt"))

    def finish(self, tensors):
        """Writes the stage's result and drops its partial checkpoint."""
        save_atomically(tensors, self.path(f"{self.stage}.pt"))
        self.path(f"{self.stage}.partial.pt").unlink(missing_ok=True)
        print(f"{self.stage}: done in {self.elapsed_s() / 60:.1f} min", flush=True)

    def log(self, **row):
        row = {"seconds": round(self.elapsed_s(), 1)} | row
        path = self.path(f"{self.stage}.csv")
        new = not path.exists()
        with open(path, "a", newline="") as file:
            writer = csv.DictWriter(file, row.keys())
            if new:
                writer.writeheader()
            writer.writerow(row)
        print(self.stage, json.dumps(row), flush=True)


def save_atomically(content, path):
    partial = path.with_suffix(".writing")
    torch.save(content, partial)
    os.replace(partial, path)


def cosine(progress, warmup=0.03, floor=0.02):
    """Learning-rate factor: linear warm-up, then half a cosine down to `floor`."""
    if progress < warmup:
        return max(progress / warmup, 0.05)
    return floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * (progress - warmup) / (1 - warmup)))


def set_learning_rate(optimizer, value):
    for group in optimizer.param_groups:
        group["lr"] = value
