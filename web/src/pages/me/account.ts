import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useWrite } from '../../api/use-write.ts';
import * as writes from '../../api/writes.ts';
import type { Language } from '../../api/types.ts';
import { setLanguage, useLanguage } from '../../words/language.ts';

/** Ends the session and forgets everything that was read in it. */
export function useLogOut(): () => void {
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = () => {
    client.clear();
    void navigate({ to: '/login', search: {} });
  };
  const write = useWrite((_: null, intent) => writes.logOut(intent), { success: leave, error: leave });
  return () => write.once(null);
}

/** Changes the language here at once and, for the next device, on the server. */
export function useSwitchLanguage(): { other: Language; switchTo: (language: Language) => void } {
  const client = useQueryClient();
  const language = useLanguage();
  return {
    other: language === 'zh' ? 'en' : 'zh',
    switchTo(next) {
      setLanguage(next);
      // Some texts come from the server in one language only: they are fetched again once it knows.
      void keepLanguage(next).then(() => client.invalidateQueries());
    },
  };
}

/** Tells the server in which language this person reads; where it cannot be reached, the browser alone remembers. */
export async function keepLanguage(language: Language): Promise<void> {
  try {
    await writes.saveLanguage(language);
  } catch {
    // The server hears of it at the next change.
  }
}
