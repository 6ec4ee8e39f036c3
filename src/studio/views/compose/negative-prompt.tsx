/** What the picture should not show; acts through guidance, so that a pair without guidance has none. */
import { type ReactNode, useId } from 'react';
import { Input, Label, TextField } from 'react-aria-components';
import { promptLimit } from '../../state/settings.ts';
import { sideNames } from '../../state/side.ts';
import { guidanceOf, modelOfSide } from '../../state/side-models.ts';
import { useActions, useStudio } from '../studio-context.tsx';

export function NegativePrompt(): ReactNode {
  const negativePrompt = useStudio((state) => state.settings.negativePrompt);
  const guided = useStudio((state) =>
    sideNames.filter((side) => modelOfSide(state, side)?.guidance != null).join(''),
  );
  const acting = useStudio((state) =>
    sideNames
      .filter((side) => {
        const model = modelOfSide(state, side);
        return model !== null && guidanceOf(state.settings.sides[side], model) > 1;
      })
      .join(' and ')
      .toUpperCase(),
  );
  const { change } = useActions();
  const noteId = useId();
  if (guided === '')
    return <p className="note">No negative prompt: it acts through guidance, which neither model takes.</p>;
  const note =
    acting === '' ? 'Acts once guidance is above 1.' : acting.length === 1 ? `Acts on ${acting} alone.` : '';
  return (
    <TextField
      className="text-field"
      value={negativePrompt}
      maxLength={promptLimit}
      onChange={(value) => change({ negativePrompt: value })}
    >
      <div className="field">
        <Label>Negative</Label>
        <Input placeholder="Not in the picture" aria-describedby={noteId} autoComplete="off" />
      </div>
      <p className="note" id={noteId}>
        {note}
      </p>
    </TextField>
  );
}
