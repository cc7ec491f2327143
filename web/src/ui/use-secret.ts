import { useEffect, useState } from 'react';

/** The secret after `#` of the address: never sent to a server, and taken out of sight and history once read. */
export function useSecret(): string {
  const [secret, setSecret] = useState(take);
  useEffect(() => {
    // Another link opened in the same window changes nothing but this part of the address.
    const renew = () => setSecret((before) => take() || before);
    window.addEventListener('hashchange', renew);
    return () => window.removeEventListener('hashchange', renew);
  }, []);
  return secret;
}

function take(): string {
  const found = window.location.hash.slice(1);
  if (found) window.history.replaceState(window.history.state, '', window.location.pathname);
  return decoded(found);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
