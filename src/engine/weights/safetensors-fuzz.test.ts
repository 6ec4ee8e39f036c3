/** Whatever the bytes: an EngineError, or tensors that lie inside the file and can be read. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryFiles } from '../../testing/memory-files.ts';
import { safetensorsFrom, safetensorsOf } from '../../testing/safetensors-bytes.ts';
import { EngineError } from '../core/errors.ts';
import { elementCount } from '../core/tensor.ts';
import { openCheckpoint } from './open-checkpoint.ts';

type Outcome = 'read' | 'refused';

/** Opens and reads everything; anything thrown but an EngineError (MemoryFiles' RangeError too) fails the test. */
async function openAndRead(contents: Readonly<Record<string, Uint8Array>>): Promise<Outcome> {
  const files = new MemoryFiles(contents);
  try {
    const checkpoint = await openCheckpoint(files, 'model');
    for (const [name, entry] of checkpoint.tensors) {
      expect(entry.name).toBe(name);
      expect(entry.end).toBeLessThanOrEqual(contents[entry.file]!.length);
      expect((await checkpoint.readTensor(name)).length).toBe(elementCount(entry.shape));
      const [rows] = entry.shape;
      if (entry.shape.length === 2 && rows) await checkpoint.readRows(name, [rows - 1, 0]);
    }
    return 'read';
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    expect((error as EngineError).code).toMatch(
      /^(file-malformed|file-not-found|tensor-mismatch|tensor-missing)$/,
    );
    return 'refused';
  }
}

const valid = safetensorsOf({
  'a.weight': { dtype: 'F32', shape: [2, 3], bytes: new Float32Array([1, 2, 3, 4, 5, 6]) },
  'a.bias': { dtype: 'BF16', shape: [2], bytes: new Uint16Array([1, 2]) },
  ids: { dtype: 'I64', shape: [1, 2], bytes: new BigInt64Array([5n, -6n]) },
  flag: { dtype: 'BOOL', shape: [1], bytes: new Uint8Array([1]) },
});

const index = JSON.stringify({
  metadata: { total_size: 12 },
  weight_map: { x: 'one.safetensors', y: 'two.safetensors' },
});
const sharded = {
  'model.safetensors.index.json': new TextEncoder().encode(index),
  'one.safetensors': safetensorsOf({ x: { dtype: 'U8', shape: [2], bytes: new Uint8Array([7, 8]) } }),
  'two.safetensors': safetensorsOf({ y: { dtype: 'F16', shape: [1], bytes: new Uint16Array([15360]) } }),
};

/** One to four damages: a byte changed, a stretch cut out, bytes put in, the end cut off. */
const damages = fc.array(
  fc.record({
    kind: fc.constantFrom('change', 'cut', 'insert', 'truncate'),
    // Half of them in the length and the start of the header, where they do most.
    at: fc.oneof(fc.nat(1000), fc.nat(60)),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  }),
  { minLength: 1, maxLength: 4 },
);

function damage(
  original: Uint8Array,
  list: readonly { kind: string; at: number; bytes: Uint8Array }[],
): Uint8Array {
  let bytes = [...original];
  for (const { kind, at, bytes: other } of list) {
    const begin = at % (bytes.length + 1);
    if (kind === 'truncate') bytes = bytes.slice(0, begin);
    else bytes.splice(begin, kind === 'insert' ? 0 : other.length, ...(kind === 'cut' ? [] : other));
  }
  return new Uint8Array(bytes);
}

describe('reading damaged checkpoints', () => {
  it('reads the undamaged ones', async () => {
    expect(await openAndRead({ 'model.safetensors': valid })).toBe('read');
    expect(await openAndRead(sharded)).toBe('read');
  });

  it('survives random bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await openAndRead({ 'model.safetensors': bytes });
        await openAndRead({ 'model.safetensors': safetensorsFrom(bytes, new Uint8Array(9)) });
        await openAndRead({ 'model.safetensors.index.json': bytes });
      }),
      { numRuns: 300 },
    );
  });

  it('survives damaged files', async () => {
    const outcomes = { read: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(damages, async (list) => {
        outcomes[await openAndRead({ 'model.safetensors': damage(valid, list) })]++;
      }),
      { numRuns: 1000 },
    );
    // Both happen, else the damages are too mild or too heavy to test anything.
    expect(outcomes.read).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(0);
  });

  it('survives damaged shards and indexes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(sharded)), damages, async (name, list) => {
        const original = sharded[name as keyof typeof sharded];
        await openAndRead({ ...sharded, [name]: damage(original, list) });
      }),
      { numRuns: 500 },
    );
  });

  it('survives well-formed headers that lie', async () => {
    const number = fc.oneof(
      fc.nat(8),
      fc.constantFrom(-1, 0.5, 1e300, 2 ** 32, Number.MAX_SAFE_INTEGER, 2 ** 53, -0),
    );
    const sizes = fc.array(number, { maxLength: 3 });
    const description = fc.record(
      {
        dtype: fc.oneof(
          fc.constantFrom('F64', 'F32', 'F16', 'BF16', 'I64', 'I32', 'U8', 'BOOL', 'F4'),
          fc.jsonValue(),
        ),
        shape: fc.oneof(sizes, sizes, fc.jsonValue()),
        data_offsets: fc.oneof(fc.tuple(number, number), fc.tuple(number, number), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    const name = fc.oneof(fc.constantFrom('a', '__proto__', '__metadata__', ''), fc.string());
    const headers = fc.dictionary(name, fc.oneof(description, description, fc.jsonValue()), { maxKeys: 3 });
    await fc.assert(
      fc.asyncProperty(headers, fc.uint8Array({ maxLength: 12 }), async (header, data) => {
        await openAndRead({ 'model.safetensors': safetensorsFrom(JSON.stringify(header), data) });
      }),
      { numRuns: 1000 },
    );
  });
});
