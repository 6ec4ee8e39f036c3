/** A text encoder that another program exported: token ids to hidden states. */
import { EngineError } from '../../core/errors.ts';
import type { ComponentContext } from '../component.ts';
import type { TextEncoder, TextEncoderOptions } from '../text-encoder.ts';
import { asInput, openModel } from './open-model.ts';

/** @throws EngineError as `openModel`; 'config-unsupported' where layers are to be left out */
export async function loadExportedTextEncoder(
  context: ComponentContext,
  folder: string,
  { length, clipSkip = 0 }: TextEncoderOptions,
): Promise<TextEncoder> {
  if (clipSkip !== 0) {
    throw new EngineError('config-unsupported', 'An exported text encoder has all its layers.', {
      subject: 'clipSkip',
      found: `${clipSkip}`,
      wanted: '0',
    });
  }
  const model = await openModel(context, folder, ['input_ids']);
  const input = model.input('input_ids')!;
  return {
    encode: (ids) =>
      model.run({ input_ids: asInput(input, Float32Array.from(ids), [1, length]) }, 'last_hidden_state'),
    dispose: () => model.dispose(),
  };
}
