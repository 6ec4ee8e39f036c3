/** In the settings: the link to this comparison, and the way back from a saved picture. */
import { ImageUp, Link } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, FileTrigger } from 'react-aria-components';
import { hrefOf } from '../../../route.ts';
import { shareParameters } from '../../share/share-link.ts';
import { blockingField } from '../../state/draw-plan.ts';
import { modelOfSide, namedModels } from '../../state/side-models.ts';
import type { StudioState } from '../../state/studio.ts';
import { CopyButton } from '../controls/copy-button.tsx';
import { useRestoring } from '../keep-context.tsx';
import { useStudio, useStudioReader } from '../studio-context.tsx';

const modelsOf = (state: StudioState) => ({ a: modelOfSide(state, 'a'), b: modelOfSide(state, 'b') });

/** The page's own address with the comparison behind the hash; a forced backend stays in it. */
function shareAddress(state: StudioState): string {
  const parameters = shareParameters(namedModels(state.settings, modelsOf(state)));
  return new URL(hrefOf('studio', parameters), location.href).href;
}

export function ShareGroup(): ReactNode {
  const shareable = useStudio((state) => blockingField(state.settings, modelsOf(state)) === null);
  const readState = useStudioReader();
  const restoring = useRestoring();
  return (
    <section className="group share" aria-label="Share">
      <h2>Share</h2>
      <div className="row wrap">
        {shareable && (
          <CopyButton text={() => shareAddress(readState())}>
            <span className="share-button">
              <Link className="glyph" aria-hidden="true" />
              Copy link
            </span>
          </CopyButton>
        )}
        <FileTrigger
          acceptedFileTypes={['image/png']}
          onSelect={(files) => {
            const [file] = files ?? [];
            if (file !== undefined) void restoring.open(file);
          }}
        >
          <Button className="button">
            <ImageUp className="glyph" aria-hidden="true" />
            Open a picture
          </Button>
        </FileTrigger>
      </div>
      <p className="note">
        The link draws the same pictures elsewhere. A PNG saved here, dropped on the page, brings its settings
        back.
      </p>
    </section>
  );
}
