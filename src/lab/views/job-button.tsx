/** Starts a job, or says why it can't. */
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { obstacleTo } from '../state/laboratory.ts';
import type { JobRequest } from '../worker/protocol.ts';
import { useLab, useLabActions } from './lab-context.tsx';

interface JobButtonProps {
  /** Done one after the other; the first decides whether they can start. */
  readonly requests: readonly [JobRequest, ...JobRequest[]];
  readonly children: ReactNode;
}

export function JobButton({ requests, children }: JobButtonProps): ReactNode {
  const obstacle = useLab((lab) => requests.map((request) => obstacleTo(lab, request)).find(Boolean) ?? null);
  const { runAll } = useLabActions();
  return (
    <div className="job">
      <Button className="button line" isDisabled={obstacle !== null} onPress={() => runAll(requests)}>
        {children}
      </Button>
      {obstacle !== null && <span className="note">{obstacle}</span>}
    </div>
  );
}
