/** Tokenizers: `golden_ids.json` lists prompts with their ids; ours follows Hugging Face's Rust implementation. */
import { type Comparison, compareValues } from './comparison.ts';
import { comparing, type ParityContext } from './parity-context.ts';
import { readRecord } from './recorded-tensors.ts';

interface RecordedPrompt {
  readonly text: string;
  /** Start and end included, neither cut nor padded. */
  readonly hf_fast_rust: readonly number[];
}

export async function runTokenizerCase(context: ParityContext): Promise<Comparison[]> {
  const { rows } = await readRecord<{ rows: readonly RecordedPrompt[] }>(context.files, 'golden_ids.json');
  const expected = rows.map(({ text }) => ({
    case: context.name,
    call: text.slice(0, 60),
    output: 'ids',
    tolerance: 0,
  }));
  return comparing(expected, async () => {
    const tokenizer = await context.loadTokenizer(context.files, '');
    return rows.map(({ text, hf_fast_rust: recorded }, i) => {
      const { ids } = tokenizer.encode(text);
      return compareValues(expected[i]!, ids, layOut(recorded, ids.length));
    });
  });
}

/** Cut and padded with the end token, as the published folder's config says. */
function layOut(recorded: readonly number[], length: number): number[] {
  const end = recorded.at(-1)!;
  const ids = recorded.length <= length ? [...recorded] : [...recorded.slice(0, length - 1), end];
  while (ids.length < length) ids.push(end);
  return ids;
}
