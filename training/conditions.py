"""Text conditions and target latents, computed once: with autoencoder and text encoder frozen, the flow, reflow and
distillation stages never run either again."""

import random

import torch

from training.captions import ANY_STYLE, NO_BACKGROUND, WHITE, Meaning, draw_meaning, write_caption
from training.networks.autoencoder_tiny import AutoencoderTiny
from training.pictures import BACKGROUNDS, LABELS, concept_rows, load_pictures, paste
from training.text_encoder import build_text_encoder
from training.tokenizer import load_tokenizer

CAPTIONS_PER_MEANING = 4
ENCODE_BATCH = 128


def load_autoencoder(run):
    model = AutoencoderTiny(run.settings.autoencoder.network)
    model.load_state_dict(torch.load(run.path("autoencoder.pt"), map_location="cpu")["model"])
    return model.to(run.device, memory_format=torch.channels_last).eval()


class TextConditions:
    """Hidden states of the empty caption and of several captions for every meaning: float16 on the CPU."""

    def __init__(self, run):
        self.tokenizer = load_tokenizer(run.work, run.settings.merges)
        self.model = build_text_encoder(run, self.tokenizer)
        self.model.load_state_dict(torch.load(run.path("text.pt"), map_location="cpu")["model"])
        self.model.to(run.device).eval()
        self.device = run.device
        self.empty = self.encode([""])[0]

    @torch.no_grad()
    def encode(self, captions):
        """-> f32 [len(captions), 77, hidden_size]"""
        ids = torch.tensor([self.tokenizer.encode(caption) for caption in captions]).to(self.device)
        return torch.cat([self.model(part) for part in ids.split(ENCODE_BATCH)])

    def build_bank(self, seed):
        generator = random.Random(seed)
        self.meanings = [
            Meaning(label, style, background)
            for label in range(len(LABELS))
            for style in range(ANY_STYLE + 1)
            for background in range(NO_BACKGROUND + 1)
        ]
        self.row_of = {meaning: row for row, meaning in enumerate(self.meanings)}
        captions = [write_caption(m, generator) for m in self.meanings for _ in range(CAPTIONS_PER_MEANING)]
        states = [self.encode(captions[i : i + 1024]).half().cpu() for i in range(0, len(captions), 1024)]
        self.bank = torch.cat(states).view(len(self.meanings), CAPTIONS_PER_MEANING, *self.empty.shape)

    def draw(self, count, generator):
        """generator: random.Random -> (meanings, places in the bank int64 [count, 2])"""
        meanings = [draw_meaning(generator) for _ in range(count)]
        places = [(self.row_of[meaning], generator.randrange(CAPTIONS_PER_MEANING)) for meaning in meanings]
        return meanings, torch.tensor(places)

    def states(self, places):
        """-> f32 [count, 77, hidden_size] on the device"""
        return self.bank[places[:, 0], places[:, 1]].to(self.device).float()


@torch.no_grad()
def encode_concepts(run):
    """-> f32 [labels, packs, backgrounds, 16, 8, 8]: scaled latents of every picture that a caption can ask for."""
    autoencoder = load_autoencoder(run)
    rgba, index = load_pictures(run.work)
    rows = concept_rows(index)
    latents = []
    for background in BACKGROUNDS:
        parts = rgba[rows.flatten()].split(64)
        pixels = (paste(part, background.expand(len(part), 3)).to(run.device) for part in parts)
        latents.append(torch.cat([autoencoder.encode(part) for part in pixels]))
    scale = run.settings.autoencoder.network["scaling_factor"]
    return torch.stack(latents, 1).unflatten(0, rows.shape) * scale


def pick_pictures(meanings, generator):
    """An unsaid style is any style, an unsaid background is white. -> int64 [3, count] indices into encode_concepts"""
    styles = [generator.randrange(ANY_STYLE) if m.style == ANY_STYLE else m.style for m in meanings]
    backgrounds = [WHITE if m.background == NO_BACKGROUND else m.background for m in meanings]
    return torch.tensor([[m.label for m in meanings], styles, backgrounds])
