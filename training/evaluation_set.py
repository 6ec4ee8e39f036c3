"""What `npm run evaluate` measures with: prompts, and the evaluator's features of real pictures of those prompts.

Writes MODEL/evaluation/prompts.json   500 x {prompt, kind, objects, seed}; fixed by a seed, whatever the weights
       MODEL/evaluation/real.safetensors   a, b: f16 [2000, 64], two independent sets of real pictures (4 a prompt)
                                           single: f16 [n, E], embeddings of real large objects, held out ones marked
       MODEL/evaluation/golden.safetensors   pictures u8 [8, 64, 64, 3], features and embeddings f32, text f32

Kinds: single (large, any wording), object-style and object-background (never trained on), object-pair (never trained
on), scene (small objects and trained pairs)."""

import argparse
import json
import os
import random as random_module
from pathlib import Path

import torch

from training.captions import write_caption
from training.clip import draw_pictures
from training.model_folder import ModelFolder, from_bytes, to_bytes
from training.pictures import BACKGROUNDS, LABELS, PACKS, concept_rows, load_pictures
from training.safetensors_file import write_safetensors
from training.scenes import ANY_STYLE, HELD_OUT, NO_BACKGROUND, Scene, draw_scene

SEED = 500
PICTURES_PER_PROMPT = 4


def draw_prompts(random):
    """-> [(kind, scene, prompt)] * 500"""
    scenes = [("object-style", Scene((label,), pack, NO_BACKGROUND, None)) for label, pack in sorted(HELD_OUT.object_style)]
    scenes += [
        ("object-background", Scene((label,), ANY_STYLE, background, None))
        for label, background in sorted(HELD_OUT.object_background)
    ]
    scenes += [
        ("object-pair", Scene(tuple(sorted(pair)), ANY_STYLE, NO_BACKGROUND, "pair"))
        for pair in sorted(HELD_OUT.pairs, key=sorted)
    ]
    labels = list(range(len(LABELS)))
    random.shuffle(labels)
    while sum(kind == "single" for kind, _ in scenes) < 300:
        scene, _ = draw_scene(random)
        if scene.place is None:
            label = labels[len(scenes) % len(labels)]
            scene = scene._replace(objects=(label,))
            packs = range(len(PACKS)) if scene.style == ANY_STYLE else [scene.style]
            if not all(HELD_OUT.holds(scene, pack) for pack in packs):
                scenes.append(("single", scene))
    while len(scenes) < 500:
        scene, _ = draw_scene(random)
        if scene.place is not None:
            scenes.append(("scene", scene))
    return [(kind, scene, write_caption(scene, random)) for kind, scene in scenes]


def draw_real(prompts, rgba, rows, random):
    """-> f32 [500 * 4, 3, 64, 64]; an unsaid style is any."""
    pick = lambda scene: random.randrange(ANY_STYLE) if scene.style == ANY_STYLE else scene.style
    chosen = [(scene, pick(scene)) for _, scene, _ in prompts for _ in range(PICTURES_PER_PROMPT)]
    return draw_pictures(chosen, rgba, rows)


@torch.no_grad()
def measure(encode, pictures):
    """On 8-bit pictures, as those of a model are."""
    return torch.cat([encode(from_bytes(to_bytes(part))) for part in pictures.split(128)])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", default=os.environ.get("TRAINING_WORK", "training/.work"))
    parser.add_argument("--model", default="models/nano")
    parser.add_argument("--smoke", action="store_true", help="every fiftieth prompt")
    arguments = parser.parse_args()
    model = ModelFolder(arguments.model)
    rgba, index = load_pictures(arguments.work)
    rows = concept_rows(index)
    prompts = draw_prompts(random_module.Random(SEED))[:: 50 if arguments.smoke else 1]
    out = Path(arguments.model) / "evaluation"
    out.mkdir(parents=True, exist_ok=True)
    entries = [
        {"prompt": prompt, "kind": kind, "objects": [LABELS[label] for label in scene.objects], "seed": 10_000 + i}
        for i, (kind, scene, prompt) in enumerate(prompts)
    ]
    (out / "prompts.json").write_text("[\n" + ",\n".join(f" {json.dumps(entry)}" for entry in entries) + "\n]\n")

    sets = {name: measure(model.evaluator, draw_real(prompts, rgba, rows, random_module.Random(name))) for name in "ab"}
    # Every object in every style on a background in turn; those held out from training are counted apart.
    scenes = [
        (Scene((label,), pack, (label + pack) % len(BACKGROUNDS), None), pack)
        for label in range(0, len(LABELS), 20 if arguments.smoke else 1)
        for pack in range(len(PACKS))
    ]
    held = torch.tensor([HELD_OUT.holds(scene, pack) for scene, pack in scenes])
    singles = measure(model.evaluator.embed, draw_pictures(scenes, rgba, rows))
    write_safetensors(
        out / "real.safetensors",
        {
            **{name: features.half() for name, features in sets.items()},
            "single": singles.half(),
            "single_label": torch.tensor([scene.objects[0] for scene, _ in scenes], dtype=torch.int32),
            "single_held_out": held.int(),
        },
    )
    pictures = to_bytes(draw_real(prompts[:: len(prompts) // 7], rgba, rows, random_module.Random(8))[::4])
    words = [entry["prompt"] for entry in entries[:: len(prompts) // 7]]
    with torch.no_grad():
        pixels = from_bytes(pictures)
        write_safetensors(
            out / "golden.safetensors",
            {
                "pictures": pictures,
                "features": model.evaluator(pixels),
                "embeddings": model.evaluator.embed(pixels),
                "text": model.embed_text(words),
            },
        )
    labels = model.embed_text(LABELS)
    order = (torch.nn.functional.normalize(singles, dim=1) @ labels.T).argsort(1, descending=True)
    right = order[:, :5] == torch.tensor([scene.objects[0] for scene, _ in scenes])[:, None]
    for name, chosen in (("held out", held), ("trained", ~held)):
        top1, top5 = right[chosen][:, 0].float().mean(), right[chosen].any(1).float().mean()
        print(f"evaluation_set: real pictures {name} ({int(chosen.sum())}): top-1 {top1:.3f}, top-5 {top5:.3f}", flush=True)


if __name__ == "__main__":
    main()
