/** A recorded case that is served by address: with its model folder and the cases beside it. */

import type { FloatDType } from '../../src/engine/core/dtype.ts';
import { EngineError } from '../../src/engine/core/errors.ts';
import type { GraphVariant } from '../../src/engine/networks/graph-variant.ts';
import type { Comparison } from '../../src/engine/parity/comparison.ts';
import { runCase } from '../../src/engine/parity/run-case.ts';
import type { Runtime } from '../../src/engine/pipeline/ports.ts';
import type { ModelFiles } from '../../src/engine/weights/model-files.ts';
import { openHttpFiles } from '../../src/platform/hub/http-files.ts';
import { FolderOfFiles } from '../../src/platform/store/folder-of-files.ts';
import { SnapshotFiles } from '../../src/platform/store/snapshot-files.ts';
import { dataPath } from '../../src/platform/store/stored-path.ts';
import { loadClipTokenizer } from '../../src/platform/tokenizer/clip-tokenizer.ts';
import { openBrowserStore } from '../../src/worker/open-browser-store.ts';

export interface GivenCase {
  readonly name: string;
  /** Addresses of folders, with a slash at the end, on the page's origin. */
  readonly folder: string;
  readonly model?: string | undefined;
  /** Instead of `model`: the folder of a source in the store of this origin. */
  readonly storedModel?: string | undefined;
  /** Under which the folders beside the case are served by their names. */
  readonly beside: string;
  readonly dtype: FloatDType;
  readonly tolerance: number;
  /** The label of the one recorded call to run; default all of them. */
  readonly only?: string | undefined;
}

export interface GivenCaseResult {
  readonly variant: GraphVariant;
  readonly cases: readonly Comparison[];
}

/** Every output compared; those that would need a type that the backend lacks are skipped with that reason. */
export async function runGivenCase(runtime: Runtime, given: GivenCase): Promise<GivenCaseResult> {
  const { name, folder, beside, dtype, tolerance } = given;
  const filesAt = (path: string) => openHttpFiles({ root: new URL(path, location.href).href });
  const variant = variantFor(runtime, dtype);
  const cases = await runCase({
    name,
    files: await filesAt(folder),
    runtime: dtype === 'f16' && !runtime.capabilities.float16 ? withoutFloat16(runtime) : runtime,
    variant,
    tolerance,
    only: given.only,
    clock: () => performance.now(),
    loadTokenizer: loadClipTokenizer,
    model: await modelOf(given, filesAt),
    sibling: (sibling) => lazyFiles(sibling, () => filesAt(`${beside}${encodeURIComponent(sibling)}/`)),
  });
  return { variant, cases };
}

async function modelOf(
  { model, storedModel }: GivenCase,
  filesAt: (path: string) => Promise<ModelFiles>,
): Promise<ModelFiles | undefined> {
  if (storedModel !== undefined) {
    const { storage } = await openBrowserStore();
    const stored = new SnapshotFiles('the store', (path) => storage.snapshot(dataPath(path)));
    return new FolderOfFiles(stored, storedModel);
  }
  return model === undefined ? undefined : filesAt(model);
}

/** The self-test vouches for fused attention in one type; decomposed attention is right in both. */
function variantFor({ variant }: Runtime, dtype: FloatDType): GraphVariant {
  return variant.dtype === dtype ? variant : { ...variant, attention: 'decomposed', dtype };
}

function withoutFloat16({ capabilities, variant, dispose }: Runtime): Runtime {
  return {
    capabilities,
    variant,
    createSession: () =>
      Promise.reject(
        new EngineError('backend-unavailable', 'This adapter does not compute in float16.', {
          found: `${capabilities.device} without shader-f16`,
        }),
      ),
    dispose,
  };
}

/** Files whose listing is fetched when they are first asked for: few cases look beside themselves. */
function lazyFiles(id: string, open: () => Promise<ModelFiles>): ModelFiles {
  let opened: Promise<ModelFiles> | undefined;
  const files = () => {
    opened ??= open();
    return opened;
  };
  return {
    id,
    has: async (path) => (await files()).has(path),
    size: async (path) => (await files()).size(path),
    read: async (path, begin, end, signal) => (await files()).read(path, begin, end, signal),
  };
}
