-- What each turn added, for the nodes that did not write it. Not in the log of the database: after a crash
-- or a failover it is empty, and who follows looks at everything once.
CREATE UNLOGGED TABLE news (
    turn    bigint NOT NULL,
    journal uuid NOT NULL,
    seq     bigint NOT NULL,
    node    uuid NOT NULL,
    PRIMARY KEY (turn, journal)
);
