/** Calls of one network are recorded one after the other, often of one shape: a session serves them all. */
import type { Session } from '../pipeline/ports.ts';

/** Holds one session, since a full-size network fills the memory; the caller disposes it. */
export class LastSession {
  #key = '';
  #session: Session | undefined;

  /** @param key what the session was made of and for */
  async get(key: string, create: () => Promise<Session>): Promise<Session> {
    if (this.#session && key === this.#key) return this.#session;
    await this.dispose();
    this.#session = await create();
    this.#key = key;
    return this.#session;
  }

  async dispose(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.dispose();
  }
}
