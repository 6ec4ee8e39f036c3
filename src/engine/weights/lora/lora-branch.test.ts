/**
 * Merging against what LoRA means, computed another way: beside a layer runs a branch, down, maybe mid, up, and
 * y = W x + strength · (alpha / rank) · up(mid(down(x))). Each is run as the convolution that it is, in plain loops over
 * random input, and must give what the merged weight gives alone. The file has the layers that published ones (LCM-LoRA,
 * LoCon) change besides attention.
 */
import { beforeAll, expect, it } from 'vitest';
import { MemoryFiles } from '../../../testing/memory-files.ts';
import { safetensorsOf, type TensorBytes } from '../../../testing/safetensors-bytes.ts';
import { openAdapters } from '../adapter.ts';
import type { Checkpoint } from '../checkpoint.ts';
import { openCheckpoint } from '../open-checkpoint.ts';

/** [out, in, rows, columns] of a convolution, [out, in] of a linear layer. */
type Shape = readonly number[];
interface Weight {
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** How a layer is run: a linear layer as a convolution of one pixel over its tokens. */
interface Running {
  readonly stride: number;
  readonly padding: number;
}
const plain: Running = { stride: 1, padding: 0 };
const padded: Running = { stride: 1, padding: 1 };

interface Case {
  readonly layer: string;
  readonly weight: Shape;
  readonly running: Running;
  readonly down: Shape;
  readonly mid?: Shape;
  readonly up: Shape;
  readonly alpha?: number;
}

const down = 'down_blocks.0';
const block = `${down}.attentions.0.transformer_blocks.0`;
const cases: readonly Case[] = [
  {
    layer: `${down}.resnets.0.conv1`,
    weight: [5, 3, 3, 3],
    running: padded,
    down: [2, 3, 3, 3],
    up: [5, 2, 1, 1],
    alpha: 1,
  },
  {
    layer: `${down}.resnets.0.conv2`,
    weight: [5, 5, 3, 3],
    running: padded,
    down: [3, 5, 3, 3],
    up: [5, 3],
    alpha: 2,
  },
  {
    layer: `${down}.resnets.0.conv_shortcut`,
    weight: [5, 3, 1, 1],
    running: plain,
    down: [2, 3, 1, 1],
    up: [5, 2, 1, 1],
  },
  {
    layer: `${down}.downsamplers.0.conv`,
    weight: [4, 5, 3, 3],
    running: { stride: 2, padding: 1 },
    down: [2, 5, 3, 3],
    up: [4, 2, 1, 1],
    alpha: 3,
  },
  {
    layer: 'up_blocks.0.upsamplers.0.conv',
    weight: [4, 3, 3, 3],
    running: padded,
    down: [2, 3, 1, 1],
    mid: [2, 2, 3, 3],
    up: [4, 2, 1, 1],
    alpha: 1,
  },
  {
    layer: 'up_blocks.0.resnets.0.conv1',
    weight: [4, 3, 3, 3],
    running: padded,
    down: [3, 3, 1, 1],
    mid: [2, 3, 3, 3],
    up: [4, 2, 1, 1],
    alpha: 6,
  },
  {
    layer: 'mid_block.resnets.0.conv1',
    weight: [3, 2, 1, 5],
    running: plain,
    down: [2, 2, 1, 5],
    up: [3, 2, 1, 1],
  },
  {
    layer: `${down}.resnets.0.time_emb_proj`,
    weight: [5, 6],
    running: plain,
    down: [2, 6],
    up: [5, 2],
    alpha: 4,
  },
  {
    layer: `${down}.attentions.0.proj_in`,
    weight: [5, 5, 1, 1],
    running: plain,
    down: [2, 5, 1, 1],
    up: [5, 2, 1, 1],
    alpha: 1,
  },
  {
    layer: `${down}.attentions.0.proj_out`,
    weight: [5, 5, 1, 1],
    running: plain,
    down: [2, 5],
    up: [5, 2],
    alpha: 1,
  },
  { layer: `${block}.ff.net.0.proj`, weight: [8, 5], running: plain, down: [4, 5], up: [8, 4], alpha: 2 },
  { layer: `${block}.attn2.to_out.0`, weight: [5, 5], running: plain, down: [2, 5], up: [5, 2], alpha: 2 },
];

const strength = 0.7;

let state = 1;
/** -1 to 1; the generator of Numerical Recipes. */
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 31 - 1;
}
const randomWeight = (shape: Shape): Weight => ({
  shape,
  values: Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, random),
});
const tensorOf = ({ shape, values }: Weight): TensorBytes => ({ dtype: 'F32', shape, bytes: values });

/** A picture of some channels, indexed [channel][row][column]. */
type Picture = readonly (readonly (readonly number[])[])[];

function convolve({ shape, values }: Weight, picture: Picture, { stride, padding }: Running): Picture {
  const [outputs, inputs, rows = 1, columns = 1] = shape as [number, number, number?, number?];
  const height = Math.floor((picture[0]!.length + 2 * padding - rows) / stride) + 1;
  const width = Math.floor((picture[0]![0]!.length + 2 * padding - columns) / stride) + 1;
  const pixel = (output: number, top: number, left: number): number => {
    let sum = 0;
    for (let input = 0; input < inputs; input++) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const value = picture[input]![top + row]?.[left + column] ?? 0;
          sum += values[((output * inputs + input) * rows + row) * columns + column]! * value;
        }
      }
    }
    return sum;
  };
  return Array.from({ length: outputs }, (_, output) =>
    Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (_, x) => pixel(output, y * stride - padding, x * stride - padding)),
    ),
  );
}

/** The convolution of the branch that sees a layer's neighbours is run as the layer is; the others see one pixel. */
function branch(
  weights: Record<'down' | 'up', Weight> & { mid?: Weight },
  picture: Picture,
  running: Running,
): Picture {
  const { down: first, mid, up } = weights;
  const reduced = convolve(first, picture, mid ? plain : running);
  return convolve(up, mid ? convolve(mid, reduced, running) : reduced, plain);
}

const layers = cases.map(({ weight, down: first, mid, up, ...rest }) => ({
  ...rest,
  base: randomWeight(weight),
  weights: { down: randomWeight(first), up: randomWeight(up), ...(mid ? { mid: randomWeight(mid) } : {}) },
}));

let merged: Checkpoint;
beforeAll(async () => {
  const lora: Record<string, TensorBytes> = {};
  for (const { layer, weights, alpha } of layers) {
    const name = `lora_unet_${layer.replaceAll('.', '_')}`;
    for (const [role, weight] of Object.entries(weights))
      lora[`${name}.lora_${role}.weight`] = tensorOf(weight);
    if (alpha !== undefined)
      lora[`${name}.alpha`] = { dtype: 'F32', shape: [], bytes: Float32Array.of(alpha) };
  }
  const base = Object.fromEntries(layers.map((each) => [`${each.layer}.weight`, tensorOf(each.base)]));
  const files = new MemoryFiles({
    'unet.safetensors': safetensorsOf(base),
    'lora.safetensors': safetensorsOf(lora),
  });
  const set = await openAdapters([{ kind: 'lora', files, path: 'lora.safetensors', strength }]);
  merged = set.adapt('unet', await openCheckpoint(files, 'unet'));
});

it.each(layers)('$layer', async ({ layer, base, weights, alpha, running }) => {
  const name = `${layer}.weight`;
  const found = { shape: base.shape, values: await merged.readTensor(name) };
  const picture: Picture = Array.from({ length: base.shape[1]! }, () =>
    Array.from({ length: 6 }, () => Array.from({ length: 7 }, random)),
  );
  const rank = weights.down.shape[0]!;
  const scale = strength * ((alpha ?? rank) / rank);
  const added = branch(weights, picture, running).flat(2);
  const wanted = convolve(base, picture, running)
    .flat(2)
    .map((value, i) => value + scale * added[i]!);
  const alone = convolve(found, picture, running).flat(2);
  expect(alone).toHaveLength(wanted.length);
  const largest = Math.max(...wanted.map(Math.abs));
  const apart = Math.max(...alone.map((value, i) => Math.abs(value - wanted[i]!)));
  // Weights are merged in float32, these loops compute in float64.
  expect(apart / largest).toBeLessThan(1e-6);
  expect(Math.max(...added.map(Math.abs)) * scale).toBeGreaterThan(largest / 100);
});
