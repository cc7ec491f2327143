-- Who did a task for somebody else, as their substitute; null where its holder did it, or nobody.
ALTER TABLE tasks ADD COLUMN acted_by TEXT COLLATE "C";

-- What somebody did for others, the last first.
CREATE INDEX tasks_acted ON tasks (company, acted_by, closed_at, instance, number) WHERE acted_by IS NOT NULL;
