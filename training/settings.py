"""Every number of the recipe: network configs (diffusers' and transformers' own names) and stage settings.
`smoke()` shrinks the same recipe so that all stages run in seconds; nothing else differs."""

import copy
from types import SimpleNamespace

PICTURE_PX = 64

AUTOENCODER = {
    "_class_name": "AutoencoderTiny",
    "_diffusers_version": "0.30.3",
    "act_fn": "relu",
    "in_channels": 3,
    "out_channels": 3,
    "latent_channels": 16,
    "encoder_block_out_channels": [32, 32, 32, 32],
    "decoder_block_out_channels": [32, 32, 32, 32],
    "num_encoder_blocks": [0, 2, 2, 2],
    "num_decoder_blocks": [2, 3, 3, 1],
    "upsampling_scaling_factor": 2,
    "latent_magnitude": 3,
    "latent_shift": 0.5,
    "force_upcast": False,
    "scaling_factor": 1.0,
}

TEXT_ENCODER = {
    "architectures": ["CLIPTextModel"],
    "model_type": "clip_text_model",
    "torch_dtype": "float16",
    "hidden_act": "quick_gelu",
    "hidden_size": 128,
    "intermediate_size": 512,
    "num_attention_heads": 4,
    "num_hidden_layers": 3,
    "max_position_embeddings": 77,
    "projection_dim": 128,
    "layer_norm_eps": 1e-05,
    "attention_dropout": 0.0,
    "dropout": 0.0,
    "initializer_factor": 1.0,
    "initializer_range": 0.02,
}  # vocab_size, bos_token_id, eos_token_id and pad_token_id come from the tokenizer

UNET = {
    "_class_name": "UNet2DConditionModel",
    "_diffusers_version": "0.30.3",
    "act_fn": "silu",
    "sample_size": 8,
    "in_channels": 16,
    "out_channels": 16,
    "block_out_channels": [64, 96],
    "layers_per_block": 1,
    "down_block_types": ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
    "mid_block_type": "UNetMidBlock2DCrossAttn",
    "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D"],
    "cross_attention_dim": 128,
    "attention_head_dim": 4,
    "norm_num_groups": 16,
    "norm_eps": 1e-05,
    "center_input_sample": False,
    "downsample_padding": 1,
    "flip_sin_to_cos": True,
    "freq_shift": 0,
    "mid_block_scale_factor": 1,
    "only_cross_attention": False,
    "use_linear_projection": False,
}

CLIP_PICTURE_ENCODER = {"widths": [24, 48, 96, 128], "norm_num_groups": 8, "features": 128, "embedding": 128}
EVALUATOR = {"widths": [32, 48, 96, 128], "norm_num_groups": 8, "features": 64, "embedding": 128}

FULL = SimpleNamespace(
    seed=7,
    merges=2400,
    autoencoder=SimpleNamespace(
        steps=30_000, batch=8, learning_rate=2e-3, concept_share=0.3, latent_noise=0.05, network=AUTOENCODER
    ),
    decoder=SimpleNamespace(steps=12_000, batch=8, learning_rate=1e-3, concept_share=0.3, latent_noise=0.05),
    text=SimpleNamespace(network=TEXT_ENCODER),
    clip=SimpleNamespace(steps=2_000, batch=96, learning_rate=1e-3, network=CLIP_PICTURE_ENCODER),
    evaluator=SimpleNamespace(steps=2_000, batch=96, learning_rate=2e-3, network=EVALUATOR),
    pool=SimpleNamespace(count=32_768),
    teacher=SimpleNamespace(
        steps=20_000, batch=32, learning_rate=8e-4, caption_dropout=0.1, ema_halflife_steps=200, network=UNET
    ),
    pairs={
        "teacher": SimpleNamespace(count=5_120, steps=8, guidance=2.5, batch=64),
        "2-rf": SimpleNamespace(count=5_120, steps=8, guidance=1.0, batch=64),
    },
    reflow={
        2: SimpleNamespace(steps=3_000, batch=32, learning_rate=6e-4, ema_halflife_steps=80),
        3: SimpleNamespace(steps=1_000, batch=32, learning_rate=4e-4, ema_halflife_steps=50),
    },
    distill=SimpleNamespace(
        steps=3_000, batch=32, learning_rate=5e-4, ema_halflife_steps=80, perceptual_pictures=4, perceptual_weight=0.1
    ),
    progressive=SimpleNamespace(steps=1_500, batch=32, learning_rate=5e-4, ema_halflife_steps=50),
)


def smoke():
    settings = copy.deepcopy(FULL)
    settings.merges = 40
    small = {"steps": 2, "batch": 4}
    for stage in (
        settings.autoencoder, settings.decoder, settings.clip, settings.evaluator, settings.teacher, *settings.reflow.values(),
        settings.distill, settings.progressive,
    ):  # fmt: skip
        stage.__dict__.update(small)
    settings.distill.perceptual_pictures = 2
    settings.pool.count = 16
    for pairs in settings.pairs.values():
        pairs.count, pairs.steps, pairs.batch = 8, 2, 4
    widths = [8, 8, 8, 8]
    settings.autoencoder.network |= {"encoder_block_out_channels": widths, "decoder_block_out_channels": widths}
    settings.text.network |= {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "projection_dim": 32}
    settings.clip.network |= {"widths": widths, "embedding": 32}
    settings.evaluator.network |= {"widths": widths, "embedding": 32}
    settings.teacher.network |= {"block_out_channels": [16, 32], "cross_attention_dim": 32}
    return settings
