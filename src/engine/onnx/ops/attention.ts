/** Multi-head scaled dot-product attention, as one kernel or taken apart. */
import { formatShape } from '../dimension.ts';
import type { Dimension, Value } from '../graph.ts';
import type { GraphBuilder } from '../graph-builder.ts';
import { add, scale } from './elementwise.ts';
import { matmul, matmulTransposed } from './linear.ts';
import { concat, reshape, slice, transpose } from './shape.ts';

/**
 * - fused: com.microsoft MultiHeadAttention.
 * - decomposed: products and softmax of ONNX' own, in chunks of queries.
 * - blocked: for processors; as decomposed where one head's scores would outgrow the cache, with products as their
 *   kernels like them, else fused.
 */
export type AttentionVariant = 'fused' | 'decomposed' | 'blocked';

export interface AttentionOptions {
  readonly heads: number;
  readonly variant: AttentionVariant;
  /** Bytes that the scores of one chunk may take; default 32 MiB decomposed, 16 MiB blocked. */
  readonly scoreBytes?: number | undefined;
  /** Position i sees positions 0 to i only. */
  readonly causal?: boolean;
  /** Scores and softmax in float32 whatever the compute type. */
  readonly upcast?: boolean;
}

/** On a card: a chunk's scores are held twice, before and after the softmax, beside everything else. */
const defaultScoreBytes = 32 * 1024 * 1024;

/** What a few cores keep in their own caches; measured in docs/speed.md. */
const blockedScoreBytes = 16 * 1024 * 1024;

/** Below this part of a block, one head's scores gain nothing from blocks (docs/speed.md). */
const fusedPart = 1 / 4;

/** Columns that onnxruntime's matrix kernel for WASM computes at a time, wanted or not. */
const kernelColumns = 16;

/** Chunks are sized for guidance's batch of two where the batch is only known at run time. */
const assumedBatch = 2;

/**
 * softmax(q kᵀ / sqrt(C / heads)) v per head.
 * @param q [B, Lq, C]
 * @param k, v [B, Lk, C]
 * @returns [B, Lq, C]
 */
export function attention(g: GraphBuilder, q: Value, k: Value, v: Value, options: AttentionOptions): Value {
  const { heads, causal = false, upcast = false } = options;
  const [batch, queries, channels] = q.shape;
  const keys = k.shape[1];
  const fits = [k, v].every(({ shape: [b, l, c] }) => b === batch && l === keys && c === channels);
  if (!fits || typeof queries !== 'number' || typeof keys !== 'number' || typeof channels !== 'number') {
    throw g.invalid(
      'Attention',
      [q, k, v].map(({ shape }) => formatShape(shape)).join(', '),
      '[B, Lq, C], 2 x [B, Lk, C]',
    );
  }
  if (channels % heads !== 0) {
    throw g.invalid('Attention', `${heads} heads on ${channels} channels`, 'channels divisible by heads');
  }
  const wide = upcast && q.dtype === 'f16';
  const [query, key, value] = wide ? [q, k, v].map((x) => g.cast(x, 'f32')) : [q, k, v];
  const mask = causal ? causalMask(g, query!, queries, keys) : undefined;
  const { scoreBytes, blocked } = blocksOf(options, 4 * queries * keys);
  const attended =
    scoreBytes === undefined
      ? fusedAttention(g, query!, key!, value!, heads, mask)
      : decomposedAttention(g, query!, key!, value!, { heads, scoreBytes, mask, blocked });
  return wide ? g.cast(attended, 'f16') : attended;
}

/** @returns no `scoreBytes` where the fused kernel is to run */
function blocksOf(
  { variant, scoreBytes }: AttentionOptions,
  headBytes: number,
): { readonly scoreBytes?: number; readonly blocked: boolean } {
  switch (variant) {
    case 'fused':
      return { blocked: false };
    case 'decomposed':
      return { scoreBytes: scoreBytes ?? defaultScoreBytes, blocked: false };
    case 'blocked': {
      const blockBytes = scoreBytes ?? blockedScoreBytes;
      return headBytes > fusedPart * blockBytes
        ? { scoreBytes: blockBytes, blocked: true }
        : { blocked: false };
    }
  }
}

function fusedAttention(g: GraphBuilder, q: Value, k: Value, v: Value, heads: number, mask?: Value): Value {
  return g.apply(
    {
      operator: 'MultiHeadAttention',
      domain: 'com.microsoft',
      inputs: mask ? [q, k, v, undefined, undefined, mask] : [q, k, v],
      attributes: { num_heads: { kind: 'int', value: heads } },
    },
    q.shape,
  );
}

interface DecomposedOptions {
  readonly heads: number;
  readonly scoreBytes: number;
  readonly mask: Value | undefined;
  readonly blocked: boolean;
}

function decomposedAttention(
  g: GraphBuilder,
  q: Value,
  k: Value,
  v: Value,
  { heads, scoreBytes, mask, blocked }: DecomposedOptions,
): Value {
  const [batch, queries, channels] = q.shape as [Dimension, number, number];
  const keys = k.shape[1] as number;
  const width = channels / heads;
  // Weights times narrow values would fill the kernel's columns in part only; transposed, its rows are narrow instead.
  const transposed = blocked && width % kernelColumns !== 0;
  // [B, L, C] to [B, heads, L, width], or to [B, heads, width, L].
  const perHead = (x: Value, length: number) =>
    transpose(g, reshape(g, x, [batch, length, heads, width]), [0, 2, 1, 3]);
  const perHeadTransposed = (x: Value, length: number) =>
    transpose(g, reshape(g, x, [batch, length, heads, width]), [0, 2, 3, 1]);
  const query = perHead(scale(g, q, width ** -0.5), queries);
  const key = perHeadTransposed(k, keys);
  const value = transposed ? perHeadTransposed(v, keys) : perHead(v, keys);

  const rowBytes =
    (typeof batch === 'number' ? batch : assumedBatch) * heads * keys * (q.dtype === 'f16' ? 2 : 4);
  const chunkCount = Math.min(queries, Math.ceil((queries * rowBytes) / scoreBytes));
  const chunkLength = Math.ceil(queries / chunkCount);
  const chunks: Value[] = [];
  for (let begin = 0; begin < queries; begin += chunkLength) {
    const end = Math.min(begin + chunkLength, queries);
    const scores = matmul(g, slice(g, query, 2, begin, end), key);
    const masked = mask ? add(g, scores, slice(g, mask, 2, begin, end)) : scores;
    const weights = g.apply(
      { operator: 'Softmax', inputs: [masked], attributes: { axis: { kind: 'int', value: -1 } } },
      masked.shape,
    );
    chunks.push(transposed ? matmulTransposed(g, value, weights) : matmul(g, weights, value));
  }
  const attended = chunks.length === 1 ? chunks[0]! : concat(g, chunks, transposed ? 3 : 2);
  return reshape(g, transpose(g, attended, transposed ? [0, 3, 1, 2] : [0, 2, 1, 3]), q.shape);
}

/** [1, 1, Lq, Lk]: 0 where a query may look, the type's lowest finite value where it may not. */
function causalMask(g: GraphBuilder, like: Value, queries: number, keys: number): Value {
  const lowest = like.dtype === 'f16' ? -65504 : -3.4028234663852886e38;
  const mask = new Float32Array(queries * keys);
  for (let i = 0; i < queries; i++) mask.fill(lowest, i * keys + i + 1, (i + 1) * keys);
  return g.constant(mask, [1, 1, queries, keys], like.dtype === 'f16' ? 'f16' : 'f32');
}
