import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { widenSums, withWideSums } from './wide-sums.ts';

/** The frame of onnxruntime 1.30's shaders for products of matrices, without what it reads, multiplies and writes. */
const vectors = `enable f16;
alias x_element_t = f16;
  var acc: array<vec4<x_element_t>, rowPerThread>;
  for (var t = 0; t < i32(num_tiles); t = t + 1) {
    for (var innerRow = 0; innerRow < rowPerThread; innerRow = innerRow + 1) { read(); }
    workgroupBarrier();
    for (var k = 0; k < tileInner / innerElementSize; k = k + 1) { multiply(); }
    workgroupBarrier();
  }
  for (var innerRow = 0; innerRow < rowPerThread; innerRow = innerRow + 1) { write(acc[innerRow]); }
}`;

/** As it is where a size is no multiple of four. */
const scalars = vectors.replace('vec4<x_element_t>', 'array<x_element_t, colPerThread>');

describe('withWideSums', () => {
  it('adds what each tile gave to float32 sums, four columns at a time', () => {
    expect(withWideSums(vectors)).toBe(`enable f16;
alias x_element_t = f16;
  var acc: array<vec4<x_element_t>, rowPerThread>;
  var wide: array<vec4<f32>, rowPerThread>;
  for (var t = 0; t < i32(num_tiles); t = t + 1) {
    for (var innerRow = 0; innerRow < rowPerThread; innerRow = innerRow + 1) { read(); }
    workgroupBarrier();
    for (var k = 0; k < tileInner / innerElementSize; k = k + 1) { multiply(); }
    workgroupBarrier();
  for (var row = 0; row < rowPerThread; row++) { { wide[row] += vec4<f32>(acc[row]); acc[row] = vec4<x_element_t>(0); } }
  }
  for (var row = 0; row < rowPerThread; row++) { { acc[row] = vec4<x_element_t>(wide[row]); } }
  for (var innerRow = 0; innerRow < rowPerThread; innerRow = innerRow + 1) { write(acc[innerRow]); }
}`);
  });

  it('does so for columns one by one', () => {
    const widened = withWideSums(scalars);
    expect(widened).toContain('var wide: array<array<f32, colPerThread>, rowPerThread>;');
    expect(widened).toContain('wide[row][col] += f32(acc[row][col]); acc[row][col] = x_element_t(0);');
    expect(widened).toContain('acc[row][col] = x_element_t(wide[row][col]);');
  });

  it.each([
    ['computes in float32', vectors.replace('= f16;', '= f32;')],
    ['has no tiles', vectors.replaceAll('workgroupBarrier();', '')],
    ['is another kernel', vectors.replace('var acc', 'var sum')],
  ])('leaves a shader as it is that %s', (_, shader) => {
    expect(withWideSums(shader)).toBe(shader);
  });

  // What is built from these pieces needs a graphics card: there the self-test checks long sums at every start.
  it.each(['jspi', 'asyncify'])('knows the pieces of shaders in the %s build', (build) => {
    const file = `node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.${build}.wasm`;
    const binary = readFileSync(file, 'latin1');
    const pieces = [
      'var acc: array<vec4<',
      'var acc: array<array<',
      ', colPerThread>, rowPerThread>;\n',
      'workgroupBarrier();\n',
    ];
    expect(pieces.filter((piece) => !binary.includes(piece))).toEqual([]);
  });
});

it('widens what is compiled on a device', () => {
  const createShaderModule = vi.fn();
  const device = { createShaderModule } as unknown as GPUDevice;
  widenSums(device);
  device.createShaderModule({ code: vectors, label: 'MatMul' });
  expect(createShaderModule).toHaveBeenCalledWith({ code: withWideSums(vectors), label: 'MatMul' });
});
