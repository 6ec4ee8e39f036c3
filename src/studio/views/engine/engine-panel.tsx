/** What runs the pictures: backend, variant, precision, device, and the self-test that chose them. */
import { Cpu } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components';
import { hrefOf } from '../../../route.ts';
import type { BackendReport } from '../../../worker/protocol.ts';
import { type EngineState, isDegraded } from '../../state/engine.ts';
import {
  attentionText,
  backendWithThreads,
  checkErrorText,
  conditionText,
  precisionText,
  reportText,
} from '../../words/engine-words.ts';
import { CopyButton } from '../controls/copy-button.tsx';
import { useStudio } from '../studio-context.tsx';
import { Licences } from './licences.tsx';

function conditionOf({ status, report }: EngineState): { readonly dot: string; readonly words: string } {
  if (status === 'starting') return { dot: 'off', words: 'starting' };
  if (status === 'failed') return { dot: 'danger', words: 'stopped' };
  return isDegraded(report) ? { dot: 'warn', words: 'running on a fallback' } : { dot: 'ok', words: 'ready' };
}

/** The checks that chose the variant: closed, since the sentence above says what came of them. */
function SelfTest({ report: { checks } }: { report: BackendReport }): ReactNode {
  if (checks.length === 0) return null;
  const right = checks.filter(({ pass }) => pass).length;
  return (
    <details className="checks">
      <summary>
        Self-test: {right} of {checks.length} right
      </summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Check</th>
            <th scope="col">Result</th>
            <th scope="col">Relative error</th>
          </tr>
        </thead>
        <tbody>
          {checks.map((check) => (
            <tr key={check.name}>
              <th scope="row">{check.name}</th>
              <td data-pass={check.pass}>{check.pass ? 'right' : 'wrong'}</td>
              <td>{checkErrorText(check)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Report({ report }: { report: BackendReport }): ReactNode {
  const rows: readonly (readonly [string, string])[] = [
    ['Backend', backendWithThreads(report)],
    ['Device', report.device],
    ['Precision', precisionText(report.variant)],
    ['Attention', attentionText(report.variant)],
    ['Runtime', report.runtimeVersion],
  ];
  return (
    <>
      <p>{report.reason}</p>
      {report.fallback !== '' && <p className="fallback">{report.fallback}</p>}
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <SelfTest report={report} />
    </>
  );
}

export function EnginePanel(): ReactNode {
  const engine = useStudio((state) => state.engine);
  const { dot, words } = conditionOf(engine);
  return (
    <DialogTrigger>
      <Button className="rail-button engine-button">
        <Cpu className="glyph large" aria-hidden="true" />
        <span className="status-dot" data-condition={dot} aria-hidden="true" />
        <span className="rail-label">Engine</span>
        <span className="visually-hidden">, {words}</span>
      </Button>
      <Popover className="popover engine-popover" placement="right bottom" offset={10}>
        <Dialog>
          <header>
            <Heading slot="title">Engine</Heading>
            {engine.report !== null && (
              <CopyButton text={() => reportText(engine.report as BackendReport, navigator.userAgent)}>
                Copy details
              </CopyButton>
            )}
          </header>
          {engine.status === 'failed' && <p className="fallback">{conditionText(engine)}</p>}
          {engine.status === 'starting' && (
            <p>Choosing a backend: small graphs with known answers run on each.</p>
          )}
          {engine.status === 'ready' && engine.report !== null && <Report report={engine.report} />}
          <h3>Models</h3>
          <Licences />
          <a href={hrefOf('engine')}>Memory, diagnostics, benchmark</a>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
