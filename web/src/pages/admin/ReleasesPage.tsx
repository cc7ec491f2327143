import { useQuery } from '@tanstack/react-query';
import { adminReleasesQuery } from '../../api/queries.ts';
import { Await, Empty } from '../../ui/States.tsx';
import { useWords } from '../../words/index.ts';
import { useFormats } from '../../words/use-formats.ts';
import '../../styles/lists.css';

/** The releases of the company's pack, newest first. */
export function ReleasesPage() {
  const words = useWords();
  const formats = useFormats();
  const query = useQuery(adminReleasesQuery);
  return (
    <div className="page narrow">
      <div className="page-head">
        <h1>{words.admin.releases}</h1>
      </div>
      <Await query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={words.admin.noReleases} />
          ) : (
            <ol className="stack">
              {items.map((release) => (
                <li key={release.hash} className="card">
                  <div className="card-head">
                    <h2>{release.summary || release.hash.slice(0, 10)}</h2>
                    {release.current ? <span className="pill good">{words.admin.current}</span> : null}
                  </div>
                  <p className="soft small">
                    <span className="hash">{release.hash.slice(0, 10)}</span> ·{' '}
                    {words.admin.deployedBy(release.deployed_by === 'console' ? words.admin.console : release.deployed_by, formats.time(release.deployed_at))}
                  </p>
                </li>
              ))}
            </ol>
          )
        }
      </Await>
    </div>
  );
}
