/** Draws one picture from a prompt with a model folder or a catalogue entry. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EngineError } from '../src/engine/core/errors.ts';
import { describeFolder } from '../src/engine/pipeline/describe-folder.ts';
import type { ModelDescriptor } from '../src/engine/pipeline/model.ts';
import { ModelHost } from '../src/engine/pipeline/model-host.ts';
import type { ModelFiles } from '../src/engine/weights/model-files.ts';
import { mountedFiles } from '../src/engine/weights/mounted-files.ts';
import { readCatalogue } from '../src/platform/hub/catalogue.ts';
import { DirectoryFiles } from '../src/platform/node/directory-files.ts';
import { loadClipTokenizer } from '../src/platform/tokenizer/clip-tokenizer.ts';
import { deltaOption, loraOption, reportAssumedScales } from './adapter-option.ts';
import { choiceOption, numberOption } from './number-option.ts';
import { nodeBackends, openRuntime } from './open-runtime.ts';
import { report } from './progress.ts';
import { runCommand, UsageError } from './run-command.ts';
import { writePicture } from './write-picture.ts';

const usage = `npm run -s generate -- --model DIR|ID --prompt TEXT --out FILE.png
  [--negative TEXT] [--steps N] [--guidance G] [--sampler NAME] [--seed S] [--width W --height H]
  [--lora FILE[:STRENGTH]]... [--delta FINETUNED:ORIGINAL[:STRENGTH]]... [--tiny-vae DIR]
  [--largest-tensor MIB] [--trajectory DIR] [--backend ${nodeBackends.join('|')}]`;

const catalogueFolder = fileURLToPath(new URL('../models', import.meta.url));

/** The folder in the model's files that stands for the tiny decoder's own. */
const tinyVaeFolder = 'tiny-vae';

await runCommand(usage, async () => {
  const { values } = parseArgs({
    options: {
      model: { type: 'string' },
      prompt: { type: 'string' },
      out: { type: 'string' },
      negative: { type: 'string' },
      steps: { type: 'string' },
      guidance: { type: 'string' },
      sampler: { type: 'string' },
      seed: { type: 'string' },
      width: { type: 'string' },
      height: { type: 'string' },
      trajectory: { type: 'string' },
      lora: { type: 'string', multiple: true },
      delta: { type: 'string', multiple: true },
      'tiny-vae': { type: 'string' },
      'largest-tensor': { type: 'string' },
      backend: { type: 'string' },
    },
  });
  const { model, prompt, out, negative, sampler, trajectory } = values;
  if (model === undefined || prompt === undefined || out === undefined) {
    throw new UsageError('--model, --prompt and --out are needed.');
  }
  const backend = choiceOption('backend', values.backend, nodeBackends, 'cpu');
  const adapters = [...(values.lora ?? []).map(loraOption), ...(values.delta ?? []).map(deltaOption)];
  await reportAssumedScales(adapters);
  const largestTensor = numberOption('largest-tensor', values['largest-tensor']);
  if (largestTensor !== undefined && largestTensor <= 0) {
    throw new UsageError('--largest-tensor must be positive.');
  }
  const found = await findModel(model);
  const tinyVae = values['tiny-vae'];
  const { files, descriptor } = tinyVae === undefined ? found : withTinyVae(found, tinyVae);
  const [[initialWidth, initialHeight]] = descriptor.sizes as [readonly [number, number]];
  const width = numberOption('width', values.width) ?? initialWidth;
  const height = numberOption('height', values.height) ?? initialHeight;
  const stepCount = numberOption('steps', values.steps) ?? descriptor.steps.initial;
  const guidanceScale = numberOption('guidance', values.guidance) ?? descriptor.guidance?.initial ?? 1;
  const seed = numberOption('seed', values.seed) ?? 0;

  const runtime = await openRuntime(backend);
  const host = new ModelHost({
    runtime,
    files,
    largestTensorBytes: largestTensor === undefined ? undefined : largestTensor * 2 ** 20,
    loadTokenizer: loadClipTokenizer,
    clock: () => performance.now(),
  });
  const loadBegun = performance.now();
  const pipeline = await host.open(descriptor, {
    size: { width, height },
    adapters,
    decoding: tinyVae === undefined ? 'full' : 'fast',
  });
  const loadMs = performance.now() - loadBegun;
  report(`loaded ${descriptor.title} on ${backend} in ${loadMs.toFixed(0)} ms`);

  const result = await pipeline.generate(
    { prompt, negativePrompt: negative, stepCount, guidanceScale, seed, width, height, sampler },
    {
      async onStart(latents) {
        if (trajectory === undefined) return;
        await mkdir(trajectory, { recursive: true });
        await writePicture(join(trajectory, frameName(0, 'latents')), await pipeline.decode(latents));
      },
      async onStep({ i, pathLatents, endpoint, milliseconds }) {
        report(`step ${i + 1} of ${stepCount}: ${milliseconds.toFixed(0)} ms`);
        if (trajectory === undefined) return;
        await writePicture(join(trajectory, frameName(i + 1, 'latents')), await pipeline.decode(pathLatents));
        await writePicture(join(trajectory, frameName(i + 1, 'endpoint')), await pipeline.decode(endpoint));
      },
    },
  );
  await mkdir(dirname(out), { recursive: true });
  await writePicture(out, result);
  await host.dispose();
  await runtime.dispose();
  const { tokens, timings, evaluations } = result;
  return {
    success: true,
    output: {
      out,
      model: descriptor.id,
      prompt,
      ...(negative === undefined ? {} : { negative }),
      seed,
      steps: stepCount,
      evaluations,
      guidance: guidanceScale,
      sampler: result.sampler,
      ...(adapters.length === 0 ? {} : { adapters: [...(values.lora ?? []), ...(values.delta ?? [])] }),
      ...(tinyVae === undefined ? {} : { tinyVae }),
      width,
      height,
      tokens: tokens.tokenCount,
      truncated: tokens.truncated,
      backend,
      device: runtime.capabilities.device,
      threads: runtime.capabilities.threads,
      ...(result.float32Stages.length === 0 ? {} : { float32Stages: result.float32Stages }),
      timings: { loadMs, ...timings },
    },
  };
});

/** 'step-03-endpoint.png' */
function frameName(step: number, what: string): string {
  return `step-${String(step).padStart(2, '0')}-${what}.png`;
}

interface FoundModel {
  readonly files: ModelFiles;
  readonly descriptor: ModelDescriptor;
}

function withTinyVae({ files, descriptor }: FoundModel, folder: string): FoundModel {
  return {
    files: mountedFiles(files, tinyVaeFolder, new DirectoryFiles(folder)),
    descriptor: { ...descriptor, components: { ...descriptor.components, tiny_vae: tinyVaeFolder } },
  };
}

/** @throws EngineError 'file-not-found' when it is neither a folder nor in the catalogue */
/**
 * A catalogue id, the folder of an entry's network, the family's folder (its first model that takes any number of
 * steps), or any diffusers folder.
 */
async function findModel(model: string): Promise<FoundModel> {
  const files = new DirectoryFiles(catalogueFolder);
  const models = await readCatalogue(files);
  const inCatalogue = relative(catalogueFolder, resolve(model)).replaceAll(sep, '/');
  const descriptor =
    models.find(({ id }) => id === model) ??
    models.find(({ components }) => components.unet === inCatalogue) ??
    models.find(({ components, steps }) => dirname(components.unet) === inCatalogue && steps.maximum > 1);
  if (descriptor) return { files, descriptor };
  if ((await stat(model).catch(() => undefined))?.isDirectory()) {
    const folder = new DirectoryFiles(model);
    return { files: folder, descriptor: await describeFolder(folder) };
  }
  throw new EngineError('file-not-found', `There is no model ${model}.`, {
    subject: model,
    found: 'neither a folder nor a name in the catalogue',
    wanted: `a diffusers folder, or ${models.map(({ id }) => id).join(', ')}`,
    remedy: 'Check the spelling of the path.',
  });
}
