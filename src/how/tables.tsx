/** The paper's tables, with their source, and the embedded family's own. */
import type { ReactNode } from 'react';
import { paper } from '../studio/benchmark/paper-figures.ts';
import { millisecondsText, straightnessText } from '../studio/words/measures.ts';
import { samplerText } from '../studio/words/setting-words.ts';
import type { FamilyEvaluation } from './family-evaluation.ts';

interface PaperRow {
  readonly method: string;
  readonly time: string;
  readonly fid: string;
  readonly clip?: string;
}

const coco2017: readonly PaperRow[] = [
  { method: 'SD 1.4, 25 steps', time: '0.88 s', fid: '22.8', clip: '0.315' },
  { method: '(Pre) 2-RF, 25 steps', time: '0.88 s', fid: '22.1', clip: '0.313' },
  { method: 'Progressive distillation, 1 step', time: '0.09 s', fid: '37.2', clip: '0.275' },
  { method: 'SD 1.4 + Distill, 1 step', time: '0.09 s', fid: '40.9', clip: '0.255' },
  { method: '(Pre) 2-RF, 1 step', time: '0.09 s', fid: '68.3', clip: '0.252' },
  { method: '(Pre) 2-RF + Distill, 1 step', time: '0.09 s', fid: '31.0', clip: '0.285' },
];
const coco2014: readonly PaperRow[] = [
  { method: 'SD*', time: '2.9 s', fid: '9.62' },
  { method: '(Pre) 2-RF, 25 steps', time: '0.88 s', fid: '13.4' },
  { method: 'SD 1.4 + Distill, 1 step', time: '0.09 s', fid: '34.6' },
  { method: '(Pre) 2-RF + Distill, 1 step', time: '0.09 s', fid: '20.0' },
  { method: 'InstaFlow-0.9B, 1 step, A100', time: '0.09 s', fid: '13.1' },
];

const Source = (): ReactNode => (
  <a href={paper.url} target="_blank" rel="noreferrer">
    {paper.title}
  </a>
);

function PaperTable({
  caption,
  fid,
  rows,
}: {
  caption: string;
  fid: string;
  rows: readonly PaperRow[];
}): ReactNode {
  const withClip = rows.some(({ clip }) => clip !== undefined);
  return (
    <table className="data">
      <caption>
        {caption}. Source: <Source />
      </caption>
      <thead>
        <tr>
          <th scope="col">Method</th>
          <th scope="col" className="number">
            Time
          </th>
          <th scope="col" className="number">
            {fid}
          </th>
          {withClip && (
            <th scope="col" className="number">
              CLIP
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ method, time, fid: value, clip }) => (
          <tr key={method}>
            <th scope="row">{method}</th>
            <td className="number">{time}</td>
            <td className="number">{value}</td>
            {withClip && <td className="number">{clip}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function PaperTables(): ReactNode {
  return (
    <div className="tables">
      <PaperTable caption="MS COCO 2017" fid="FID-5k" rows={coco2017} />
      <PaperTable caption="MS COCO 2014, and the final model" fid="FID-30k" rows={coco2014} />
    </div>
  );
}

/** Of features of small pictures: hundredths would make them all alike. */
const frechetText = (distance: number): string => distance.toFixed(distance < 1 ? 4 : 2);

/** '2,000 pictures a row'; rows of different counts give their range. */
function picturesText(rows: FamilyEvaluation['rows']): string {
  const counts = rows.flatMap(({ pictures }) => (pictures === null ? [] : [pictures]));
  if (counts.length === 0) return 'the same prompts in every row';
  const [least, most] = [Math.min(...counts), Math.max(...counts)].map((count) => count.toLocaleString('en'));
  return `${least === most ? least : `${least} to ${most}`} pictures a row`;
}

export function FamilyTable({ evaluation }: { evaluation: FamilyEvaluation }): ReactNode {
  const { rows, straightness, floor, trainedOn } = evaluation;
  return (
    <div className="tables">
      <table className="data">
        <caption>
          The embedded family, trained on {trainedOn}, measured by this engine: {picturesText(rows)}, fixed
          seeds
          {floor !== null && `; Fréchet distance of real pictures to real ones ${frechetText(floor)}`}
        </caption>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col" className="number">
              Steps
            </th>
            <th scope="col" className="number">
              Fréchet
            </th>
            <th scope="col" className="number">
              CLIP score
            </th>
            <th scope="col" className="number">
              Top 5
            </th>
            <th scope="col" className="number">
              Time
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ model, steps, sampler, frechet, frechetInterval, clipScore, top5, ms }) => (
            <tr key={`${model} ${steps} ${sampler}`}>
              <th scope="row">
                {model}
                <span className="sub">{samplerText(sampler)}</span>
              </th>
              <td className="number">{steps}</td>
              <td className="number">
                {frechetText(frechet)}
                {frechetInterval !== null && (
                  <span className="sub">
                    {frechetText(frechetInterval.low)} to {frechetText(frechetInterval.high)}
                  </span>
                )}
              </td>
              <td className="number">{clipScore.toFixed(3)}</td>
              <td className="number">{(100 * top5).toFixed(1)} %</td>
              <td className="number">{millisecondsText(ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {straightness.length > 0 && (
        <table className="data">
          <caption>Straightness S(Z), 0 = straight</caption>
          <tbody>
            {straightness.map(([model, value]) => (
              <tr key={model}>
                <th scope="row">{model}</th>
                <td className="number">{straightnessText(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
