/** In place of what could not be fetched or drawn: what it is, why, and the way out. */
import { CircleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { createPortal } from 'react-dom';
import { IconButton } from '../controls/icon-button.tsx';

interface LoadFailureProps {
  /** 'The gallery' */
  readonly name: string;
  readonly error: Error;
}

const words = ({ name, error }: LoadFailureProps): ReactNode => (
  <>
    <b>{name} could not be loaded.</b> {error.message} Prompt and settings are kept.
  </>
);

function ReloadButton(): ReactNode {
  return (
    <Button className="button line" onPress={() => location.reload()}>
      Reload
    </Button>
  );
}

/** Where it would stand. */
export function LoadFailure(props: LoadFailureProps): ReactNode {
  return (
    <div className="nothing" role="alert">
      <p>{words(props)}</p>
      <ReloadButton />
    </div>
  );
}

/** Of a dialog, which has no place of its own. */
export function DialogFailure({
  onClose,
  ...props
}: LoadFailureProps & { readonly onClose: () => void }): ReactNode {
  return createPortal(
    <div className="toasts">
      <section className="toast" data-tone="danger" role="alert">
        <CircleAlert className="glyph" aria-hidden="true" />
        <p>{words(props)}</p>
        <ReloadButton />
        <IconButton icon={X} label="Close" onPress={onClose} />
      </section>
    </div>,
    document.body,
  );
}
