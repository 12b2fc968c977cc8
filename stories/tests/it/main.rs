//! The main job of the product, told as stories to the built program over HTTP, on each engine. Nothing
//! here looks into the program but for its database's chains of events and the digests of what it kept.

mod another_agency;
mod api;
mod api_examples;
mod bad_input;
mod browser;
mod command_line;
mod counter_to_reuse;
mod drafting;
mod installation;
mod kills;
mod lives;
mod overview;
mod page;
mod queries;
mod sign_in;
mod stack;
mod two_clicks;
mod two_officers;
mod views;
mod walk;

use lives::{arrivals, consults, endings, linked, payments, people, silence, steps, supplements, waits};

/// Makes two tests of each function named, one an engine.
macro_rules! on_each_engine {
    ($($module:ident: $($name:ident),+;)+) => {
        mod on_sqlite {$($(
            #[test]
            fn $name() {
                crate::run(crate::$module::$name(store::Engine::Sqlite));
            }
        )+)+}

        mod on_postgres {$($(
            #[test]
            fn $name() {
                crate::run(crate::$module::$name(store::Engine::Postgres));
            }
        )+)+}
    };
}

on_each_engine! {
    counter_to_reuse: a_paper_goes_from_the_counter_to_a_signed_record_and_is_reused;
    api_examples: every_example_of_the_api_does_what_it_says;
    stack: a_stack_falls_into_its_papers_at_the_separators;
    two_clicks: two_clicks_make_one_dossier;
    two_officers: two_officers_on_one_dossier;
    drafting: two_windows_on_one_draft;
    views: a_list_is_kept_under_a_name;
    overview: a_number_leads_to_the_dossiers_it_counts;
    another_agency: another_agency_sees_nothing;
    queries: a_page_asks_as_often_for_many_rows_as_for_few;
    sign_in: a_second_factor_is_set_up_asked_for_and_reset;
    bad_input: bad_input_is_refused_in_words_and_nothing_is_lost;
    kills: a_kill_between_upload_and_accept_loses_nothing,
        kills_while_papers_are_read_and_signed_do_nothing_twice;
    arrivals: handed_over_at_the_counter_and_received_at_once,
        sent_online_on_friday_and_accepted_within_eight_hours,
        sent_online_and_refused_with_the_reason,
        completed_once_before_it_is_accepted,
        never_completed_and_so_not_received,
        sent_and_answered_by_post,
        what_comes_before_three_goes_on_the_same_day,
        what_comes_after_three_goes_on_when_the_next_day_opens,
        a_same_day_procedure_prints_no_receipt_unless_asked,
        received_at_the_provinces_centre_for_a_commune,
        a_scanned_page_is_read_and_signed_beside_the_acts;
    supplements: a_supplement_begins_the_limit_anew,
        a_second_supplement_takes_the_leaders_reason,
        after_three_working_days_it_is_too_late_to_ask,
        a_supplement_that_never_comes_stops_the_dossier;
    steps: the_head_says_whose_it_is,
        a_specialist_verifies_on_the_spot,
        a_draft_goes_back_with_a_reason;
    consults: of_two_agencies_asked_at_once_one_is_late,
        an_opinion_may_hold_the_clock;
    payments: the_clock_stands_until_the_state_is_paid,
        who_never_pays_is_not_settled;
    waits: stopped_and_resumed,
        a_stop_that_has_lasted_long_enough_ends_by_itself,
        stopped_for_good_by_a_decision,
        a_date_is_put_off_once_with_an_apology,
        an_apology_on_the_day_itself_is_too_late;
    endings: withdrawn_with_the_originals_handed_back,
        withdrawn_while_a_supplement_is_waited_for,
        refused_by_a_result_in_time,
        a_wrong_result_is_corrected_and_superseded,
        a_result_is_annulled_and_stays_readable;
    linked: three_procedures_over_three_agencies_are_one_dossier,
        a_ministrys_dossier_is_mirrored_and_nobody_acts_on_it;
    people: the_whole_procedure_is_settled_at_the_counter;
    silence: a_dossier_whose_officer_is_gone_calls_for_the_head,
        a_step_that_is_late_calls_for_who_does_it;
}

fn run(story: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a test machine can start threads")
        .block_on(story);
}
