/** The rail's way to the models: says what is under way. */
import { Boxes } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { lazyView } from '../lazy-view.ts';
import { DeferredDialog } from '../shell/deferred.tsx';
import { useModels, useModelsActions } from './models-context.tsx';

/** Loaded when it is first asked for. */
const ModelsDialog = lazyView(async () => (await import('./models-dialog.tsx')).ModelsDialog);

export function ModelsButton(): ReactNode {
  const { open, close } = useModelsActions();
  const isOpen = useModels((state) => state.isOpen);
  const running = useModels((state) => Object.keys(state.downloads).length);
  const unseen = useModels((state) => state.unseen);
  const condition = unseen?.failed ? 'danger' : running > 0 || unseen ? 'ok' : null;
  return (
    <>
      <Button className="rail-button models-button" onPress={() => open()}>
        <Boxes className="glyph large" aria-hidden="true" />
        {condition !== null && <span className="status-dot" data-condition={condition} aria-hidden="true" />}
        <span className="rail-label">Models</span>
        {running > 0 && <span className="visually-hidden">, downloading</span>}
      </Button>
      <span className="visually-hidden" role="status">
        {unseen !== null && `${unseen.title} ${unseen.failed ? 'was not fetched to its end.' : 'is here.'}`}
      </span>
      {isOpen && (
        <DeferredDialog name="The models" onClose={close}>
          <ModelsDialog />
        </DeferredDialog>
      )}
    </>
  );
}
