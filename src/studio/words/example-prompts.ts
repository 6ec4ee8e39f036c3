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
