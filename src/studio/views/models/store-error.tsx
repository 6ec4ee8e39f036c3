/** What went wrong with a model: what was found, what was wanted, what to do. */
import type { ReactNode, Ref } from 'react';
import type { SerializedEngineError } from '../../../worker/protocol.ts';

interface StoreErrorProps {
  readonly error: SerializedEngineError;
  readonly ref?: Ref<HTMLDivElement>;
}

export function StoreError({ error, ref }: StoreErrorProps): ReactNode {
  const { message, found, wanted, remedy } = error;
  return (
    <div className="store-error" role="alert" ref={ref}>
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
