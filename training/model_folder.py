"""An exported diffusers folder, read back for drawing: float16 weights, computed in float32."""

import json
from pathlib import Path

import torch

from training.networks.autoencoder_tiny import AutoencoderTiny
from training.networks.clip_text_model import CLIPTextModel
from training.networks.unet_2d_condition import UNet2DConditionModel
from training.safetensors_file import read_safetensors
from training.sampling import sample
from training.tokenizer import Tokenizer, read_merges


def load_component(folder, network):
    model = network(json.loads((folder / "config.json").read_text()))
    (weights,) = folder.glob("*.safetensors")
    model.load_state_dict({name: tensor.float() for name, tensor in read_safetensors(weights).items()})
    return model.eval()


class ModelFolder:
    def __init__(self, folder):
        folder = Path(folder)
        self.tokenizer = Tokenizer(read_merges(folder / "tokenizer" / "merges.txt", None))
        self.text_encoder = load_component(folder / "text_encoder", CLIPTextModel)
        self.vae = load_component(folder / "vae", AutoencoderTiny)
        self.unets = {
            name: load_component(folder / name, UNet2DConditionModel)
            for name in ("unet", "unet-instaflow")
            if (folder / name).is_dir()
        }
        self.labels = json.loads((folder / "labels.json").read_text())

    def input_ids(self, prompts):
        return torch.tensor([self.tokenizer.encode(prompt) for prompt in prompts])

    @torch.no_grad()
    def encode_text(self, prompts):
        return self.text_encoder(self.input_ids(prompts))

    @torch.no_grad()
    def decode(self, latents):
        """Pipeline latents -> f32 [B, 3, 64, 64], not clamped."""
        return self.vae.decode(latents / self.vae.config["scaling_factor"])

    def draw(self, prompts, noise, unet="unet", steps=25, guidance=1.0):
        """-> (latents [B, 16, 8, 8], picture u8 [B, 64, 64, 3])"""
        text, empty = self.encode_text(prompts), self.encode_text([""])[0]
        latents = sample(self.unets[unet], noise, text, empty, steps, guidance)
        return latents, to_bytes(self.decode(latents))


def to_bytes(pixels):
    """[B, 3, H, W] in -1..1 -> u8 [B, H, W, 3], rounded half to even as numpy does."""
    return ((pixels / 2 + 0.5).clamp(0, 1) * 255).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous()
