"""Stage 6: models/nano, a diffusers folder: float16 weights, configs, tokenizer, scheduler, labels.

unet/ is the N-step flow, unet-instaflow/ the one-step student; text encoder, tokenizer and autoencoder serve both.
The folder is written beside its destination and moved into place file by file, each by an atomic rename, so that a
reader never meets half a file. Before a stage has finished, its partial checkpoint or (--interim) untrained weights
of the final shapes stand in."""

import argparse
import json
import os
import shutil
from pathlib import Path

import torch

from training.autoencoder import fold_normalisation
from training.networks.autoencoder_tiny import AutoencoderTiny
from training.networks.clip_text_model import CLIPTextModel
from training.networks.unet_2d_condition import UNet2DConditionModel
from training.pictures import LABELS
from training.run import Run
from training.safetensors_file import write_safetensors
from training.tokenizer import load_tokenizer

MODEL_INDEX = {
    "_class_name": "RectifiedFlowPipeline",
    "_diffusers_version": "0.30.3",
    "feature_extractor": [None, None],
    "safety_checker": [None, None],
    "scheduler": ["diffusers", "PNDMScheduler"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderTiny"],
}
# Stable Diffusion 1.5's: the flow pipeline reads only init_noise_sigma from it, which is 1 for PNDM.
SCHEDULER = {
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


def trained_weights(run, stages, interim, network):
    """The first of `stages` that has a result, else (--interim) its partial checkpoint, else initial weights."""
    for stage in stages:
        finished, partial = run.path(f"{stage}.pt"), run.path(f"{stage}.partial.pt")
        if finished.exists():
            return f"{stage}", torch.load(finished, map_location="cpu")["model"]
        if interim and partial.exists():
            saved = torch.load(partial, map_location="cpu")
            name = f"{stage}, step {saved['step']}"
            if stage == "autoencoder":
                model, norm = AutoencoderTiny(run.settings.autoencoder.network), torch.nn.BatchNorm2d(16, affine=False)
                model.load_state_dict(saved["model"])
                norm.load_state_dict(saved["norm"])
                return name, fold_normalisation(model, norm).state_dict()
            return name, saved.get("average", saved["model"])
    if not interim:
        raise FileNotFoundError(f"none of {stages} has finished in {run.work}; --interim takes what there is")
    return "untrained", network.state_dict()


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def write_component(folder, config, weights, name):
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "config.json", config)
    halves = {key: tensor.half().contiguous() for key, tensor in weights.items()}
    if any(not torch.isfinite(tensor).all() for tensor in halves.values()):
        raise ValueError(f"{folder}: a weight is not finite in float16")
    write_safetensors(folder / name, halves)


def write_model(run, folder, interim=False):
    settings = run.settings
    tokenizer = load_tokenizer(run.work, settings.merges)
    tokenizer.write(folder / "tokenizer")
    text_config = settings.text.network | tokenizer.config()
    parts = {
        "text_encoder": (["text"], text_config, CLIPTextModel, "model.safetensors"),
        "vae": (["autoencoder"], settings.autoencoder.network, AutoencoderTiny, "diffusion_pytorch_model.safetensors"),
        "unet": (["reflow", "flow"], settings.flow.network, UNet2DConditionModel, "diffusion_pytorch_model.safetensors"),
        "unet-instaflow": (
            ["distill", "reflow", "flow"],
            settings.flow.network,
            UNet2DConditionModel,
            "diffusion_pytorch_model.safetensors",
        ),
    }
    for part, (stages, config, network, name) in parts.items():
        torch.manual_seed(0)
        source, weights = trained_weights(run, stages, interim, network(config))
        write_component(folder / part, config, weights, name)
        print(f"export: {part} from {source}", flush=True)
    (folder / "scheduler").mkdir(exist_ok=True)
    write_json(folder / "scheduler" / "scheduler_config.json", SCHEDULER)
    write_json(folder / "model_index.json", MODEL_INDEX)
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
    parser.add_argument("--interim", action="store_true")
    parser.add_argument("--smoke", action="store_true")
    arguments = parser.parse_args()
    run = Run("export", argparse.Namespace(**vars(arguments), device="cpu", threads=1, minutes=None))
    destination = Path(arguments.model)
    destination.mkdir(parents=True, exist_ok=True)
    staged = destination.with_name(f".{destination.name}.staged")
    write_model(run, staged, arguments.interim)
    move_into_place(staged, destination)
    size = sum(path.stat().st_size for path in destination.rglob("*") if path.is_file())
    print(f"export: {size / 2**20:.2f} MiB in {destination}", flush=True)


if __name__ == "__main__":
    main()
