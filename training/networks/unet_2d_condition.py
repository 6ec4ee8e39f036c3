"""UNet2DConditionModel with the parameter names and semantics of diffusers 0.30
(src/diffusers/models/unets/unet_2d_condition.py), for the Stable Diffusion 1 family:
CrossAttnDownBlock2D, DownBlock2D, their up twins, UNetMidBlock2DCrossAttn, 1x1-conv projections."""

import math

import torch
from torch import nn
from torch.nn import functional as F


def timestep_embedding(timestep, channels):
    """timestep: [B] float, not rounded -> [B, channels] f32; cos first (flip_sin_to_cos), freq_shift 0."""
    half = channels // 2
    exponent = -math.log(10000) * torch.arange(half, dtype=torch.float32, device=timestep.device) / half
    angles = timestep.float()[:, None] * exponent.exp()[None]
    return torch.cat([angles.cos(), angles.sin()], dim=1)


class TimestepEmbedding(nn.Module):
    def __init__(self, channels, width):
        super().__init__()
        self.linear_1 = nn.Linear(channels, width)
        self.linear_2 = nn.Linear(width, width)

    def forward(self, x):
        return self.linear_2(F.silu(self.linear_1(x)))


class ResnetBlock2D(nn.Module):
    def __init__(self, channels_in, channels_out, time_width, config):
        super().__init__()
        groups, eps = config["norm_num_groups"], config["norm_eps"]
        self.norm1 = nn.GroupNorm(groups, channels_in, eps=eps)
        self.conv1 = nn.Conv2d(channels_in, channels_out, 3, padding=1)
        self.time_emb_proj = nn.Linear(time_width, channels_out)
        self.norm2 = nn.GroupNorm(groups, channels_out, eps=eps)
        self.conv2 = nn.Conv2d(channels_out, channels_out, 3, padding=1)
        self.conv_shortcut = nn.Conv2d(channels_in, channels_out, 1) if channels_in != channels_out else None

    def forward(self, x, emb):
        h = self.conv1(F.silu(self.norm1(x)))
        h = h + self.time_emb_proj(F.silu(emb))[:, :, None, None]
        h = self.conv2(F.silu(self.norm2(h)))
        return h + (x if self.conv_shortcut is None else self.conv_shortcut(x))


class TokenLinear(nn.Linear):
    """nn.Linear over [B, L, C]. On the CPU it runs as a 1x1 convolution: for these narrow products oneDNN's
    convolution was five times as fast as OpenBLAS' product (torch 1.13, Debian 12, two cores)."""

    def forward(self, x):
        if x.device.type != "cpu":
            return super().forward(x)
        image = x.transpose(1, 2)[..., None]
        return F.conv2d(image, self.weight[..., None, None], self.bias)[..., 0].transpose(1, 2)


class Attention(nn.Module):
    def __init__(self, channels, context_width, heads):
        super().__init__()
        self.heads = heads
        self.to_q = TokenLinear(channels, channels, bias=False)
        self.to_k = TokenLinear(context_width, channels, bias=False)
        self.to_v = TokenLinear(context_width, channels, bias=False)
        self.to_out = nn.ModuleList([TokenLinear(channels, channels)])

    def forward(self, x, context):
        batch, length, channels = x.shape
        split = lambda y: y.reshape(batch, -1, self.heads, channels // self.heads).transpose(1, 2)
        q, k, v = split(self.to_q(x)), split(self.to_k(context)), split(self.to_v(context))
        scores = (q * (channels // self.heads) ** -0.5) @ k.transpose(-1, -2)
        return self.to_out[0]((scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, length, channels))


class GEGLU(nn.Module):
    def __init__(self, channels, width):
        super().__init__()
        self.proj = TokenLinear(channels, width * 2)

    def forward(self, x):
        hidden, gate = self.proj(x).chunk(2, dim=-1)
        return hidden * F.gelu(gate)


class FeedForward(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.net = nn.ModuleList([GEGLU(channels, channels * 4), nn.Identity(), TokenLinear(channels * 4, channels)])

    def forward(self, x):
        return self.net[2](self.net[0](x))


class BasicTransformerBlock(nn.Module):
    def __init__(self, channels, context_width, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(channels)
        self.attn1 = Attention(channels, channels, heads)
        self.norm2 = nn.LayerNorm(channels)
        self.attn2 = Attention(channels, context_width, heads)
        self.norm3 = nn.LayerNorm(channels)
        self.ff = FeedForward(channels)

    def forward(self, x, context):
        y = self.norm1(x)
        x = x + self.attn1(y, y)
        x = x + self.attn2(self.norm2(x), context)
        return x + self.ff(self.norm3(x))


class Transformer2DModel(nn.Module):
    """The residual is the un-normalised input; tokens are row-major over (h, w)."""

    def __init__(self, channels, config, heads):
        super().__init__()
        self.norm = nn.GroupNorm(config["norm_num_groups"], channels, eps=1e-6)
        self.proj_in = nn.Conv2d(channels, channels, 1)
        self.transformer_blocks = nn.ModuleList([BasicTransformerBlock(channels, config["cross_attention_dim"], heads)])
        self.proj_out = nn.Conv2d(channels, channels, 1)

    def forward(self, x, context):
        batch, channels, height, width = x.shape
        h = self.proj_in(self.norm(x)).permute(0, 2, 3, 1).reshape(batch, height * width, channels)
        for block in self.transformer_blocks:
            h = block(h, context)
        h = h.reshape(batch, height, width, channels).permute(0, 3, 1, 2)
        return x + self.proj_out(h)


class Downsample2D(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, stride=2, padding=1)

    def forward(self, x):
        return self.conv(x)


class Upsample2D(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x, size):
        return self.conv(F.interpolate(x, size=size, mode="nearest"))


class DownBlock(nn.Module):
    """CrossAttnDownBlock2D, or DownBlock2D when heads is None."""

    def __init__(self, channels_in, channels_out, time_width, config, heads, downsample):
        super().__init__()
        layers = config["layers_per_block"]
        self.resnets = nn.ModuleList(
            ResnetBlock2D(channels_in if i == 0 else channels_out, channels_out, time_width, config)
            for i in range(layers)
        )
        if heads:
            self.attentions = nn.ModuleList(Transformer2DModel(channels_out, config, heads) for _ in range(layers))
        self.has_attention = heads is not None
        self.downsamplers = nn.ModuleList([Downsample2D(channels_out)]) if downsample else None

    def forward(self, x, emb, context):
        skips = []
        for i, resnet in enumerate(self.resnets):
            x = resnet(x, emb)
            if self.has_attention:
                x = self.attentions[i](x, context)
            skips.append(x)
        if self.downsamplers:
            x = self.downsamplers[0](x)
            skips.append(x)
        return x, skips


class UpBlock(nn.Module):
    """CrossAttnUpBlock2D, or UpBlock2D when heads is None. Each resnet takes [hidden, skip]."""

    def __init__(self, channels_in, channels_out, channels_prev, time_width, config, heads, upsample):
        super().__init__()
        layers = config["layers_per_block"] + 1
        resnets = []
        for i in range(layers):
            skip = channels_in if i == layers - 1 else channels_out
            hidden = channels_prev if i == 0 else channels_out
            resnets.append(ResnetBlock2D(hidden + skip, channels_out, time_width, config))
        self.resnets = nn.ModuleList(resnets)
        if heads:
            self.attentions = nn.ModuleList(Transformer2DModel(channels_out, config, heads) for _ in range(layers))
        self.has_attention = heads is not None
        self.upsamplers = nn.ModuleList([Upsample2D(channels_out)]) if upsample else None

    def forward(self, x, skips, emb, context):
        for i, resnet in enumerate(self.resnets):
            x = resnet(torch.cat([x, skips.pop()], dim=1), emb)
            if self.has_attention:
                x = self.attentions[i](x, context)
        if self.upsamplers:
            x = self.upsamplers[0](x, skips[-1].shape[-2:])
        return x


class MidBlock(nn.Module):
    def __init__(self, channels, time_width, config, heads):
        super().__init__()
        self.resnets = nn.ModuleList(ResnetBlock2D(channels, channels, time_width, config) for _ in range(2))
        self.attentions = nn.ModuleList([Transformer2DModel(channels, config, heads)])

    def forward(self, x, emb, context):
        x = self.resnets[0](x, emb)
        return self.resnets[1](self.attentions[0](x, context), emb)


class UNet2DConditionModel(nn.Module):
    """sample: [B, in_channels, H, W] f32; timestep: [B] float; encoder_hidden_states: [B, L, cross_attention_dim]
    -> [B, out_channels, H, W]. `attention_head_dim` is the number of heads, as diffusers has it."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        widths = config["block_out_channels"]
        heads = config["attention_head_dim"]
        time_width = widths[0] * 4
        self.conv_in = nn.Conv2d(config["in_channels"], widths[0], 3, padding=1)
        self.time_embedding = TimestepEmbedding(widths[0], time_width)

        self.down_blocks = nn.ModuleList()
        for i, kind in enumerate(config["down_block_types"]):
            block_heads = heads if kind == "CrossAttnDownBlock2D" else None
            last = i == len(widths) - 1
            block = DownBlock(widths[max(i - 1, 0)], widths[i], time_width, config, block_heads, not last)
            self.down_blocks.append(block)

        self.mid_block = MidBlock(widths[-1], time_width, config, heads)

        self.up_blocks = nn.ModuleList()
        reverse = widths[::-1]
        for i, kind in enumerate(config["up_block_types"]):
            block_heads = heads if kind == "CrossAttnUpBlock2D" else None
            last = i == len(widths) - 1
            block = UpBlock(
                reverse[min(i + 1, len(widths) - 1)],
                reverse[i],
                reverse[max(i - 1, 0)],
                time_width,
                config,
                block_heads,
                not last,
            )
            self.up_blocks.append(block)

        self.conv_norm_out = nn.GroupNorm(config["norm_num_groups"], widths[0], eps=config["norm_eps"])
        self.conv_out = nn.Conv2d(widths[0], config["out_channels"], 3, padding=1)

    def forward(self, sample, timestep, encoder_hidden_states):
        emb = self.time_embedding(timestep_embedding(timestep, self.config["block_out_channels"][0]).to(sample.dtype))
        x = self.conv_in(sample)
        skips = [x]
        for block in self.down_blocks:
            x, new = block(x, emb, encoder_hidden_states)
            skips += new
        x = self.mid_block(x, emb, encoder_hidden_states)
        for block in self.up_blocks:
            x = block(x, skips, emb, encoder_hidden_states)
        return self.conv_out(F.silu(self.conv_norm_out(x)))
