"""A small residual network over 64x64 pictures: pre-activation blocks with group norms, four levels of stride 2."""

from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, channels, groups):
        super().__init__()
        self.norm1 = nn.GroupNorm(groups, channels)
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm2 = nn.GroupNorm(groups, channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        return x + self.conv2(F.relu(self.norm2(self.conv1(F.relu(self.norm1(x))))))


class PictureEncoder(nn.Module):
    """pixels: [B, 3, 64, 64] in -1..1 -> features [B, config["features"]]; embed() -> [B, config["embedding"]], in the
    space of the text tower's projection, not normalised."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        widths, groups = config["widths"], config["norm_num_groups"]
        self.downs = nn.ModuleList(
            nn.Conv2d(3 if i == 0 else widths[i - 1], width, 3, stride=2, padding=1) for i, width in enumerate(widths)
        )
        self.blocks = nn.ModuleList(Block(width, groups) for width in widths)
        self.norm_out = nn.GroupNorm(groups, widths[-1])
        self.features = nn.Linear(widths[-1], config["features"])
        self.projection = nn.Linear(config["features"], config["embedding"], bias=False)

    def levels(self, pixels):
        """-> the maps after every level, finest first."""
        maps = []
        x = pixels
        for down, block in zip(self.downs, self.blocks):
            x = block(down(x))
            maps.append(x)
        return maps

    def forward(self, pixels):
        return self.features(F.relu(self.norm_out(self.levels(pixels)[-1])).mean((2, 3)))

    def embed(self, pixels):
        return self.projection(self(pixels))
