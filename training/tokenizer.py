"""CLIP's byte-pair tokenizer, cut to its first merges: encoder for training, and the folder that browsers read.

Ids: 256 byte symbols, the same 256 with </w>, one per merge, <|startoftext|>, <|endoftext|>. Text is lowercased and
split into contractions, runs of letters, single digits and runs of anything else. Python's `re` stands in for the
Unicode classes of CLIP's pattern: equal for letters, decimal digits and punctuation, which is all that captions hold."""

import json
import re
import unicodedata
from pathlib import Path

MAX_LENGTH = 77
START, END = "<|startoftext|>", "<|endoftext|>"
PIECES = re.compile(
    r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[^\W\d_]+|\d|(?:[^\s\w]|_)+", re.IGNORECASE
)


def byte_symbols():
    """The printable stand-in of every byte, in CLIP's order of ids: [(byte, symbol)] * 256."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    symbols = [(byte, chr(byte)) for byte in printable]
    for byte in range(256):
        if byte not in printable:
            symbols.append((byte, chr(256 + len(symbols) - len(printable))))
    return symbols


class Tokenizer:
    def __init__(self, merges):
        """merges: [(left, right)], most frequent first."""
        self.merges = merges
        self.symbol_of = dict(byte_symbols())
        symbols = [symbol for _, symbol in byte_symbols()]
        words = symbols + [symbol + "</w>" for symbol in symbols]
        words += ["".join(pair) for pair in merges] + [START, END]
        self.vocabulary = {word: number for number, word in enumerate(words)}
        if len(self.vocabulary) != len(words):
            raise ValueError(f"{len(words) - len(self.vocabulary)} merges make a symbol that exists already")
        self.rank = {pair: rank for rank, pair in enumerate(merges)}
        self.start_id, self.end_id = self.vocabulary[START], self.vocabulary[END]

    def split_word(self, word):
        """Byte symbols of one piece, merged greedily by rank -> list of vocabulary entries."""
        symbols = [self.symbol_of[byte] for byte in word.encode()]
        symbols[-1] += "</w>"
        while len(symbols) > 1:
            pairs = list(zip(symbols, symbols[1:]))
            best = min(pairs, key=lambda pair: self.rank.get(pair, len(self.rank)))
            if best not in self.rank:
                break
            merged, i = [], 0
            while i < len(symbols):
                if i + 1 < len(symbols) and (symbols[i], symbols[i + 1]) == best:
                    merged.append(symbols[i] + symbols[i + 1])
                    i += 2
                else:
                    merged.append(symbols[i])
                    i += 1
            symbols = merged
        return symbols

    def encode(self, text):
        """-> list of 77 ids: start, at most 75 of the text, end, then end as padding."""
        ids = []
        for piece in PIECES.findall(unicodedata.normalize("NFC", text).lower()):
            words = [piece] if piece in (START, END) else self.split_word(piece)
            ids += [self.vocabulary[word] for word in words]
        ids = [self.start_id, *ids[: MAX_LENGTH - 2], self.end_id]
        return ids + [self.end_id] * (MAX_LENGTH - len(ids))

    def config(self):
        """The tokenizer's part of the text encoder's config.json."""
        return {
            "vocab_size": len(self.vocabulary),
            "bos_token_id": self.start_id,
            "eos_token_id": self.end_id,
            "pad_token_id": self.end_id,
        }

    def write(self, folder):
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        lines = ["#version: 0.2", *(" ".join(pair) for pair in self.merges)]
        (folder / "merges.txt").write_text("\n".join(lines) + "\n")
        (folder / "vocab.json").write_text(json.dumps(self.vocabulary, ensure_ascii=False, separators=(",", ":")))
        special = lambda word: {
            "content": word, "single_word": False, "lstrip": False, "rstrip": False, "normalized": True,
        }  # fmt: skip
        tokens = {
            "bos_token": special(START), "eos_token": special(END), "unk_token": special(END), "pad_token": END,
        }  # fmt: skip
        (folder / "special_tokens_map.json").write_text(json.dumps(tokens, indent=2) + "\n")
        config = {
            "tokenizer_class": "CLIPTokenizer",
            "model_max_length": MAX_LENGTH,
            "do_lower_case": True,
            "add_prefix_space": False,
            "errors": "replace",
            **{name: {"__type": "AddedToken", **value} if name != "pad_token" else value for name, value in tokens.items()},
        }
        (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")


def read_merges(path, limit):
    """A merges file (with or without its #version line) -> the first `limit` pairs."""
    lines = [line for line in Path(path).read_text().splitlines() if line and not line.startswith("#version")]
    return [tuple(line.split(" ")) for line in lines[:limit]]


def load_tokenizer(work_dir, limit):
    """From WORK/data/merges.txt, else from the committed model (which holds all that this recipe uses)."""
    path = Path(work_dir) / "data" / "merges.txt"
    if not path.exists():
        path = Path(__file__).parent.parent / "models" / "nano" / "tokenizer" / "merges.txt"
    return Tokenizer(read_merges(path, limit))
