import { UsageError } from './run-command.ts';

/** The number that an option was given; undefined where it was left out. @throws UsageError */
export function numberOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new UsageError(`--${name} ${text} is no number.`);
  return value;
}

export function choiceOption<Choice extends string>(
  name: string,
  text: string | undefined,
  choices: readonly Choice[],
  initial: Choice,
): Choice {
  if (text === undefined) return initial;
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) throw new UsageError(`--${name} ${text}: choose ${choices.join(' or ')}.`);
  return choice;
}
