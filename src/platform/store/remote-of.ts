/** A resolved file as the hub has it at this moment. */
import { probeRemoteFile, type RemoteFile } from '../hub/remote-file.ts';
import { type HubConnection, headersFor, type ResolvedFile } from './resolve-model.ts';

/** @throws EngineError as `probeRemoteFile` */
export async function remoteOf(
  { url, path, listed, remote }: Pick<ResolvedFile, 'url' | 'path' | 'listed' | 'remote'>,
  { access, transport, signal }: HubConnection,
): Promise<RemoteFile> {
  return (
    remote ?? probeRemoteFile(url, path, { transport, headers: headersFor(url, access), listed, signal })
  );
}
