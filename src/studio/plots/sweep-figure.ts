/** The sweep as one picture: where everything stands. Pure geometry in CSS pixels; `actions/sweep-export.ts` draws it. */
import type { Picture } from '../../worker/protocol.ts';

export interface FigureCell {
  /** null = not drawn yet: an empty square. */
  readonly picture: Picture | null;
  /** Under the picture, left and right. */
  readonly left: string;
  readonly right: string;
}

export interface FigureRow {
  readonly title: string;
  readonly notes: readonly string[];
  /** null = the model takes no such count, and nothing stands there. */
  readonly cells: readonly (FigureCell | null)[];
}

export interface SweepFigure {
  readonly title: string;
  readonly subtitle: string;
  /** '1 step', '2 steps' */
  readonly columns: readonly string[];
  readonly rows: readonly FigureRow[];
}

export interface FigureText {
  readonly text: string;
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly size: number;
  readonly bold: boolean;
  readonly align: 'left' | 'right';
  /** Longer text is squeezed. */
  readonly width: number;
}

export interface FigureLayout {
  readonly width: number;
  readonly height: number;
  readonly texts: readonly FigureText[];
  readonly pictures: readonly {
    readonly picture: Picture | null;
    readonly x: number;
    readonly y: number;
    readonly side: number;
  }[];
}

const margin = 24;
const labelWidth = 152;
const gap = 8;
const headHeight = 64;
const columnHeight = 24;
const captionHeight = 34;

/** @param side of a cell's square */
export function layOutFigure({ title, subtitle, columns, rows }: SweepFigure, side = 160): FigureLayout {
  const texts: FigureText[] = [];
  const pictures: FigureLayout['pictures'][number][] = [];
  const columnX = (column: number): number => margin + labelWidth + column * (side + gap);
  const width = columnX(columns.length) - gap + margin;
  const write = (text: string, x: number, y: number, change: Partial<FigureText> = {}): void => {
    if (text !== '') texts.push({ text, x, y, size: 13, bold: false, align: 'left', width: side, ...change });
  };
  const inner = width - 2 * margin;
  write(title, margin, margin + 16, { size: 18, bold: true, width: inner });
  write(subtitle, margin, margin + 38, { width: inner });
  const top = margin + headHeight + columnHeight;
  for (const [i, column] of columns.entries()) write(column, columnX(i), top - 9, { bold: true });
  for (const [i, row] of rows.entries()) {
    const y = top + i * (side + captionHeight);
    write(row.title, margin, y + 14, { bold: true, width: labelWidth - gap });
    for (const [k, note] of row.notes.filter((line) => line !== '').entries()) {
      write(note, margin, y + 34 + 18 * k, { size: 12, width: labelWidth - gap });
    }
    for (const [k, cell] of row.cells.entries()) {
      if (cell === null) continue;
      const { picture, left, right } = cell;
      const x = columnX(k);
      pictures.push({ picture, x, y, side });
      write(left, x, y + side + 17, { size: 12, width: side / 2 });
      write(right, x + side, y + side + 17, { size: 12, align: 'right', width: side / 2 });
    }
  }
  return { width, height: top + rows.length * (side + captionHeight) + margin / 2, texts, pictures };
}
