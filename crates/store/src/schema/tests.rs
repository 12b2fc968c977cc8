//! The rendered text, and the two goldens that show the schema of today.

use super::{MIGRATIONS, render};
use crate::engine::{Db, Engine};
use crate::on_both;
use crate::testing::{Scratch, scratch};
use sqlx::{AssertSqlSafe, Connection};
use std::fmt::Write;
use std::path::Path;

#[test]
fn the_eight_words_become_types_with_their_checks() {
    let text = "create table t (\n    id ID not null,\n    on DAY, -- ID in a comment stays\n    yes BOOL\n) TABLE;\n\
                --only sqlite\nfor sqlite\n--end\n--only postgres\nfor postgres\n--end\n";
    assert_eq!(
        render(text, Engine::Sqlite),
        "create table t (\n    id blob check (length(id) = 16) not null,\n    \
         on text check (length(on) = 10), -- ID in a comment stays\n    \
         yes integer check (yes in (0, 1))\n) strict;\nfor sqlite\n"
    );
    assert_eq!(
        render(text, Engine::Postgres),
        "create table t (\n    id uuid not null,\n    on text check (length(on) = 10), \
         -- ID in a comment stays\n    yes boolean\n) ;\nfor postgres\n"
    );
}

#[test]
fn every_file_of_the_folder_is_a_migration() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    let named: Vec<String> =
        MIGRATIONS.iter().map(|(number, name, _)| format!("{number:04}_{name}.sql")).collect();
    assert_eq!(files, named);
}

async fn migrating_twice_changes_nothing(db: Scratch) {
    let before = shape(&db).await;
    db.migrate().await.expect("a second run finds nothing to do");
    assert_eq!(shape(&db).await, before);
}

on_both!(migrating_twice_changes_nothing);

#[tokio::test]
async fn the_sqlite_schema_is_the_golden_one() {
    let db = scratch(Engine::Sqlite).await;
    is_golden("schema.sqlite.sql", &shape(&db).await);
}

#[tokio::test]
async fn the_postgres_schema_is_the_golden_one() {
    let db = scratch(Engine::Postgres).await;
    is_golden("schema.postgres.sql", &shape(&db).await);
}

#[tokio::test]
async fn sqlite_tables_are_strict() {
    let db = scratch(Engine::Sqlite).await;
    let Db::Sqlite(sqlite) = &*db else { unreachable!("asked for SQLite") };
    let lax: Vec<(String,)> = sqlx::query_as(
        "select name from pragma_table_list where schema = 'main' and type = 'table' and strict = 0
         and name not like 'sqlite_%' and name not like '_sqlx_%' order by name",
    )
    .fetch_all(&sqlite.write)
    .await
    .expect("the list of tables");
    assert_eq!(lax, []);
}

/// Posts got their days by a table made anew: what was there before stays, since ever and for all.
#[tokio::test]
async fn posts_of_before_keep_and_have_no_limit() {
    let mut connection = sqlx::SqliteConnection::connect("sqlite::memory:").await.expect("a database");
    let mut run = async |text: &str| {
        let sql = AssertSqlSafe(render(text, Engine::Sqlite));
        sqlx::raw_sql(sql).execute(&mut connection).await.expect("it runs");
    };
    for (number, _, text) in MIGRATIONS {
        if *number == 6 {
            run("pragma foreign_keys = off;
                 insert into post values (zeroblob(16), zeroblob(16), 'clerk');
                 insert into post values (zeroblob(16), zeroblob(16), 'head');")
            .await;
        }
        run(text).await;
    }
    type PostRow = (String, Option<String>, String, String, Option<String>);
    let kept: Vec<PostRow> =
        sqlx::query_as("select role, procedures, ceiling, valid_from, valid_to from post order by role")
            .fetch_all(&mut connection)
            .await
            .expect("posts");
    let since_ever =
        |role: &str| (role.to_owned(), None, "personal".to_owned(), "0001-01-01".to_owned(), None);
    assert_eq!(kept, [since_ever("clerk"), since_ever("head")]);
}

/// Drafts are older than their savings: what was being drafted can be taken back like any other saving.
#[tokio::test]
async fn drafts_of_before_are_savings() {
    let mut connection = sqlx::SqliteConnection::connect("sqlite::memory:").await.expect("a database");
    let mut run = async |text: &str| {
        let sql = AssertSqlSafe(render(text, Engine::Sqlite));
        sqlx::raw_sql(sql).execute(&mut connection).await.expect("it runs");
    };
    for (number, _, text) in MIGRATIONS {
        if *number == 14 {
            run("pragma foreign_keys = off;
                 insert into procedure_draft values ('1.001', 3, '{\"name\":\"Thả diều\"}', zeroblob(16), 7);
                 insert into procedure_draft values ('1.002', 5, null, zeroblob(16), 8);")
            .await;
        }
        run(text).await;
    }
    let kept: Vec<(String, i64, String, i64)> =
        sqlx::query_as("select code, version, body ->> 'name', saved_at from procedure_draft_saving")
            .fetch_all(&mut connection)
            .await
            .expect("savings");
    assert_eq!(kept, [("1.001".to_owned(), 3, "Thả diều".to_owned(), 7)], "what was published is none");
}

/// Compares with the file, and says the first line that differs; writes it anew when `BLESS` is set.
#[expect(clippy::disallowed_methods, reason = "whoever runs the test says whether to write the golden")]
fn is_golden(file: &str, shape: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var("BLESS").is_ok() {
        std::fs::write(&path, shape).expect("the golden can be written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    let n_alike = shape.lines().zip(golden.lines()).take_while(|(now, kept)| now == kept).count();
    assert_eq!(
        shape.lines().nth(n_alike),
        golden.lines().nth(n_alike),
        "{file}, line {}, is not today's schema: run the test again with BLESS=1 and look at it",
        n_alike + 1
    );
}

/// The schema as the engine itself tells it.
async fn shape(db: &Db) -> String {
    match db {
        Db::Sqlite(db) => {
            let rows: Vec<(String,)> = sqlx::query_as(
                "select sql || ';' from sqlite_schema
                 where sql is not null and tbl_name not like '_sqlx_%' and tbl_name not like 'search_words_%'
                 order by tbl_name, type desc, name",
            )
            .fetch_all(&db.write)
            .await
            .expect("SQLite keeps the text");
            rows.into_iter().fold(String::new(), |shape, (sql,)| shape + &sql + "\n")
        }
        Db::Postgres(db) => {
            let rows: Vec<(String, String, String)> =
                sqlx::query_as(POSTGRES_SHAPE).fetch_all(&db.pool).await.expect("the catalogue can be read");
            let mut shape = String::new();
            let mut last = String::new();
            for (table, _, line) in rows {
                if table != last {
                    writeln!(shape, "{table}").expect("a string takes it");
                    last = table;
                }
                writeln!(shape, "    {line}").expect("a string takes it");
            }
            shape
        }
    }
}

const POSTGRES_SHAPE: &str = "
    with part as (
        select c.relname::text as name, 'a' || to_char(a.attnum, '000') as place,
               a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                   || case when a.attnotnull then ' not null' else '' end
                   || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as line
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
        union all
        select c.relname::text, 'b' || k.conname, 'constraint ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
        from pg_class c join pg_constraint k on k.conrelid = c.oid
        where c.relnamespace = 'public'::regnamespace
        union all
        select i.tablename::text, 'c' || i.indexname, i.indexdef
        from pg_indexes i where i.schemaname = 'public'
    )
    select name, place, line from part where name not like '\\_sqlx\\_%' order by name, place collate \"C\"";
