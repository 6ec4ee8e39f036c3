/** The terms of the models that are compared. */
import type { ReactNode } from 'react';
import type { ModelDescriptor } from '../../../engine/pipeline/model.ts';
import { modelOfSide } from '../../state/side-models.ts';
import { useStudio } from '../studio-context.tsx';

/** The compared models and their terms; models under the same terms share an entry. */
export function Licences(): ReactNode {
  const a = useStudio((state) => modelOfSide(state, 'a'));
  const b = useStudio((state) => modelOfSide(state, 'b'));
  const byTerms = new Map<string, ModelDescriptor[]>();
  for (const model of new Set([a, b])) {
    if (model === null) continue;
    const terms = JSON.stringify(model.licence);
    byTerms.set(terms, [...(byTerms.get(terms) ?? []), model]);
  }
  return (
    <ul className="licences">
      {[...byTerms].map(([terms, shared]) => (
        <Licence key={terms} models={shared} />
      ))}
    </ul>
  );
}

function Licence({ models }: { models: readonly ModelDescriptor[] }): ReactNode {
  const licence = models[0]?.licence;
  if (licence === undefined) return null;
  return (
    <li>
      <b>{models.map(({ title }) => title).join(', ')}</b>{' '}
      {licence.url === undefined ? (
        licence.name
      ) : (
        <a href={licence.url} target="_blank" rel="noreferrer">
          {licence.name}
        </a>
      )}
      {licence.notes !== undefined && <span>{licence.notes}</span>}
    </li>
  );
}
