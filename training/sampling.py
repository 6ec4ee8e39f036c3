"""Rectified-flow Euler steps, as in the authors' pipeline (gnobitab/InstaFlow code/pipeline_rf.py)."""

import torch


@torch.no_grad()
def sample(unet, noise, text, empty, steps, guidance=1.0, keep=None):
    """noise: [B, 16, 8, 8]; text: [B, 77, W]; empty: [77, W] (read only when guidance > 1).
    The network is told 1000 * (1 - i/steps), a float. -> latents at t = 1; `keep` collects the latents of each step."""
    latents = noise
    for i in range(steps):
        timestep = torch.full((len(latents),), (1.0 - i / steps) * 1000.0, device=latents.device)
        if guidance > 1:
            both = torch.cat([empty.expand_as(text), text])
            without, asked = unet(torch.cat([latents] * 2), torch.cat([timestep] * 2), both).chunk(2)
            velocity = without + guidance * (asked - without)
        else:
            velocity = unet(latents, timestep, text)
        latents = latents + velocity / steps
        if keep is not None:
            keep.append(latents)
    return latents
