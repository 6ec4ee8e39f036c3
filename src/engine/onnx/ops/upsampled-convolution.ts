/**
 * Doubling by nearest neighbours and a 3x3 convolution as one: each of the four pixels that a pixel becomes sees two
 * rows and columns of the small map, so four 2x2 convolutions of it do, with 4 products where there were 9 and
 * without the enlarged input.
 */
import { formatShape } from '../dimension.ts';
import type { Value } from '../graph.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import { conv } from './convolution.ts';
import { matmul } from './linear.ts';
import { depthToSpace } from './resize.ts';
import { concat, reshape } from './shape.ts';

/**
 * Which of the two rows that a pixel sees each of the kernel's three falls on: for the upper pixel the first on the row
 * before and the others on its own, for the lower one the first two on its own and the last on the row after. So with
 * columns.
 */
const seen = [
  [0, 1, 1],
  [0, 0, 1],
] as const;

/** Row and column of the four pixels, in the order in which `depthToSpace` takes them. */
const pixels = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;

/**
 * @param x [B, I, H, W]
 * @param weight [O, I, 3, 3]
 * @param bias [O]
 * @returns [B, O, 2H, 2W], with zeros around the enlarged map
 */
export function upsampledConv(g: GraphBuilder, x: Value, weight: Value, bias: Value | undefined): Value {
  const [outputs, inputs, height, width] = weight.shape as number[];
  if (height !== 3 || width !== 3) {
    throw g.invalid('upsampled Conv', `weight ${formatShape(weight.shape)}`, '[O, I, 3, 3]');
  }
  const taps = reshape(g, weight, [outputs! * inputs!, 9]);
  const values = pixels.map(([row, column]) => {
    // A product with zeros and ones: runtimes fold it where they can, and it is done in no time where they can't.
    const kernel = matmul(g, taps, g.constant(tapSums(row, column), [9, 4]));
    const padding = [1 - row, 1 - column, row, column] as const;
    return conv(g, x, reshape(g, kernel, [outputs!, inputs!, 2, 2]), bias, { padding });
  });
  return depthToSpace(g, concat(g, values, 1), 2);
}

/** [9, 4]: 1 where a value of the kernel falls on one of the four that a pixel sees. */
function tapSums(row: 0 | 1, column: 0 | 1): Float32Array {
  const sums = new Float32Array(9 * 4);
  for (let tap = 0; tap < 9; tap++) {
    sums[4 * tap + 2 * seen[row][Math.floor(tap / 3)]! + seen[column][tap % 3]!] = 1;
  }
  return sums;
}
