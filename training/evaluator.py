"""Stage 3: the picture encoder of the evaluation, independent of the one that conditions. Its 64 features serve the
Fréchet distance; projected into the frozen text tower's space they serve CLIP score and retrieval.

It learns to name the object among all labels, and to find each caption of a batch."""

import random as random_module

import torch
from torch import nn
from torch.nn import functional as F

from training.captions import write_caption
from training.clip import contrastive_loss, disturb, draw_pictures, draw_scenes, embed_text, load_text_tower, token_ids
from training.networks.picture_encoder import PictureEncoder
from training.pictures import LABELS, concept_rows, load_pictures
from training.run import Run, cosine, parse_arguments, set_learning_rate
from training.scenes import HELD_OUT, NO_BACKGROUND, Scene
from training.tokenizer import load_tokenizer

TEMPERATURE = 20.0


def held_out_scenes():
    """One picture for every combination never trained on: -> [(scene, pack)], single objects only."""
    styled = [(Scene((label,), pack, NO_BACKGROUND, None), pack) for label, pack in sorted(HELD_OUT.object_style)]
    free = lambda label: next(pack for pack in range(3) if (label, pack) not in HELD_OUT.object_style)
    coloured = [
        (Scene((label,), free(label), background, None), free(label))
        for label, background in sorted(HELD_OUT.object_background)
    ]
    return styled, coloured


def vary(pixels):
    """Shifts every picture by up to 4 pixels and changes its colours a little: an object in a style never seen with it
    is to be known by its form."""
    count, size = len(pixels), pixels.shape[-1]
    padded = F.pad(pixels, (4, 4, 4, 4), mode="replicate")
    offsets = torch.randint(9, (count, 2)).tolist()
    shifted = torch.stack([padded[i, :, y : y + size, x : x + size] for i, (y, x) in enumerate(offsets)])
    gain = 1 + 0.25 * torch.randn(count, 3, 1, 1, device=pixels.device).clamp(-2, 2) / 2
    return (shifted * gain + 0.1 * torch.randn(count, 3, 1, 1, device=pixels.device)).contiguous(
        memory_format=torch.channels_last
    )


@torch.no_grad()
def retrieval(model, labels, scenes, rgba, rows, device):
    """-> (top-1, top-5) over all labels"""
    pixels = draw_pictures(scenes, rgba, rows).to(device)
    order = (F.normalize(model.embed(pixels), dim=1) @ labels.T).argsort(1, descending=True)
    wanted = torch.tensor([scene.objects[0] for scene, _ in scenes], device=device)[:, None]
    return tuple(round((order[:, :k] == wanted).any(1).float().mean().item(), 4) for k in (1, 5))


def main():
    run = Run("evaluator", parse_arguments(__doc__))
    settings = run.settings.evaluator
    tokenizer = load_tokenizer(run.work, run.settings.merges)
    text, projection = load_text_tower(run, tokenizer)
    rgba, index = load_pictures(run.work)
    rows = concept_rows(index)
    encode = lambda captions: embed_text(text, projection, *(part.to(run.device) for part in token_ids(captions, tokenizer)))
    with torch.no_grad():
        labels = encode(LABELS)
    model = PictureEncoder(settings.network)
    run.warm_start(model)
    model.to(run.device, memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), lr=settings.learning_rate, betas=(0.9, 0.98), weight_decay=0.01)
    state = {"model": model, "optimizer": optimizer}
    step, running = run.resume(state), None
    random = random_module.Random(run.seed + step)
    while (progress := run.progress(step, settings.steps)) < 1:
        set_learning_rate(optimizer, settings.learning_rate * cosine(progress))
        scenes = draw_scenes(settings.batch, random)
        pixels = vary(disturb(draw_pictures(scenes, rgba, rows).to(run.device)))
        with torch.no_grad():
            texts = encode([write_caption(scene, random) for scene, _ in scenes])
        with run.autocast():
            pictures = F.normalize(model.embed(pixels), dim=1).float()
        loss = contrastive_loss(pictures, texts, scenes, TEMPERATURE)
        single = torch.tensor([i for i, (scene, _) in enumerate(scenes) if len(scene.objects) == 1], device=run.device)
        names = torch.tensor([scene.objects[0] for scene, _ in scenes], device=run.device)[single]
        loss = loss + F.cross_entropy(pictures[single] @ labels.T * TEMPERATURE, names)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        step += 1
        running = loss.item() if running is None else 0.98 * running + 0.02 * loss.item()
        run.checkpoint(step, state)
        if step % 100 == 0:
            run.log(step=step, loss=round(running, 4))
    styled, coloured = held_out_scenes()
    model.eval()
    measured = {
        name: retrieval(model, labels, scenes, rgba, rows, run.device)
        for name, scenes in {"object-style": styled, "object-background": coloured}.items()
    }
    print(f"evaluator: held-out top-1, top-5: {measured}", flush=True)
    run.finish({"model": model.state_dict(), "held_out": measured, "steps": step})


if __name__ == "__main__":
    main()
