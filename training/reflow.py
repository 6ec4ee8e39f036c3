"""Stage 6: text-conditioned reflow. X_0 is noise and X_1 the picture that an earlier model makes of it; on the line
X_t = t X_1 + (1 - t) X_0 the U-Net learns X_1 - X_0 at the conditioning 1000 (1 - t), with t logit-normal.

  --round 2   2-RF-nano, from SD-nano's weights and trajectories
  --round 3   3-RF-nano, from 2-RF-nano's"""

import torch

from training.optimise import build_unet, optimise
from training.pairs import Pairs
from training.pool import Pool
from training.run import Run, argument_parser


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
    parser = argument_parser(__doc__)
    parser.add_argument("--round", type=int, choices=(2, 3), default=2)
    arguments = parser.parse_args()
    run = Run(f"{arguments.round}-rf", arguments)
    settings = run.settings.reflow[arguments.round]
    source = "teacher" if arguments.round == 2 else "2-rf"
    pairs = Pairs(run, source, Pool(run))
    unet = build_unet(run, source)
    average = optimise(
        run, settings, unet, lambda model: velocity_loss(run, model, *pairs.draw(settings.batch)), log_every=50
    )
    run.finish({"model": average.state_dict()})


if __name__ == "__main__":
    main()
