"""Stage 2: the text encoder, a small CLIPTextModel, taught to say what a caption asks for.

From every hidden state at or after <|endoftext|> linear heads read concept, style, background and the pair
(concept, style). The U-Net attends to exactly those states, so what the heads can read, its key and value
projections can read too. The heads are dropped afterwards, the encoder is frozen, and the flow is trained on
cached states: this halves its cost per step against training both together."""

import random

import torch
from torch import nn
from torch.nn import functional as F

from training.captions import ANY_STYLE, NO_BACKGROUND, draw_meaning, write_caption
from training.networks.clip_text_model import CLIPTextModel
from training.pictures import LABELS
from training.run import Run, cosine, parse_arguments, set_learning_rate
from training.tokenizer import MAX_LENGTH, load_tokenizer

STATES_PER_CAPTION = 6
STYLES, GROUNDS = ANY_STYLE + 1, NO_BACKGROUND + 1
CLASSES = {"concept": len(LABELS), "style": STYLES, "background": GROUNDS, "pair": len(LABELS) * STYLES}


def build_text_encoder(run, tokenizer):
    return CLIPTextModel(run.settings.text.network | tokenizer.config())


def initialise(model):
    """CLIP's own scale of initial weights."""
    for name, parameter in model.named_parameters():
        if "embedding" in name:
            nn.init.normal_(parameter, std=0.02)


def draw_captions(count, tokenizer, generator):
    """-> ids: int64 [count, 77], first end position: int64 [count], targets: {head: int64 [count]}"""
    meanings = [draw_meaning(generator) for _ in range(count)]
    ids = torch.tensor([tokenizer.encode(write_caption(meaning, generator)) for meaning in meanings])
    end = (ids == tokenizer.end_id).int().argmax(1)
    label, style, background = torch.tensor(meanings).unbind(1)
    return ids, end, {"concept": label, "style": style, "background": background, "pair": label * STYLES + style}


def main():
    run = Run("text", parse_arguments(__doc__))
    settings = run.settings.text
    tokenizer = load_tokenizer(run.work, run.settings.merges)
    model = build_text_encoder(run, tokenizer)
    initialise(model)
    heads = nn.ModuleDict({name: nn.Linear(settings.network["hidden_size"], size) for name, size in CLASSES.items()})
    model.to(run.device), heads.to(run.device)
    parameters = [*model.parameters(), *heads.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=settings.learning_rate, betas=(0.9, 0.98), weight_decay=0.01)
    state = {"model": model, "heads": heads, "optimizer": optimizer}
    step, running = run.resume(state), None
    captions = random.Random(run.seed + step)
    while (progress := run.progress(step, settings.steps)) < 1:
        set_learning_rate(optimizer, settings.learning_rate * cosine(progress))
        ids, end, targets = draw_captions(settings.batch, tokenizer, captions)
        # The mask is causal: a shorter padding changes nothing but the cost.
        length = max(random.Random(step).choice([24, 24, 32, 48, MAX_LENGTH]), int(end.max()) + 1)
        spread = torch.rand(settings.batch, STATES_PER_CAPTION)
        spread[:, 0] = 0
        at = end[:, None] + (spread * (length - end[:, None])).long()
        with run.autocast():
            hidden = model(ids[:, :length].to(run.device))
            hidden = hidden.gather(1, at.to(run.device)[..., None].expand(-1, -1, hidden.shape[-1]))
            losses = {
                name: F.cross_entropy(
                    heads[name](hidden).flatten(0, 1).float(),
                    target.to(run.device).repeat_interleave(STATES_PER_CAPTION),
                )
                for name, target in targets.items()
            }
        loss = sum(losses.values())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        step += 1
        running = loss.item() if running is None else 0.98 * running + 0.02 * loss.item()
        run.checkpoint(step, state)
        if step % 100 == 0:
            run.log(step=step, loss=round(running, 4), **{name: round(value.item(), 4) for name, value in losses.items()})

    accuracy = measure_accuracy(model, heads, tokenizer, run.device)
    print(f"text: accuracy on fresh captions {accuracy}", flush=True)
    run.finish({"model": model.state_dict(), "accuracy": accuracy})


@torch.no_grad()
def measure_accuracy(model, heads, tokenizer, device, count=512):
    ids, end, targets = draw_captions(count, tokenizer, random.Random(12345))
    hidden = model(ids.to(device)).cpu()
    pooled = hidden[torch.arange(count), end]
    return {
        name: round((heads[name].cpu()(pooled).argmax(1) == target).float().mean().item(), 4)
        for name, target in targets.items()
    }


if __name__ == "__main__":
    main()
