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
import { type OrtBackend, settled } from './ort-session.ts';
import { toOrtTensor } from './ort-tensor.ts';
import { assertExportedFits } from './weight-budget.ts';

const dtypes: Readonly<Record<string, Tensor['dtype']>> = {
  float32: 'f32',
  float16: 'f16',
  int64: 'i64',
  int32: 'i32',
};

/** @throws EngineError as `Runtime.openExported` */
export async function openExported(
  files: ModelFiles,
  path: string,
  signal: CancelSignal | undefined,
  context: OrtBackend,
): Promise<ExportedSession> {
  const folder = folderOf(path);
  const beside: string[] = [];
  for (const name of exportedDataNames) if (await files.has(folder + name)) beside.push(name);
  let sizeBytes = await files.size(path);
  for (const name of beside) sizeBytes += await files.size(folder + name);
  assertExportedFits(path, sizeBytes);
  return context.heap.hold(path, sizeBytes, () => load(files, path, beside, signal, context));
}

/** @param beside names of the external data in the same folder */
async function load(
  files: ModelFiles,
  path: string,
  beside: readonly string[],
  signal: CancelSignal | undefined,
  { backend, lost, errors }: OrtBackend,
): Promise<ExportedSession> {
  const folder = folderOf(path);
  const read = async (name: string) => {
    throwIfAborted(signal);
    return files.read(name, 0, await files.size(name), signal);
  };
  const externalData = [];
  for (const name of beside) externalData.push({ path: name, data: await read(folder + name) });
  const model = await read(path);
  const options = {
    executionProviders: [backend],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    externalData,
  } as const;
  const loading = ort().InferenceSession.create(model, options);
  const session = await settled(loading, lost, `loading ${path}`);
  const doing = `running ${path}`;
  return {
    inputs: session.inputMetadata.map((input) => describeInput(path, input)),
    outputs: session.outputNames,
    async run(feeds) {
      const inputs = Object.entries(feeds).map(([name, tensor]) => [name, toOrtTensor(tensor)] as const);
      const outputs = await settled(session.run(Object.fromEntries(inputs)), lost, doing);
      const floats = Object.entries(outputs).map(
        async ([name, tensor]) => [name, await readFloatTensor(tensor)] as const,
      );
      const values = await settled(Promise.all(floats), lost, doing);
      errors?.assertNone(doing);
      return Object.fromEntries(values);
    },
    dispose: () => session.release().catch(() => {}),
  };
}

/** With its slash; '' is the root. */
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

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
