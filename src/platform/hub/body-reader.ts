/** The bytes of an answer as they come, without memory made for each piece where the browser can read into ours. */

export interface BodyReader {
  /** The next bytes, good until the next call only; undefined at the end. */
  read(): Promise<Uint8Array | undefined>;
}

/** Fits the processor's nearest large cache, since each byte is copied from here to its block. */
const scratchBytes = 512 * 1024;

export function readBody(body: ReadableStream<Uint8Array<ArrayBuffer>>): BodyReader {
  const ours = openByteReader(body);
  if (!ours) {
    const reader = body.getReader();
    return { read: async () => (await reader.read()).value };
  }
  let scratch = new ArrayBuffer(scratchBytes);
  return {
    async read() {
      const { done, value } = await ours.read(new Uint8Array(scratch));
      if (done || !value) return undefined;
      scratch = value.buffer;
      return value;
    },
  };
}

/** undefined for streams that hand out their own memory only: older browsers', and those that went through another. */
function openByteReader(body: ReadableStream): ReadableStreamBYOBReader | undefined {
  try {
    return body.getReader({ mode: 'byob' });
  } catch {
    return undefined;
  }
}
