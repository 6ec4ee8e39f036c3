"""Golden outputs of an exported model, for the engine's tests: float16 weights, computed in float32 by PyTorch.

Layout as in ../shared/reference: tensors `<call>/in.<input>` and `<call>/out.<output>` in io.safetensors, io.json
lists the calls, each with the component of the model it belongs to. `pipeline` calls are whole runs from given noise:
prompt -> latents after every step -> 8-bit picture."""

import argparse
import json
from pathlib import Path

import torch

from training.model_folder import ModelFolder
from training.safetensors_file import write_safetensors

PROMPTS = [
    "a red apple",
    "a flat cat on a blue background",
    "a rocket, shaded style",
    "an owl and a pizza",
    "a small banana on the left",
    "a simple fox on yellow",
    "draw a castle",
    "a dragon on a black background",
    "a cup of coffee next to a croissant",
    "a happy panda",
]
# The ten prompts go through InstaFlow; the first through each of the others.
RUNS = [
    {"name": "instaflow", "unet": "unet-instaflow", "steps": 1, "guidance": 1.0, "prompts": 10},
    {"name": "sd", "unet": "unet-sd", "steps": 6, "guidance": 2.5, "prompts": 1},
    {"name": "2-rf", "unet": "unet-2-rf", "steps": 4, "guidance": 1.0, "prompts": 1},
    {"name": "2-rf-guided", "unet": "unet-2-rf", "steps": 4, "guidance": 1.5, "prompts": 1},
    {"name": "3-rf", "unet": "unet-3-rf", "steps": 2, "guidance": 1.0, "prompts": 1},
    {"name": "sd-distill", "unet": "unet-sd-distill", "steps": 1, "guidance": 1.0, "prompts": 1},
    {"name": "pd", "unet": "unet-pd", "steps": 1, "guidance": 1.0, "prompts": 1},
]


@torch.no_grad()
def record(model):
    """-> (tensors, calls)"""
    tensors, calls = {}, []

    def call(label, component, inputs, outputs, **facts):
        for side, values in (("in", inputs), ("out", outputs)):
            tensors.update({f"{label}/{side}.{name}": value.contiguous() for name, value in values.items()})
        shapes = lambda values: {name: {"dtype": str(v.dtype), "shape": list(v.shape)} for name, v in values.items()}
        calls.append({"label": label, "component": component, **facts, "inputs": shapes(inputs), "outputs": shapes(outputs)})

    for facts in RUNS:
        if facts["unet"] not in model.unets:
            continue
        for i, prompt in enumerate(PROMPTS[: facts["prompts"]]):
            noise = torch.randn(1, 16, 8, 8, generator=torch.Generator().manual_seed(100 + i))
            states, picture = model.draw([prompt], noise, facts["unet"], facts["steps"], facts["guidance"])
            latents = states[-1]
            call(
                f"{facts['name']}_{i}",
                "pipeline",
                {"latents": noise},
                {"latents": latents, "picture": picture},
                prompt=prompt,
                **{key: facts[key] for key in ("unet", "steps", "guidance")},
            )
    return tensors, calls


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="models/nano")
    parser.add_argument("--out", default="training/golden")
    arguments = parser.parse_args()
    tensors, calls = record(ModelFolder(arguments.model))
    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)
    write_safetensors(out / "io.safetensors", tensors)
    facts = {
        "model": "models/nano",
        "made_with": {"torch": torch.__version__, "script": "training/reference.py"},
        "weights": "float16 files, computed in float32",
        "calls": calls,
    }
    (out / "io.json").write_text(json.dumps(facts, indent=1) + "\n")
    print(f"reference: {len(calls)} calls in {out}", flush=True)


if __name__ == "__main__":
    main()
