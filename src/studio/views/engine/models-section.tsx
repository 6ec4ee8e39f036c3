/** What there is, what is loaded, under which terms, and the memory that it takes. */
import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import type { ModelDescriptor } from '../../../engine/pipeline/model.ts';
import type { LoadedParts } from '../../actions/loaded-parts.ts';
import { sideNames } from '../../state/side.ts';
import { modelOfSide } from '../../state/side-models.ts';
import { bytesText } from '../../words/measures.ts';
import { SideBadge } from '../controls/side-badge.tsx';
import { useLoadedParts } from '../engine-context.tsx';
import { useStudio } from '../studio-context.tsx';
import { measurePageMemory } from './use-diagnostics.ts';

const stepsOf = ({ steps }: ModelDescriptor): string =>
  steps.minimum === steps.maximum
    ? `${steps.minimum} ${steps.minimum === 1 ? 'step' : 'steps'}`
    : `${steps.minimum} to ${steps.maximum} steps`;

const sizesOf = ({ sizes }: ModelDescriptor): string =>
  sizes.map(([width, height]) => `${width}\u00a0×\u00a0${height}`).join(', ');

function stateOf({ components }: ModelDescriptor, loaded: LoadedParts): string {
  const { text_encoder, unet, vae } = components;
  const parts = [text_encoder, unet, vae].filter((folder) => loaded.has(folder)).length;
  if (parts === 3) return 'loaded';
  if (parts === 0) return 'not loaded';
  return loaded.has(unet) ? 'network loaded' : 'all but its network loaded';
}

function ModelRow({ model, loaded }: { model: ModelDescriptor; loaded: LoadedParts }): ReactNode {
  const a = useStudio((state) => modelOfSide(state, 'a')?.id === model.id);
  const b = useStudio((state) => modelOfSide(state, 'b')?.id === model.id);
  const sides = sideNames.filter((side) => (side === 'a' ? a : b));
  const { name, url } = model.licence;
  const network = loaded.get(model.components.unet);
  return (
    <tr>
      <th scope="row">
        {model.title}
        <span className="sub">
          {stepsOf(model)}, {sizesOf(model)}
        </span>
      </th>
      <td>
        {sides.map((side) => (
          <SideBadge key={side} side={side} />
        ))}{' '}
        {stateOf(model, loaded)}
      </td>
      <td className="wide-only">
        {url === undefined ? (
          name
        ) : (
          <a href={url} target="_blank" rel="noreferrer">
            {name}
          </a>
        )}
      </td>
      <td className="number">{network === undefined ? '–' : bytesText(network.sizeBytes)}</td>
    </tr>
  );
}

export function ModelsSection(): ReactNode {
  const models = useStudio((state) => state.engine.models);
  const loaded = useLoadedParts();
  if (models.length === 0) return <p className="quiet">The catalogue is read when the engine starts.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section className="table-scroll" tabIndex={0} aria-label="Models, table">
      <table className="data">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">State</th>
            <th scope="col" className="wide-only">
              Licence
            </th>
            <th scope="col" className="number">
              Network
            </th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <ModelRow key={model.id} model={model} loaded={loaded} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function MemorySection(): ReactNode {
  const loaded = useLoadedParts();
  const [measured, setMeasured] = useState('');
  const weights = [...loaded.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const measure = (): void => {
    setMeasured('measuring, this can take some seconds');
    measurePageMemory().then(
      (bytes) => setMeasured(bytes === null ? 'this browser does not measure it' : bytesText(bytes)),
      () => setMeasured('this browser refused'),
    );
  };
  return (
    <>
      <dl className="facts">
        {[...loaded].map(([folder, { part, sizeBytes }]) => (
          <div key={folder}>
            <dt>{part[0]?.toUpperCase() + part.slice(1)}</dt>
            <dd>
              <code>{folder}</code>
              <span className="amount">{bytesText(sizeBytes)}</span>
            </dd>
          </div>
        ))}
        <div>
          <dt>Weights</dt>
          <dd>{weights === 0 ? 'nothing loaded yet' : bytesText(weights)}</dd>
        </div>
        <div>
          <dt>Page and workers</dt>
          <dd aria-live="polite">{measured === '' ? 'not measured' : measured}</dd>
        </div>
      </dl>
      <Button className="button line" onPress={measure}>
        Measure memory
      </Button>
    </>
  );
}
