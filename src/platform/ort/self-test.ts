/**
 * Numerical self-test of a backend: small graphs with known answers. It exists because a backend can give
 * finite numbers that are wrong: com.microsoft MultiHeadAttention on WebGPU adapters with small subgroups
 * (SwiftShader in Chromium 156, onnxruntime-web 1.30; errors of 0.3 to 1.2 on values of about 1).
 * Nothing is remembered between visits: drivers and browsers change under the same page.
 */
import type { FloatDType } from '../../engine/core/dtype.ts';
import { EngineError } from '../../engine/core/errors.ts';
import type { GraphVariant } from '../../engine/networks/graph-variant.ts';
import type { Clock, Runtime } from '../../engine/pipeline/ports.ts';
import type { SelfTestCheck } from './backend-report.ts';
import { noFiles } from './no-files.ts';
import {
  attentionGraph,
  blockedShapes,
  blockedTestBytes,
  decomposedShapes,
  fusedShapeGroups,
  type KnownGraph,
  kernelGraph,
  longSumsGraph,
} from './self-test-graphs.ts';

export interface SelfTestVerdict {
  /** The best variant whose numbers are right; undefined when none is. */
  readonly variant: GraphVariant | undefined;
  /** Why this one, a sentence for the reader. */
  readonly reason: string;
  readonly checks: readonly SelfTestCheck[];
}

/**
 * Of the largest absolute answer. Right kernels were seen at 1e-6 (f32) and 5e-3 (f16), wrong ones at 0.3 and
 * more.
 */
const tolerances: Readonly<Record<FloatDType, number>> = { f32: 1e-4, f16: 2e-2 };

/**
 * Float16 before float32 where the backend has it, fused before decomposed attention; the first that is right. Long sums
 * in float16 that aren't are told, no more: they cost accuracy, not the picture.
 * @throws EngineError 'backend-lost'; every other failure of a graph is a failed check
 */
export async function runSelfTest(runtime: Runtime, now: Clock): Promise<SelfTestVerdict> {
  const checks: SelfTestCheck[] = [];
  /** @returns what is wrong, a clause; '' when all is right */
  const faultOf = async (known: KnownGraph, dtype: FloatDType) => {
    const { results, problem } = await checkGraph(runtime, known, dtype, now);
    checks.push(...results);
    const failed = results.filter(({ pass }) => !pass).map(({ name }) => name);
    if (failed.length === 0) return '';
    return problem ? `could not run (${problem})` : `gave wrong numbers (${failed.join(', ')})`;
  };
  const candidates: readonly FloatDType[] = runtime.capabilities.float16 ? ['f16', 'f32'] : ['f32'];
  let passedOver = '';
  for (const dtype of candidates) {
    const fault =
      (await faultOf(kernelGraph(dtype), dtype)) ||
      (await faultOf(attentionGraph('decomposed', dtype, decomposedShapes), dtype));
    if (fault) {
      passedOver += `${dtype === 'f16' ? 'Float16' : 'Float32'} kernels ${fault}. `;
      continue;
    }
    let fusedFault = '';
    for (const shapes of fusedShapeGroups) {
      fusedFault ||= await faultOf(attentionGraph('fused', dtype, shapes), dtype);
    }
    // On a processor long attentions run in blocks of products instead; docs/speed.md.
    const best = runtime.capabilities.backend === 'webgpu' ? 'fused' : 'blocked';
    if (best === 'blocked') {
      fusedFault ||= await faultOf(attentionGraph('blocked', dtype, blockedShapes, blockedTestBytes), dtype);
    }
    const attention = fusedFault ? 'decomposed' : best;
    const reason = fusedFault
      ? `Fused attention ${fusedFault.replace(/ \(.*/u, '')} here, so attention runs decomposed.`
      : attention === 'fused'
        ? 'All kernels gave right numbers here, so attention runs fused.'
        : 'All kernels gave right numbers here, so attention runs fused, and in blocks where it is long.';
    const narrow = dtype === 'f16' && (await faultOf(longSumsGraph(dtype), dtype));
    return {
      variant: { attention, dtype },
      reason: passedOver + reason + (narrow ? narrowSums : ''),
      checks,
    };
  }
  return { variant: undefined, reason: passedOver.trim(), checks };
}

const narrowSums =
  ' Float16 adds long sums in float16 here, so pictures may be some levels off those of other devices.';

interface GraphOutcome {
  readonly results: readonly SelfTestCheck[];
  /** Why the graph could not run; '' when it did. */
  readonly problem: string;
}

async function checkGraph(
  runtime: Runtime,
  { graph, feeds, answers }: KnownGraph,
  dtype: FloatDType,
  now: Clock,
): Promise<GraphOutcome> {
  const began = now();
  let problem = '';
  let outputs: Record<string, Float32Array> = {};
  try {
    outputs = await runOnce(runtime, graph, feeds);
  } catch (thrown) {
    const error = EngineError.from(thrown, 'backend-failed');
    if (error.code === 'backend-lost') throw error;
    problem = error.found ?? error.message;
  }
  const milliseconds = now() - began;
  const results = Object.entries(answers).map(([output, answer]) => {
    const relativeError = largestRelativeError(outputs[output], answer);
    const name = dtype === 'f16' ? `${output} f16` : output;
    return { name, pass: relativeError <= tolerances[dtype], relativeError, milliseconds };
  });
  return { results, problem };
}

async function runOnce(
  runtime: Runtime,
  graph: KnownGraph['graph'],
  feeds: KnownGraph['feeds'],
): Promise<Record<string, Float32Array>> {
  const session = await runtime.createSession(graph, noFiles);
  try {
    const outputs = await session.run(feeds);
    const floats: Record<string, Float32Array> = {};
    for (const [name, { dtype, data }] of Object.entries(outputs)) if (dtype === 'f32') floats[name] = data;
    return floats;
  } finally {
    await session.dispose();
  }
}

/** NaN, which passes no check, for a missing output, another length or a value that isn't finite. */
function largestRelativeError(found: Float32Array | undefined, wanted: Float32Array): number {
  if (found?.length !== wanted.length) return Number.NaN;
  let error = 0;
  let largest = 0;
  for (let i = 0; i < wanted.length; i++) {
    const difference = Math.abs(found[i]! - wanted[i]!);
    if (!Number.isFinite(difference)) return Number.NaN;
    error = Math.max(error, difference);
    largest = Math.max(largest, Math.abs(wanted[i]!));
  }
  return error / largest;
}
