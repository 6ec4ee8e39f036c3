import type { GraphVariant } from '../../engine/networks/graph-variant.ts';

/** The fastest right variant on WASM; measured in docs/speed.md. */
export const wasmVariant: GraphVariant = { attention: 'blocked', dtype: 'f32' };
