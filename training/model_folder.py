"""An exported folder, read back for drawing: float16 weights, computed in float32."""

import json
from pathlib import Path

import torch
from torch.nn import functional as F

from training.networks.autoencoder_tiny import AutoencoderTiny
from training.networks.clip_text_model import CLIPTextModel
from training.networks.picture_encoder import PictureEncoder
from training.networks.unet_2d_condition import UNet2DConditionModel
from training.safetensors_file import read_safetensors
from training.sampling import dpm_solver, flow_euler
from training.tokenizer import Tokenizer, read_merges


def read_component(folder):
    """-> (config, weights f32)"""
    (weights,) = folder.glob("*.safetensors")
    tensors = {name: tensor.float() for name, tensor in read_safetensors(weights).items()}
    return json.loads((folder / "config.json").read_text()), tensors


def load_component(folder, network):
    config, weights = read_component(folder)
    model = network(config)
    model.load_state_dict(weights)
    return model.eval()


class ModelFolder:
    def __init__(self, folder):
        folder = Path(folder)
        self.tokenizer = Tokenizer(read_merges(folder / "tokenizer" / "merges.txt", None))
        self.text_encoder = load_component(folder / "text_encoder", CLIPTextModel)
        self.vae = load_component(folder / "vae", AutoencoderTiny)
        self.unets = {
            part.name: load_component(part, UNet2DConditionModel) for part in sorted(folder.glob("unet-*"))
        }
        config, weights = read_component(folder / "evaluator")
        self.text_projection = weights.pop("text_projection.weight")
        self.evaluator = PictureEncoder(config).eval()
        self.evaluator.load_state_dict(weights)
        self.labels = json.loads((folder / "labels.json").read_text())

    def input_ids(self, prompts):
        return torch.tensor([self.tokenizer.encode(prompt) for prompt in prompts])

    @torch.no_grad()
    def encode_text(self, prompts):
        return self.text_encoder(self.input_ids(prompts))

    @torch.no_grad()
    def embed_text(self, prompts):
        """-> f32 [B, E], unit length, in the space of evaluator.embed"""
        ids = self.input_ids(prompts)
        end = (ids == self.tokenizer.end_id).int().argmax(1)
        return F.normalize(self.text_encoder(ids)[torch.arange(len(ids)), end] @ self.text_projection.T, dim=1)

    @torch.no_grad()
    def decode(self, latents):
        """Pipeline latents -> f32 [B, 3, 64, 64], not clamped."""
        return self.vae.decode(latents / self.vae.config["scaling_factor"])

    def draw(self, prompts, noise, unet, steps, guidance=1.0):
        """-> (latents after every step, picture u8 [B, 64, 64, 3]); SD-nano by DPM-Solver++, all others by Euler."""
        text, empty = self.encode_text(prompts), self.encode_text([""])[0]
        sampler = dpm_solver if unet == "unet-sd" else flow_euler
        states = sampler(self.unets[unet], noise, text, empty, steps, guidance)
        return states, to_bytes(self.decode(states[-1]))


def to_bytes(pixels):
    """[B, 3, H, W] in -1..1 -> u8 [B, H, W, 3], rounded half to even as numpy does."""
    return ((pixels / 2 + 0.5).clamp(0, 1) * 255).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous()


def from_bytes(pictures):
    """The reverse, for encoders."""
    return pictures.permute(0, 3, 1, 2).float() / 127.5 - 1
