"""Trajectories to learn from: (text, noise, states ..., picture) of a finished U-Net.

  --of teacher   SD-nano by DPM-Solver++ under guidance: the triplets of reflow, and of SD + Distill and PD
  --of 2-rf      2-RF-nano by Euler, without guidance: the triplets of distillation and of the second reflow

Guidance is baked in, so whatever learns from them needs one evaluation per step and no negative prompt."""

import time

import torch

from training.optimise import build_unet, latent_shape
from training.pool import Pool
from training.run import CHECKPOINT_EVERY_S, Run, argument_parser, save_atomically
from training.sampling import dpm_solver, flow_euler

SAMPLERS = {"teacher": dpm_solver, "2-rf": flow_euler}


def stage_name(source):
    return f"pairs-{source}"


def main():
    parser = argument_parser(__doc__)
    parser.add_argument("--of", choices=SAMPLERS, required=True)
    arguments = parser.parse_args()
    run = Run(stage_name(arguments.of), arguments)
    settings = run.settings.pairs[arguments.of]
    pool = Pool(run)
    unet = build_unet(run, arguments.of).eval()

    partial = run.path(f"{run.stage}.partial.pt")
    made = torch.load(partial) if partial.exists() else {"states": [], "rows": []}
    saved = time.time()
    while (done := len(made["rows"])) * settings.batch < settings.count and run.progress(done, done + 1) < 1:
        generator = torch.Generator().manual_seed(run.seed + done)
        rows = torch.randint(len(pool), (settings.batch,), generator=generator)
        noise = torch.randn(settings.batch, *latent_shape(run), generator=generator).to(run.device)
        with run.autocast():
            states = SAMPLERS[arguments.of](
                unet,
                noise.contiguous(memory_format=torch.channels_last),
                pool.states(rows),
                pool.empty,
                settings.steps,
                settings.guidance,
            )
        made["states"].append(torch.stack([state.float() for state in states], 1).half().cpu().contiguous())
        made["rows"].append(rows)
        if time.time() - saved > CHECKPOINT_EVERY_S:
            save_atomically(made, partial)
            saved = time.time()
            print(f"{run.stage}: {(done + 1) * settings.batch}", flush=True)
    run.finish({name: torch.cat(values) for name, values in made.items()})


class Pairs:
    """states: f16 [N, steps + 1, 16, 8, 8], noise first; the last 1/32 are for measuring only."""

    def __init__(self, run, source, pool):
        made = torch.load(run.path(f"{stage_name(source)}.pt"), map_location="cpu")
        self.states, self.rows, self.pool = made["states"], made["rows"], pool
        self.training = len(self.rows) - max(1, len(self.rows) // 32)

    def batch(self, chosen):
        """-> (noise, latents, text), f32 on the device"""
        part = self.states[chosen]
        noise, latents = (part[:, i].to(self.pool.device).float() for i in (0, -1))
        return noise, latents, self.pool.states(self.rows[chosen])

    def draw(self, count):
        return self.batch(torch.randint(self.training, (count,)))

    def held_out(self):
        """Batches of the pairs that nothing learns from."""
        return [self.batch(part) for part in torch.arange(self.training, len(self.rows)).split(64)]


if __name__ == "__main__":
    main()
