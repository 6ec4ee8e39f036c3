import type { Dimension } from '../onnx/graph.ts';
import type { GraphVariant } from './graph-variant.ts';

/** What an autoencoder's graph is built for. */
export interface PictureGraphOptions {
  readonly variant: GraphVariant;
  /** Default 'batch', known when the session runs. */
  readonly batch?: Dimension;
  /** Size of the input: of the latents for a decoder, of the picture for an encoder. */
  readonly height: number;
  readonly width: number;
}
