/** How tests start Chromium. */
import type { LaunchOptions } from '@playwright/test';
import { findOrInstallChromium } from '../scripts/find-chromium.mjs';

/** WebGPU on the software adapter, with Chromium's own defaults otherwise. */
const softwareWebGpu = ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

const flags = {
  /** Without bounds checks in shaders, as PLATFORM.md measured most: other kernels are wrong than with them. */
  'webgpu-unchecked': [...softwareWebGpu, '--enable-dawn-features=disable_robustness'],
  'webgpu-default': softwareWebGpu,
  wasm: ['--no-sandbox'],
} as const;

export function launchOptions(name: keyof typeof flags): LaunchOptions {
  return { executablePath: findOrInstallChromium(), args: [...flags[name]] };
}
