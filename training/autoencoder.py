"""Stage 1: AutoencoderTiny, 64x64 pictures to 16x8x8 latents.

Deterministic, no KL term. The encoder ends in a batch normalisation without parameters, folded into its last
convolution afterwards: every latent channel then has mean 0 and deviation 1 over the data, so scaling_factor is 1
and the decoder's clamp 3*tanh(z/3) meets values it can carry. A little noise on the latents while training teaches
the decoder to bear a generator's errors. Loss: MSE + 0.3 L1 + 0.3 L1 of gradients, pixels in 0..1 units."""

import copy

import torch
from torch import nn

from training.networks.autoencoder_tiny import AutoencoderTiny
from training.pictures import BACKGROUNDS, concept_rows, load_pictures, paste, split_held_out
from training.run import Run, cosine, parse_arguments, set_learning_rate


def random_backgrounds(count):
    """Half named colours, half any colour: f32 [count, 3] in 0..255."""
    named = BACKGROUNDS[torch.randint(len(BACKGROUNDS), (count,))]
    return torch.where(torch.rand(count, 1) < 0.5, named, torch.rand(count, 3) * 255)


def draw_batch(rgba, rows):
    pictures = rgba[rows]
    if torch.rand(()) < 0.5:
        pictures = pictures.flip(2)
    return paste(pictures, random_backgrounds(len(rows)))


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
    generator = torch.Generator().manual_seed(1)
    chosen = rows[torch.randperm(len(rows), generator=generator)[:limit]]
    colours = BACKGROUNDS[torch.randint(len(BACKGROUNDS), (len(chosen),), generator=generator)]
    scores = []
    for part, colour in zip(chosen.split(32), colours.split(32)):
        pixels = paste(rgba[part], colour).to(device)
        scores += [psnr_db(model.decode(model.encode(pixels)), pixels)] * len(part)
    return sum(scores) / len(scores)


def main():
    run = Run("autoencoder", parse_arguments(__doc__))
    settings = run.settings.autoencoder
    rgba, index = load_pictures(run.work)
    training_rows, held_out_rows = split_held_out(index)
    concepts = concept_rows(index).flatten()

    model = AutoencoderTiny(settings.network).to(run.device, memory_format=torch.channels_last)
    norm = nn.BatchNorm2d(settings.network["latent_channels"], affine=False, momentum=0.02).to(run.device)
    optimizer = torch.optim.Adam(model.parameters(), lr=settings.learning_rate, betas=(0.9, 0.99))
    state = {"model": model, "norm": norm, "optimizer": optimizer}
    step, running = run.resume(state), None
    while (progress := run.progress(step, settings.steps)) < 1:
        set_learning_rate(optimizer, settings.learning_rate * cosine(progress))
        source = concepts if torch.rand(()) < settings.concept_share else training_rows
        pixels = draw_batch(rgba, source[torch.randint(len(source), (settings.batch,))]).to(run.device)
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
    print(f"autoencoder: PSNR {score:.2f} dB on held-out icons, {ours:.2f} dB on the 64 concepts", flush=True)
    run.finish({"model": folded.state_dict(), "held_out_psnr_db": score, "concepts_psnr_db": ours})


if __name__ == "__main__":
    main()
