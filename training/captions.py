"""What people type. `write_caption` is one of many ways to ask for a scene."""

from training.pictures import CONCEPTS
from training.scenes import ANY_STYLE, NO_BACKGROUND

OPENINGS = ["a picture of", "a drawing of", "an icon of", "an emoji of", "a photo of", "draw", "an image of"]
MOODS = ["cute", "happy", "beautiful", "funny", "nice", "lovely", "pretty"]
SMALL = ["small", "little", "tiny"]
PLURAL = {
    "cherries", "grapes", "cheese", "fire", "strawberries", "two cherries", "love", "sunshine", "pancakes",
    "french fries", "fries", "chips", "scissors", "glasses", "broccoli", "bread", "corn", "maize", "sushi", "coffee",
    "milk", "beer", "wine", "dark glasses", "traffic lights", "lightning",
}  # fmt: skip
BARE = {"sun", "moon", "earth"}
POSITIONS = {
    "left": ["on the left", "at the left"],
    "right": ["on the right", "at the right"],
    "top": ["at the top"],
    "bottom": ["at the bottom"],
    "middle": ["in the middle", "in the center"],
}
JOINTS = ["and", "and", "next to", "beside", "with"]


def article(words):
    return ("an " if words[0] in "aeiou" else "a ") + words


def name_object(label, adjective, random):
    """A noun for one object, with its article three times in four."""
    entry = CONCEPTS["labels"][label]
    noun = entry["label"] if random.random() < 0.6 else random.choice(entry["also"])
    single = noun not in PLURAL
    if adjective:
        noun = f"{adjective} {noun}"
    if single and random.random() < 0.75:
        return f"the {noun}" if noun in BARE or random.random() < 0.08 else article(noun)
    return noun


def write_caption(scene, random):
    """random: random.Random. -> str"""
    style = background = None
    if scene.style != ANY_STYLE:
        words = CONCEPTS["styles"][scene.style]["words"]
        style = words[0] if random.random() < 0.75 else words[1]
    if scene.background != NO_BACKGROUND:
        words = CONCEPTS["backgrounds"][scene.background]["words"]
        background = words[0] if random.random() < 0.8 else words[-1]

    adjectives = [random.choice(MOODS)] if random.random() < 0.1 else []
    if scene.place not in (None, "pair"):
        adjectives = [random.choice(SMALL)]
    style_before = style and random.random() < 0.4
    if style_before:
        adjectives.insert(0, style)
    nouns = [
        name_object(label, " ".join(adjectives) if i == 0 or style_before else "", random)
        for i, label in enumerate(scene.objects)
    ]
    text = f" {random.choice(JOINTS)} ".join(nouns)
    if random.random() < 0.2:
        text = f"{random.choice(OPENINGS)} {text}"
    if scene.place in POSITIONS:
        text += f" {random.choice(POSITIONS[scene.place])}"

    tails = []
    if style and not style_before:
        tails.append(random.choice([f", {style} style", f" in {style} style", f", {style}"]))
    if background:
        tails.append(
            random.choice(
                [
                    f" on {background}",
                    f" on {article(background)} background",
                    f", {background} background",
                    f" with {article(background)} background",
                ]
            )
        )
    random.shuffle(tails)
    return text + "".join(tails)
