"""Stage 4: (text, noise, picture) triplets from the flow: the trajectory's end point under guidance.

Guidance is baked into the pairs, so whatever learns from them needs one evaluation per step and no negative prompt.
Resumable: WORK/pairs.partial.pt grows by batches."""

import random
import time

import torch

from training.conditions import TextConditions
from training.flow import build_unet
from training.run import CHECKPOINT_EVERY_S, Run, parse_arguments, save_atomically
from training.sampling import sample


def main():
    run = Run("pairs", parse_arguments(__doc__))
    settings = run.settings.pairs
    conditions = TextConditions(run)
    conditions.build_bank(run.settings.seed)
    unet = build_unet(run, "flow").eval()

    partial = run.path("pairs.partial.pt")
    made = torch.load(partial) if partial.exists() else {"noise": [], "latents": [], "places": []}
    saved = time.time()
    while (done := len(made["noise"])) * settings.batch < settings.count and run.progress(done, done + 1) < 1:
        _, places = conditions.draw(settings.batch, random.Random(f"{run.seed} {done}"))
        noise = torch.randn(settings.batch, *latent_shape(run), generator=torch.Generator().manual_seed(run.seed + done))
        with run.autocast():
            latents = sample(
                unet,
                noise.to(run.device).contiguous(memory_format=torch.channels_last),
                conditions.states(places),
                conditions.empty,
                settings.steps,
                settings.guidance,
            )
        for name, value in {"noise": noise, "latents": latents.float().cpu().contiguous(), "places": places}.items():
            made[name].append(value)
        if time.time() - saved > CHECKPOINT_EVERY_S:
            save_atomically(made, partial)
            saved = time.time()
            print(f"pairs: {(done + 1) * settings.batch}", flush=True)
    run.finish({name: torch.cat(values) for name, values in made.items()})


def latent_shape(run):
    network = run.settings.flow.network
    return network["in_channels"], network["sample_size"], network["sample_size"]


def load_pairs(run):
    """-> {noise, latents: f32 [N, 16, 8, 8], places: int64 [N, 2]}; the last 1/32 are for measuring only."""
    made = torch.load(run.path("pairs.pt"), map_location=run.device)
    held = max(1, len(made["noise"]) // 32)
    training = {name: value[:-held] for name, value in made.items()}
    return training, {name: value[-held:] for name, value in made.items()}


if __name__ == "__main__":
    main()
