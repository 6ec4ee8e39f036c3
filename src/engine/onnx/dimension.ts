/**
 * Sizes that may carry one symbol: 77, 'batch', '4096*batch'. Enough for networks whose only unknown size
 * is the batch; the runtime only ever sees plain names and numbers.
 */
import { EngineError } from '../core/errors.ts';
import type { Dimension, Shape } from './graph.ts';

interface Factors {
  readonly count: number;
  /** '' for a plain number. */
  readonly symbol: string;
}

function factorsOf(dimension: Dimension): Factors {
  if (typeof dimension === 'number') return { count: dimension, symbol: '' };
  const star = dimension.indexOf('*');
  if (star < 0) return { count: 1, symbol: dimension };
  return { count: Number(dimension.slice(0, star)), symbol: dimension.slice(star + 1) };
}

/** @throws EngineError 'graph-invalid' for a product of two symbols */
export function multiplyDimensions(a: Dimension, b: Dimension): Dimension {
  const left = factorsOf(a);
  const right = factorsOf(b);
  const count = left.count * right.count;
  if (left.symbol && right.symbol) {
    throw new EngineError('graph-invalid', `A size can hold one symbol, not ${a} times ${b}.`);
  }
  const symbol = left.symbol || right.symbol;
  if (!symbol) return count;
  return count === 1 ? symbol : `${count}*${symbol}`;
}

/** The number of elements; [] is a scalar's shape. */
export function countElements(shape: Shape): Dimension {
  return shape.reduce<Dimension>(multiplyDimensions, 1);
}

export function isSymbolic(dimension: Dimension): dimension is string {
  return typeof dimension === 'string';
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);
}

/** '[batch, 4, 64, 64]' */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}
