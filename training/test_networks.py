"""Our PyTorch modules against outputs recorded from diffusers and transformers (fixtures/reference)."""

import json
import unittest
from pathlib import Path

import torch

from training.networks.autoencoder_tiny import AutoencoderTiny
from training.networks.clip_text_model import CLIPTextModel
from training.networks.unet_2d_condition import UNet2DConditionModel
from training.safetensors_file import read_safetensors

REPOSITORY = Path(__file__).resolve().parent.parent
REFERENCE = REPOSITORY / "fixtures" / "reference"
TOLERANCE = 1e-5


class NetworksMatchTheOriginals(unittest.TestCase):
    def load(self, case, network, weights):
        folder = REFERENCE / case
        config = json.loads((folder / "config.json").read_text())
        model = network(config).eval()
        tensors = read_safetensors(folder / weights)
        tensors.pop("text_model.embeddings.position_ids", None)
        model.load_state_dict(tensors, strict=True)
        return model, read_safetensors(folder / "io.safetensors")

    def assert_close(self, got, wanted, name):
        error = ((got - wanted).abs().max() / wanted.abs().max()).item()
        self.assertLess(error, TOLERANCE, f"{name}: relative error {error:.2e}")

    @torch.no_grad()
    def test_text_encoder(self):
        model, io = self.load("clip-tiny", CLIPTextModel, "model.safetensors")
        calls = [name.split("/")[0] for name in io if name.endswith("/in.input_ids")]
        self.assertGreater(len(calls), 1)
        for call in calls:
            hidden = model(io[f"{call}/in.input_ids"])
            self.assert_close(hidden, io[f"{call}/out.last_hidden_state"], call)

    @torch.no_grad()
    def test_unet(self):
        model, io = self.load("unet-tiny-sd1-l1", UNet2DConditionModel, "diffusion_pytorch_model.safetensors")
        calls = [name.split("/")[0] for name in io if name.endswith("/in.sample")]
        self.assertGreater(len(calls), 1)
        for call in calls:
            sample = io[f"{call}/in.sample"]
            timestep = io[f"{call}/in.timestep"].reshape(-1).expand(sample.shape[0])
            velocity = model(sample, timestep, io[f"{call}/in.encoder_hidden_states"])
            self.assert_close(velocity, io[f"{call}/out.sample"], call)

    @torch.no_grad()
    def test_autoencoder(self):
        model, io = self.load("taesd-tiny", AutoencoderTiny, "diffusion_pytorch_model.safetensors")
        for name in [n for n in io if n.endswith("/in.latents")]:
            call = name.split("/")[0]
            self.assert_close(model.decode(io[name]), io[f"{call}/out.sample"], call)
        for name in [n for n in io if n.endswith("/in.image")]:
            call = name.split("/")[0]
            self.assert_close(model.encode(io[name]), io[f"{call}/out.latents"], call)


if __name__ == "__main__":
    unittest.main()
