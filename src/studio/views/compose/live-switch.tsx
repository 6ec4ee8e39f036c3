/** Live: the one-step side follows every change; where no side draws in one step, it says so. */
import type { ReactNode } from 'react';
import { Switch, Tooltip, TooltipTrigger } from 'react-aria-components';
import { oneStepSide } from '../../state/live.ts';
import { useActions, useStudio } from '../studio-context.tsx';

export function LiveSwitch(): ReactNode {
  const on = useStudio((state) => state.live.on);
  const side = useStudio(oneStepSide);
  const ready = useStudio((state) => state.engine.status === 'ready');
  const { switchLive } = useActions();
  const hint =
    side === null
      ? 'Live follows a side that draws in one step. Set one of them to 1 step.'
      : `Side ${side.toUpperCase()} follows what you type and drag (L)`;
  return (
    <TooltipTrigger delay={400}>
      <Switch
        className="switch live-switch"
        data-side={side ?? undefined}
        isSelected={on}
        isDisabled={side === null || !ready}
        onChange={switchLive}
      >
        <span className="switch-track" aria-hidden="true" />
        Live
        <span className="visually-hidden">, {hint}</span>
      </Switch>
      <Tooltip className="tooltip" offset={6}>
        {hint}
      </Tooltip>
    </TooltipTrigger>
  );
}
