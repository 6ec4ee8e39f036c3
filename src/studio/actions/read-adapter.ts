/** What WebGPU says of the graphics adapter; the engine's worker uses the same one. */

export interface AdapterFacts {
  readonly name: string;
  readonly features: readonly string[];
  /** Limits that decide what fits, by WebGPU's names. */
  readonly limits: Readonly<Record<string, number>>;
}

const tellingLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
] as const;

/** @returns null where there is no WebGPU, or no adapter */
export async function readAdapter(gpu: GPU | undefined = navigator.gpu): Promise<AdapterFacts | null> {
  const adapter = await gpu?.requestAdapter().catch(() => null);
  if (adapter == null) return null;
  const { vendor, architecture, device, description } = adapter.info;
  return {
    name: [description, vendor, architecture, device].filter((part) => part !== '').join(', ') || 'not named',
    features: [...adapter.features].sort(),
    limits: Object.fromEntries(tellingLimits.map((name) => [name, adapter.limits[name]])),
  };
}
