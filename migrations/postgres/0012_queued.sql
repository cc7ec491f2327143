-- Who waits for their turn at the same visit, as keys between spaces: they have a voice there, and do nothing for its assignee.
ALTER TABLE tasks ADD COLUMN queued TEXT COLLATE "C";

-- For what is open already, as its state has it.
UPDATE tasks SET queued = (SELECT ' ' || string_agg('person:' || (q.value->>'person'), ' ' ORDER BY q.place) || ' '
                           FROM instances i CROSS JOIN LATERAL
                                jsonb_array_elements(CAST(i.state AS JSONB)->'visits'->CAST(tasks.visit AS TEXT)->'queue')
                                WITH ORDINALITY AS q (value, place)
                           WHERE i.company = tasks.company AND i.id = tasks.instance)
WHERE status = 'open';
