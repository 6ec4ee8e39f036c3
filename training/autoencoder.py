"""Stage 1: AutoencoderTiny, 64x64 pictures to 16x8x8 latents.

Its pictures are scenes of any icons, not only those that have a caption: one large, one small, or two small ones.
Deterministic, no KL term. The encoder ends in a batch normalisation without parameters, folded into its last
convolution afterwards: every latent channel then has mean 0 and deviation 1 over the data, so scaling_factor is 1
and the decoder's clamp 3*tanh(z/3) meets values it can carry. A little noise on the latents while training teaches
the decoder to bear a generator's errors. Loss: MSE + 0.3 L1 + 0.3 L1 of gradients, pixels in 0..1 units."""

import copy
import random as random_module

import torch
from torch import nn

from training.networks.autoencoder_tiny import AutoencoderTiny
from training.pictures import BACKGROUNDS, concept_rows, load_pictures, split_held_out
from training.run import Run, cosine, parse_arguments, set_learning_rate
from training.scenes import compose, draw_icon_scene


def random_background(random):
    """Half named colours, half any colour: f32 [3] in 0..255."""
    if random.random() < 0.5:
        return BACKGROUNDS[random.randrange(len(BACKGROUNDS))]
    return torch.tensor([random.uniform(0, 255) for _ in range(3)])


def draw_batch(rgba, rows, count, random):
    """-> f32 [count, 3, 64, 64]: scenes of icons among `rows`, half of them mirrored."""
    pictures = []
    for _ in range(count):
        layers = [(rgba[rows[number]], place) for number, place in draw_icon_scene(random, len(rows))]
        picture = compose(layers, random_background(random))
        pictures.append(picture.flip(2) if random.random() < 0.5 else picture)
    return torch.stack(pictures)


def reconstruction_loss(got, wanted):
    difference = (got - wanted) / 2
    loss = difference.square().mean() + 0.3 * difference.abs().mean()
    across = difference[..., :, 1:] - difference[..., :, :-1]
    down = difference[..., 1:, :] - difference[..., :-1, :]
    return loss + 0.3 * (across.abs().mean() + down.abs().mean())


def psnr_db(got, wanted):
    """Mean over pictures, values clamped to the visible range. -> float."""
    error = ((got.clamp(-1, 1) - wanted) / 2).square().flatten(1).mean(1)
    return (-10 * error.log10()).mean().item()


def fold_normalisation(model, norm):
    """The same autoencoder with `norm` (after the encoder) folded into the encoder's last convolution."""
    folded = copy.deepcopy(model)
    scale = (norm.running_var + norm.eps).rsqrt()
    last = folded.encoder.layers[-1]
    last.weight.data *= scale[:, None, None, None]
    last.bias.data = (last.bias.data - norm.running_mean) * scale
    return folded


@torch.no_grad()
def held_out_psnr_db(model, rgba, rows, device, limit=256):
    """On large icons: small ones leave much plain background, which flatters."""
    random = random_module.Random(1)
    pictures = [
        compose([(rgba[rows[random.randrange(len(rows))]], None)], BACKGROUNDS[random.randrange(len(BACKGROUNDS))])
        for _ in range(limit)
    ]
    parts = [part.to(device) for part in torch.stack(pictures).split(32)]
    scores = [psnr_db(model.decode(model.encode(part)), part) * len(part) for part in parts]
    return sum(scores) / limit


def main():
    run = Run("autoencoder", parse_arguments(__doc__))
    settings = run.settings.autoencoder
    rgba, index = load_pictures(run.work)
    training_rows, held_out_rows = split_held_out(index)
    concepts = concept_rows(index).flatten()

    model = AutoencoderTiny(settings.network)
    run.warm_start(model)
    model.to(run.device, memory_format=torch.channels_last)
    norm = nn.BatchNorm2d(settings.network["latent_channels"], affine=False, momentum=0.02).to(run.device)
    optimizer = torch.optim.Adam(model.parameters(), lr=settings.learning_rate, betas=(0.9, 0.99))
    state = {"model": model, "norm": norm, "optimizer": optimizer}
    step, running = run.resume(state), None
    random = random_module.Random(run.seed + step)
    while (progress := run.progress(step, settings.steps)) < 1:
        set_learning_rate(optimizer, settings.learning_rate * cosine(progress))
        source = concepts if random.random() < settings.concept_share else training_rows
        pixels = draw_batch(rgba, source, settings.batch, random).to(run.device, memory_format=torch.channels_last)
        with run.autocast():
            latents = norm(model.encode(pixels))
            loss = reconstruction_loss(
                model.decode(latents + settings.latent_noise * torch.randn_like(latents)), pixels
            )
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        running = loss.item() if running is None else 0.99 * running + 0.01 * loss.item()
        run.checkpoint(step, state)
        if step % 500 == 0:
            norm.eval()
            folded = fold_normalisation(model, norm)
            norm.train()
            score = held_out_psnr_db(folded, rgba, held_out_rows, run.device)
            run.log(step=step, loss=round(running, 5), held_out_psnr_db=round(score, 2))

    norm.eval()
    folded = fold_normalisation(model, norm).eval()
    score = held_out_psnr_db(folded, rgba, held_out_rows, run.device, limit=1024)
    ours = held_out_psnr_db(folded, rgba, concepts, run.device, limit=1024)
    run.log(step=step, loss=round(running, 5), held_out_psnr_db=round(score, 2))
    print(f"autoencoder: PSNR {score:.2f} dB on held-out icons, {ours:.2f} dB on those with captions", flush=True)
    run.finish({"model": folded.state_dict(), "held_out_psnr_db": score, "concepts_psnr_db": ours})


if __name__ == "__main__":
    main()
