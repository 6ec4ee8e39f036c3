"""Stage 8: progressive distillation of SD-nano to one step (Salimans and Ho 2022), for comparison.

The teacher's trajectory of N steps is recorded. A student learns to go two of its steps in one; then its own
trajectories are recorded from the same noises, and the next student starts from it, until one step is left. Students
are Euler steps in the pipeline's latents, z + v/N, so that the last one runs as InstaFlow does."""

import torch

from training.optimise import build_unet, optimise, rms
from training.pairs import Pairs
from training.pool import Pool
from training.run import Run, parse_arguments
from training.sampling import flow_euler


@torch.no_grad()
def record(run, unet, pairs, steps):
    """The student's states from every noise: f16 [N, steps + 1, 16, 8, 8]"""
    parts = []
    for chosen in torch.arange(len(pairs.rows)).split(64):
        noise, _, text = pairs.batch(chosen)
        with run.autocast():
            states = flow_euler(unet, noise.contiguous(memory_format=torch.channels_last), text, None, steps)
        parts.append(torch.stack([state.float() for state in states], 1).half().cpu().contiguous())
    return torch.cat(parts)


def jump_loss(run, unet, pairs, count):
    """Two recorded steps in one, from a random even state."""
    students = (pairs.states.shape[1] - 1) // 2
    chosen, at = torch.randint(pairs.training, (count,)), torch.randint(students, (count,))
    start, end = (pairs.states[chosen, 2 * at + offset].to(run.device).float() for offset in (0, 2))
    timesteps = 1000 * (1 - at.to(run.device).float() / students)
    text = pairs.pool.states(pairs.rows[chosen])
    with run.autocast():
        velocity = unet(start.contiguous(memory_format=torch.channels_last), timesteps, text)
    return rms(velocity.float() / students - (end - start))


def main():
    arguments = parse_arguments(__doc__)
    run = Run("pd", arguments)
    settings = run.settings.progressive
    pairs = Pairs(run, "teacher", Pool(run))
    unet = build_unet(run, "teacher")
    rounds = (pairs.states.shape[1] - 1).bit_length() - 1
    if pairs.states.shape[1] - 1 != 2**rounds:
        raise ValueError(f"progressive distillation halves: the trajectories have {pairs.states.shape[1] - 1} steps")
    for number in range(1, rounds + 1):
        step_run = Run(f"pd-{number}", arguments)
        step_run.minutes = run.minutes and run.minutes / rounds
        done = step_run.path(f"{step_run.stage}.pt")
        if done.exists():
            unet = build_unet(step_run, step_run.stage)
        else:
            unet = optimise(
                step_run, settings, unet, lambda model: jump_loss(step_run, model, pairs, settings.batch), log_every=50
            )
            step_run.finish({"model": unet.state_dict()})
        if number < rounds:
            pairs.states = record(step_run, unet, pairs, 2 ** (rounds - number))
    run.finish({"model": unet.state_dict()})


if __name__ == "__main__":
    main()
