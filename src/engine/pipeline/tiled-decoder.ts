/**
 * The KL decoder for pictures whose tensors a runtime can't hold: the middle block and the small levels as they are,
 * then convolution by convolution in tiles. Between them the whole picture's values lie in host memory, so that
 * every group norm sees the mean and variance of the whole picture, and nothing is computed twice but the pixels at
 * the tiles' edges. Stages are loaded one at a time: it trades time for memory.
 */
import { type CancelSignal, throwIfAborted } from '../core/cancel.ts';
import { dtypeSizes } from '../core/dtype.ts';
import type { FloatTensor } from '../core/tensor.ts';
import { floatTensor } from '../core/tensor.ts';
import {
  buildAutoencoderKlDecoderHead,
  normEpsilon,
  partsAfterLevel,
} from '../networks/autoencoder-kl/build.ts';
import type { AutoencoderKlConfig } from '../networks/autoencoder-kl/config.ts';
import { type DecoderStage, decoderStages } from '../networks/autoencoder-kl/decoder-stages.ts';
import type { Checkpoint } from '../weights/checkpoint.ts';
import type { Component, ComponentContext, Size } from './component.ts';
import { FeatureMap, type Rectangle } from './feature-map.ts';

export interface UnscaledDecoder extends Component {
  /**
   * @param latents [1, C, h, w], divided by the scaling factor
   * @returns [1, 3, H, W], about -1 to 1
   * @throws EngineError 'aborted' between tiles
   */
  decode(latents: FloatTensor, signal?: CancelSignal): Promise<FloatTensor>;
}

/** A stage holds about so many tensors of a tile's size at a time. */
const tensorsPerTile = 4;

/**
 * How many levels of the decoder keep every tensor within a limit; all of them where no tiles are needed.
 * @param size of the latents
 */
export function levelsWithin(
  config: AutoencoderKlConfig,
  size: Size,
  bytesPerValue: number,
  largestTensorBytes: number,
): number {
  let levels = config.channels.length;
  while (levels > 0 && largestTensor(config, size, levels) * bytesPerValue > largestTensorBytes) levels--;
  return levels;
}

/** Values in the largest tensor of the decoder's first levels as one graph. */
function largestTensor(config: AutoencoderKlConfig, { height, width }: Size, levels: number): number {
  const channelsByLevel = config.channels.toReversed();
  let largest = 0;
  for (let level = 0; level < levels; level++) {
    const map = channelsByLevel[level]! * height * width * 4 ** level;
    const last = level === channelsByLevel.length - 1;
    largest = Math.max(largest, last ? map : (4 * map) / partsAfterLevel(config, level, levels));
  }
  return largest;
}

/**
 * The decoder in tiles where a tensor of the whole picture is more than the runtime takes; undefined elsewhere.
 * @param size of the latents
 * @throws EngineError as {@link loadTiledDecoder}
 */
export async function loadTiledWhereNeeded(
  context: ComponentContext,
  checkpoint: Checkpoint,
  config: AutoencoderKlConfig,
  size: Size,
): Promise<UnscaledDecoder | undefined> {
  const { runtime, variant = runtime.variant } = context;
  const { largestTensorBytes = runtime.capabilities.largestTensorBytes } = context;
  const levels = levelsWithin(config, size, dtypeSizes[variant.dtype], largestTensorBytes);
  if (levels === config.channels.length) return undefined;
  return loadTiledDecoder(context, checkpoint, config, size, { levels, largestTensorBytes });
}

/**
 * @param size of the latents
 * @param levels that run untiled, as {@link levelsWithin} says; fewer than the decoder has
 * @throws EngineError what the runtime and the files throw; tensors that are missing are found here
 */
export async function loadTiledDecoder(
  { runtime, files, variant = runtime.variant, signal }: ComponentContext,
  checkpoint: Checkpoint,
  config: AutoencoderKlConfig,
  { height, width }: Size,
  { levels, largestTensorBytes }: { readonly levels: number; readonly largestTensorBytes: number },
): Promise<UnscaledDecoder> {
  const { tensors } = checkpoint;
  const stages = decoderStages(config, variant, levels);
  // What the checkpoint lacks shows now and not after a minute of decoding.
  for (const stage of stages) stage.build(tensors, { height: 1, width: 1 });
  const headGraph = buildAutoencoderKlDecoderHead(
    config,
    tensors,
    { variant, batch: 1, height, width },
    levels,
  );
  const head = await runtime.createSession(headGraph, files, { signal });
  const tileBytes = largestTensorBytes / tensorsPerTile;

  const runStage = async (
    stage: DecoderStage,
    input: FeatureMap,
    residual: FeatureMap,
    cancelled: CancelSignal | undefined,
  ): Promise<FeatureMap> => {
    throwIfAborted(cancelled);
    const { enlargement, outputs } = stage;
    const size = [outputs, input.height * enlargement, input.width * enlargement] as const;
    const output = new FeatureMap(variant.dtype, size);
    const tiles = tilesOf(input, bytesPerPixel(stage), tileBytes);
    const norm = stage.norm ? await normFeeds(checkpoint, stage.norm, input, config.normGroups) : {};
    const session = await runtime.createSession(stage.build(tensors, tiles[0]!), files, {
      weights: 'copied',
      signal: cancelled,
    });
    try {
      for (const tile of tiles) {
        throwIfAborted(cancelled);
        const feeds = {
          ...norm,
          ...(stage.norm ? { inside: insideMask(input, surrounding(tile)) } : {}),
          ...(stage.residual === undefined ? {} : { residual: cropTensor(residual, tile) }),
          x: cropTensor(input, surrounding(tile)),
        };
        const { y } = (await session.run(feeds)) as { y: FloatTensor };
        output.paste(y.data, enlarged(tile, enlargement));
      }
    } finally {
      await session.dispose();
    }
    return output;
  };

  return {
    async decode(latents, cancelled) {
      const { hidden } = (await head.run({ latents })) as { hidden: FloatTensor };
      const shape = hidden.shape.slice(1) as [number, number, number];
      let blockInput = new FeatureMap(variant.dtype, shape, hidden.data);
      let current = blockInput;
      for (const stage of stages) {
        current = await runStage(stage, current, blockInput, cancelled);
        // A residual block's first stage leaves its input for the second; every other stage begins anew.
        if (stage.residual !== undefined || !stage.norm) blockInput = current;
      }
      const whole = { top: 0, left: 0, height: current.height, width: current.width };
      return cropTensor(current, whole);
    },
    dispose: () => head.dispose(),
  };
}

/** Bytes of a stage's widest tensor per pixel of its input; fed and fetched in float32. */
function bytesPerPixel({ inputs, outputs, enlargement, residual = 0 }: DecoderStage): number {
  return 4 * Math.max(inputs * enlargement ** 2, outputs * enlargement ** 2, residual);
}

/**
 * Equal tiles that cover a map: as few as keep a tensor within `tileBytes`. Where they don't divide it, the last
 * ones overlap their neighbours.
 */
export function tilesOf(
  { height, width }: Size,
  pixelBytes: number,
  tileBytes: number,
): readonly Rectangle[] {
  let rows = 1;
  let columns = 1;
  const size = () => ({ height: Math.ceil(height / rows), width: Math.ceil(width / columns) });
  const bytes = () => (size().height + 2) * (size().width + 2) * pixelBytes;
  while (bytes() > tileBytes && (rows < height || columns < width)) {
    if (size().height >= size().width && rows < height) rows++;
    else columns = Math.min(width, columns + 1);
  }
  const tile = size();
  return Array.from({ length: rows * columns }, (_, i) => ({
    top: Math.min(Math.floor(i / columns) * tile.height, height - tile.height),
    left: Math.min((i % columns) * tile.width, width - tile.width),
    ...tile,
  }));
}

/** A tile and one pixel around it. */
function surrounding({ top, left, height, width }: Rectangle): Rectangle {
  return { top: top - 1, left: left - 1, height: height + 2, width: width + 2 };
}

function enlarged({ top, left, height, width }: Rectangle, factor: number): Rectangle {
  return { top: factor * top, left: factor * left, height: factor * height, width: factor * width };
}

function cropTensor(map: FeatureMap, part: Rectangle): FloatTensor {
  return floatTensor([1, map.channels, part.height, part.width], map.crop(part));
}

function insideMask({ height, width }: Size, part: Rectangle): FloatTensor {
  const values = Float32Array.from({ length: part.height * part.width }, (_, i) => {
    const row = part.top + Math.floor(i / part.width);
    const column = part.left + (i % part.width);
    return row >= 0 && row < height && column >= 0 && column < width ? 1 : 0;
  });
  return floatTensor([1, 1, part.height, part.width], values);
}

/** A group norm over the whole picture as one product and one sum per channel. */
async function normFeeds(
  checkpoint: Checkpoint,
  path: string,
  map: FeatureMap,
  groups: number,
): Promise<{ readonly factor: FloatTensor; readonly offset: FloatTensor }> {
  const weight = await checkpoint.readTensor(`${path}.weight`);
  const bias = await checkpoint.readTensor(`${path}.bias`);
  const moments = map.moments(groups);
  const factor = new Float32Array(map.channels);
  const offset = new Float32Array(map.channels);
  for (let channel = 0; channel < map.channels; channel++) {
    const { mean, variance } = moments[Math.floor((channel * groups) / map.channels)]!;
    const scale = weight[channel]! / Math.sqrt(variance + normEpsilon);
    factor[channel] = scale;
    offset[channel] = bias[channel]! - mean * scale;
  }
  const shape = [1, map.channels, 1, 1];
  return { factor: floatTensor(shape, factor), offset: floatTensor(shape, offset) };
}
