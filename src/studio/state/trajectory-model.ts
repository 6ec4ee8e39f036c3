/** The model that a side's picture was drawn with, which its settings may have left behind. */
import type { SideName } from './side.ts';
import type { StudioState } from './studio.ts';

/** Its title, else its id; '' where nothing was drawn. */
export function drawnModelTitle(
  { sides, engine }: Pick<StudioState, 'sides' | 'engine'>,
  side: SideName,
): string {
  const id = sides[side].request?.model;
  return engine.models.find((model) => model.id === id)?.title ?? id ?? '';
}
