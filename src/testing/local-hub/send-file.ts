/** One body, whole or a range of it, at a given speed, with faults acted out. */
import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { Fault } from './fault.ts';
import type { HubFile } from './hub-files.ts';

export interface SendOptions {
  readonly range: readonly [begin: number, end: number] | undefined;
  readonly etag: string;
  readonly fault: Fault | undefined;
  /** Bytes per second; missing means as fast as it goes. */
  readonly bytesPerSecond: number | undefined;
  readonly method: string;
}

const pieceBytes = 64 * 1024;

export async function sendFile(
  file: HubFile,
  outgoing: ServerResponse,
  { range: wanted, etag, fault, bytesPerSecond, method }: SendOptions,
): Promise<void> {
  const { sizeBytes } = file;
  const range = fault?.kind === 'ignore-range' ? undefined : wanted;
  const begin = range?.[0] ?? 0;
  const end = Math.min(range?.[1] ?? sizeBytes, sizeBytes);
  if (begin >= end && range) {
    outgoing.writeHead(416, { 'content-range': `bytes */${sizeBytes}` }).end();
    return;
  }
  outgoing.statusCode = range ? 206 : 200;
  outgoing.setHeader('etag', etag);
  outgoing.setHeader('accept-ranges', 'bytes');
  outgoing.setHeader('content-length', end - begin);
  outgoing.setHeader('content-type', 'application/octet-stream');
  if (range) outgoing.setHeader('content-range', `bytes ${begin}-${end - 1}/${sizeBytes}`);
  if (method === 'HEAD' || begin === end) {
    outgoing.end();
    return;
  }
  const limit =
    fault?.kind === 'stall' || fault?.kind === 'drop' ? fault.afterBytes : Number.POSITIVE_INFINITY;
  const highWaterMark = bytesPerSecond === undefined ? 1 << 20 : pieceBytes;
  let sent = 0;
  for await (const piece of createReadStream(file.diskPath, { start: begin, end: end - 1, highWaterMark })) {
    if (outgoing.destroyed) return;
    const bytes = (piece as Buffer).subarray(0, Math.max(0, limit - sent));
    if (fault?.kind === 'corrupt') for (let i = 0; i < bytes.length; i++) bytes[i]! ^= 0xff;
    sent += bytes.length;
    if (bytes.length > 0 && !outgoing.write(bytes)) await drained(outgoing);
    if (sent >= limit) {
      if (fault?.kind === 'drop') await flushedThenBroken(outgoing);
      return; // A stall: neither more nor an end.
    }
    if (bytesPerSecond !== undefined) await pause((bytes.length / bytesPerSecond) * 1000);
  }
  outgoing.end();
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off('drain', done).off('close', done);
      resolve();
    };
    outgoing.once('drain', done).once('close', done);
  });
}

/** The bytes before the break should arrive: that is what a client can build on. */
async function flushedThenBroken(outgoing: ServerResponse): Promise<void> {
  outgoing.flushHeaders();
  await pause(20);
  outgoing.destroy();
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
