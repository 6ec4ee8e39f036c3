"""AutoencoderTiny with the parameter names and semantics of diffusers 0.30
(src/diffusers/models/autoencoders/{autoencoder_tiny,vae}.py)."""

import torch
from torch import nn


class Block(nn.Module):
    """relu(conv-relu-conv-relu-conv(x) + x), width unchanged."""

    def __init__(self, channels):
        super().__init__()
        conv = lambda: nn.Conv2d(channels, channels, 3, padding=1)
        self.conv = nn.Sequential(conv(), nn.ReLU(), conv(), nn.ReLU(), conv())

    def forward(self, x):
        return torch.relu(self.conv(x) + x)


class Encoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        layers = []
        for level, (channels, blocks) in enumerate(
            zip(config["encoder_block_out_channels"], config["num_encoder_blocks"])
        ):
            if level == 0:
                layers.append(nn.Conv2d(config["in_channels"], channels, 3, padding=1))
            else:
                layers.append(nn.Conv2d(channels, channels, 3, padding=1, stride=2, bias=False))
            layers += [Block(channels) for _ in range(blocks)]
        layers.append(nn.Conv2d(channels, config["latent_channels"], 3, padding=1))
        self.layers = nn.Sequential(*layers)

    def forward(self, pixels):
        return self.layers((pixels + 1) / 2)


class Decoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        widths, blocks = config["decoder_block_out_channels"], config["num_decoder_blocks"]
        layers = [nn.Conv2d(config["latent_channels"], widths[0], 3, padding=1), nn.ReLU()]
        for level, (channels, count) in enumerate(zip(widths, blocks)):
            last = level == len(widths) - 1
            layers += [Block(channels) for _ in range(count)]
            if not last:
                layers.append(nn.Upsample(scale_factor=config["upsampling_scaling_factor"]))
            out = config["out_channels"] if last else channels
            layers.append(nn.Conv2d(channels, out, 3, padding=1, bias=last))
        self.layers = nn.Sequential(*layers)

    def forward(self, latents):
        return self.layers(torch.tanh(latents / 3) * 3) * 2 - 1


class AutoencoderTiny(nn.Module):
    """pixels: [B, 3, H, W] in -1..1; latents: [B, latent_channels, H/8, W/8], unscaled.
    Pipelines work on latents * scaling_factor."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)

    def encode(self, pixels):
        return self.encoder(pixels)

    def decode(self, latents):
        return self.decoder(latents)
