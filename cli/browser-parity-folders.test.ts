/** Served through Vite's own preview, as the command does; addresses as they are on the wire. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { servedFolders } from './browser-parity-folders.ts';

const root = mkdtempSync(join(tmpdir(), 'served-'));
let server: PreviewServer;
let port: number;

beforeAll(async () => {
  for (const folder of ['page', 'cases/one/unet', 'cases/two']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  writeFileSync(join(root, 'secret'), 'secret');
  writeFileSync(join(root, 'cases/one/io.json'), '{"calls":[]}');
  writeFileSync(join(root, 'cases/one/unet/weights'), '0123456789');
  writeFileSync(join(root, 'cases/two/empty'), '');
  symlinkSync(join(root, 'cases/one/unet/weights'), join(root, 'cases/two/linked'));
  symlinkSync(join(root, 'cases/two'), join(root, 'cases/two/loop'));
  const folders = [
    { base: '/given/case-0/', folder: join(root, 'cases/one') },
    { base: '/given/beside-0/', folder: join(root, 'cases'), parent: true },
  ];
  server = await preview({
    configFile: false,
    root,
    appType: 'mpa',
    logLevel: 'silent',
    plugins: [servedFolders(folders)],
    build: { outDir: join(root, 'page') },
    preview: { host: '127.0.0.1', port: 0 },
  });
  ({ port } = server.httpServer.address() as { port: number });
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

/** Without fetch's own tidying of the path. */
function ask(path: string, { method = 'GET', range = '' } = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = range === '' ? {} : { range };
    const asked = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.on('error', reject).end();
  });
}

const listed = async (path: string) => {
  const { text } = await ask(path);
  const { files } = JSON.parse(text) as { files: Record<string, { sizeBytes: number }> };
  return Object.fromEntries(Object.entries(files).map(([name, { sizeBytes }]) => [name, sizeBytes]));
};

describe('servedFolders', () => {
  it('lists a folder, and those beside it by name, with sizes and through links', async () => {
    expect(await listed('/given/case-0/files.json')).toEqual({ 'io.json': 12, 'unet/weights': 10 });
    expect(await listed('/given/beside-0/two/files.json')).toEqual({ empty: 0, linked: 10 });
    expect((await ask('/given/beside-0/files.json')).status).toBe(404);
    expect((await ask('/given/beside-0/three/files.json')).status).toBe(404);
  });

  it('serves whole files and ranges', async () => {
    expect(await ask('/given/case-0/unet/weights')).toEqual({ status: 200, text: '0123456789' });
    expect(await ask('/given/case-0/unet/weights?v=1', { range: 'bytes=3-5' })).toEqual({
      status: 206,
      text: '345',
    });
    expect((await ask('/given/case-0/unet/weights', { range: 'bytes=8-99' })).text).toBe('89');
    expect((await ask('/given/case-0/unet/weights', { range: 'bytes=11-12' })).status).toBe(416);
    expect(await ask('/given/beside-0/two/empty')).toEqual({ status: 200, text: '' });
  });

  it.each([
    '/given/case-0/../../secret',
    '/given/case-0/%2e%2e/%2e%2e/secret',
    '/given/case-0/..%2f..%2fsecret',
    '/given/case-0/..%5c..%5csecret',
    '/given/case-0//etc/passwd',
    '/given/case-0/unet%00/weights',
    '/given/case-0/%',
    '/given/case-0/unet',
    '/given/case-0/missing',
    '/given/beside-0/../secret',
  ])('answers 404 for %s', async (path) => {
    const { status, text } = await ask(path);
    expect(status).toBe(404);
    expect(text).not.toContain('secret');
  });

  it('is read-only, on this machine only', async () => {
    expect((await ask('/given/case-0/io.json', { method: 'PUT' })).status).toBe(405);
    expect((await ask('/given/case-0/io.json', { method: 'DELETE' })).status).toBe(405);
    expect(await ask('/given/case-0/io.json', { method: 'HEAD' })).toEqual({ status: 200, text: '' });
    expect(server.httpServer.address()).toMatchObject({ address: '127.0.0.1' });
  });
});
