/** The hub in a process of its own, as a network would be, so that its share of the processor can be told apart. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface HubProcess {
  readonly url: string;
  readonly pid: number;
  stop(): void;
}

/** @param repositories 'owner/name=FOLDER' */
export async function startHub(repositories: readonly string[], port: number): Promise<HubProcess> {
  const script = join(import.meta.dirname, '../../scripts/local-hub.mjs');
  const child = spawn(process.execPath, [script, ...repositories, '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the hub ended with ${code}`)));
    child.stdout.on('data', (text: Buffer) => {
      const found = /http:[^\s]+/u.exec(text.toString())?.[0];
      if (found) resolve(found);
    });
  });
  return { url, pid: child.pid!, stop: () => void child.kill() };
}
