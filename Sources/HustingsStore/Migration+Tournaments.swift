extension Migration {
  /// The first schema. What an outside reader needs to know of it stands beside the tables.
  ///
  /// Rows are added and never changed, so a marker that something is complete is a row of its own, written last:
  /// `complete_benchmarks` and `finished_runs`.
  ///
  /// Numbers that must come back to the bit are in columns of type ANY, because a REAL column keeps -0.0 as the integer 0.
  static let tournaments = Migration(
    name: "tournaments",
    sql: """
      CREATE TABLE migrations (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

      -- A benchmark is its items and its scoring rules; `identity` is the digest of both, in hexadecimal.
      CREATE TABLE benchmarks (
        id INTEGER PRIMARY KEY,
        identity TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        version TEXT NOT NULL,
        card TEXT NOT NULL CHECK (json_valid(card))
      ) STRICT;

      -- A row here says that every item of the benchmark is in the file.
      CREATE TABLE complete_benchmarks (
        benchmark_id INTEGER PRIMARY KEY REFERENCES benchmarks,
        item_count INTEGER NOT NULL
      ) STRICT;

      -- The names a benchmark gives its candidates, as a JSON array: ["chosen","rejected"].
      CREATE TABLE rosters (id INTEGER PRIMARY KEY, names TEXT NOT NULL UNIQUE) STRICT;

      -- `places` is a JSON array beside the roster's: the response index of each named candidate.
      CREATE TABLE items (
        benchmark_id INTEGER NOT NULL REFERENCES benchmarks,
        ordinal INTEGER NOT NULL,
        item TEXT NOT NULL,
        subset TEXT NOT NULL,
        cluster TEXT NOT NULL,
        roster_id INTEGER NOT NULL REFERENCES rosters,
        places TEXT NOT NULL,
        PRIMARY KEY (benchmark_id, ordinal),
        UNIQUE (benchmark_id, item)
      ) STRICT, WITHOUT ROWID;

      -- An answer sheet: the tournaments of one voice on the items of one benchmark. The voice is the answer key (`gold`),
      -- one of its raters (`rater`, by name) or a model's run (`run`, by the run's identity).
      CREATE TABLE sheets (
        id INTEGER PRIMARY KEY,
        benchmark_id INTEGER NOT NULL REFERENCES benchmarks,
        voice TEXT NOT NULL CHECK (voice IN ('gold', 'rater', 'run')),
        name TEXT NOT NULL,
        UNIQUE (benchmark_id, voice, name)
      ) STRICT;

      -- What the numbers in `answers.form` mean.
      CREATE TABLE forms (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, meaning TEXT NOT NULL) STRICT;
      INSERT INTO forms (id, name, meaning) VALUES
        (0, 'rewards', 'one reward per response, in table rewards; a margin is a difference of two'),
        (1, 'symmetric', 'one margin per pair, in table judgments, the earlier response first'),
        (2, 'ordered', 'one margin per pair and order of presentation, in table judgments'),
        (3, 'verdicts', 'as ordered, and the size of a margin means nothing');

      -- One row per item that a sheet answers, whatever it says of it.
      CREATE TABLE answers (
        sheet_id INTEGER NOT NULL REFERENCES sheets,
        ordinal INTEGER NOT NULL,
        form INTEGER NOT NULL CHECK (form BETWEEN 0 AND 3),
        response_count INTEGER NOT NULL,
        PRIMARY KEY (sheet_id, ordinal)
      ) STRICT, WITHOUT ROWID;

      -- Why there is no answer: an abstention, an invalid reply, or an error.
      CREATE TABLE absences (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        reason TEXT NOT NULL,
        UNIQUE (kind, reason)
      ) STRICT;

      CREATE TABLE rewards (
        sheet_id INTEGER NOT NULL,
        ordinal INTEGER NOT NULL,
        response INTEGER NOT NULL,
        reward ANY,
        absence_id INTEGER REFERENCES absences,
        PRIMARY KEY (sheet_id, ordinal, response),
        CHECK ((reward IS NULL) = (absence_id IS NOT NULL))
      ) STRICT, WITHOUT ROWID;

      -- `log_odds` is that of `first` over `second`; both are response indices.
      CREATE TABLE judgments (
        sheet_id INTEGER NOT NULL,
        ordinal INTEGER NOT NULL,
        first INTEGER NOT NULL,
        second INTEGER NOT NULL,
        log_odds ANY,
        absence_id INTEGER REFERENCES absences,
        PRIMARY KEY (sheet_id, ordinal, first, second),
        CHECK ((log_odds IS NULL) = (absence_id IS NOT NULL))
      ) STRICT, WITHOUT ROWID;

      -- `fingerprint` is the digest of all that decides a model's answers. Names take no part in it.
      CREATE TABLE models (
        id INTEGER PRIMARY KEY,
        fingerprint TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        kind TEXT NOT NULL,
        revision TEXT NOT NULL,
        is_null INTEGER NOT NULL,
        reads_texts INTEGER NOT NULL,
        settings TEXT NOT NULL CHECK (json_valid(settings))
      ) STRICT;

      -- `identity` is the digest of the benchmark's identity, the model's fingerprint and the seed.
      CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        identity TEXT NOT NULL UNIQUE,
        benchmark_id INTEGER NOT NULL REFERENCES benchmarks,
        model_id INTEGER NOT NULL REFERENCES models,
        seed INTEGER NOT NULL,
        sheet_id INTEGER NOT NULL UNIQUE REFERENCES sheets,
        started_at TEXT NOT NULL
      ) STRICT;

      -- A row here says that the run has an answer for every item.
      CREATE TABLE finished_runs (
        run_id INTEGER PRIMARY KEY REFERENCES runs,
        finished_at TEXT NOT NULL
      ) STRICT;

      -- A null value says that the metric does not apply to the run.
      CREATE TABLE estimates (
        run_id INTEGER NOT NULL REFERENCES runs,
        position INTEGER NOT NULL,
        metric TEXT NOT NULL,
        value ANY,
        low ANY,
        high ANY,
        level ANY,
        method TEXT,
        count INTEGER,
        direction TEXT NOT NULL,
        unit TEXT NOT NULL,
        PRIMARY KEY (run_id, position)
      ) STRICT, WITHOUT ROWID;

      -- Every margin of every sheet.
      CREATE VIEW sheet_margins AS
        SELECT j.sheet_id, j.ordinal, j.first, j.second, j.log_odds, j.absence_id FROM judgments j
        UNION ALL
        SELECT x.sheet_id, x.ordinal, x.response, y.response, x.reward - y.reward,
          coalesce(x.absence_id, y.absence_id)
        FROM rewards x
        JOIN rewards y ON y.sheet_id = x.sheet_id AND y.ordinal = x.ordinal AND y.response > x.response;

      -- What models said: one row per run, item and matchup.
      CREATE VIEW margins AS
        SELECT runs.id AS run_id, items.ordinal, items.item, m.first, m.second, m.log_odds,
          absences.kind AS absence, absences.reason
        FROM runs
        JOIN sheet_margins m ON m.sheet_id = runs.sheet_id
        JOIN items ON items.benchmark_id = runs.benchmark_id AND items.ordinal = m.ordinal
        LEFT JOIN absences ON absences.id = m.absence_id;

      -- What the answer key says; `rater` is null for the gold itself.
      CREATE VIEW key_margins AS
        SELECT sheets.benchmark_id, CASE sheets.voice WHEN 'rater' THEN sheets.name END AS rater,
          items.ordinal, items.item, m.first, m.second, m.log_odds, absences.kind AS absence, absences.reason
        FROM sheets
        JOIN sheet_margins m ON m.sheet_id = sheets.id
        JOIN items ON items.benchmark_id = sheets.benchmark_id AND items.ordinal = m.ordinal
        LEFT JOIN absences ON absences.id = m.absence_id
        WHERE sheets.voice <> 'run';
      """)
}
