/** Responses with the page's own headers: what a host that sets none would have to set. */
import { pageHeaders } from '../../scripts/headers.mjs';

/** A host's own headers stay; redirects and opaque responses can't be changed and pass as they are. */
export function isolatedResponse(response: Response): Response {
  if (response.status === 0 || response.type === 'opaque' || response.type === 'opaqueredirect')
    return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(pageHeaders)) {
    if (!headers.has(name)) headers.set(name, value);
  }
  // These statuses allow no body, not even an empty one.
  const body = [204, 205, 304].includes(response.status) ? null : response.body;
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}
