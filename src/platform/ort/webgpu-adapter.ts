/** What WebGPU offers here, asked before anything is loaded. */

export interface AdapterReport {
  /** 'NVIDIA GeForce RTX 4070 (nvidia, lovelace)', or what the browser lets us know. */
  readonly device: string;
  /** Kernels may compute in float16. */
  readonly float16: boolean;
  /** A processor that plays a graphics card (SwiftShader, llvmpipe, WARP): right, but slower than WASM. */
  readonly software: boolean;
  /** The largest tensor that a kernel can be given. */
  readonly largestBindingBytes: number;
}

export type AdapterProbe =
  | { readonly found: true; readonly adapter: AdapterReport }
  /** `reason` is a sentence for the reader. */
  | { readonly found: false; readonly reason: string };

/**
 * Asks for an adapter and, to learn whether it works, for a device, which is given back. Never throws.
 * @param gpu `navigator.gpu`, undefined where the browser has none
 */
export async function probeWebGpu(gpu: GPU | undefined): Promise<AdapterProbe> {
  if (!gpu) return { found: false, reason: 'This browser has no WebGPU.' };
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return { found: false, reason: 'WebGPU found no graphics adapter here.' };
    const report = describeAdapter(adapter);
    (await adapter.requestDevice()).destroy();
    return { found: true, adapter: report };
  } catch (thrown) {
    const words = thrown instanceof Error ? thrown.message : String(thrown);
    return { found: false, reason: `WebGPU could not open the graphics device (${words}).` };
  }
}

function describeAdapter(adapter: GPUAdapter): AdapterReport {
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const family = [vendor, architecture].filter(Boolean).join(', ');
  const name = description || device;
  const words =
    name && family ? `${name} (${family})` : name || family || 'a graphics adapter without a name';
  const software =
    isFallbackAdapter === true || /swiftshader|llvmpipe|lavapipe|basic render|warp/iu.test(words);
  return {
    device: words,
    float16: adapter.features.has('shader-f16'),
    software,
    largestBindingBytes: adapter.limits.maxStorageBufferBindingSize,
  };
}
