/** A graph's weights as onnxruntime-web takes them: in pieces where it can read Blobs lazily, else whole. */
import type { InferenceSession } from 'onnxruntime-web';
import { type CancelSignal, throwIfAborted } from '../../engine/core/cancel.ts';
import { type ExternalDataPlan, fillPacked, readPacked } from '../../engine/onnx/external-data.ts';
import type { ModelFiles } from '../../engine/weights/model-files.ts';
import { inOneChunk, PiecewiseBlob, streamedPiece } from './piecewise-blob.ts';
import { assertFitsWhole } from './weight-budget.ts';

export interface MountedWeights {
  readonly externalData: NonNullable<InferenceSession.SessionOptions['externalData']>;
  /** What went wrong while the runtime read a piece, which it doesn't pass on. */
  failure(): unknown;
}

/** Less is read or converted at once: in the order of the files, with few reads. */
const smallBytes = 64 * 2 ** 20;

/**
 * Nothing large is read before the runtime asks, and of what must be converted one tensor is in memory at a time.
 * Of large files without a Blob, too, only what it asks for is read.
 * @param uploaded resolves when the backend has room for the next piece
 * @throws EngineError 'aborted'; what `files` throws
 */
export async function mountPieces(
  plan: ExternalDataPlan,
  files: ModelFiles,
  signal: CancelSignal | undefined,
  uploaded: (nextBytes: number) => Promise<void>,
): Promise<MountedWeights> {
  let failed: unknown;
  const note = (thrown: unknown) => {
    failed ??= thrown;
  };
  const cutFile = (path: string, blob: Blob | undefined) => (begin: number, end: number) =>
    streamedPiece(async () => {
      throwIfAborted(signal);
      await uploaded(end - begin);
      return blob ? blob.slice(begin, end) : inOneChunk(await files.read(path, begin, end, signal));
    }, note);
  const externalData: { path: string; data: Blob | Uint8Array }[] = [];
  if (plan.packedSizeBytes <= smallBytes) {
    externalData.push({ path: plan.packedPath, data: await fillPacked(plan, files, signal) });
  } else {
    const tensorAt = new Map(plan.packed.map((tensor) => [tensor.offset, tensor]));
    const cutPacked = (begin: number) => {
      const tensor = tensorAt.get(begin)!;
      return streamedPiece(async () => {
        await uploaded(tensor.sizeBytes);
        return inOneChunk(await readPacked(tensor, files, signal));
      }, note);
    };
    externalData.push({ path: plan.packedPath, data: new PiecewiseBlob(plan.packedSizeBytes, cutPacked) });
  }
  for (const path of plan.referencedFiles) {
    throwIfAborted(signal);
    const blob = (await files.blob?.(path)) as Blob | undefined;
    const sizeBytes = await files.size(path);
    const data =
      blob || sizeBytes > smallBytes
        ? new PiecewiseBlob(sizeBytes, cutFile(path, blob))
        : await files.read(path, 0, sizeBytes, signal);
    externalData.push({ path, data });
  }
  return { externalData, failure: () => failed };
}

/**
 * @param name of the graph, for messages
 * @throws EngineError 'model-too-large' before anything is read that would be too much; what `files` throws
 */
export async function mountWhole(
  plan: ExternalDataPlan,
  files: ModelFiles,
  signal: CancelSignal | undefined,
  name: string,
): Promise<MountedWeights> {
  let heldBytes = plan.packedSizeBytes;
  for (const path of plan.referencedFiles) heldBytes += await files.size(path);
  assertFitsWhole(
    name,
    heldBytes,
    'a browser without JSPI, which reading in pieces needs',
    'Use Chrome or Edge 137 or later, or choose a smaller model.',
  );
  const externalData = [{ path: plan.packedPath, data: await fillPacked(plan, files, signal) }];
  for (const path of plan.referencedFiles) {
    throwIfAborted(signal);
    externalData.push({ path, data: await files.read(path, 0, await files.size(path), signal) });
  }
  return { externalData, failure: () => undefined };
}
