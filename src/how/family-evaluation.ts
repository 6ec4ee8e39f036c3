/** The embedded family's own table, from models/nano/EVALUATION.json: a file, so nothing of it is taken for granted. */

export interface FamilyRow {
  readonly model: string;
  readonly steps: number;
  readonly sampler: string;
  /** That the row was measured over; null where the file doesn't say. */
  readonly pictures: number | null;
  readonly frechet: number;
  /** null where no interval was computed. */
  readonly frechetInterval: { readonly low: number; readonly high: number } | null;
  readonly clipScore: number;
  /** Shares, 0 to 1. */
  readonly top5: number;
  readonly ms: number;
}

export interface FamilyEvaluation {
  readonly trainedOn: string;
  readonly rows: readonly FamilyRow[];
  /** S(Z) by model, normalised. */
  readonly straightness: readonly (readonly [model: string, value: number])[];
  /** Fréchet distance of real pictures to real ones; null when not measured. */
  readonly floor: number | null;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** {low, high}, or [low, high]. */
function intervalOf(value: unknown): FamilyRow['frechetInterval'] {
  const [low, high]: unknown[] = Array.isArray(value) ? value : [fieldsOf(value).low, fieldsOf(value).high];
  return isNumber(low) && isNumber(high) ? { low, high } : null;
}

function rowOf(value: unknown): FamilyRow | null {
  const { model, steps, sampler, pictures, frechet, frechet_ci, clip_score, top5, ms } = fieldsOf(value);
  if (typeof model !== 'string' || ![steps, frechet, clip_score, top5, ms].every(isNumber)) return null;
  return {
    model,
    steps: steps as number,
    sampler: typeof sampler === 'string' ? sampler : '',
    pictures: isNumber(pictures) ? pictures : null,
    frechet: frechet as number,
    frechetInterval: intervalOf(frechet_ci),
    clipScore: clip_score as number,
    top5: top5 as number,
    ms: ms as number,
  };
}

/** @returns null for what holds no row at all */
export function parseFamilyEvaluation(value: unknown): FamilyEvaluation | null {
  const { trained_on, rows, straightness, floor } = fieldsOf(value);
  const read = (Array.isArray(rows) ? rows : []).map(rowOf).filter((row) => row !== null);
  if (read.length === 0) return null;
  return {
    trainedOn: trained_on === 'cuda' ? 'a GPU' : 'a CPU',
    rows: read,
    straightness: Object.entries(fieldsOf(straightness)).filter((entry): entry is [string, number] =>
      isNumber(entry[1]),
    ),
    floor: isNumber(floor) ? floor : null,
  };
}
