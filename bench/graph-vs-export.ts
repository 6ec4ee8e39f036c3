/**
 * Our graph of a U-Net's checkpoint against the ONNX file that PyTorch's exporter made of it, in the same runtime
 * with the same threads.
 */
import { type FloatTensor, floatTensor, type Tensor } from '../src/engine/core/tensor.ts';
import { timestepEmbedding } from '../src/engine/networks/timestep-embedding.ts';
import { buildUNet2DConditionModel } from '../src/engine/networks/unet-2d-condition/build.ts';
import { parseUNet2DConditionConfig } from '../src/engine/networks/unet-2d-condition/config.ts';
import { openRecordedTensors, readRecord } from '../src/engine/parity/recorded-tensors.ts';
import type { ModelFiles } from '../src/engine/weights/model-files.ts';
import { openCheckpoint } from '../src/engine/weights/open-checkpoint.ts';
import { alternate } from './alternate.ts';
import type { Backend } from './backend.ts';
import { largestRelativeError } from './largest-relative-error.ts';
import { median } from './median.ts';
import type { BenchResult } from './result.ts';

interface CaseRecord {
  readonly calls: readonly {
    readonly label: string;
    readonly inputs: Readonly<Record<string, { readonly dtype: string }>>;
  }[];
}

/**
 * @param files config.json, the checkpoint, exported/model.onnx and a recorded call of both: io.json,
 *   io.safetensors
 * @param name of their folder
 * @throws EngineError what the files and the runtime throw
 */
export async function benchGraphAgainstExport(
  backend: Backend,
  files: ModelFiles,
  name: string,
  pairCount: number,
): Promise<BenchResult[]> {
  const { runtime } = backend;
  const config = parseUNet2DConditionConfig(await readRecord(files, 'config.json'));
  const { calls } = await readRecord<CaseRecord>(files, 'io.json');
  const { label, inputs } = calls[0]!;
  const recorded = await openRecordedTensors(files, 'io');
  const read = (name: string) => recorded.read(`${label}/in.${name}`);
  const [sample, timestep, text] = [
    await read('sample'),
    await read('timestep'),
    await read('encoder_hidden_states'),
  ];
  const wanted = await recorded.read(`${label}/out.sample`);

  const [batch, , height, width] = sample.shape as [number, number, number, number];
  const checkpoint = await openCheckpoint(files, 'diffusion_pytorch_model');
  const graph = buildUNet2DConditionModel(config, checkpoint.tensors, {
    variant: runtime.variant,
    height,
    width,
    textLength: text.shape[1]!,
  });
  const oursSession = await runtime.createSession(graph, files, { dimensions: { batch } });
  const exportPath = 'exported/model.onnx';
  const exportBytes = await files.read(exportPath, 0, await files.size(exportPath));
  const theirsSession = await backend.loadExported(exportBytes);

  const embedding = timestepEmbedding(
    config,
    Array.from({ length: batch }, () => timestep.data[0]!),
  );
  const ourFeeds = {
    sample,
    encoder_hidden_states: text,
    timestep_embedding: floatTensor([batch, config.timestepChannels], embedding),
  };
  const theirFeeds: Record<string, Tensor> = {
    sample,
    encoder_hidden_states: text,
    timestep: inputs.timestep?.dtype === 'int64' ? integerTensor(timestep) : timestep,
  };
  let ours: FloatTensor | undefined;
  let theirs: FloatTensor | undefined;
  const duel = await alternate(
    async () => {
      ours = (await oursSession.run(ourFeeds)).out_sample as FloatTensor;
    },
    async () => {
      theirs = Object.values(await theirsSession.run(theirFeeds))[0] as FloatTensor;
    },
    pairCount,
  );
  await oursSession.dispose();
  await theirsSession.dispose();
  return [
    {
      name: 'graph-vs-export',
      case: name,
      ...backend.labels,
      median_ms: median(duel.oursMs),
      export_median_ms: median(duel.theirsMs),
      ratio: duel.ratio,
      pair_ratio: duel.pairRatio,
      processor_ratio: duel.processorRatio,
      pairs: pairCount,
      // Both sides compute the recorded call, or the race means nothing.
      relative_error: largestRelativeError(ours!.data, wanted.data),
      export_relative_error: largestRelativeError(theirs!.data, wanted.data),
    },
  ];
}

function integerTensor({ shape, data }: FloatTensor): Tensor {
  return { dtype: 'i64', shape, data: BigInt64Array.from(data, (value) => BigInt(Math.round(value))) };
}
