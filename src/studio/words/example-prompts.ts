/** Prompts that the built-in model knows: a concept, some with a background or a style it was trained on. */
export const examplePrompts: readonly string[] = [
  'a red apple',
  'a cat on a blue background',
  'a fox',
  'a rocket on a purple background',
  'a slice of pizza',
  'a strawberry, flat style',
  'an owl on a dark background',
  'a robot',
];

export interface HardPrompt {
  readonly prompt: string;
  readonly why: string;
}

/** Prompts that go wrong, and are shown for it. The first is the talk's own failure case. */
export const hardPrompts: readonly HardPrompt[] = [
  {
    prompt: 'A dog and a cat shake hands with each other',
    why: "The talk's own failure: two animals and what they do",
  },
  { prompt: 'a fox that reads a newspaper', why: 'An action the small model never saw' },
];
