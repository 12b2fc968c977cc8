//! Search on both engines: what people type, and what they must find.

use super::{Entry, Fields, Hit, Query, Scope, index, remove, rescope, search};
use crate::testing::Scratch;
use crate::{Db, Error, on_both};
use jiff::Timestamp;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_246_200 + seconds).expect("in range")
}

/// One text an entry, the last the newest. The subject's last byte is the text's number.
async fn texts(db: &Db, kind: &str, texts: &[&str]) {
    for (i, text) in texts.iter().enumerate() {
        put(db, kind, i, Fields { texts: &[text], ..Fields::default() }, &[]).await;
    }
}

async fn put(db: &Db, kind: &str, i: usize, fields: Fields<'_>, agencies: &[Uuid]) {
    let at = instant(i64::try_from(i).expect("few"));
    let entry = &Entry { kind, subject: subject(i), agencies, at, fields };
    db.act(|mut tx| async move { index(&mut tx, entry).await }).await.expect("indexed");
}

fn subject(i: usize) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + i as u128)
}

fn all(text: &str) -> Query<'_> {
    Query { text, kinds: &[], scope: Scope::Everything, limit: 20 }
}

async fn found(db: &Db, query: &Query<'_>) -> Vec<usize> {
    hits(db, query).await.iter().map(|hit| usize::from(hit.subject.as_bytes()[15])).collect()
}

async fn hits(db: &Db, query: &Query<'_>) -> Vec<Hit> {
    let mut reader = db.read().await.expect("a snapshot");
    search(&mut reader, query).await.unwrap_or_else(|error| panic!("`{}`: {error:?}", query.text))
}

async fn words_are_found_without_their_marks(db: Scratch) {
    let nfd: String = "Đường Hòa Bình".nfd().collect();
    texts(&db, "x", &["Giấy khai sinh", "Đường Nguyễn Huệ", &nfd, "Giây phút", "Khai tử"]).await;
    for (typed, expected) in [
        ("giay", vec![3, 0]),
        ("duong", vec![2, 1]),
        ("DUONG hoa", vec![2]),
        ("giay khai sinh", vec![0]),
        ("khai", vec![4, 0]),
        ("khai s", vec![0]),
        ("sinh khai", vec![0]),
        ("huong", vec![]),
        ("iay", vec![]),
        ("", vec![]),
        ("  \u{301} \" ' * - ( & | ! :", vec![]),
        ("\"khai\" OR* (sinh", vec![]),
        ("khai AND", vec![]),
    ] {
        assert_eq!(found(&db, &all(typed)).await, expected, "`{typed}`");
    }
}

async fn typed_marks_come_first(db: Scratch) {
    texts(&db, "x", &["Thủy", "Nguyễn Văn Thuỷ", "Thuy", "Thùy", "giấy khai sinh", "giây khai sinh"]).await;
    for typed in ["Thuỷ", "Thủy", &"Thủy".nfd().collect::<String>()] {
        assert_eq!(
            found(&db, &all(typed)).await,
            [1, 0, 3, 2],
            "`{typed}`: both placements first, the rest after, each the newest first"
        );
    }
    assert_eq!(found(&db, &all("Giấy khai sinh")).await, [4, 5]);
    assert_eq!(found(&db, &all("giay khai sinh")).await, [5, 4], "without marks the newest first");
    let few = Query { limit: 1, ..all("Giấy") };
    assert_eq!(found(&db, &few).await, [4], "where there is room for one, it is one with the marks");
}

async fn whole_words_come_before_beginnings(db: Scratch) {
    texts(&db, "x", &["Trần Thị Hoa", "Trần Thị Hoàng", "Tran Thi Hoan"]).await;
    assert_eq!(found(&db, &all("tran thi hoa")).await, [0, 2, 1]);
    assert_eq!(found(&db, &all("Trần Thị Hoa")).await, [0, 1, 2]);
    assert_eq!(found(&db, &all("Trần Thị Hoan")).await, [1, 2], "the marks before the whole word");
    let few = Query { limit: 1, ..all("tran thi ho") };
    assert_eq!(found(&db, &few).await, [2]);
}

async fn old_and_new_tone_placement_are_one_word(db: Scratch) {
    texts(&db, "x", &["hòa", "hoà", "hoa", "quý", "qúy", "quy"]).await;
    assert_eq!(found(&db, &all("hòa")).await, [1, 0, 2]);
    assert_eq!(found(&db, &all("hoà")).await, [1, 0, 2]);
    assert_eq!(found(&db, &all("quý")).await, [4, 3, 5]);
    assert_eq!(found(&db, &all("qúy")).await, [4, 3, 5]);
}

async fn codes_and_numbers_are_found(db: Scratch) {
    for (i, code) in
        ["45/QĐ-UBND", "12/QĐ-UBND", "H56.15-260303-0012", "H56.15-260303-0013"].iter().enumerate()
    {
        put(&db, "x", i, Fields { codes: &[code], ..Fields::default() }, &[]).await;
    }
    let people = Fields {
        texts: &["Số 45 Lê Lợi, theo 7/QĐ-UBND, 079203001234 Trần Thị Bưởi"],
        ..Fields::default()
    };
    put(&db, "x", 4, people, &[]).await;
    for (typed, expected) in [
        ("45/QĐ-UBND", vec![0]),
        ("45/qd-ubnd", vec![0]),
        ("qd-ub", vec![4, 1, 0]),
        ("45qdubnd", vec![0]),
        ("H56.15-260303-0012", vec![2]),
        ("h56.15-260303-00", vec![3, 2]),
        ("H56152603030012", vec![2]),
        ("260303", vec![3, 2]),
        ("079203", vec![4]),
        ("079203001234", vec![4]),
        ("079203 buoi", vec![4]),
        ("79203", vec![]),
    ] {
        assert_eq!(found(&db, &all(typed)).await, expected, "`{typed}`");
    }
}

async fn initials_find_a_title(db: Scratch) {
    let birth = Fields { titles: &["Thủ tục đăng ký khai sinh"], ..Fields::default() };
    put(&db, "x", 0, birth, &[]).await;
    put(&db, "x", 1, Fields { texts: &["đăng ký khai sinh"], ..Fields::default() }, &[]).await;
    assert_eq!(found(&db, &all("dkks")).await, [0]);
    assert_eq!(found(&db, &all("ttdk")).await, [0]);
    assert_eq!(found(&db, &all("khai sinh")).await, [1, 0]);
}

fn seen_by(agencies: &[Uuid]) -> Query<'_> {
    Query { scope: Scope::Agencies(agencies), ..all("khai") }
}

async fn only_what_may_be_seen_is_found(db: Scratch) {
    let (commune, province, other) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
    let fields = Fields { texts: &["khai sinh"], ..Fields::default() };
    put(&db, "dossier", 0, fields, &[commune]).await;
    put(&db, "dossier", 1, fields, &[province]).await;
    put(&db, "paper", 2, fields, &[commune, province]).await;
    put(&db, "paper", 3, fields, &[]).await;
    assert_eq!(found(&db, &seen_by(&[commune])).await, [2, 0]);
    assert_eq!(found(&db, &seen_by(&[commune, province])).await, [2, 1, 0]);
    assert_eq!(found(&db, &seen_by(&[other])).await, [0_usize; 0]);
    assert_eq!(found(&db, &seen_by(&[])).await, [0_usize; 0], "no agency sees nothing");
    assert_eq!(found(&db, &all("khai")).await, [3, 2, 1, 0]);
    assert_eq!(found(&db, &Query { kinds: &["paper"], ..seen_by(&[commune]) }).await, [2]);
    assert_eq!(found(&db, &Query { kinds: &["paper", "dossier"], ..all("khai") }).await, [3, 2, 1, 0]);
    assert_eq!(found(&db, &Query { kinds: &["entry"], ..all("khai") }).await, [0_usize; 0]);

    let moved =
        db.act(|mut tx| async move { rescope(&mut tx, "dossier", subject(0), &[other, other]).await }).await;
    assert!(moved.expect("done"));
    let moved = db.act(|mut tx| async move { rescope(&mut tx, "dossier", subject(9), &[other]).await }).await;
    assert!(!moved.expect("done"));
    assert_eq!(found(&db, &seen_by(&[commune])).await, [2]);
    assert_eq!(found(&db, &seen_by(&[other])).await, [0]);
}

async fn an_entry_is_replaced_and_removed(db: Scratch) {
    let agency = Uuid::from_u128(1);
    let first = Fields { texts: &["khai sinh"], ..Fields::default() };
    put(&db, "x", 0, first, &[agency]).await;
    put(&db, "x", 0, Fields { texts: &["kết hôn"], ..Fields::default() }, &[agency]).await;
    put(&db, "y", 0, first, &[agency]).await;
    assert_eq!(hits(&db, &all("khai")).await.len(), 1);
    assert_eq!(hits(&db, &all("ket hon")).await[0].kind, "x");
    let take_out = async |kind: &str| {
        db.act(|mut tx| async move { remove(&mut tx, kind, subject(0)).await }).await.expect("done")
    };
    assert!(take_out("x").await);
    assert!(!take_out("x").await);
    assert_eq!(hits(&db, &all("ket")).await, []);
    assert_eq!(hits(&db, &all("khai")).await.len(), 1);
}

async fn the_index_is_undone_with_the_act(db: Scratch) {
    let undone: Result<(), Error> = db
        .act(|mut tx| async move {
            let fields = Fields { texts: &["khai sinh"], ..Fields::default() };
            index(&mut tx, &Entry { kind: "x", subject: subject(0), agencies: &[], at: instant(0), fields })
                .await?;
            Err(Error::Busy)
        })
        .await;
    undone.expect_err("as the act said");
    assert_eq!(hits(&db, &all("khai")).await, []);
}

async fn many_entries_of_one_instant_all_get_in(db: Scratch) {
    let db = &db;
    db.act(|mut tx| async move {
        for _ in 0..300 {
            let fields = Fields { texts: &["chiến dịch"], ..Fields::default() };
            let entry = Entry { kind: "x", subject: Uuid::new_v4(), agencies: &[], at: instant(0), fields };
            index(&mut tx, &entry).await?;
        }
        Ok::<_, Error>(())
    })
    .await
    .expect("indexed");
    assert_eq!(hits(db, &Query { limit: 1000, ..all("chien dich") }).await.len(), 300);
    assert_eq!(hits(db, &Query { limit: 7, ..all("chien") }).await.len(), 7);
    assert_eq!(hits(db, &Query { limit: 7, ..all("chiến") }).await.len(), 7);
}

async fn hostile_text_is_bounded(db: Scratch) {
    let long_word = "đ".repeat(100_000);
    let many: String = (0..60_000).map(|i| format!("từ{i}")).collect::<Vec<_>>().join(" ");
    let odd = "a\u{0}b \\ ' :1A 'x':1 \u{feff}\u{10ffff} ไทย 漢字 🙂 ﬃ ½ ⅷ";
    texts(&db, "x", &[&long_word, &many, odd]).await;
    assert_eq!(found(&db, &all(&long_word)).await, [0], "cut alike in the index and in the query");
    assert_eq!(found(&db, &all("tu17")).await, [1]);
    assert_eq!(found(&db, &all("tu59999")).await, [0_usize; 0], "beyond what is kept");
    for typed in odd.split_whitespace() {
        hits(&db, &all(typed)).await;
    }
    assert_eq!(found(&db, &all("ffi")).await, [2]);
}

on_both!(
    words_are_found_without_their_marks,
    typed_marks_come_first,
    whole_words_come_before_beginnings,
    old_and_new_tone_placement_are_one_word,
    codes_and_numbers_are_found,
    initials_find_a_title,
    only_what_may_be_seen_is_found,
    an_entry_is_replaced_and_removed,
    the_index_is_undone_with_the_act,
    many_entries_of_one_instant_all_get_in,
    hostile_text_is_bounded,
);
