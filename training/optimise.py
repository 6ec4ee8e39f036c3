"""The loop that every U-Net stage runs: AdamW, cosine rate, clipped gradients, an average of the weights."""

import copy

import torch
from torch import nn

from training.networks.unet_2d_condition import UNet2DConditionModel
from training.run import cosine, set_learning_rate


def turn_round(unet):
    """Between a network for noise and one for velocity: X_1 - X_0 is near minus the noise. Without it training starts
    far off and may sink into giving nothing at all."""
    for parameter in unet.conv_out.parameters():
        parameter.data.neg_()


def build_unet(run, stage=None):
    """With the weights of a finished stage; initial weights where none is named."""
    unet = UNet2DConditionModel(run.settings.teacher.network)
    if stage:
        unet.load_state_dict(torch.load(run.path(f"{stage}.pt"), map_location="cpu")["model"])
        if stage == "teacher" and not run.stage.startswith("pairs"):
            turn_round(unet)
        print(f"{run.stage}: starts from {stage}", flush=True)
    return unet.to(run.device, memory_format=torch.channels_last)


def latent_shape(run):
    network = run.settings.teacher.network
    return network["in_channels"], network["sample_size"], network["sample_size"]


@torch.no_grad()
def update_average(average, model, step, halflife_steps):
    """Exponential moving average whose memory grows with the run, up to the given half-life."""
    decay = min(0.5 ** (1 / halflife_steps), (1 + step) / (10 + step))
    for kept, new in zip(average.parameters(), model.parameters()):
        kept.lerp_(new, 1 - decay)


def optimise(run, settings, unet, loss_of, measure=None, log_every=100):
    """Runs until settings.steps or --minutes. loss_of(unet) draws a batch and gives its loss; measure(average) gives
    further columns for the log. -> the average of the weights, a module"""
    average = copy.deepcopy(unet)
    optimizer = torch.optim.AdamW(unet.parameters(), lr=settings.learning_rate, betas=(0.9, 0.99), weight_decay=0.01)
    state = {"model": unet, "average": average, "optimizer": optimizer}
    step, running = run.resume(state), None
    while (progress := run.progress(step, settings.steps)) < 1:
        set_learning_rate(optimizer, settings.learning_rate * cosine(progress))
        loss = loss_of(unet)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
        optimizer.step()
        update_average(average, unet, step, settings.ema_halflife_steps)
        step += 1
        running = loss.item() if running is None else 0.98 * running + 0.02 * loss.item()
        run.checkpoint(step, state)
        if step % log_every == 0:
            run.log(step=step, loss=round(running, 4), **(measure(average) if measure else {}))
    return average


def rms(difference):
    """The root of the mean square per picture, averaged: minds a far-off picture less than its square would."""
    return (difference.square().flatten(1).mean(1) + 1e-8).sqrt().mean()
