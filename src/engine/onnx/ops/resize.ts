import { formatShape } from '../dimension.ts';
import type { Value } from '../graph.ts';
import type { GraphBuilder } from '../graph-builder.ts';

/**
 * Every pixel as a square of `factor` x `factor`.
 * @param x [B, C, H, W]
 * @returns [B, C, factor * H, factor * W]
 */
export function upsampleNearest(g: GraphBuilder, x: Value, factor: number): Value {
  const [batch, channels, height, width] = x.shape;
  if (typeof height !== 'number' || typeof width !== 'number' || x.shape.length !== 4) {
    throw g.invalid('Resize', formatShape(x.shape), '[B, C, H, W]');
  }
  return g.apply(
    {
      operator: 'Resize',
      inputs: [x, undefined, g.constant([1, 1, factor, factor], [4], 'f32')],
      attributes: {
        mode: { kind: 'string', value: 'nearest' },
        coordinate_transformation_mode: { kind: 'string', value: 'asymmetric' },
        nearest_mode: { kind: 'string', value: 'floor' },
      },
    },
    [batch!, channels!, height * factor, width * factor],
  );
}

/**
 * Every pixel as a square of `factor` x `factor`, from channels in order of its rows, columns and the result's channels.
 * @param x [B, factor * factor * C, H, W]
 * @returns [B, C, factor * H, factor * W]
 */
export function depthToSpace(g: GraphBuilder, x: Value, factor: number): Value {
  const [batch, channels, height, width] = x.shape;
  if (
    typeof channels !== 'number' ||
    typeof height !== 'number' ||
    typeof width !== 'number' ||
    channels % (factor * factor) !== 0
  ) {
    throw g.invalid('DepthToSpace', formatShape(x.shape), `[B, ${factor * factor} C, H, W]`);
  }
  const attributes = { blocksize: { kind: 'int', value: factor } } as const;
  const shape = [batch!, channels / (factor * factor), height * factor, width * factor];
  return g.apply({ operator: 'DepthToSpace', inputs: [x], attributes }, shape);
}
