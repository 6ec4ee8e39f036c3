"""Stage 5: text-conditioned reflow (2-Rectified Flow): the flow's objective again, on its own pairs.

The pairs couple each noise with the picture it flows to, so paths no longer cross on average and get straighter;
their guidance is baked in."""

import copy

import torch
from torch import nn

from training.conditions import TextConditions
from training.flow import build_unet, make_optimizer, update_average, velocity_loss
from training.pairs import load_pairs
from training.run import Run, cosine, parse_arguments, set_learning_rate


def main():
    run = Run("reflow", parse_arguments(__doc__))
    settings = run.settings.reflow
    conditions = TextConditions(run)
    conditions.build_bank(run.settings.seed)
    pairs, _ = load_pairs(run)
    unet = build_unet(run, "flow")
    average = copy.deepcopy(unet)
    optimizer = make_optimizer(unet, settings.learning_rate)
    state = {"model": unet, "average": average, "optimizer": optimizer}
    step, running = run.resume(state), None
    while (progress := run.progress(step, settings.steps)) < 1:
        set_learning_rate(optimizer, settings.learning_rate * cosine(progress))
        rows = torch.randint(len(pairs["noise"]), (settings.batch,))
        text = conditions.states(pairs["places"][rows].cpu())
        loss = velocity_loss(run, unet, pairs["noise"][rows], pairs["latents"][rows], text)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
        optimizer.step()
        update_average(average, unet, step, settings.ema_halflife_steps)
        step += 1
        running = loss.item() if running is None else 0.98 * running + 0.02 * loss.item()
        run.checkpoint(step, state)
        if step % 50 == 0:
            run.log(step=step, loss=round(running, 4))
    run.finish({"model": average.state_dict(), "loss": running, "steps": step})


if __name__ == "__main__":
    main()
