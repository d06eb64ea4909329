extension Migration {
  /// What need not be written twice: that an item with rewards is answered, and a gold that many items have in common.
  static let sharing = Migration(
    name: "sharing",
    sql: """
      -- The ordinal of an earlier item with the same gold; null where the item's own gold is on the gold sheet.
      ALTER TABLE items ADD COLUMN gold_of INTEGER;

      -- An item with rows in `rewards` has none in `answers`: its form is 0, its responses are its rows.
      DROP TRIGGER IF EXISTS answers_refuses_delete;
      DELETE FROM answers WHERE form = 0 AND response_count > 0;

      -- The items that a sheet answers; on a gold sheet, those whose gold no earlier item has.
      CREATE VIEW answered AS
        SELECT sheet_id, ordinal FROM answers
        UNION ALL
        SELECT sheet_id, ordinal FROM rewards WHERE response = 0;

      DROP VIEW key_margins;
      CREATE VIEW key_margins AS
        SELECT sheets.benchmark_id, CASE sheets.voice WHEN 'rater' THEN sheets.name END AS rater,
          items.ordinal, items.item, m.first, m.second, m.log_odds, absences.kind AS absence, absences.reason
        FROM sheets
        JOIN items ON items.benchmark_id = sheets.benchmark_id
        JOIN sheet_margins m ON m.sheet_id = sheets.id
          AND m.ordinal = CASE sheets.voice WHEN 'gold' THEN coalesce(items.gold_of, items.ordinal) ELSE items.ordinal END
        LEFT JOIN absences ON absences.id = m.absence_id
        WHERE sheets.voice <> 'run';
      """)
}
