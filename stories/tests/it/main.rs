//! The main job of the product, told as stories to the built program over HTTP, on each engine. Nothing
//! here looks into the program but for its database's chains of events and the digests of what it kept.

mod another_agency;
mod bad_input;
mod browser;
mod command_line;
mod counter_to_reuse;
mod installation;
mod kills;
mod page;
mod two_clicks;
mod two_officers;
mod walk;

/// Makes two tests of each function named, one an engine.
macro_rules! on_each_engine {
    ($($module:ident::$name:ident),+ $(,)?) => {
        mod on_sqlite {$(
            #[test]
            fn $name() {
                crate::run(crate::$module::$name(store::Engine::Sqlite));
            }
        )+}

        mod on_postgres {$(
            #[test]
            fn $name() {
                crate::run(crate::$module::$name(store::Engine::Postgres));
            }
        )+}
    };
}

on_each_engine!(
    counter_to_reuse::a_paper_goes_from_the_counter_to_a_signed_record_and_is_reused,
    two_clicks::two_clicks_make_one_dossier,
    two_officers::two_officers_on_one_dossier,
    another_agency::another_agency_sees_nothing,
    bad_input::bad_input_is_refused_in_words_and_nothing_is_lost,
    kills::a_kill_between_upload_and_accept_loses_nothing,
    kills::kills_while_papers_are_read_and_signed_do_nothing_twice,
);

fn run(story: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a test machine can start threads")
        .block_on(story);
}
