"""models/nano: a folder of diffusers components. float16 weights, configs, tokenizer, scheduler, labels, evaluator.

One text encoder, tokenizer, autoencoder and scheduler serve six U-Nets. The folder is written beside its destination
and moved into place file by file, each by an atomic rename, so that a reader never meets half a file. U-Nets whose
stage has not finished are left out."""

import argparse
import json
import os
import shutil
from pathlib import Path

import torch

from training.pictures import LABELS
from training.run import Run
from training.safetensors_file import write_safetensors
from training.tokenizer import load_tokenizer

UNETS = {
    "unet-sd": "teacher",
    "unet-2-rf": "2-rf",
    "unet-3-rf": "3-rf",
    "unet-instaflow": "instaflow",
    "unet-sd-distill": "sd-distill",
    "unet-pd": "pd",
}
# Stable Diffusion 1.5's: the flow pipeline reads only init_noise_sigma from it, which is 1 for PNDM.
FLOW_SCHEDULER = {
    "_class_name": "PNDMScheduler",
    "_diffusers_version": "0.30.3",
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "clip_sample": False,
    "num_train_timesteps": 1000,
    "prediction_type": "epsilon",
    "set_alpha_to_one": False,
    "skip_prk_steps": True,
    "steps_offset": 1,
    "timestep_spacing": "leading",
    "trained_betas": None,
}
# SD-nano's: the same noise schedule, by the solver that made the pairs.
DIFFUSION_SCHEDULER = {
    "_class_name": "DPMSolverMultistepScheduler",
    "_diffusers_version": "0.30.3",
    "algorithm_type": "dpmsolver++",
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "beta_start": 0.00085,
    "final_sigmas_type": "zero",
    "lower_order_final": True,
    "num_train_timesteps": 1000,
    "prediction_type": "epsilon",
    "solver_order": 2,
    "solver_type": "midpoint",
    "timestep_spacing": "linspace",
    "use_karras_sigmas": False,
}


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def write_component(folder, config, weights, name="diffusion_pytorch_model.safetensors"):
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "config.json", config)
    halves = {key: tensor.half().contiguous() for key, tensor in weights.items()}
    if any(not torch.isfinite(tensor).all() for tensor in halves.values()):
        raise ValueError(f"{folder}: a weight is not finite in float16")
    write_safetensors(folder / name, halves)


def write_model(run, folder):
    settings = run.settings
    load = lambda stage: torch.load(run.path(f"{stage}.pt"), map_location="cpu")
    tokenizer = load_tokenizer(run.work, settings.merges)
    tokenizer.write(folder / "tokenizer")
    clip = load("clip")
    write_component(
        folder / "text_encoder", settings.text.network | tokenizer.config(), clip["text"], "model.safetensors"
    )
    write_component(folder / "vae", settings.autoencoder.network, load("decoder")["model"])
    projection = {"text_projection.weight": clip["text_projection"]}
    write_component(
        folder / "evaluator",
        {"_class_name": "PictureEncoder", **settings.evaluator.network},
        load("evaluator")["model"] | projection,
        "model.safetensors",
    )
    for part, stage in UNETS.items():
        if not run.path(f"{stage}.pt").exists():
            print(f"export: {part} left out, {stage} has not finished", flush=True)
            continue
        write_component(folder / part, settings.teacher.network, load(stage)["model"])
        print(f"export: {part} from {stage}", flush=True)
    for name, scheduler in (("scheduler", FLOW_SCHEDULER), ("scheduler-sd", DIFFUSION_SCHEDULER)):
        (folder / name).mkdir(exist_ok=True)
        write_json(folder / name / "scheduler_config.json", scheduler)
    write_json(folder / "labels.json", LABELS)


def move_into_place(staged, destination):
    for path in sorted(staged.rglob("*")):
        target = destination / path.relative_to(staged)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            os.replace(path, target)
    shutil.rmtree(staged)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", default=os.environ.get("TRAINING_WORK", "training/.work"))
    parser.add_argument("--model", default="models/nano")
    parser.add_argument("--smoke", action="store_true")
    arguments = parser.parse_args()
    run = Run("export", argparse.Namespace(**vars(arguments), device="cpu", threads=1, minutes=None))
    destination = Path(arguments.model)
    destination.mkdir(parents=True, exist_ok=True)
    staged = destination.with_name(f".{destination.name}.staged")
    write_model(run, staged)
    move_into_place(staged, destination)
    size = sum(path.stat().st_size for path in destination.rglob("*") if path.is_file())
    print(f"export: {size / 2**20:.2f} MiB in {destination}", flush=True)


if __name__ == "__main__":
    main()
