"""Stage 2: CLIP at small scale. A CLIPTextModel and a picture encoder learn by contrast which caption belongs to
which picture; the text tower conditions everything that follows and is frozen.

Half of every batch are groups of four scenes of one object, so that style, background and place decide."""

import random as random_module

import torch
from torch import nn
from torch.nn import functional as F

from training.captions import write_caption
from training.networks.clip_text_model import CLIPTextModel
from training.networks.picture_encoder import PictureEncoder
from training.pictures import concept_rows, load_pictures
from training.run import Run, cosine, parse_arguments, set_learning_rate
from training.scenes import HELD_OUT, draw_scene, scene_picture
from training.tokenizer import load_tokenizer

GROUP = 4


def build_text_encoder(run, tokenizer):
    return CLIPTextModel(run.settings.text.network | tokenizer.config())


def load_text_tower(run, tokenizer):
    """The frozen text encoder and the matrix that takes its state at the end token to the shared space."""
    saved = torch.load(run.path("clip.pt"), map_location="cpu")
    model = build_text_encoder(run, tokenizer)
    model.load_state_dict(saved["text"])
    return model.to(run.device).eval(), saved["text_projection"].to(run.device)


def initialise(model):
    """CLIP's own scale of initial weights."""
    for name, parameter in model.named_parameters():
        if "embedding" in name:
            nn.init.normal_(parameter, std=0.02)


def draw_scenes(count, random):
    """-> [(scene, pack)]: half alone, half in groups that share their first object."""
    chosen = []
    while len(chosen) < count:
        scene, pack = draw_scene(random)
        chosen.append((scene, pack))
        if random.random() < 1 / (GROUP + 1):
            while len(chosen) % GROUP and len(chosen) < count:
                other, other_pack = draw_scene(random)
                objects = scene.objects[:1] + other.objects[1:]
                other = other._replace(objects=objects)
                if len(set(objects)) == len(objects) and not HELD_OUT.holds(other, other_pack):
                    chosen.append((other, other_pack))
    return chosen


def disturb(pixels):
    """Blurs and noises some pictures, so that the encoders mind what is drawn and not how sharply."""
    blurred = F.avg_pool2d(F.pad(pixels, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    count = len(pixels)
    pick = lambda share: (torch.rand(count, 1, 1, 1, device=pixels.device) < share).float()
    pixels = torch.lerp(pixels, blurred, pick(0.4))
    return pixels + 0.05 * pick(0.3) * torch.randn_like(pixels)


def draw_pictures(scenes, rgba, rows):
    return torch.stack([scene_picture(scene, pack, rgba, rows) for scene, pack in scenes])


def token_ids(captions, tokenizer):
    """-> (int64 [B, L], end position int64 [B]); cut to the longest caption: the mask is causal, nothing changes."""
    ids = torch.tensor([tokenizer.encode(caption) for caption in captions])
    end = (ids == tokenizer.end_id).int().argmax(1)
    return ids[:, : int(end.max()) + 1], end


def embed_text(model, projection, ids, end):
    """-> f32 [B, E], unit length"""
    hidden = model(ids)
    return F.normalize(hidden[torch.arange(len(ids), device=ids.device), end] @ projection.T, dim=1)


def contrastive_loss(pictures, texts, scenes, temperature):
    """InfoNCE both ways; equal scenes are all right answers."""
    same = torch.tensor([[a == b for b, _ in scenes] for a, _ in scenes], device=pictures.device).float()
    wanted = same / same.sum(1, keepdim=True)
    logits = pictures @ texts.T * temperature
    return -0.5 * ((wanted * logits.log_softmax(1)).sum(1) + (wanted * logits.T.log_softmax(1)).sum(1)).mean()


def main():
    run = Run("clip", parse_arguments(__doc__))
    settings = run.settings.clip
    tokenizer = load_tokenizer(run.work, run.settings.merges)
    rgba, index = load_pictures(run.work)
    rows = concept_rows(index)
    text = build_text_encoder(run, tokenizer)
    initialise(text)
    run.warm_start(text, "text")
    picture = PictureEncoder(settings.network)
    shared = nn.ParameterDict(
        {
            "text_projection": nn.Parameter(torch.randn(settings.network["embedding"], text.config["hidden_size"]) * 0.09),
            "log_temperature": nn.Parameter(torch.tensor(2.66)),
        }
    )
    parts = nn.ModuleDict({"text": text, "picture": picture, "shared": shared})
    parts.to(run.device, memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(parts.parameters(), lr=settings.learning_rate, betas=(0.9, 0.98), weight_decay=0.01)
    state = {"parts": parts, "optimizer": optimizer}
    step, running = run.resume(state), None
    random = random_module.Random(run.seed + step)
    while (progress := run.progress(step, settings.steps)) < 1:
        set_learning_rate(optimizer, settings.learning_rate * cosine(progress))
        scenes = draw_scenes(settings.batch, random)
        pixels = disturb(draw_pictures(scenes, rgba, rows).to(run.device, memory_format=torch.channels_last))
        ids, end = token_ids([write_caption(scene, random) for scene, _ in scenes], tokenizer)
        with run.autocast():
            texts = embed_text(text, shared["text_projection"], ids.to(run.device), end.to(run.device))
            pictures = F.normalize(picture.embed(pixels), dim=1)
        temperature = shared["log_temperature"].exp().clamp(max=100)
        loss = contrastive_loss(pictures.float(), texts.float(), scenes, temperature)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(parts.parameters(), 1.0)
        optimizer.step()
        step += 1
        running = loss.item() if running is None else 0.98 * running + 0.02 * loss.item()
        run.checkpoint(step, state)
        if step % 100 == 0:
            run.log(step=step, loss=round(running, 4), temperature=round(temperature.item(), 2))
    run.finish(
        {
            "text": text.state_dict(),
            "text_projection": shared["text_projection"].detach(),
            "model": picture.state_dict(),
            "loss": running,
            "steps": step,
        }
    )


if __name__ == "__main__":
    main()
