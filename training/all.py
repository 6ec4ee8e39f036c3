"""The whole recipe, stage after stage. A finished stage (WORK/<stage>.pt exists) is skipped, an interrupted one resumes.

python3 -m training.all                      full, on the CPU
python3 -m training.all --device cuda        the same on a GPU, bfloat16 where autocast allows
python3 -m training.all --smoke --work DIR   seconds; writes DIR/model instead of models/nano"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

# Stage (WORK/<stage>.pt) -> module and its arguments.
STAGES = {
    "autoencoder": ["autoencoder"],
    "decoder": ["decoder"],
    "clip": ["clip"],
    "evaluator": ["evaluator"],
    "pool": ["pool"],
    "teacher": ["teacher"],
    "pairs-teacher": ["pairs", "--of", "teacher"],
    "2-rf": ["reflow", "--round", "2"],
    "pairs-2-rf": ["pairs", "--of", "2-rf"],
    "instaflow": ["distill", "--of", "2-rf"],
    "sd-distill": ["distill", "--of", "teacher"],
    "pd": ["progressive"],
    "3-rf": ["reflow", "--round", "3"],
}


def run(*command):
    print("all:", " ".join(map(str, command)), flush=True)
    subprocess.run([str(part) for part in command], check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", default=os.environ.get("TRAINING_WORK", "training/.work"))
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--smoke", action="store_true")
    arguments = parser.parse_args()
    work, here = Path(arguments.work), Path(__file__).parent
    if not arguments.smoke:
        if not (work / "data" / "pictures.json").exists():
            run("node", here / "data" / "rasterise.mjs", work / "data")
        if not (work / "data" / "merges.txt").exists():
            run("node", here / "data" / "merges.mjs", work / "data" / "merges.txt")
    smoke = ["--smoke"] if arguments.smoke else []
    options = ["--work", work, "--device", arguments.device, "--threads", arguments.threads, *smoke]
    for stage, (module, *choice) in STAGES.items():
        if (work / f"{stage}.pt").exists():
            print(f"all: {stage} has finished", flush=True)
            continue
        run(sys.executable, "-m", f"training.{module}", *choice, *options)
    model = work / "model" if arguments.smoke else "models/nano"
    run(sys.executable, "-m", "training.export", "--work", work, "--model", model, *smoke)
    run(sys.executable, "-m", "training.evaluation_set", "--work", work, "--model", model, *smoke)
    golden = work / "golden" if arguments.smoke else here / "golden"
    run(sys.executable, "-m", "training.reference", "--model", model, "--out", golden)


if __name__ == "__main__":
    main()
