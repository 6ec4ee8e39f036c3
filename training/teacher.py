"""Stage 5: SD-nano, the latent diffusion teacher (DDPM, Algorithm 1): the U-Net learns the noise in x_t at uniform t;
one caption in ten is empty, which makes guidance possible."""

import torch

from training.diffusion import TIMESTEPS, signal_and_noise
from training.optimise import build_unet, optimise, turn_round
from training.pool import Pool
from training.run import Run, parse_arguments


def epsilon_loss(run, unet, latents, text):
    """One timestep from each equal slice of 0..999. -> scalar"""
    count = len(latents)
    slices = (torch.arange(count, device=run.device) + torch.rand(count, device=run.device)) / count
    timesteps = (slices * TIMESTEPS).long().clamp(max=TIMESTEPS - 1)
    signal, deviation = signal_and_noise(timesteps)
    noise = torch.randn_like(latents)
    mixed = (signal * latents + deviation * noise).contiguous(memory_format=torch.channels_last)
    with run.autocast():
        predicted = unet(mixed, timesteps.float(), text)
    return (predicted.float() - noise).square().mean()


def main():
    run = Run("teacher", parse_arguments(__doc__))
    settings = run.settings.teacher
    pool = Pool(run)

    def loss_of(unet):
        rows = torch.randint(len(pool), (settings.batch,))
        dropped = torch.rand(settings.batch, device=run.device) < settings.caption_dropout
        text = torch.where(dropped[:, None, None], pool.empty, pool.states(rows))
        return epsilon_loss(run, unet, pool.pictures(rows), text)

    unet = build_unet(run)
    if run.warm_start(unet, "flow"):
        turn_round(unet)
    average = optimise(run, settings, unet, loss_of)
    run.finish({"model": average.state_dict()})


if __name__ == "__main__":
    main()
