"""Stage 3: the text-conditioned rectified flow (1-Rectified Flow).

X_0 is noise, X_1 the latents of a picture, X_t = t X_1 + (1 - t) X_0; the U-Net learns X_1 - X_0 at the conditioning
1000 (1 - t). t is logit-normal: most of the work lies in the middle. One caption in ten is empty, which makes
guidance possible. The exponential moving average of the weights is the result."""

import copy
import random

import torch
from torch import nn

from training.conditions import TextConditions, encode_concepts, pick_pictures
from training.networks.unet_2d_condition import UNet2DConditionModel
from training.run import Run, cosine, parse_arguments, set_learning_rate


def build_unet(run, *stages):
    """With the weights of the first of `stages` that has finished; initial weights where none is named."""
    unet = UNet2DConditionModel(run.settings.flow.network)
    if stages:
        finished = [path for path in (run.path(f"{stage}.pt") for stage in stages) if path.exists()]
        if not finished:
            raise FileNotFoundError(f"none of {stages} has finished in {run.work}")
        print(f"{run.stage}: starts from {finished[0].stem}", flush=True)
        unet.load_state_dict(torch.load(finished[0], map_location="cpu")["model"])
    return unet.to(run.device, memory_format=torch.channels_last)


def make_optimizer(model, learning_rate):
    return torch.optim.AdamW(model.parameters(), lr=learning_rate, betas=(0.9, 0.99), weight_decay=0.01)


@torch.no_grad()
def update_average(average, model, step, halflife_steps):
    """EMA whose memory grows with the run, up to the given half-life."""
    decay = min(0.5 ** (1 / halflife_steps), (1 + step) / (10 + step))
    for kept, new in zip(average.parameters(), model.parameters()):
        kept.lerp_(new, 1 - decay)


def velocity_loss(run, unet, noise, latents, text):
    """The rectified-flow objective at logit-normal times, one from each equal slice of the distribution. -> scalar"""
    count = len(noise)
    slices = (torch.arange(count, device=run.device) + torch.rand(count, device=run.device)) / count
    time = torch.sigmoid(torch.special.ndtri(slices.clamp(1e-4, 1 - 1e-4)))
    mixed = torch.lerp(noise, latents, time[:, None, None, None])
    with run.autocast():
        velocity = unet(mixed.contiguous(memory_format=torch.channels_last), 1000 * (1 - time), text)
    return (velocity.float() - (latents - noise)).square().mean()


def main():
    run = Run("flow", parse_arguments(__doc__))
    settings = run.settings.flow
    conditions = TextConditions(run)
    conditions.build_bank(run.settings.seed)
    targets = encode_concepts(run)
    print(f"flow: latents mean {targets.mean():.3f}, deviation {targets.std():.3f}", flush=True)

    unet = build_unet(run)
    average = copy.deepcopy(unet)
    optimizer = make_optimizer(unet, settings.learning_rate)
    state = {"model": unet, "average": average, "optimizer": optimizer}
    step, running = run.resume(state), None
    generator = random.Random(run.seed + step)
    while (progress := run.progress(step, settings.steps)) < 1:
        set_learning_rate(optimizer, settings.learning_rate * cosine(progress))
        meanings, places = conditions.draw(settings.batch, generator)
        latents = targets[tuple(pick_pictures(meanings, generator))]
        dropped = torch.rand(settings.batch, device=run.device) < settings.caption_dropout
        text = torch.where(dropped[:, None, None], conditions.empty, conditions.states(places))
        loss = velocity_loss(run, unet, torch.randn_like(latents), latents, text)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
        optimizer.step()
        update_average(average, unet, step, settings.ema_halflife_steps)
        step += 1
        running = loss.item() if running is None else 0.98 * running + 0.02 * loss.item()
        run.checkpoint(step, state)
        if step % 100 == 0:
            run.log(step=step, loss=round(running, 4))
    run.finish({"model": average.state_dict(), "loss": running, "steps": step})


if __name__ == "__main__":
    main()
