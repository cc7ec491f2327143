import { useQueryClient } from '@tanstack/react-query';
import { keys } from '../api/keys.ts';
import { useWrite } from '../api/use-write.ts';
import { toast } from './toast.tsx';

/** Has something that stopped tried again, says so, and reads anew what may show it. */
export function useRetry(send: (intent: string) => Promise<unknown>, said: string) {
  const client = useQueryClient();
  return useWrite((_: null, intent) => send(intent), {
    success: () => {
      toast.good(said);
      void client.invalidateQueries({ queryKey: keys.instances });
      void client.invalidateQueries({ queryKey: keys.admin });
    },
  });
}
