extension Migration {
  /// What surrounds the margins: texts, cached replies, attempts, artefacts and learning curves.
  static let ledgers = Migration(
    name: "ledgers",
    sql: """
      -- `text` is what to read; `turns` is a JSON array of [role, content] where a text is a conversation.
      CREATE TABLE texts (
        id INTEGER PRIMARY KEY,
        digest TEXT NOT NULL,
        part TEXT NOT NULL CHECK (part IN ('prompt', 'response')),
        text TEXT NOT NULL,
        turns TEXT,
        UNIQUE (digest, part)
      ) STRICT;

      -- The prompt of an item is at position -1, its responses at 0, 1, 2 and so on.
      CREATE TABLE slate_texts (
        benchmark_id INTEGER NOT NULL REFERENCES benchmarks,
        ordinal INTEGER NOT NULL,
        position INTEGER NOT NULL,
        text_id INTEGER NOT NULL REFERENCES texts,
        PRIMARY KEY (benchmark_id, ordinal, position)
      ) STRICT, WITHOUT ROWID;

      -- Answers of endpoints, by the digest of everything the answer depends on. Errors are never kept.
      CREATE TABLE replies (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        endpoint TEXT NOT NULL,
        model TEXT NOT NULL,
        body BLOB NOT NULL,
        created_at TEXT NOT NULL
      ) STRICT;

      -- Every look at a comparison; `baseline` and `candidate` are identities of runs.
      CREATE TABLE attempts (
        id INTEGER PRIMARY KEY,
        comparison TEXT NOT NULL,
        baseline TEXT NOT NULL,
        candidate TEXT NOT NULL,
        verdict TEXT NOT NULL,
        e_value ANY,
        created_at TEXT NOT NULL,
        UNIQUE (comparison, baseline, candidate, created_at)
      ) STRICT;

      CREATE TABLE artefacts (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        digest TEXT NOT NULL,
        content BLOB NOT NULL,
        created_at TEXT NOT NULL,
        UNIQUE (name, digest)
      ) STRICT;

      -- `checkpoint` is a model's fingerprint. A null value was no number.
      CREATE TABLE learning_curves (
        checkpoint TEXT NOT NULL,
        metric TEXT NOT NULL,
        step INTEGER NOT NULL,
        value ANY,
        PRIMARY KEY (checkpoint, metric, step)
      ) STRICT, WITHOUT ROWID;
      """)
}
