-- What must go out earlier for the same instance is found by the key: ids of one instance begin with it and sort as they were made.
DROP INDEX outbox_order;
