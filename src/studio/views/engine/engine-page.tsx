/** All about the engine: what is loaded, what it runs on, how fast it is. */
import type { ReactNode } from 'react';
import '../../styles/engine.css';
import { diagnosticRows, diagnosticText } from '../../words/diagnostics.ts';
import { checkErrorText, conditionText } from '../../words/engine-words.ts';
import { CopyButton } from '../controls/copy-button.tsx';
import { useStudio } from '../studio-context.tsx';
import { BenchmarkSection } from './benchmark-section.tsx';
import { EngineBanner } from './engine-banner.tsx';
import { MemorySection, ModelsSection } from './models-section.tsx';
import { useBrowserFacts } from './use-diagnostics.ts';

function SelfTest(): ReactNode {
  const checks = useStudio((state) => state.engine.report?.checks) ?? [];
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

export function EnginePage(): ReactNode {
  const engine = useStudio((state) => state.engine);
  const { status, report } = engine;
  const browser = useBrowserFacts();
  return (
    <main className="page">
      <header className="page-head">
        <h2>Engine</h2>
        <p className="quiet">{conditionText(engine)}</p>
        <CopyButton text={() => diagnosticText(engine, browser)}>Copy diagnostics</CopyButton>
      </header>
      {/* A lesser backend's reason stands below in any case. */}
      {status === 'failed' && <EngineBanner />}
      {status === 'ready' && report !== null && (
        <p className="reason">
          {report.reason} {report.fallback}
        </p>
      )}
      <div className="columns">
        <div>
          <section className="panel" aria-labelledby="models-title">
            <header>
              <h3 id="models-title">Models</h3>
            </header>
            <ModelsSection />
          </section>
          <section className="panel" aria-labelledby="memory-title">
            <header>
              <h3 id="memory-title">Memory</h3>
            </header>
            <MemorySection />
          </section>
        </div>
        <section className="panel" aria-labelledby="diagnostics-title">
          <header>
            <h3 id="diagnostics-title">Diagnostics</h3>
          </header>
          <dl className="facts">
            {diagnosticRows(engine, browser).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <SelfTest />
        </section>
      </div>
      <BenchmarkSection />
    </main>
  );
}
