"""Stage 1b: the autoencoder's decoder goes on learning while its encoder stays as it is, so that the latents that the
U-Nets learn from stay valid: it can run beside them, and again later. Writes WORK/decoder.pt: the whole autoencoder."""

import random as random_module

import torch
from torch import nn

from training.autoencoder import draw_batch, held_out_psnr_db, reconstruction_loss
from training.pictures import concept_rows, load_pictures, split_held_out
from training.pool import load_autoencoder
from training.run import Run, cosine, parse_arguments, set_learning_rate


def main():
    run = Run("decoder", parse_arguments(__doc__))
    settings = run.settings.decoder
    rgba, index = load_pictures(run.work)
    training_rows, held_out_rows = split_held_out(index)
    concepts = concept_rows(index).flatten()
    model = load_autoencoder(run).train()
    model.encoder.requires_grad_(False)
    optimizer = torch.optim.Adam(model.decoder.parameters(), lr=settings.learning_rate, betas=(0.9, 0.99))
    state = {"model": model, "optimizer": optimizer}
    step, running = run.resume(state), None
    random = random_module.Random(run.seed + step)
    while (progress := run.progress(step, settings.steps)) < 1:
        set_learning_rate(optimizer, settings.learning_rate * cosine(progress))
        source = concepts if random.random() < settings.concept_share else training_rows
        pixels = draw_batch(rgba, source, settings.batch, random).to(run.device, memory_format=torch.channels_last)
        with run.autocast():
            with torch.no_grad():
                latents = model.encode(pixels)
            loss = reconstruction_loss(model.decode(latents + settings.latent_noise * torch.randn_like(latents)), pixels)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.decoder.parameters(), 1.0)
        optimizer.step()
        step += 1
        running = loss.item() if running is None else 0.99 * running + 0.01 * loss.item()
        run.checkpoint(step, state)
        if step % 1000 == 0:
            score = held_out_psnr_db(model, rgba, held_out_rows, run.device)
            run.log(step=step, loss=round(running, 5), held_out_psnr_db=round(score, 2))
    score = held_out_psnr_db(model, rgba, held_out_rows, run.device, limit=1024)
    ours = held_out_psnr_db(model, rgba, concepts, run.device, limit=1024)
    run.log(step=step, loss=round(running, 5), held_out_psnr_db=round(score, 2))
    print(f"decoder: PSNR {score:.2f} dB on held-out icons, {ours:.2f} dB on those with captions", flush=True)
    run.finish({"model": model.state_dict(), "held_out_psnr_db": score, "concepts_psnr_db": ours})


if __name__ == "__main__":
    main()
