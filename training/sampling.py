"""Samplers of both families. All take noise [B, 16, 8, 8], text [B, 77, W], empty [77, W] (read only when guidance
> 1) and give the states after every step, [noise, ..., picture latents]."""

import numpy
import torch

from training.diffusion import TIMESTEPS, alphas_cumprod


@torch.no_grad()
def evaluate(unet, latents, timestep, text, empty, guidance):
    """The network's output under classifier-free guidance."""
    timesteps = torch.full((len(latents),), float(timestep), device=latents.device)
    if guidance <= 1:
        return unet(latents, timesteps, text)
    both = torch.cat([empty.expand_as(text), text])
    without, asked = unet(torch.cat([latents] * 2), torch.cat([timesteps] * 2), both).chunk(2)
    return without + guidance * (asked - without)


def flow_euler(unet, noise, text, empty, steps, guidance=1.0):
    """Rectified-flow Euler steps, as in the authors' pipeline (gnobitab/InstaFlow code/pipeline_rf.py): the network is
    told 1000 * (1 - i/steps), a float."""
    states = [noise]
    for i in range(steps):
        velocity = evaluate(unet, states[-1], (1.0 - i / steps) * 1000.0, text, empty, guidance)
        states.append(states[-1] + velocity / steps)
    return states


def solver_timesteps(steps):
    """diffusers' "linspace" spacing: int64 [steps], 999 first."""
    return numpy.linspace(0, TIMESTEPS - 1, steps + 1).round()[::-1][:-1].astype(numpy.int64)


def dpm_solver(unet, noise, text, empty, steps, guidance=1.0):
    """DPM-Solver++ multistep of order 2, midpoint (Lu et al. 2022), final sigma 0, first and last step of order 1."""
    alphas = alphas_cumprod().double()
    times = solver_timesteps(steps)
    signal = [alphas[t].sqrt().item() for t in times] + [1.0]
    deviation = [(1 - alphas[t]).sqrt().item() for t in times] + [0.0]
    log_snr = [numpy.log(a / s) for a, s in zip(signal[:-1], deviation[:-1])]
    states, before = [noise], None
    for i, timestep in enumerate(times):
        x = states[-1]
        predicted = (x - deviation[i] * evaluate(unet, x, timestep, text, empty, guidance)) / signal[i]
        if i == steps - 1:
            states.append(predicted)
            break
        h = log_snr[i + 1] - log_snr[i]
        direction = predicted
        if before is not None:
            ratio = (log_snr[i] - log_snr[i - 1]) / h
            direction = predicted + (predicted - before) / (2 * ratio)
        factor = signal[i + 1] * (1 - numpy.exp(-h))
        states.append(deviation[i + 1] / deviation[i] * x + float(factor) * direction)
        before = predicted
    return states
