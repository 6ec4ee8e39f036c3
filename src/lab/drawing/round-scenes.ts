/** Figure 2's scenes: per round, the lines of its coupling and the flow that was fitted to them. */
import type { Pairs } from '../flow/coupling.ts';
import { drawnPaths } from '../flow/laboratory-settings.ts';
import type { FlowResult } from '../worker/protocol.ts';
import { interpolationPath, type Scene } from './scene.ts';

/** Starts, and where a flow took them. */
export function pairsOf({ path }: FlowResult): Pairs {
  const size = 2 * path.count;
  return { starts: path.states.subarray(0, size), ends: path.states.subarray(-size) };
}

export function linesScene(pairs: Pairs, colours: Uint8Array): Scene {
  return { path: interpolationPath(pairs, 'straight'), colours, drawnPaths };
}

/** @param crosses whether one Euler step is marked */
export function flowScene(flow: FlowResult, colours: Uint8Array, crosses: boolean): Scene {
  const { path, field, oneStep } = flow;
  return { path, colours, drawnPaths, field, ...(crosses ? { crosses: oneStep } : {}) };
}
