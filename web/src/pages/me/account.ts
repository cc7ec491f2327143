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
      writes.saveLanguage(next).catch(() => {
        // Kept in this browser; the server hears of it at the next change.
      });
      // Some texts come from the server in one language only.
      void client.invalidateQueries();
    },
  };
}
