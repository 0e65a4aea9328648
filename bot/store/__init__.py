"""Everything SQL: tables, transactions, one module of queries per noun, migrations. Gives out records, never rows."""
