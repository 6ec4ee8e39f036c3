/** The next seeds, a small one-step picture each; picking one draws it. */
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { oneStepSide } from '../../state/live.ts';
import { stripIsWanted, stripPicture, stripSeeds } from '../../state/seed-strip.ts';
import { PictureCanvas } from '../controls/picture-canvas.tsx';
import { useActions, useStudio } from '../studio-context.tsx';

function StripCell({ seed }: { seed: number }): ReactNode {
  const picture = useStudio((state) => stripPicture(state, seed));
  const shown = useStudio((state) => state.sides.a.request?.seed === seed);
  const { drawSeed } = useActions();
  return (
    <li>
      <Button
        className="strip-cell"
        aria-label={`Seed ${seed}`}
        {...(shown ? { 'aria-current': 'true' as const } : {})}
        onPress={() => drawSeed(seed)}
      >
        {picture === null ? (
          <span aria-hidden="true">{String(seed).slice(-3)}</span>
        ) : (
          <PictureCanvas picture={picture} label="" />
        )}
      </Button>
    </li>
  );
}

export function SeedStrip(): ReactNode {
  const seed = useStudio((state) => state.settings.seed);
  const live = useStudio((state) => state.live.on);
  const inOneStep = useStudio((state) => oneStepSide(state) !== null);
  const incomplete = useStudio(
    (state) =>
      !stripIsWanted(state) &&
      stripSeeds(state.settings.seed).some((next) => stripPicture(state, next) === null),
  );
  const { askForStrip } = useActions();
  return (
    <div>
      <ul className="strip" aria-label="The next seeds">
        {stripSeeds(seed).map((next) => (
          <StripCell key={next} seed={next} />
        ))}
      </ul>
      {inOneStep && !live && incomplete && (
        <Button className="button strip-ask" onPress={askForStrip}>
          Show them in one step
        </Button>
      )}
    </div>
  );
}
