/** What the gallery keeps: a pair, or one picture of it. */
import type { DrawResult } from '../../worker/protocol.ts';
import type { PictureSettings } from '../share/picture-settings.ts';
import type { SideName } from '../state/side.ts';

export interface KeptPicture {
  readonly side: SideName;
  readonly settings: PictureSettings;
  /** As the catalogue called it when the picture was drawn. */
  readonly modelTitle: string;
  /** With the settings in its text. */
  readonly png: Blob;
  readonly totalMs: number;
  readonly cold: boolean;
  readonly backend: DrawResult['backend'];
  readonly precision: string;
}

export interface GalleryEntry {
  /** Entries with one id are the same pictures: drawn again, they replace each other. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly keptAtMs: number;
  /** Starred ones are never dropped to make room. */
  readonly starred: boolean;
  /** A before B; one or two. */
  readonly pictures: readonly KeptPicture[];
}

/** The same settings on the same backend and precision give the same pixels. */
export function entryId(pictures: readonly Omit<KeptPicture, 'png'>[]): string {
  return JSON.stringify(
    pictures.map(({ settings: { promptBlend, seedBlend, ...plain }, backend, precision }) => [
      backend,
      precision,
      Object.entries(plain).sort(([a], [b]) => (a < b ? -1 : 1)),
      promptBlend === null ? null : [promptBlend.prompt, promptBlend.weight],
      seedBlend === null ? null : [seedBlend.seed, seedBlend.weight],
    ]),
  );
}

export const entryBytes = ({ pictures }: GalleryEntry): number =>
  pictures.reduce((sum, { png }) => sum + png.size, 0);

export const totalBytes = (entries: readonly GalleryEntry[]): number =>
  entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
