-- Who waits for their turn at the same visit, as keys between spaces: they have a voice there, and do nothing for its assignee.
ALTER TABLE tasks ADD COLUMN queued TEXT;

-- For what is open already, as its state has it.
UPDATE tasks SET queued = (SELECT ' ' || group_concat('person:' || json_extract(q.value, '$.person'), ' ' ORDER BY q.key) || ' '
                           FROM instances i, json_each(i.state, '$.visits."' || tasks.visit || '".queue') q
                           WHERE i.company = tasks.company AND i.id = tasks.instance)
WHERE status = 'open';
