import { describe, expect, it } from 'vitest';
import { pageHeaders } from '../../scripts/headers.mjs';
import { isolatedResponse } from './isolated-response.ts';

describe('a response of a host without headers', () => {
  it('gets those that isolate the page, and keeps its body, status and own headers', async () => {
    const plain = new Response('<!doctype html>', {
      status: 203,
      headers: { 'content-type': 'text/html', 'referrer-policy': 'origin' },
    });
    const response = isolatedResponse(plain);
    expect(response.status).toBe(203);
    expect(await response.text()).toBe('<!doctype html>');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html',
      'referrer-policy': 'origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'content-security-policy': pageHeaders['Content-Security-Policy'],
    });
  });

  it('may be empty, and errors pass', () => {
    expect(isolatedResponse(new Response(null, { status: 204 })).status).toBe(204);
    const error = Response.error();
    expect(isolatedResponse(error)).toBe(error);
  });
});
