/**
 * onnxruntime's WebGPU kernels for matrix products and convolutions (1.30) add up float16 products in float16: an error
 * that grows with the root of a sum's length, up to 1.5e-2 in a U-Net. Their shaders go through a sum in tiles of 8 or
 * 32 products, so here the tiles' sums are added in float32: docs/decisions/2026-11-28-wide-sums.md.
 */

/** What a thread adds up: in each row four columns as one vector, or columns one by one. */
const accumulator = /var acc: array<(vec4<(\w+)>|array<(\w+), colPerThread>), rowPerThread>;/u;

/** Ends the work on a tile: its memory may be overwritten. */
const tileDone = 'workgroupBarrier();';

/** From now on, shaders compiled on the device are {@link withWideSums}. */
export function widenSums(device: GPUDevice): void {
  const createShaderModule = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) =>
    createShaderModule({ ...descriptor, code: withWideSums(descriptor.code) });
}

/** @returns the shader, adding its tiles' sums in float32; itself where it isn't one of those kernels in float16 */
export function withWideSums(shader: string): string {
  const found = accumulator.exec(shader);
  if (!found) return shader;
  const [declaration, row, vectorOf, scalar] = found as unknown as [string, string, string?, string?];
  const element = vectorOf ?? scalar;
  if (element !== 'f16' && !shader.includes(`alias ${element} = f16;`)) return shader;
  const declared = found.index + declaration.length;
  const tileEnd = shader.lastIndexOf(tileDone) + tileDone.length;
  const loopEnd = shader.indexOf('}', tileEnd) + 1;
  if (tileEnd < declared || loopEnd === 0) return shader;
  const [wideRow, wideItem, item, index, columns] = vectorOf
    ? ['vec4<f32>', 'vec4<f32>', row, '[row]', '']
    : [
        'array<f32, colPerThread>',
        'f32',
        element,
        '[row][col]',
        'for (var col = 0; col < colPerThread; col++) ',
      ];
  const forEach = (statements: string) =>
    `\n  for (var row = 0; row < rowPerThread; row++) { ${columns}{ ${statements} } }`;
  return [
    shader.slice(0, declared),
    `\n  var wide: array<${wideRow}, rowPerThread>;`,
    shader.slice(declared, tileEnd),
    forEach(`wide${index} += ${wideItem}(acc${index}); acc${index} = ${item}(0);`),
    shader.slice(tileEnd, loopEnd),
    forEach(`acc${index} = ${item}(wide${index});`),
    shader.slice(loopEnd),
  ].join('');
}
