-- Projects and the installation are few among many cases, and each report asks for them.
CREATE INDEX journal_few ON journal (kind, id) WHERE kind <> 'case';
