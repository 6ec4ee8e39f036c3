"""Stage 4: captions and latents, computed once. With autoencoder and text encoder frozen, no later stage runs either
again: a pool of scenes, each with one caption's hidden states and its picture's latents, float16."""

import random as random_module

import torch

from training.captions import write_caption
from training.clip import draw_pictures, load_text_tower
from training.networks.autoencoder_tiny import AutoencoderTiny
from training.pictures import concept_rows, load_pictures
from training.run import Run, parse_arguments
from training.scenes import draw_scene
from training.tokenizer import load_tokenizer

BATCH = 128


def load_autoencoder(run):
    model = AutoencoderTiny(run.settings.autoencoder.network)
    model.load_state_dict(torch.load(run.path("autoencoder.pt"), map_location="cpu")["model"])
    return model.to(run.device, memory_format=torch.channels_last).eval()


class Pool:
    """text: f16 [N, 77, W]; latents: f16 [N, 16, 8, 8], scaled; empty: f32 [77, W]; captions: [N]"""

    def __init__(self, run):
        saved = torch.load(run.path("pool.pt"), map_location="cpu")
        self.text, self.latents, self.captions = saved["text"], saved["latents"], saved["captions"]
        self.empty = saved["empty"].to(run.device)
        self.device = run.device

    def __len__(self):
        return len(self.latents)

    def states(self, rows):
        """rows: int64 [B] on the CPU -> f32 [B, 77, W] on the device"""
        return self.text[rows].to(self.device).float()

    def pictures(self, rows):
        """-> f32 [B, 16, 8, 8] on the device: the latents of the pictures that the captions describe"""
        return self.latents[rows].to(self.device).float()


def main():
    run = Run("pool", parse_arguments(__doc__))
    settings = run.settings.pool
    tokenizer = load_tokenizer(run.work, run.settings.merges)
    text, _ = load_text_tower(run, tokenizer)
    autoencoder = load_autoencoder(run)
    scale = run.settings.autoencoder.network["scaling_factor"]
    rgba, index = load_pictures(run.work)
    rows = concept_rows(index)
    random = random_module.Random(run.seed)
    made = {"text": [], "latents": []}
    captions = []
    encode = lambda texts: text(torch.tensor([tokenizer.encode(caption) for caption in texts], device=run.device))
    with torch.no_grad(), run.autocast():
        empty = encode([""])[0].float().cpu()
        for start in range(0, settings.count, BATCH):
            scenes = [draw_scene(random) for _ in range(min(BATCH, settings.count - start))]
            written = [write_caption(scene, random) for scene, _ in scenes]
            pixels = draw_pictures(scenes, rgba, rows).to(run.device, memory_format=torch.channels_last)
            made["text"].append(encode(written).half().cpu())
            made["latents"].append((autoencoder.encode(pixels) * scale).half().cpu().contiguous())
            captions += written
            if start % (BATCH * 32) == 0:
                print(f"pool: {start}", flush=True)
    latents = torch.cat(made["latents"])
    print(f"pool: latents mean {latents.float().mean():.3f}, deviation {latents.float().std():.3f}", flush=True)
    run.finish({"text": torch.cat(made["text"]), "latents": latents, "empty": empty, "captions": captions})


if __name__ == "__main__":
    main()
