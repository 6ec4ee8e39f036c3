/** A part of a ready ONNX pipeline: `model.onnx` in its folder, with inputs as an exporter named and typed them. */
import { EngineError } from '../../core/errors.ts';
import { floatsToHalves } from '../../core/float16.ts';
import type { FloatTensor, Tensor } from '../../core/tensor.ts';
import type { JsonObject } from '../../weights/json-document.ts';
import type { ModelFiles } from '../../weights/model-files.ts';
import type { ComponentContext } from '../component.ts';
import { joinPath, readJsonFile } from '../model-folder.ts';
import type { ExportedInput, ExportedSession } from '../ports.ts';
import { exportedModelName } from './data-names.ts';

export function isExported(files: ModelFiles, folder: string): Promise<boolean> {
  return files.has(joinPath(folder, exportedModelName));
}

export interface ExportedModel {
  /** undefined where the model has no input of that name. */
  input(name: string): ExportedInput | undefined;
  /** @returns the first output, or the one named so @throws EngineError as `ExportedSession.run` */
  run(feeds: Readonly<Record<string, Tensor>>, output: string): Promise<FloatTensor>;
  dispose(): Promise<void>;
}

/**
 * @param known inputs that the caller can feed; the first are needed, those behind `needed` may be missing
 * @throws EngineError 'config-unsupported' where the runtime opens no exported files, or adapters are to be merged;
 *   'graph-invalid' naming an input that nobody feeds, or that is missing; what the runtime throws
 */
export async function openModel(
  { runtime, files, signal, adapt }: ComponentContext,
  folder: string,
  known: readonly string[],
  needed = known.length,
): Promise<ExportedModel> {
  const path = joinPath(folder, exportedModelName);
  if (adapt) throw unchangeable(path);
  if (!runtime.openExported) throw unopenable(path);
  const session = await runtime.openExported(files, path, signal);
  const names = session.inputs.map(({ name }) => name);
  const stranger = names.find((name) => !known.includes(name));
  const missing = known.slice(0, needed).find((name) => !names.includes(name));
  if (stranger !== undefined || missing !== undefined) {
    await session.dispose();
    throw new EngineError('graph-invalid', `${path} has other inputs than such a model has.`, {
      subject: stranger ?? missing!,
      found: names.join(', '),
      wanted: known.join(', '),
      remedy: 'Export it with diffusers or Optimum, or use the safetensors of the model.',
    });
  }
  return {
    input: (name) => session.inputs.find((input) => input.name === name),
    run: async (feeds, output) => firstOutput(session, await session.run(feeds), output),
    dispose: () => session.dispose(),
  };
}

function firstOutput(
  { outputs }: ExportedSession,
  results: Awaited<ReturnType<ExportedSession['run']>>,
  name: string,
): FloatTensor {
  return (results[name] ?? results[outputs[0]!])!;
}

/** Values as an input wants them: exporters choose types and leave scalars or lists. */
export function asInput(
  { dtype, shape: { length: rank } }: ExportedInput,
  values: Float32Array,
  shape: readonly number[],
): Tensor {
  const dims = shape.slice(0, rank);
  switch (dtype) {
    case 'f32':
      return { dtype, shape: dims, data: values };
    case 'f16': {
      const data = new Uint16Array(values.length);
      floatsToHalves(values, data);
      return { dtype, shape: dims, data };
    }
    case 'i64':
      return { dtype, shape: dims, data: BigInt64Array.from(values, (value) => BigInt(Math.round(value))) };
    case 'i32':
      return { dtype, shape: dims, data: Int32Array.from(values, Math.round) };
  }
}

/** Old exports have no configs in their parts. */
export async function readConfig(files: ModelFiles, folder: string): Promise<JsonObject> {
  const path = joinPath(folder, 'config.json');
  return (await files.has(path)) ? readJsonFile(files, path) : {};
}

function unchangeable(path: string): EngineError {
  return new EngineError('config-unsupported', `The weights in ${path} can't be changed.`, {
    subject: path,
    found: 'an ONNX file, whose tensors have the names of its exporter',
    wanted: 'safetensors, for a LoRA or a difference',
    remedy: 'Use the safetensors of the same model, or draw without the file.',
  });
}

function unopenable(path: string): EngineError {
  return new EngineError('config-unsupported', `${path} can't be opened by this runtime.`, {
    subject: path,
    found: 'an exported ONNX file',
    wanted: 'safetensors',
    remedy: 'Open the folder in the page, or use the safetensors of the same model.',
  });
}
