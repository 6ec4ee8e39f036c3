"""A contact sheet of an exported model: one picture per prompt, in reading order, as PNG.

python3 -m training.sheet --out one.png                                 every label in one step
python3 -m training.sheet --unet unet-2-rf --steps 25 --out many.png    the same prompts and noise in 25"""

import argparse

import torch

from training.captions import article
from training.model_folder import ModelFolder
from training.png_file import lay_out, write_png


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="models/nano")
    parser.add_argument("--unet", default="unet-instaflow")
    parser.add_argument("--steps", type=int, default=1)
    parser.add_argument("--guidance", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--columns", type=int, default=12)
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--prompts", help="separated by ';' (default: every label)")
    parser.add_argument("--suffix", default="", help="added to every prompt")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    model = ModelFolder(arguments.model)
    prompts = arguments.prompts.split(";") if arguments.prompts else [article(label) for label in model.labels]
    prompts = [prompt.strip() + arguments.suffix for prompt in prompts]
    noise = torch.randn(len(prompts), 16, 8, 8, generator=torch.Generator().manual_seed(arguments.seed))
    _, pictures = model.draw(prompts, noise, arguments.unet, arguments.steps, arguments.guidance)
    write_png(arguments.out, lay_out(pictures, arguments.columns, arguments.scale))


if __name__ == "__main__":
    main()
