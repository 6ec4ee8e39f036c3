/** Saves the trajectory as a GIF; while it is made the button tells how far it is, and cancels. */
import { Clapperboard, X } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { pageColour } from '../../plots/page-colours.ts';
import { saveFile } from '../../share/save-file.ts';
import { canPlay } from '../../state/timeline.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { useActions, useStudio } from '../studio-context.tsx';

type Making = { readonly kind: 'idle' | 'making' | 'failed'; readonly text: string };

const idle: Making = { kind: 'idle', text: '' };

export function SaveGif(): ReactNode {
  const playable = useStudio(canPlay);
  const { makeGif } = useActions();
  const view = useStudio((state) => state.playhead.view);
  const seed = useStudio((state) => (state.sides.b.request ?? state.sides.a.request)?.seed ?? 0);
  const [making, setMaking] = useState(idle);
  const abort = useRef<AbortController | null>(null);

  async function save(): Promise<void> {
    const own = new AbortController();
    abort.current = own;
    setMaking({ kind: 'making', text: 'Preparing' });
    try {
      const gif = await makeGif({
        colours: {
          a: pageColour('--a-text'),
          b: pageColour('--b-text'),
          ink: pageColour('--ink-2'),
          line: pageColour('--line-2'),
          background: pageColour('--stage'),
        },
        onProgress: (text) => setMaking({ kind: 'making', text }),
        signal: own.signal,
      });
      saveFile(gif, `trajectory_${view}_seed-${seed}.gif`);
      setMaking(idle);
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : '';
      setMaking(own.signal.aborted ? idle : { kind: 'failed', text: `No GIF was made. ${why} Try again.` });
    }
  }

  if (making.kind === 'making') {
    return (
      <Button className="button small" onPress={() => abort.current?.abort(new Error('Cancelled.'))}>
        <X className="glyph small" aria-hidden="true" />
        <span className="visually-hidden">Cancel the GIF: </span>
        <span role="status">{making.text}</span>
      </Button>
    );
  }
  return (
    <>
      <IconButton
        icon={Clapperboard}
        label="Save as GIF"
        hint="Save both sides in step as a GIF, with what the pictures show"
        isDisabled={!playable}
        onPress={() => void save()}
      />
      {making.kind === 'failed' && (
        <span className="quiet" role="alert">
          {making.text}
        </span>
      )}
    </>
  );
}
