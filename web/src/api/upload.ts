import { commonHeaders, newIntent } from './fetch.ts';
import { Problem, Unreachable } from './problem.ts';
import type { ProblemBody, StoredFile } from './types.ts';

/** Sends one file, telling how far it got in percent. Gives the function that stops it. */
export function upload(
  file: File,
  on: { progress: (percent: number) => void; done: (stored: StoredFile) => void; failed: (error: Error) => void },
): () => void {
  // `fetch` cannot tell how much of a body was sent.
  const request = new XMLHttpRequest();
  request.open('POST', `/api/v1/files?name=${encodeURIComponent(file.name)}`);
  for (const [name, value] of Object.entries(commonHeaders())) request.setRequestHeader(name, value);
  request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
  request.setRequestHeader('Idempotency-Key', newIntent());
  request.upload.addEventListener('progress', (event) => {
    if (event.lengthComputable) on.progress(Math.round((event.loaded / event.total) * 100));
  });
  request.addEventListener('load', () => {
    const body = readBody(request.responseText);
    if (request.status === 201 && isStored(body)) on.done(body);
    else
      on.failed(
        new Problem(
          isProblem(body)
            ? body
            : { title: request.statusText, status: request.status, code: `http_${request.status}` },
        ),
      );
  });
  request.addEventListener('error', () => on.failed(new Unreachable('unreachable')));
  request.send(file);
  return () => request.abort();
}

function readBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isStored(body: unknown): body is StoredFile {
  return typeof body === 'object' && body !== null && 'id' in body && 'name' in body;
}

function isProblem(body: unknown): body is ProblemBody {
  return typeof body === 'object' && body !== null && 'code' in body && 'title' in body;
}
