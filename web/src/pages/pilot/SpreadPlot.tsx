import type { PilotTotal } from '../../api/pilot-types.ts';
import { useText, useWords } from '../../words/index.ts';
import { sign, useFigures } from './figures.ts';

const WIDTH = 640;
const HEIGHT = 170;
const FOOT = 28;
const HEAD = 26;
const GAP = 3;

/** How many payees gain or lose how much, as bars; every bar says so in words, too. */
export function SpreadPlot({ total }: { total: PilotTotal }) {
  const words = useWords();
  const text = useText();
  const figures = useFigures();
  const bins = total.spread;
  if (bins.length === 0) return null;
  const most = Math.max(1, ...bins.map((bin) => bin.count));
  const step = WIDTH / bins.length;
  const room = HEIGHT - FOOT - HEAD;
  const amount = (value: string) => figures.amount(value, total.money);
  const edges = [bins[0]?.from ?? '', '0.00', bins.at(-1)?.to ?? ''];
  const zero = bins.findIndex((bin) => sign(bin.from) === 0 && sign(bin.to) === 0);
  return (
    <figure className="spread">
      <figcaption>
        {words.pilot.spread} · {text(total.title)}
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${words.pilot.spread} ${text(total.title)}`}>
        <line x1={0} x2={WIDTH} y1={HEIGHT - FOOT} y2={HEIGHT - FOOT} className="axis" />
        {bins.map((bin, index) => {
          const height = bin.count === 0 ? 0 : Math.max(3, (bin.count / most) * room);
          const mood = index === zero ? 'same' : sign(bin.to) > 0 ? 'more' : 'less';
          const said = index === zero ? words.pilot.spreadZero(bin.count) : words.pilot.spreadBar(amount(bin.from), amount(bin.to), bin.count);
          return (
            <g key={`${bin.from} ${bin.to}`} className={`bar ${mood}`}>
              <title>{said}</title>
              <rect x={index * step + GAP / 2} y={HEIGHT - FOOT - height} width={Math.max(1, step - GAP)} height={height} rx={2} />
              {bin.count > 0 ? (
                <text x={(index + 0.5) * step} y={HEIGHT - FOOT - height - 4} textAnchor="middle">
                  {bin.count}
                </text>
              ) : null}
            </g>
          );
        })}
        {zero > 0 ? (
          <text x={0} y={HEIGHT - 7} className="edge">
            {amount(edges[0] ?? '')}
          </text>
        ) : null}
        {zero >= 0 ? (
          <text x={(zero + 0.5) * step} y={HEIGHT - 7} textAnchor="middle" className="edge">
            0
          </text>
        ) : null}
        {zero >= 0 && zero < bins.length - 1 ? (
          <text x={WIDTH} y={HEIGHT - 7} textAnchor="end" className="edge">
            +{amount(edges[2] ?? '')}
          </text>
        ) : null}
      </svg>
      <ul className="visually-hidden">
        {bins
          .filter((bin) => bin.count > 0)
          .map((bin) => (
            <li key={`${bin.from} ${bin.to}`}>
              {sign(bin.from) === 0 && sign(bin.to) === 0
                ? words.pilot.spreadZero(bin.count)
                : words.pilot.spreadBar(amount(bin.from), amount(bin.to), bin.count)}
            </li>
          ))}
      </ul>
    </figure>
  );
}
