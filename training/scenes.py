"""What a training picture shows, and the picture itself.

A scene holds one object large, one object small at a place, or two objects side by side, in one style on one
background. Some combinations are never trained on and serve the evaluation: object with style, object with
background, pairs of objects."""

import random as random_module
from collections import namedtuple

import torch
from torch.nn import functional as F

from training.pictures import BACKGROUNDS, CONCEPTS, LABELS

STYLES = len(CONCEPTS["styles"])
ANY_STYLE = STYLES
NO_BACKGROUND = len(BACKGROUNDS)
WHITE = 0
SMALL_PX = 32
# Top-left corners of small objects, in pixels (x, y).
PLACES = {"left": (0, 16), "right": (32, 16), "top": (16, 0), "bottom": (16, 32), "middle": (16, 16)}

# objects: one or two label indices; style and background as asked (ANY_STYLE, NO_BACKGROUND = unsaid);
# place: None = large, a key of PLACES = one small object, "pair" = two small objects, the first on the left.
Scene = namedtuple("Scene", "objects style background place")


class HeldOut:
    """Combinations kept out of training, drawn once from a seed."""

    def __init__(self, seed=2026, styles=30, backgrounds=30, pairs=60):
        random = random_module.Random(seed)
        labels = len(LABELS)
        self.object_style = set()
        for label in random.sample(range(labels), styles):
            self.object_style.add((label, random.randrange(STYLES)))
        self.object_background = set()
        for label in random.sample(range(labels), backgrounds):
            self.object_background.add((label, random.randrange(1, NO_BACKGROUND)))
        self.pairs = set()
        while len(self.pairs) < pairs:
            self.pairs.add(frozenset(random.sample(range(labels), 2)))

    def holds(self, scene, pack):
        """pack: the style drawn, also when the scene leaves it unsaid."""
        return (
            any((label, pack) in self.object_style for label in scene.objects)
            or any((label, scene.background) in self.object_background for label in scene.objects)
            or (len(scene.objects) == 2 and frozenset(scene.objects) in self.pairs)
        )


HELD_OUT = HeldOut()


def draw_scene(random):
    """random: random.Random -> (scene, pack): seven in ten one large object, one in ten a small one, two in ten a
    pair; half leave the style open, 45 % the background."""
    while True:
        style = ANY_STYLE if random.random() < 0.5 else random.randrange(STYLES)
        background = NO_BACKGROUND if random.random() < 0.45 else random.randrange(NO_BACKGROUND)
        kind = random.random()
        place = None if kind < 0.7 else random.choice(list(PLACES)) if kind < 0.8 else "pair"
        objects = tuple(random.sample(range(len(LABELS)), 2 if place == "pair" else 1))
        pack = random.randrange(STYLES) if style == ANY_STYLE else style
        scene = Scene(objects, style, background, place)
        if not HELD_OUT.holds(scene, pack):
            return scene, pack


def draw_icon_scene(random, count):
    """Where `count` icons stand, by the same mix, for pictures of any icon: -> list of (icon number, place)."""
    kind = random.random()
    if kind < 0.6:
        return [(random.randrange(count), None)]
    if kind < 0.7:
        return [(random.randrange(count), random.choice(list(PLACES)))]
    return [(random.randrange(count), "left"), (random.randrange(count), "right")]


def shrink(rgba):
    """uint8 [B, 64, 64, 4] -> uint8 [B, 32, 32, 4], averaged with alpha as weight."""
    pixels = rgba.float()
    alpha = pixels[..., 3:]
    planes = F.avg_pool2d(torch.cat([pixels[..., :3] * alpha, alpha], -1).permute(0, 3, 1, 2), 2)
    colour = planes[:, :3] / planes[:, 3:].clamp(min=1e-3)
    return torch.cat([colour.clamp(0, 255), planes[:, 3:]], 1).round().to(torch.uint8).permute(0, 2, 3, 1)


def compose(layers, background):
    """layers: [(icon uint8 [64, 64, 4], place or None)]; background: f32 [3] in 0..255 -> f32 [3, 64, 64] in -1..1."""
    size = layers[0][0].shape[0]
    picture = background.float().expand(size, size, 3).clone()
    for icon, place in layers:
        x, y, image = (0, 0, icon) if place is None else (*PLACES[place], shrink(icon[None])[0])
        height, width = image.shape[:2]
        alpha = image[..., 3:].float() / 255
        region = picture[y : y + height, x : x + width]
        region.copy_(image[..., :3].float() * alpha + region * (1 - alpha))
    return (picture / 127.5 - 1).permute(2, 0, 1)


def layers_of(scene, pack, rgba, rows):
    """rgba, rows: pictures.load_pictures and concept_rows -> layers for compose()."""
    icons = [rgba[rows[label, pack]] for label in scene.objects]
    places = ["left", "right"] if scene.place == "pair" else [scene.place]
    return list(zip(icons, places))


def scene_picture(scene, pack, rgba, rows):
    """-> f32 [3, 64, 64] in -1..1; an unsaid background is white."""
    background = WHITE if scene.background == NO_BACKGROUND else scene.background
    return compose(layers_of(scene, pack, rgba, rows), BACKGROUNDS[background])
