/** What can be done with a side's finished picture: save, copy, keep. */
import { Copy, Download, type LucideIcon, Star } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { entryOfRun } from '../../gallery/entry-of-run.ts';
import { pictureFileName } from '../../share/file-names.ts';
import { settingsOf } from '../../share/picture-settings.ts';
import { saveFile } from '../../share/save-file.ts';
import type { SideName, SideRun } from '../../state/side.ts';
import { keepOutcomeText } from '../../words/gallery-words.ts';
import { usePassingText } from '../controls/passing-text.ts';
import { useGallery } from '../keep-context.tsx';
import { useStudio, useStudioReader } from '../studio-context.tsx';

/** The picture's file. @throws where the browser can't encode */
async function pngOf({ request, result }: SideRun): Promise<Blob> {
  if (request === null || result === null) throw new Error('Nothing is drawn on this side.');
  const { encodePng } = await import('../../share/encode-png.ts');
  return encodePng(result.picture, settingsOf(request, result.sampler));
}

function useKeeping(side: SideName): Readonly<Record<'save' | 'copy' | 'keep', () => Promise<string>>> {
  const readState = useStudioReader();
  const gallery = useGallery();
  return {
    async save() {
      const run = readState().sides[side];
      if (run.request !== null) saveFile(await pngOf(run), `${pictureFileName(settingsOf(run.request))}.png`);
      return 'Saved';
    },
    async copy() {
      // The promise, not its value: Safari wants the write inside the press.
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': pngOf(readState().sides[side]) })]);
      return 'Copied';
    },
    async keep() {
      const { encodePng } = await import('../../share/encode-png.ts');
      const { sides, engine } = readState();
      const entry = await entryOfRun(sides, engine.models, encodePng, Date.now(), [side]);
      if (entry === null) throw new Error('Nothing is drawn on this side.');
      return keepOutcomeText[await gallery.keep({ ...entry, starred: true })];
    },
  };
}

const items: readonly { id: 'save' | 'copy' | 'keep'; label: string; icon: LucideIcon }[] = [
  { id: 'save', label: 'Save as PNG', icon: Download },
  { id: 'copy', label: 'Copy picture', icon: Copy },
  { id: 'keep', label: 'Keep in gallery', icon: Star },
];

export function KeepMenu({ side }: { side: SideName }): ReactNode {
  const finished = useStudio(({ sides }) => sides[side].status === 'done' && sides[side].result !== null);
  const keeping = useKeeping(side);
  const [outcome, setOutcome] = usePassingText();
  const act = (id: 'save' | 'copy' | 'keep'): void => {
    keeping[id]().then(setOutcome, () =>
      setOutcome(id === 'copy' ? 'Not allowed here' : 'This browser refused'),
    );
  };
  return (
    <span className="keep-menu">
      <MenuTrigger>
        <Button
          className="button icon"
          aria-label={`Save or copy side ${side.toUpperCase()}`}
          isDisabled={!finished}
        >
          <Download className="glyph" aria-hidden="true" />
        </Button>
        <Popover className="menu-popover" placement="bottom" offset={6}>
          <Menu className="menu">
            {items.map(({ id, label, icon: Icon }) => (
              <MenuItem key={id} id={id} className="menu-item" textValue={label} onAction={() => act(id)}>
                <Icon className="glyph" aria-hidden="true" />
                {label}
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
      <span className="keep-outcome" role="status">
        {outcome}
      </span>
    </span>
  );
}
