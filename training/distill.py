"""Stage 6: one-step distillation (InstaFlow): Z_0 + v(Z_0, 1000, text) is to be the end point of the trajectory.

Starts from the reflowed flow where there is one, else from the flow. The loss is the root of the mean square per
picture, which minds a far-off picture less than its square would."""

import copy

import torch
from torch import nn

from training.conditions import TextConditions
from training.flow import build_unet, make_optimizer, update_average
from training.pairs import load_pairs
from training.run import Run, cosine, parse_arguments, set_learning_rate


def one_step(run, unet, noise, text):
    timestep = torch.full((len(noise),), 1000.0, device=run.device)
    with run.autocast():
        velocity = unet(noise.contiguous(memory_format=torch.channels_last), timestep, text)
    return noise + velocity.float()


def rms(difference):
    return (difference.square().flatten(1).mean(1) + 1e-8).sqrt().mean()


@torch.no_grad()
def held_out_rms(run, unet, conditions, pairs):
    parts = zip(pairs["noise"].split(64), pairs["latents"].split(64), pairs["places"].split(64))
    errors = [rms(one_step(run, unet, n, conditions.states(p.cpu())) - z) * len(n) for n, z, p in parts]
    return (sum(errors) / len(pairs["noise"])).item()


def main():
    run = Run("distill", parse_arguments(__doc__))
    settings = run.settings.distill
    conditions = TextConditions(run)
    conditions.build_bank(run.settings.seed)
    pairs, held_out = load_pairs(run)
    unet = build_unet(run, "reflow", "flow")
    average = copy.deepcopy(unet)
    optimizer = make_optimizer(unet, settings.learning_rate)
    state = {"model": unet, "average": average, "optimizer": optimizer}
    step, running = run.resume(state), None
    print(f"distill: held-out RMS before {held_out_rms(run, average, conditions, held_out):.4f}", flush=True)
    while (progress := run.progress(step, settings.steps)) < 1:
        set_learning_rate(optimizer, settings.learning_rate * cosine(progress))
        rows = torch.randint(len(pairs["noise"]), (settings.batch,))
        text = conditions.states(pairs["places"][rows].cpu())
        loss = rms(one_step(run, unet, pairs["noise"][rows], text) - pairs["latents"][rows])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
        optimizer.step()
        update_average(average, unet, step, settings.ema_halflife_steps)
        step += 1
        running = loss.item() if running is None else 0.98 * running + 0.02 * loss.item()
        run.checkpoint(step, state)
        if step % 100 == 0:
            error = held_out_rms(run, average, conditions, held_out)
            run.log(step=step, loss=round(running, 4), held_out_rms=round(error, 4))
    error = held_out_rms(run, average, conditions, held_out)
    print(f"distill: held-out RMS after {error:.4f}", flush=True)
    run.finish({"model": average.state_dict(), "held_out_rms": error, "steps": step})


if __name__ == "__main__":
    main()
