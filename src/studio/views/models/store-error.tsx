/** What went wrong with a model: what was found, what was wanted, what to do. */
import type { ReactNode } from 'react';
import type { SerializedEngineError } from '../../../worker/protocol.ts';

export function StoreError({ error }: { error: SerializedEngineError }): ReactNode {
  const { message, found, wanted, remedy } = error;
  return (
    <div className="store-error" role="alert">
      <b>{message}</b>
      {remedy !== undefined && <span>{remedy}</span>}
      {found !== undefined && (
        <small>
          Found {found}
          {wanted !== undefined && `; wanted ${wanted}`}.
        </small>
      )}
    </div>
  );
}
