import { ContainerOutlined } from '@ant-design/icons';
import type { Instance } from '../../api/types.ts';
import { useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';

/** Where the copies of an archived request lie, and for how long. */
export function ArchiveBlock({ instance }: { instance: Instance }) {
  const words = useWords();
  const formats = useFormats();
  const { archive } = instance;
  if (!archive) return null;
  return (
    <section className="card">
      <h2>{words.request.archive}</h2>
      <ul className="copies">
        {archive.copies.map((holder, index) => (
          <li key={holder}>
            <ContainerOutlined />
            <div>
              <strong>{holder}</strong>
              <span className="soft small">{words.request.copyOf(index + 1, archive.copies.length)}</span>
            </div>
          </li>
        ))}
      </ul>
      <dl className="request-facts">
        <div>
          <dt>{words.request.number}</dt>
          <dd className="number">{instance.number}</dd>
        </div>
        <div>
          <dt>{words.request.archivedAt}</dt>
          <dd>{formats.time(archive.archived_at)}</dd>
        </div>
        <div>
          <dt>{words.request.keepUntil}</dt>
          <dd>{archive.keep_until ? formats.date(archive.keep_until) : words.request.keepForever}</dd>
        </div>
        <div>
          <dt>{words.request.release}</dt>
          <dd className="hash">{instance.release.slice(0, 10)}</dd>
        </div>
      </dl>
    </section>
  );
}
