"""Stage 7: one-step distillation: Z_0 + v(Z_0, 1000, text) is to be the end point of the trajectory.

  --of 2-rf      InstaFlow-nano
  --of teacher   SD + Distill: the same without reflow, for comparison

The loss is the root of the mean square per picture, and on some pictures of every batch a perceptual term in place of
the paper's LPIPS: the distance of the CLIP picture encoder's maps, normalised per place, of both decoded latents."""

import torch
from torch.nn import functional as F

from training.networks.picture_encoder import PictureEncoder
from training.optimise import build_unet, optimise, rms
from training.pairs import Pairs
from training.pool import Pool, load_autoencoder
from training.run import Run, argument_parser

STAGES = {"2-rf": "instaflow", "teacher": "sd-distill"}


def one_step(run, unet, noise, text):
    timestep = torch.full((len(noise),), 1000.0, device=run.device)
    with run.autocast():
        velocity = unet(noise.contiguous(memory_format=torch.channels_last), timestep, text)
    return noise + velocity.float()


@torch.no_grad()
def held_out_rms(run, unet, pairs):
    errors = [(rms(one_step(run, unet, noise, text) - wanted), len(noise)) for noise, wanted, text in pairs.held_out()]
    return (sum(error * count for error, count in errors) / sum(count for _, count in errors)).item()


class PerceptualDistance:
    """Between decoded latents, in the levels of the CLIP picture encoder."""

    def __init__(self, run):
        self.autoencoder = load_autoencoder(run).requires_grad_(False)
        self.encoder = PictureEncoder(run.settings.clip.network)
        self.encoder.load_state_dict(torch.load(run.path("clip.pt"), map_location="cpu")["model"])
        self.encoder.to(run.device, memory_format=torch.channels_last).eval().requires_grad_(False)
        self.scale = run.settings.autoencoder.network["scaling_factor"]

    def __call__(self, got, wanted):
        """-> scalar, 0 for equal pictures"""
        with torch.no_grad():
            aims = self.encoder.levels(self.autoencoder.decode(wanted / self.scale))
        maps = self.encoder.levels(self.autoencoder.decode(got / self.scale))
        normal = lambda x: F.normalize(x, dim=1)
        return sum((normal(a) - normal(b)).square().sum(1).mean() for a, b in zip(maps, aims)) / len(maps)


def main():
    parser = argument_parser(__doc__)
    parser.add_argument("--of", choices=STAGES, default="2-rf")
    arguments = parser.parse_args()
    run = Run(STAGES[arguments.of], arguments)
    settings = run.settings.distill
    pairs = Pairs(run, arguments.of, Pool(run))
    perceptual = PerceptualDistance(run)

    def loss_of(unet):
        noise, wanted, text = pairs.draw(settings.batch)
        got = one_step(run, unet, noise, text)
        seen = slice(0, settings.perceptual_pictures)
        return rms(got - wanted) + settings.perceptual_weight * perceptual(got[seen], wanted[seen])

    unet = build_unet(run, arguments.of)
    measure = lambda average: {"held_out_rms": round(held_out_rms(run, average, pairs), 4)}
    average = optimise(run, settings, unet, loss_of, measure)
    run.finish({"model": average.state_dict(), "held_out_rms": held_out_rms(run, average, pairs)})


if __name__ == "__main__":
    main()
