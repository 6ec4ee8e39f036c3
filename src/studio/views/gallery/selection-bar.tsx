/** What can be done with the selected entries. */
import { Columns2, Download, Star, Trash2, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button, Toolbar } from 'react-aria-components';
import { totalBytes } from '../../gallery/entry.ts';
import { zipEntries } from '../../gallery/export-zip.ts';
import { saveFile } from '../../share/save-file.ts';
import { bytesText } from '../../words/measures.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { useGallery, useGalleryState, useRestoring } from '../keep-context.tsx';

/** 'instaflow-2026-11-24.zip' */
const zipName = (nowMs: number): string => `instaflow-${new Date(nowMs).toISOString().slice(0, 10)}.zip`;

export function SelectionBar(): ReactNode {
  const gallery = useGallery();
  const restoring = useRestoring();
  const entries = useGalleryState((state) => state.entries);
  const selected = useGalleryState((state) => state.selected);
  const [zipping, setZipping] = useState(false);
  const chosen = entries.filter(({ id }) => selected.has(id));
  const [first] = chosen;
  if (first === undefined) return null;
  const starred = chosen.every((entry) => entry.starred);
  const zip = async (): Promise<void> => {
    setZipping(true);
    try {
      saveFile(await zipEntries(chosen), zipName(Date.now()));
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      gallery.dispatch({
        type: 'noticed',
        notice: { failed: true, title: 'The zip could not be made', sentences: [why] },
      });
    } finally {
      setZipping(false);
    }
  };
  return (
    <Toolbar className="selection-bar" aria-label="Selected entries">
      <b className="numbers">{chosen.length} selected</b>
      <Button className="button" onPress={() => void gallery.star(selected, !starred)}>
        <Star className="glyph" aria-hidden="true" />
        {starred ? 'Unstar' : 'Star'}
      </Button>
      {chosen.length === 1 && (
        <Button className="button" onPress={() => void restoring.draw(first)}>
          <Columns2 className="glyph" aria-hidden="true" />
          Open in Studio
        </Button>
      )}
      <Button className="button" isDisabled={zipping} onPress={() => void zip()}>
        <Download className="glyph" aria-hidden="true" />
        Zip <span className="quiet numbers">{bytesText(totalBytes(chosen))}</span>
      </Button>
      <Button className="button danger" onPress={() => void gallery.remove(selected)}>
        <Trash2 className="glyph" aria-hidden="true" />
        Delete
      </Button>
      <IconButton
        icon={X}
        label="Clear selection"
        onPress={() => gallery.dispatch({ type: 'selected', ids: new Set() })}
      />
    </Toolbar>
  );
}
