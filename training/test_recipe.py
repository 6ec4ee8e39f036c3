"""The recipe end to end at toy size, and its parts against what they must be. No network, no node, seconds."""

import random as random_module
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import torch

from training.captions import write_caption
from training.diffusion import signal_and_noise
from training.export import UNETS
from training.model_folder import ModelFolder
from training.networks.autoencoder_tiny import AutoencoderTiny
from training.safetensors_file import read_safetensors, write_safetensors
from training.sampling import dpm_solver, flow_euler
from training.scenes import ANY_STYLE, HELD_OUT, compose, draw_scene
from training.settings import smoke
from training.tokenizer import MAX_LENGTH, Tokenizer

REPOSITORY = Path(__file__).resolve().parent.parent


class Recipe(unittest.TestCase):
    def test_all_stages_make_a_model_that_draws(self):
        with tempfile.TemporaryDirectory() as work:
            command = [sys.executable, "-m", "training.all", "--smoke", "--work", work, "--threads", "1"]
            done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout[-2000:] + done.stderr[-2000:])
            model = ModelFolder(Path(work) / "model")
            noise = torch.randn(2, 16, 8, 8)
            self.assertEqual(sorted(model.unets), sorted(UNETS))
            for unet in model.unets:
                _, pictures = model.draw(["a red apple", ""], noise, unet, steps=2, guidance=2.0)
                self.assertEqual(pictures.shape, (2, 64, 64, 3))

    def test_safetensors_round_trip(self):
        tensors = {"odd": torch.arange(3).half(), "even": torch.randn(2, 4), "ids": torch.arange(5)}
        with tempfile.TemporaryDirectory() as folder:
            write_safetensors(Path(folder) / "x.safetensors", tensors)
            read = read_safetensors(Path(folder) / "x.safetensors")
        self.assertEqual(set(read), set(tensors))
        for name, tensor in tensors.items():
            self.assertTrue(torch.equal(read[name], tensor), name)

    def test_tokenizer_pads_with_end(self):
        tokenizer = Tokenizer([("a", "p"), ("ap", "p"), ("l", "e</w>")])
        ids = tokenizer.encode("Apple!")
        words = list(tokenizer.vocabulary)
        self.assertEqual([words[i] for i in ids[:5]], ["<|startoftext|>", "app", "le</w>", "!</w>", "<|endoftext|>"])
        self.assertEqual(len(ids), MAX_LENGTH)
        self.assertEqual(set(ids[5:]), {tokenizer.end_id})
        self.assertEqual(len(tokenizer.encode("word " * 1000)), MAX_LENGTH)

    def test_folding_the_normalisation_changes_nothing(self):
        from training.autoencoder import fold_normalisation

        model = AutoencoderTiny(smoke().autoencoder.network)
        norm = torch.nn.BatchNorm2d(16, affine=False).eval()
        norm.running_mean.normal_()
        norm.running_var.uniform_(0.5, 2)
        pixels = torch.rand(1, 3, 64, 64) * 2 - 1
        with torch.no_grad():
            wanted, got = norm(model.encode(pixels)), fold_normalisation(model, norm).encode(pixels)
        self.assertLess((got - wanted).abs().max().item(), 1e-5)

    def test_euler_is_exact_on_a_straight_flow(self):
        noise, target = torch.randn(3, 16, 8, 8), torch.randn(3, 16, 8, 8)
        times = []

        def straight(latents, timestep, text):
            times.append(timestep[0].item())
            return target - noise

        states = flow_euler(straight, noise, torch.zeros(3, 77, 8), torch.zeros(77, 8), steps=3)
        self.assertLess((states[-1] - target).abs().max().item(), 1e-5)
        self.assertEqual([round(time, 3) for time in times], [1000.0, 666.667, 333.333])

    def test_dpm_solver_finds_a_single_picture(self):
        """Where all data is one picture, the noise is known exactly and every step lands on its marginal."""
        noise, target = torch.randn(2, 16, 8, 8), torch.randn(2, 16, 8, 8)

        def exact(latents, timestep, text):
            signal, deviation = signal_and_noise(timestep.long())
            return (latents - signal * target) / deviation

        states = dpm_solver(exact, noise, torch.zeros(2, 77, 8), torch.zeros(77, 8), steps=5)
        self.assertLess((states[-1] - target).abs().max().item(), 1e-4)

    def test_nothing_held_out_is_trained_on(self):
        random = random_module.Random(3)
        for _ in range(3000):
            scene, pack = draw_scene(random)
            self.assertFalse(HELD_OUT.holds(scene, pack))
            self.assertTrue(scene.style in (pack, ANY_STYLE))
            self.assertTrue(write_caption(scene, random))
        self.assertEqual([len(HELD_OUT.object_style), len(HELD_OUT.object_background), len(HELD_OUT.pairs)], [30, 30, 60])

    def test_a_small_object_stands_at_its_place(self):
        icon = torch.full((64, 64, 4), 255, dtype=torch.uint8)
        picture = compose([(icon, "right")], torch.zeros(3))
        self.assertTrue((picture[:, 16:48, 32:] == 1).all())
        self.assertEqual((picture == 1).sum().item(), 3 * 32 * 32)


if __name__ == "__main__":
    unittest.main()
