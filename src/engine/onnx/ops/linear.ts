import { formatShape, sameShape } from '../dimension.ts';
import type { Value } from '../graph.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import { flattenRows, reshape } from './shape.ts';

/**
 * x · weightᵀ + bias, with PyTorch's [out, in] weight as the checkpoint has it: Gemm reads it transposed, so
 * the file's bytes stay referenced. Gemm wants rows, so any other rank is flattened and restored.
 * @param x [..., in]
 * @param weight [out, in]
 * @param bias [out]
 * @returns [..., out]
 */
export function linear(g: GraphBuilder, x: Value, weight: Value, bias?: Value): Value {
  const [outputs, inputs] = weight.shape;
  if (weight.shape.length !== 2 || x.shape.at(-1) !== inputs) {
    throw g.invalid(
      'Gemm',
      `input ${formatShape(x.shape)}`,
      `[..., in] for weight ${formatShape(weight.shape)}`,
    );
  }
  if (bias && !sameShape(bias.shape, [outputs!])) {
    throw g.invalid('Gemm', `bias ${formatShape(bias.shape)}`, `[${outputs}]`);
  }
  const rows = flattenRows(g, x);
  const product = g.apply(
    {
      operator: 'Gemm',
      inputs: bias ? [rows, weight, bias] : [rows, weight],
      attributes: { transB: { kind: 'int', value: 1 } },
    },
    [rows.shape[0]!, outputs!],
  );
  return reshape(g, product, [...x.shape.slice(0, -1), outputs!]);
}

/**
 * Batched matrix product.
 * @param a [..., M, K]
 * @param b [..., K, N] with the same leading axes
 * @returns [..., M, N]
 */
export function matmul(g: GraphBuilder, a: Value, b: Value): Value {
  const leading = a.shape.slice(0, -2);
  if (!sameShape(leading, b.shape.slice(0, -2)) || a.shape.at(-1) !== b.shape.at(-2)) {
    throw g.invalid(
      'MatMul',
      `${formatShape(a.shape)} by ${formatShape(b.shape)}`,
      '[..., M, K] by [..., K, N]',
    );
  }
  return g.apply({ operator: 'MatMul', inputs: [a, b] }, [...leading, a.shape.at(-2)!, b.shape.at(-1)!]);
}

/**
 * Batched a · bᵀ, com.microsoft's: without a kernel on WebGPU.
 * @param a [..., M, K]
 * @param b [..., N, K] with the same leading axes
 * @returns [..., M, N]
 */
export function matmulTransposed(g: GraphBuilder, a: Value, b: Value): Value {
  const leading = a.shape.slice(0, -2);
  if (!sameShape(leading, b.shape.slice(0, -2)) || a.shape.at(-1) !== b.shape.at(-1)) {
    throw g.invalid(
      'FusedMatMul',
      `${formatShape(a.shape)} by ${formatShape(b.shape)}`,
      '[..., M, K] by [..., N, K]',
    );
  }
  return g.apply(
    {
      operator: 'FusedMatMul',
      domain: 'com.microsoft',
      inputs: [a, b],
      attributes: { transB: { kind: 'int', value: 1 } },
    },
    [...leading, a.shape.at(-2)!, b.shape.at(-2)!],
  );
}
