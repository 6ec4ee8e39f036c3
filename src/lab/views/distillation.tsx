/** One-step students of the 1-flow and of the 2-flow, after the same few training steps. */
import { type ReactNode, useMemo } from 'react';
import { coloursByStart, type Scene } from '../drawing/scene.ts';
import { studentSteps } from '../flow/laboratory-settings.ts';
import { distanceText } from '../words/figures.ts';
import { packPath } from '../worker/packed-path.ts';
import { Equation } from './equation.tsx';
import { JobButton } from './job-button.tsx';
import { useLab } from './lab-context.tsx';
import { LogPlot } from './log-plot.tsx';
import { Panel } from './panel.tsx';
import { distanceFloor } from './rounds.tsx';
import { Section } from './section.tsx';

function StudentPanel({ teacher }: { teacher: 1 | 2 }): ReactNode {
  const student = useLab((lab) => lab.students[teacher]);
  const starts = useLab((lab) => lab.draft?.pairs.starts);
  const scene = useMemo<Scene | null>(
    () =>
      student === undefined || starts === undefined
        ? null
        : { path: packPath([starts, student.ends]), colours: coloursByStart(starts), drawnPaths: 0 },
    [student, starts],
  );
  const miss = student === undefined ? '' : `misses its teacher by ${distanceText(student.miss)}`;
  return (
    <Panel
      title={`Student of the ${teacher}-flow`}
      note={student === undefined ? undefined : miss}
      scene={scene}
      label={`Where one step of the student of the ${teacher}-flow takes the particles: ${miss}.`}
      empty="Not distilled yet"
    />
  );
}

export function Distillation(): ReactNode {
  const students = useLab((lab) => lab.students);
  const done = ([1, 2] as const).flatMap((teacher) => students[teacher] ?? []);
  return (
    <Section
      title="Distilled into one step"
      prose={
        <>
          <p>A student starts as a copy of its flow and learns the flow’s whole way in one step,</p>
          <Equation display tex="\min\ \mathbb{E}\,\lVert Z_0 + v(Z_0) - \mathrm{ODE}[v_k](Z_0) \rVert^2." />
          <p>
            Both students get {studentSteps} training steps. From the 2-flow there is hardly anything left to
            learn; from the 1-flow it is another map altogether. In the plane a student of the 1-flow would
            get there in the end. On pictures it doesn’t: that is why InstaFlow reflows before it distils.
          </p>
          <JobButton
            requests={[
              { kind: 'student', teacher: 1 },
              { kind: 'student', teacher: 2 },
            ]}
          >
            Distil both
          </JobButton>
        </>
      }
    >
      <div className="panels">
        <StudentPanel teacher={1} />
        <StudentPanel teacher={2} />
      </div>
      <LogPlot
        label={
          done.length === 0
            ? 'Students: nothing distilled yet'
            : done
                .map(
                  ({ teacher, progress }) =>
                    `Student of the ${teacher}-flow: energy distance to π1 from ${distanceText(progress[0]?.distance ?? 0)} to ${distanceText(progress.at(-1)?.distance ?? 0)}`,
                )
                .join('; ')
        }
        series={done.map(({ teacher, progress }) => ({
          name: `of the ${teacher}-flow`,
          stroke: teacher === 1 ? 'first' : 'second',
          points: progress.map(({ steps, distance }) => [steps, distance] as const),
        }))}
        columns={Array.from({ length: 6 }, (_, k) => (k * studentSteps) / 5)}
        columnName="training steps; energy distance of one step"
        floor={distanceFloor}
      />
    </Section>
  );
}
