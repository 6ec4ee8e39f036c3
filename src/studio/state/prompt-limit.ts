/** Longest prompt kept, in UTF-16 units: far beyond what 77 tokens can say, small for storage. */
export const promptLimit = 20_000;
