import type { Balance } from '../../api/balance-types.ts';
import { useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';

/** Posted, held and free, in this order. */
export function Figures({ balance }: { balance: Balance }) {
  const words = useWords();
  const formats = useFormats();
  return (
    <dl className="balance-figures">
      {(['posted', 'reserved', 'free'] as const).map((part) => (
        <div key={part} className={part}>
          <dt>{words.balance[part]}</dt>
          <dd className="number">{formats.number(balance[part])}</dd>
        </div>
      ))}
    </dl>
  );
}
