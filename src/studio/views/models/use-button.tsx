/** Draws with a model that is here. */
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { hrefOf } from '../../../route.ts';
import { sidesWith } from '../../state/presets.ts';
import { useActions, useStudio, useStudioReader } from '../studio-context.tsx';
import { useModelsActions } from './models-context.tsx';

/** Nothing where the engine has no such model: what is no model by itself, or before the engine was started. */
export function UseButton({ id }: { id: string }): ReactNode {
  const model = useStudio(({ engine }) => engine.models.find((known) => known.id === id));
  const readState = useStudioReader();
  const { compare } = useActions();
  const { close } = useModelsActions();
  if (model === undefined) return null;
  const use = (): void => {
    const { engine, settings } = readState();
    close();
    location.hash = hrefOf('studio');
    compare(sidesWith(model, engine.models, settings.sides));
  };
  return (
    <Button className="button line" aria-label={`Use ${model.title}`} onPress={use}>
      Use
    </Button>
  );
}
