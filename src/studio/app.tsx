/** The studio's first view: prompt, pair, race, trajectory, settings. */
import { type ReactNode, useRef } from 'react';
import { hrefOf } from '../route.ts';
import { pairViewOf } from './state/pair-view.ts';
import { lastIndex } from './state/studio.ts';
import { wholePicture, zoomAt } from './state/zoom.ts';
import { Race } from './views/compare/race.tsx';
import { Seam } from './views/compare/seam.tsx';
import { SideView } from './views/compare/side-view.tsx';
import { ViewSwitch } from './views/compare/view-switch.tsx';
import { DrawButton } from './views/compose/draw-button.tsx';
import { ExamplePrompts } from './views/compose/example-prompts.tsx';
import { LiveSwitch } from './views/compose/live-switch.tsx';
import { PromptBox } from './views/compose/prompt-box.tsx';
import { ShownRequest } from './views/compose/shown-request.tsx';
import { EngineBanner } from './views/engine/engine-banner.tsx';
import { Inspector, SinglePicture, Trajectory } from './views/lazy-views.tsx';
import { Announcer } from './views/shell/announcer.tsx';
import { Deferred } from './views/shell/deferred.tsx';
import { phoneQuery, useMediaQuery } from './views/shell/media-query.ts';
import { useShortcuts } from './views/shell/shortcuts.ts';
import { useActions, useDispatch, useStudio, useStudioReader } from './views/studio-context.tsx';

export function App(): ReactNode {
  const actions = useActions();
  const view = useStudio(pairViewOf);
  const dispatch = useDispatch();
  // Followed by those who show it: what this component follows is drawn anew with the whole page.
  const readState = useStudioReader();
  const onPhone = useMediaQuery(phoneQuery);
  const fields = {
    prompt: useRef<HTMLTextAreaElement>(null),
    seed: useRef<HTMLInputElement>(null),
    'steps-a': useRef<HTMLInputElement>(null),
    'steps-b': useRef<HTMLInputElement>(null),
  };

  const draw = (): void => {
    const wrong = actions.draw();
    if (wrong !== null) fields[wrong].current?.focus();
  };
  useShortcuts({
    focusPrompt: () => fields.prompt.current?.select(),
    draw,
    cancel: () => {
      const drawing = readState().run !== null;
      if (drawing) actions.cancel();
      return drawing;
    },
    nextSeed: actions.nextSeed,
    randomSeed: actions.randomSeed,
    chooseView: (chosen) => dispatch({ type: 'pair-view-chosen', view: chosen }),
    zoomBy: (factor) =>
      dispatch({
        type: 'zoomed',
        zoom: factor === null ? wholePicture : zoomAt(readState().pairView.zoom, factor),
      }),
    openSweep: () => {
      location.hash = hrefOf('sweep');
    },
    switchLive: actions.toggleLive,
    swapSides: actions.swap,
    togglePlayback: actions.togglePlayback,
    stepPlayhead: (by) => {
      const state = readState();
      actions.movePlayhead((state.playhead.index ?? lastIndex(state)) + by);
    },
  });
  return (
    <>
      <EngineBanner />
      <section className="prompt-row" aria-label="Compose">
        <PromptBox field={fields.prompt} onDraw={draw}>
          <ShownRequest />
        </PromptBox>
        <div className="draw-cell">
          <LiveSwitch />
          <DrawButton onDraw={draw} />
        </div>
        {onPhone && <ExamplePrompts />}
      </section>
      <main className="stage">
        <div className="pair" data-view={view}>
          <ViewSwitch />
          <SideView side="a" stepsField={fields['steps-a']} />
          <SideView side="b" stepsField={fields['steps-b']} />
          {view === 'pair' ? (
            <Seam />
          ) : (
            <Deferred name="The single picture" fallback={null}>
              <SinglePicture view={view} />
            </Deferred>
          )}
        </div>
        <Race />
      </main>
      <Deferred
        name="The trajectory"
        fallback={<div className="dock waiting" />}
        frame={(failure) => <div className="dock waiting">{failure}</div>}
      >
        <Trajectory />
      </Deferred>
      <Deferred
        name="The settings"
        fallback={<div className="inspector" />}
        frame={(failure) => <div className="inspector">{failure}</div>}
      >
        <Inspector seedField={fields.seed} />
      </Deferred>
      <Announcer />
    </>
  );
}
