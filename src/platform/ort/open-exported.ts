/** An ONNX file that another program exported, with the external data that lies beside it, as it is. */
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-web';
import { type CancelSignal, throwIfAborted } from '../../engine/core/cancel.ts';
import { EngineError } from '../../engine/core/errors.ts';
import { halvesToFloats } from '../../engine/core/float16.ts';
import { type FloatTensor, floatTensor, type Tensor } from '../../engine/core/tensor.ts';
import { exportedDataNames } from '../../engine/pipeline/exported/data-names.ts';
import type { ExportedInput, ExportedSession } from '../../engine/pipeline/ports.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';
import { ort } from './ort-build.ts';
import { ortError } from './ort-errors.ts';
import { toOrtTensor } from './ort-tensor.ts';

/** It is handed over whole, and the runtime's heap, of 4 GiB, takes a copy. */
const largestBytes = 1.5 * 2 ** 30;

const dtypes: Readonly<Record<string, Tensor['dtype']>> = {
  float32: 'f32',
  float16: 'f16',
  int64: 'i64',
  int32: 'i32',
};

export interface OpenExportedContext {
  readonly backend: 'webgpu' | 'wasm';
  /** Rejects when the device is lost, never resolves. */
  readonly lost: Promise<never>;
}

/** @throws EngineError as `Runtime.openExported` */
export async function openExported(
  files: ModelFiles,
  path: string,
  signal: CancelSignal | undefined,
  { backend, lost }: OpenExportedContext,
): Promise<ExportedSession> {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const beside: string[] = [];
  for (const name of exportedDataNames) if (await files.has(folder + name)) beside.push(name);
  await assertFits(files, path, [path, ...beside.map((name) => folder + name)]);
  const read = async (name: string) => {
    throwIfAborted(signal);
    return files.read(name, 0, await files.size(name), signal);
  };
  const externalData = [];
  for (const name of beside) externalData.push({ path: name, data: await read(folder + name) });
  const model = await read(path);
  const settled = async <Result>(work: Promise<Result>, doing: string): Promise<Result> => {
    try {
      return await Promise.race([work, lost]);
    } catch (thrown) {
      throw ortError(thrown, `${doing} ${path}`);
    }
  };
  const options = {
    executionProviders: [backend],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    externalData,
  } as const;
  const session = await settled(ort().InferenceSession.create(model, options), 'loading');
  return {
    inputs: session.inputMetadata.map((input) => describeInput(path, input)),
    outputs: session.outputNames,
    async run(feeds) {
      const inputs = Object.entries(feeds).map(([name, tensor]) => [name, toOrtTensor(tensor)] as const);
      const outputs = await settled(session.run(Object.fromEntries(inputs)), 'running');
      const floats = Object.entries(outputs).map(
        async ([name, tensor]) => [name, await readFloatTensor(tensor)] as const,
      );
      return Object.fromEntries(await settled(Promise.all(floats), 'running'));
    },
    dispose: () => session.release().catch(() => {}),
  };
}

async function assertFits(files: ModelFiles, path: string, paths: readonly string[]): Promise<void> {
  let sizeBytes = 0;
  for (const each of paths) sizeBytes += await files.size(each);
  if (sizeBytes <= largestBytes) return;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new EngineError('out-of-memory', `${path} is too large to be read in one piece.`, {
    subject: path,
    found: `${gigabytes(sizeBytes)} with its weights`,
    wanted: `at most ${gigabytes(largestBytes)}`,
    remedy: 'Use the safetensors of the same model: those are read in pieces.',
  });
}

function describeInput(path: string, input: InferenceSession.ValueMetadata): ExportedInput {
  const dtype = input.isTensor ? dtypes[input.type] : undefined;
  if (input.isTensor && dtype !== undefined) {
    const shape = input.shape.map((size) => (typeof size === 'number' && size > 0 ? size : null));
    return { name: input.name, dtype, shape };
  }
  throw new EngineError('graph-invalid', `${path} wants an input of a type that we don't write.`, {
    subject: input.name,
    found: input.isTensor ? input.type : 'no tensor',
    wanted: Object.keys(dtypes).join(', '),
  });
}

/** Half-precision outputs come as bits, or as floats where the browser has such arrays. */
async function readFloatTensor(tensor: OrtTensor): Promise<FloatTensor> {
  const { type, dims } = tensor;
  const data = tensor.location === 'gpu-buffer' ? await tensor.getData(true) : tensor.data;
  if (type === 'float32') return floatTensor(dims, data as Float32Array);
  if (type === 'float16') {
    if (!(data instanceof Uint16Array)) return floatTensor(dims, Float32Array.from(data as Float32Array));
    const floats = new Float32Array(data.length);
    halvesToFloats(data, floats);
    return floatTensor(dims, floats);
  }
  // Outputs that nobody asks for: a pooled state's position.
  return floatTensor(dims, Float32Array.from(data as Int32Array, Number));
}
