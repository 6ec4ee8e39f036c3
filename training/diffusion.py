"""Stable Diffusion's noise schedule: x_t = a_t x_0 + s_t noise, scaled_linear betas, 1000 timesteps."""

import torch

TIMESTEPS = 1000
BETA_START, BETA_END = 0.00085, 0.012


def alphas_cumprod():
    """f32 [1000], computed in float64."""
    betas = torch.linspace(BETA_START**0.5, BETA_END**0.5, TIMESTEPS, dtype=torch.float64) ** 2
    return (1 - betas).cumprod(0).float()


def signal_and_noise(timesteps):
    """int64 [B] -> (a_t, s_t): f32 [B, 1, 1, 1]"""
    alphas = alphas_cumprod().to(timesteps.device)[timesteps][:, None, None, None]
    return alphas.sqrt(), (1 - alphas).sqrt()
