/** Models: what is here, what can be fetched and under which terms, what is under way. */
import { ArrowLeft, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { bytesText } from '../../words/byte-words.ts';
import { useIntoView } from './into-view.ts';
import { ModelList } from './model-list.tsx';
import { ModelTerms } from './model-terms.tsx';
import { useModels, useModelsActions } from './models-context.tsx';
import { OtherSources } from './other-sources.tsx';
import { StoreError } from './store-error.tsx';

function StorageLine(): ReactNode {
  const storage = useModels((state) => state.storage);
  if (storage === null) return null;
  return (
    <p className="note">
      Kept in this browser: {bytesText(storage.usedBytes)}. Room for about {bytesText(storage.freeBytes)}{' '}
      more, as the browser estimates it.
    </p>
  );
}

export function ModelsDialog(): ReactNode {
  const isOpen = useModels((state) => state.isOpen);
  const wanted = useModels((state) => state.wanted);
  const error = useModels((state) => state.errors['']);
  const { close, leave } = useModelsActions();
  const failure = useIntoView<HTMLDivElement>(error ?? null);
  return (
    <ModalOverlay className="scrim" isOpen={isOpen} onOpenChange={(open) => !open && close()} isDismissable>
      <Modal className="dialog models-dialog">
        <Dialog data-modal className="models">
          <header>
            {wanted !== null && (
              <Button className="button icon" aria-label="Back to all models" onPress={leave}>
                <ArrowLeft className="glyph" aria-hidden="true" />
              </Button>
            )}
            <Heading slot="title">Models</Heading>
            <Button slot="close" className="button icon" aria-label="Close">
              <X className="glyph" aria-hidden="true" />
            </Button>
          </header>
          {error && <StoreError error={error} ref={failure} />}
          {wanted !== null ? (
            <ModelTerms />
          ) : (
            <>
              <ModelList />
              <OtherSources />
              <StorageLine />
            </>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
