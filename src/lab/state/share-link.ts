/**
 * A laboratory as a link: `#/lab?from=moons&to=rings&seed=7&flows=2`. Only what differs from the opening one is
 * written; what can't be read is left at its default, so that an old link still opens.
 */
import { type Distribution, type PresetName, presetNames } from '../flow/distributions.ts';
import type { LabSettings } from '../flow/laboratory-settings.ts';
import type { Stroke } from '../flow/strokes.ts';

export const openingSettings: LabSettings = {
  from: { kind: 'preset', name: 'left-blobs' },
  to: { kind: 'preset', name: 'right-blobs' },
  coupling: 'independent',
  model: 'network',
  bandwidth: 0.12,
  steps: 500,
  seed: 1,
};

export const ranges = {
  steps: { minimum: 50, maximum: 5000 },
  bandwidth: { minimum: 0.05, maximum: 0.5 },
  seed: { minimum: 0, maximum: 2 ** 32 - 1 },
  flows: { minimum: 0, maximum: 3 },
} as const;

/** As many as a link may hold and a reader may draw. */
export const strokeLimit = { strokes: 40, coordinates: 2000 } as const;

export interface Place {
  readonly settings: LabSettings;
  /** Flows to train at once. */
  readonly flows: number;
}

function readNumber(
  text: string | null,
  { minimum, maximum }: { minimum: number; maximum: number },
): number | null {
  if (text === null || text.trim() === '') return null;
  const value = Number(text);
  return value >= minimum && value <= maximum ? value : null;
}

const readWhole: typeof readNumber = (text, range) => {
  const value = readNumber(text, range);
  return Number.isInteger(value) ? value : null;
};

/** Strokes as hundredths, `x.y.x.y_x.y`: short, and plain in an address. */
function writeStrokes(strokes: readonly Stroke[]): string {
  return strokes.map((stroke) => stroke.map((value) => Math.round(100 * value)).join('.')).join('_');
}

function readStrokes(text: string): Stroke[] | null {
  const strokes = text.split('_').map((stroke) => stroke.split('.').map((value) => Number(value) / 100));
  const coordinates = strokes.reduce((sum, stroke) => sum + stroke.length, 0);
  const sound = strokes.every(
    (stroke) =>
      stroke.length >= 2 && stroke.length % 2 === 0 && stroke.every((value) => Math.abs(value) <= 4),
  );
  const fits = strokes.length <= strokeLimit.strokes && coordinates <= strokeLimit.coordinates;
  return sound && fits ? strokes : null;
}

function readDistribution(text: string | null): Distribution | null {
  if (text === null) return null;
  if ((presetNames as readonly string[]).includes(text)) return { kind: 'preset', name: text as PresetName };
  const strokes = text.startsWith('drawn:') ? readStrokes(text.slice('drawn:'.length)) : null;
  return strokes === null ? null : { kind: 'drawn', strokes };
}

function writeDistribution(distribution: Distribution): string {
  return distribution.kind === 'preset' ? distribution.name : `drawn:${writeStrokes(distribution.strokes)}`;
}

export function readPlace(parameters: URLSearchParams): Place {
  const get = (name: string): string | null => parameters.get(name);
  const coupling = get('coupling');
  const model = get('model');
  return {
    settings: {
      from: readDistribution(get('from')) ?? openingSettings.from,
      to: readDistribution(get('to')) ?? openingSettings.to,
      coupling: coupling === 'given' ? 'given' : openingSettings.coupling,
      model: model === 'kernel' ? 'kernel' : openingSettings.model,
      bandwidth: readNumber(get('bandwidth'), ranges.bandwidth) ?? openingSettings.bandwidth,
      steps: readWhole(get('steps'), ranges.steps) ?? openingSettings.steps,
      seed: readWhole(get('seed'), ranges.seed) ?? openingSettings.seed,
    },
    flows: readWhole(get('flows'), ranges.flows) ?? 0,
  };
}

export function writePlace({ settings, flows }: Place): URLSearchParams {
  const written: Record<string, string> = {
    from: writeDistribution(settings.from),
    to: writeDistribution(settings.to),
    coupling: settings.coupling,
    model: settings.model,
    bandwidth: String(settings.bandwidth),
    steps: String(settings.steps),
    seed: String(settings.seed),
    flows: String(flows),
  };
  const opening: Record<string, string> = {
    ...openingSettings,
    from: writeDistribution(openingSettings.from),
    to: writeDistribution(openingSettings.to),
    bandwidth: String(openingSettings.bandwidth),
    steps: String(openingSettings.steps),
    seed: String(openingSettings.seed),
    flows: '0',
  };
  return new URLSearchParams(Object.entries(written).filter(([name, value]) => value !== opening[name]));
}
