import { useState } from 'react';

/** The secret after `#` of the address: never sent to a server, and taken out of sight and history once read. */
export function useSecret(): string {
  const [secret] = useState(() => {
    const found = decodeURIComponent(window.location.hash.slice(1));
    if (found) window.history.replaceState(window.history.state, '', window.location.pathname);
    return found;
  });
  return secret;
}
