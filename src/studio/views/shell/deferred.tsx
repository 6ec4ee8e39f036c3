/** Room for a view that is a chunk of its own: while it is fetched, and where that fails. */
import { type ReactNode, Suspense } from 'react';
import { ErrorBoundary } from './error-boundary.tsx';
import { DialogFailure, LoadFailure } from './load-failure.tsx';

interface DeferredProps {
  /** 'The settings': what could not be loaded. */
  readonly name: string;
  /** Stands there while the view is fetched. */
  readonly fallback: ReactNode;
  /** Around the words of a failure. Missing = they stand alone. */
  readonly frame?: (failure: ReactNode) => ReactNode;
  readonly children: ReactNode;
}

export function Deferred({ name, fallback, frame = (it) => it, children }: DeferredProps): ReactNode {
  return (
    <ErrorBoundary failed={(error) => frame(<LoadFailure name={name} error={error} />)}>
      <Suspense fallback={fallback}>{children}</Suspense>
    </ErrorBoundary>
  );
}

interface OptionalProps {
  /** Stands there while the view is fetched, and where it can't be. */
  readonly fallback: ReactNode;
  readonly children: ReactNode;
}

/** What the page does without: a menu, a gesture. */
export function Optional({ fallback, children }: OptionalProps): ReactNode {
  return (
    <ErrorBoundary failed={() => fallback}>
      <Suspense fallback={fallback}>{children}</Suspense>
    </ErrorBoundary>
  );
}

interface DeferredDialogProps {
  readonly name: string;
  /** Closes the dialog that could not be shown. */
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function DeferredDialog({ name, onClose, children }: DeferredDialogProps): ReactNode {
  return (
    <ErrorBoundary
      failed={(error, reset) => (
        <DialogFailure
          name={name}
          error={error}
          onClose={() => {
            onClose();
            reset();
          }}
        />
      )}
    >
      <Suspense fallback={null}>{children}</Suspense>
    </ErrorBoundary>
  );
}
