/** The rail's way to the models: says what is under way. */
import { Boxes } from 'lucide-react';
import { lazy, type ReactNode, Suspense } from 'react';
import { Button } from 'react-aria-components';
import { useModels, useModelsActions } from './models-context.tsx';

/** Loaded when it is first asked for. */
const ModelsDialog = lazy(async () => ({ default: (await import('./models-dialog.tsx')).ModelsDialog }));

export function ModelsButton(): ReactNode {
  const { open } = useModelsActions();
  const isOpen = useModels((state) => state.isOpen);
  const running = useModels((state) => Object.keys(state.downloads).length);
  return (
    <>
      <Button className="rail-button models-button" onPress={() => open()}>
        <Boxes className="glyph large" aria-hidden="true" />
        {running > 0 && <span className="status-dot" data-condition="ok" aria-hidden="true" />}
        <span className="rail-label">Models</span>
        {running > 0 && <span className="visually-hidden">, downloading</span>}
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <ModelsDialog />
        </Suspense>
      )}
    </>
  );
}
