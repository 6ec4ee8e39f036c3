/** Saves figure 2 as it stands: SVG, PNG at t, GIF over all t. */
import { Download } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import { saveFile } from '../../studio/share/save-file.ts';
import { useResolvedTheme } from '../../studio/views/shell/theme.ts';
import { useStudio } from '../../studio/views/studio-context.tsx';
import { figureGif, figurePng } from '../actions/figure-files.ts';
import type { Figure } from '../drawing/figure.ts';
import { figureSvg } from '../drawing/figure-svg.ts';
import { readPalette } from '../drawing/palette.ts';
import { flowScene, linesScene, pairsOf } from '../drawing/round-scenes.ts';
import { coloursByStart } from '../drawing/scene.ts';
import type { Laboratory } from '../state/laboratory.ts';
import { measureText } from '../words/figures.ts';
import { useLab, usePlayback } from './lab-context.tsx';

type Format = 'SVG' | 'PNG' | 'GIF';
const formats: readonly Format[] = ['SVG', 'PNG', 'GIF'];

function panelsOf({ draft, flows }: Laboratory): Figure['panels'] {
  if (draft === null) return [];
  const colours = coloursByStart(draft.pairs.starts);
  const couplings = [draft.pairs, ...flows.map(pairsOf)];
  return couplings.flatMap((pairs, k) => {
    const flow = flows[k];
    const of = k === 0 ? 'the pairs as drawn' : `the ${k}-flow's pairs`;
    const lines = { title: `Lines of ${of}`, scene: linesScene(pairs, colours) };
    if (flow === undefined) return k === 0 ? [lines] : [];
    const title = `${k + 1}-flow, S = ${measureText(flow.straightness)}`;
    return [lines, { title, scene: flowScene(flow, colours, true) }];
  });
}

export function SaveFigure(): ReactNode {
  const lab = useLab((state) => state);
  const theme = useResolvedTheme(useStudio((state) => state.settings.theme));
  const playback = usePlayback();
  const [making, setMaking] = useState<Format | null>(null);
  const [failure, setFailure] = useState('');

  async function save(format: Format): Promise<void> {
    setMaking(format);
    setFailure('');
    try {
      const host = document.querySelector<HTMLElement>('.lab') ?? document.body;
      const figure: Figure = { panels: panelsOf(lab), palette: readPalette(host, theme) };
      const name = `reflow_seed-${lab.settings.seed}`;
      const t = playback.time();
      if (format === 'GIF') saveFile(await figureGif(figure), `${name}.gif`);
      else if (format === 'PNG') saveFile(await figurePng(figure, t), `${name}.png`);
      else saveFile(new Blob([figureSvg(figure, t)], { type: 'image/svg+xml' }), `${name}.svg`);
    } catch (thrown) {
      setFailure(`No ${format} was made: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    } finally {
      setMaking(null);
    }
  }
  return (
    <>
      {formats.map((format) => (
        <Button
          key={format}
          className="button"
          aria-label={`Save figure 2 as ${format}`}
          isDisabled={lab.draft === null || making !== null}
          onPress={() => void save(format)}
        >
          <Download className="glyph small" aria-hidden="true" />
          {making === format ? 'Saving' : format}
        </Button>
      ))}
      {failure !== '' && (
        <span className="field-error" role="alert">
          {failure}
        </span>
      )}
    </>
  );
}
