/** Recorded cases in Chromium: the app's worker and runtime, on a page that is built and served for the run. */
import { basename, dirname } from 'node:path';
import type { GivenCase } from '../e2e/pages/given-case.ts';
import type { FloatDType } from '../src/engine/core/dtype.ts';
import type { GraphVariant } from '../src/engine/networks/graph-variant.ts';
import type { Comparison } from '../src/engine/parity/comparison.ts';
import { unwrap } from '../src/worker/outcome.ts';
import type { ServedFolder } from './browser-parity-folders.ts';
import { onEnginePage } from './engine-page.ts';

export interface BrowserParityOptions {
  /** Absolute paths. */
  readonly cases: readonly string[];
  readonly model: string | undefined;
  readonly dtype: FloatDType;
  readonly tolerance: number;
  /** Chromium's, on top of those that WebGPU needs here. */
  readonly flags: readonly string[];
}

export interface BrowserParity {
  readonly device: string;
  /** How the graphs were shaped; undefined where no case was given. */
  readonly variant: GraphVariant | undefined;
  readonly cases: readonly Comparison[];
}

/**
 * @param onCase told after each case
 * @throws EngineError 'backend-unavailable', Error where there is no Chromium
 */
export function runInBrowser(
  { cases, model, dtype, tolerance, flags }: BrowserParityOptions,
  onCase: (folder: string, results: readonly Comparison[]) => void,
): Promise<BrowserParity> {
  return onEnginePage({ folders: foldersOf(cases, model), flags }, async (page, { device }) => {
    const results: Comparison[] = [];
    let variant: GraphVariant | undefined;
    for (const [i, folder] of cases.entries()) {
      const given: GivenCase = {
        name: basename(folder),
        folder: `/given/case-${i}/`,
        beside: `/given/beside-${i}/`,
        ...(model === undefined ? {} : { model: '/given/model/' }),
        dtype,
        tolerance,
      };
      const ran = unwrap(await page.evaluate((one: GivenCase) => engine.given(one), given));
      variant = ran.variant;
      onCase(folder, ran.cases);
      results.push(...ran.cases);
    }
    return { device, variant, cases: results };
  });
}

function foldersOf(cases: readonly string[], model: string | undefined): ServedFolder[] {
  return [
    ...cases.flatMap((folder, i) => [
      { base: `/given/case-${i}/`, folder },
      { base: `/given/beside-${i}/`, folder: dirname(folder), parent: true },
    ]),
    ...(model === undefined ? [] : [{ base: '/given/model/', folder: model }]),
  ];
}
