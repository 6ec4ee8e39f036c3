/** Element types of checkpoints and graphs. f64 is read from recorded reference outputs, no graph computes in it. */

export const dtypeSizes = { f64: 8, f32: 4, f16: 2, bf16: 2, i64: 8, i32: 4, u8: 1, bool: 1 } as const;

export type DType = keyof typeof dtypeSizes;

/** A type that a network computes in. */
export type FloatDType = 'f32' | 'f16';
