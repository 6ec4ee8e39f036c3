/** A CLIP text encoder loaded from its folder: token ids to hidden states. */
import { EngineError } from '../core/errors.ts';
import { type FloatTensor, floatTensor } from '../core/tensor.ts';
import {
  buildClipTextModel,
  type ClipTextOutput,
  tokenEmbeddingTensor,
} from '../networks/clip-text/build.ts';
import { parseClipTextConfig } from '../networks/clip-text/config.ts';
import { type Component, type ComponentContext, openWeights } from './component.ts';
import { joinPath, readJsonFile } from './model-folder.ts';

export interface TextEncoder extends Component {
  /**
   * Hidden states [1, L, C] of one prompt.
   * @param ids `length` token ids
   * @throws EngineError 'argument-invalid' for another count or an id outside the vocabulary
   */
  encode(ids: readonly number[]): Promise<FloatTensor>;
}

export interface TextEncoderOptions {
  /** Token ids of a prompt: 77. */
  readonly length: number;
  /** Layers left out at the end, as diffusers' clip_skip; 0 for none. */
  readonly clipSkip?: number | undefined;
}

/**
 * The embedding matrix stays in the file: a prompt's rows are read when they are needed.
 * @throws EngineError what the files, the config, the checkpoint and the runtime throw
 */
export async function loadTextEncoder(
  context: ComponentContext,
  folder: string,
  { length, clipSkip = 0 }: TextEncoderOptions,
): Promise<TextEncoder> {
  const { runtime, files, variant = runtime.variant, signal } = context;
  const config = parseClipTextConfig(await readJsonFile(files, joinPath(folder, 'config.json')));
  const checkpoint = await openWeights(context, joinPath(folder, 'model'));
  const output: ClipTextOutput = clipSkip === 0 ? 'last_hidden_state' : `clip_skip_${clipSkip}`;
  const graph = buildClipTextModel(config, checkpoint.tensors, { variant, length, outputs: [output] });
  const session = await runtime.createSession(graph, files, { signal, dimensions: { batch: 1 } });
  return {
    async encode(ids) {
      assertIds(ids, length, config.vocabularySize);
      const rows = await checkpoint.readRows(tokenEmbeddingTensor, ids);
      const embeddings = floatTensor([1, length, config.hiddenSize], rows);
      return (await session.run({ token_embeddings: embeddings }))[output] as FloatTensor;
    },
    dispose: () => session.dispose(),
  };
}

function assertIds(ids: readonly number[], length: number, vocabularySize: number): void {
  const outside = ids.find((id) => !(Number.isInteger(id) && id >= 0 && id < vocabularySize));
  if (ids.length === length && outside === undefined) return;
  throw new EngineError('argument-invalid', 'The tokens do not fit the text encoder.', {
    subject: 'ids',
    found: outside === undefined ? `${ids.length} ids` : `id ${outside}`,
    wanted: `${length} ids from 0 to ${vocabularySize - 1}`,
    remedy: 'Use the tokenizer folder that was published with this text encoder.',
  });
}
