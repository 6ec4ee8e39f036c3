import { describe, expect, it } from 'vitest';
import { picture } from '../test/sample-runs.ts';
import { layOutFigure } from './sweep-figure.ts';

const cell = { picture: picture(1), left: '0.14 s', right: 'SSIM 0.91' };
const row = { title: '2-RF-nano', notes: ['guidance 1.0', ''], cells: [cell, cell, cell] };
const oneStepRow = { ...row, cells: [cell, null, null] };
const figure = { title: 'a red apple', subtitle: 'seed 7', columns: ['1 step', '2 steps', '4 steps'] };

describe('the figure of a sweep', () => {
  const layout = layOutFigure({ ...figure, rows: [row, oneStepRow, row] }, 100);

  it('has a square a cell, none over another, all inside', () => {
    expect(layout.pictures).toHaveLength(7);
    for (const [i, a] of layout.pictures.entries()) {
      expect(a.x + a.side).toBeLessThanOrEqual(layout.width);
      expect(a.y + a.side).toBeLessThanOrEqual(layout.height);
      for (const b of layout.pictures.slice(i + 1)) {
        const apart = Math.abs(a.x - b.x) >= a.side || Math.abs(a.y - b.y) >= a.side;
        expect(apart).toBe(true);
      }
    }
  });

  it('writes what there is to say, inside, and nothing empty', () => {
    const said = layout.texts.map(({ text }) => text);
    expect(said).toEqual(expect.arrayContaining(['a red apple', 'seed 7', '4 steps', '0.14 s', 'SSIM 0.91']));
    expect(said).not.toContain('');
    for (const { x, y, width, align } of layout.texts) {
      const [left, right] = align === 'left' ? [x, x + width] : [x - width, x];
      expect(left).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(layout.width);
      expect(y).toBeLessThanOrEqual(layout.height);
    }
  });
});
