"""What people type, and what picture it asks for.

A caption names a concept and may name a style and a background. No background named means white; no style named
means any of the three. `Meaning` is that picture; `write_caption` is one of many ways to ask for it."""

from collections import namedtuple

from training.pictures import CONCEPTS

ANY_STYLE = len(CONCEPTS["styles"])
NO_BACKGROUND = len(CONCEPTS["backgrounds"])
WHITE = 0
Meaning = namedtuple("Meaning", "label style background")  # indices; style ANY_STYLE, background NO_BACKGROUND = unsaid

OPENINGS = ["a picture of", "a drawing of", "an icon of", "an emoji of", "a photo of", "draw", "an image of"]
MOODS = ["cute", "little", "big", "happy", "beautiful", "funny", "nice", "small", "lovely", "tiny"]
PLURAL = {"cherries", "grapes", "cheese", "fire", "strawberries", "two cherries", "love", "sunshine"}
BARE = {"sun", "moon"}


def article(words):
    return ("an " if words[0] in "aeiou" else "a ") + words


def write_caption(meaning, random):
    """random: random.Random. -> str"""
    entry = CONCEPTS["labels"][meaning.label]
    noun = entry["label"] if random.random() < 0.6 else random.choice(entry["also"])
    single = noun not in PLURAL
    if random.random() < 0.12:
        noun = f"{random.choice(MOODS)} {noun}"
    style = None
    if meaning.style != ANY_STYLE:
        words = CONCEPTS["styles"][meaning.style]["words"]
        style = words[0] if random.random() < 0.75 else words[1]
    background = None
    if meaning.background != NO_BACKGROUND:
        words = CONCEPTS["backgrounds"][meaning.background]["words"]
        background = words[0] if random.random() < 0.8 else words[-1]

    style_before = style and random.random() < 0.4
    if style_before:
        noun = f"{style} {noun}"
    if single and random.random() < 0.75:
        noun = f"the {noun}" if noun in BARE or random.random() < 0.08 else article(noun)
    text = f"{random.choice(OPENINGS)} {noun}" if random.random() < 0.2 else noun

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


def draw_meaning(random):
    """The mix of requests in training: half leave the style open, 45 % leave the background open."""
    style = ANY_STYLE if random.random() < 0.5 else random.randrange(ANY_STYLE)
    background = NO_BACKGROUND if random.random() < 0.45 else random.randrange(NO_BACKGROUND)
    return Meaning(random.randrange(len(CONCEPTS["labels"])), style, background)
