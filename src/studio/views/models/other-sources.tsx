/** Models beside the catalogue: a hub id or an address that is typed, a folder on disk, another hub. */
import { FolderOpen } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import { pickFolder } from '../../actions/chosen-folder.ts';
import { useIntoView } from './into-view.ts';
import { useModels, useModelsActions } from './models-context.tsx';
import { UseButton } from './use-button.tsx';

function TypedModel(): ReactNode {
  const { wantTyped } = useModelsActions();
  const [text, setText] = useState('');
  const look = () => text.trim() !== '' && wantTyped(text);
  return (
    <form
      className="typed-model"
      onSubmit={(event) => {
        event.preventDefault();
        look();
      }}
    >
      <TextField className="text-field" value={text} onChange={setText}>
        <Label>Another model, by hub id or address</Label>
        <Input placeholder="owner/name" spellCheck="false" autoComplete="off" />
      </TextField>
      <Button className="button line" type="submit" isDisabled={text.trim() === ''}>
        Look up
      </Button>
    </form>
  );
}

function FolderOnDisk(): ReactNode {
  const { addFolder } = useModelsActions();
  const opened = useModels((state) => state.openedFolder);
  const whole = useIntoView<HTMLDivElement>(opened);
  return (
    <div className="folder-on-disk" ref={whole}>
      <Button className="button line" onPress={() => void addFolder(pickFolder())}>
        <FolderOpen className="glyph" aria-hidden="true" />
        Open a folder
      </Button>
      <span role="status">
        {opened === null
          ? 'or drop one on the page: a diffusers pipeline on this disk. Nothing is copied.'
          : `${opened.title} can be chosen now, until the page is closed.`}
      </span>
      {opened !== null && <UseButton id={opened.id} />}
    </div>
  );
}

function HubAddress(): ReactNode {
  const baseUrl = useModels((state) => state.baseUrl);
  const token = useModels((state) => state.token);
  const forgot = useModels((state) => state.forgotToken);
  const { change } = useModelsActions();
  return (
    <details className="hub-address">
      <summary>Hub and token</summary>
      <TextField className="text-field" value={baseUrl} onChange={(text) => change({ baseUrl: text })}>
        <Label>Address of a mirror; empty for huggingface.co</Label>
        <Input placeholder="https://huggingface.co" spellCheck="false" inputMode="url" />
      </TextField>
      <TextField
        className="text-field"
        type="password"
        value={token}
        onChange={(text) => change({ token: text })}
      >
        <Label>Access token, for gated models; forgotten when the page is closed</Label>
        <Input placeholder="hf_" autoComplete="off" />
      </TextField>
      {forgot && (
        <p className="note" role="status">
          The address is another hub's now, so the token was forgotten. Enter one for this hub if it wants
          one.
        </p>
      )}
    </details>
  );
}

export function OtherSources(): ReactNode {
  return (
    <>
      <TypedModel />
      <FolderOnDisk />
      <HubAddress />
    </>
  );
}
