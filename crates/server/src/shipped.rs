//! The law as data, carried in the program: procedures, units, calendars, queues and forms. What an office adds
//! of its own comes from its database.

use anyhow::{Context, Result, ensure};
use include_dir::{Dir, DirEntry, File, include_dir};
use office::Forms;
use office::forms::Sheet;
use rules::calendar::{HoursPeriod, UnitCalendar, WorkingCalendar, YearTable};
use rules::counter::queue::setup::QueueRules;
use rules::limits::Limits;
use rules::procedure::Procedure;
use rules::training::Exercise;
use rules::unit::{Unit, UnitTree, parents_first};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Beside the national tables, a file for each unit with a calendar of its own.
const OWN_CALENDARS: &str = "units";
static CALENDARS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../calendars");
static EXERCISES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../exercises");
static FORMS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../forms");
static LIMITS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../limits");
static PROCEDURES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../procedures");
/// Beside the trees, the decisions that lead from one to the next.
const REORGANISATIONS: &str = "reorganisations";
static QUEUES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../queues");
static UNITS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../units");

/// The working calendar that an office has unless it sets its own.
pub(crate) fn calendar() -> Result<WorkingCalendar> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Hours {
        hours: Vec<HoursPeriod>,
    }

    let mut hours = Vec::new();
    let mut tables: Vec<YearTable> = Vec::new();
    for file in toml_files(&CALENDARS) {
        if file.path().starts_with(OWN_CALENDARS) {
            continue;
        }
        if file.path().file_stem().is_some_and(|stem| stem == "hours") {
            hours.extend(read::<Hours>(file)?.hours);
        } else {
            tables.push(read(file)?);
        }
    }
    Ok(WorkingCalendar::new(hours, tables)?)
}

/// The hours and days that units have of their own.
pub(crate) fn unit_calendars() -> Result<Vec<UnitCalendar>> {
    let files = toml_files(&CALENDARS).into_iter();
    files.filter(|file| file.path().starts_with(OWN_CALENDARS)).map(read).collect()
}

/// The general limits of the law, with their validity.
pub(crate) fn limits() -> Result<Vec<Limits>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sets {
        limits: Vec<Limits>,
    }

    let mut limits = Vec::new();
    for file in toml_files(&LIMITS) {
        limits.extend(read::<Sets>(file)?.limits);
    }
    ensure!(!limits.is_empty(), "chưa có thời hạn chung nào trong `limits/`");
    Ok(limits)
}

/// How queues run where their office decided nothing of its own, with validity.
pub(crate) fn queues() -> Result<Vec<QueueRules>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sets {
        queues: Vec<QueueRules>,
    }

    let mut queues = Vec::new();
    for file in toml_files(&QUEUES) {
        queues.extend(read::<Sets>(file)?.queues);
    }
    ensure!(queues.iter().all(|rules| rules.faults().is_empty()), "con số ngoài mức trong `queues/`");
    ensure!(!queues.is_empty(), "chưa có quy tắc hàng chờ nào trong `queues/`");
    Ok(queues)
}

/// What officers learn by in an office that is not real.
pub(crate) fn exercises() -> Result<Vec<Exercise>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Set {
        exercise: Vec<Exercise>,
    }

    let mut exercises = Vec::new();
    for file in toml_files(&EXERCISES) {
        exercises.extend(read::<Set>(file)?.exercise);
    }
    Ok(exercises)
}

/// Every revision of every procedure.
pub(crate) fn procedures() -> Result<Vec<Procedure>> {
    let procedures: Vec<Procedure> = toml_files(&PROCEDURES).into_iter().map(read).collect::<Result<_>>()?;
    for procedure in &procedures {
        let faults: Vec<String> = procedure.faults().iter().map(ToString::to_string).collect();
        ensure!(faults.is_empty(), "thủ tục {}: {}", procedure.code, faults.join("; "));
    }
    Ok(procedures)
}

/// The units of all trees, each after its parent.
pub(crate) fn units() -> Result<Vec<Unit>> {
    let mut units = Vec::new();
    for file in toml_files(&UNITS).into_iter().filter(|file| !file.path().starts_with(REORGANISATIONS)) {
        units.extend(read::<UnitTree>(file)?.units);
    }
    let faults: Vec<String> = rules::unit::faults(&units).iter().map(ToString::to_string).collect();
    ensure!(faults.is_empty(), "cây đơn vị có lỗi: {}", faults.join("; "));
    Ok(parents_first(units))
}

/// Every form, with the questions that go with it.
pub(crate) fn forms() -> Result<Forms> {
    let sheets: Vec<Sheet> = form_folders().into_iter().map(sheet).collect::<Result<_>>()?;
    Ok(Forms::new(sheets))
}

/// Every form with the data of its sample paper, for `doctor`.
pub(crate) fn samples() -> Result<Vec<Sheet>> {
    form_folders().into_iter().map(sheet).collect()
}

fn form_folders() -> Vec<&'static Dir<'static>> {
    let mut folders: Vec<&Dir<'_>> = FORMS.dirs().flat_map(Dir::dirs).collect();
    folders.sort_by_key(|folder| folder.path());
    folders
}

fn sheet(folder: &'static Dir<'static>) -> Result<Sheet> {
    let name = || format!("mẫu `{}`", folder.path().display());
    let about = in_folder(folder, "form.toml").with_context(name)?;
    let source = in_folder(folder, "form.typ").with_context(name)?;
    let form = pdf::print::Form::new(about, source.to_owned()).with_context(name)?;
    let sample = in_folder(folder, "sample.json").context("mẫu không có `sample.json`").with_context(name)?;
    let sample = serde_json::from_str(sample).with_context(name)?;
    let sheet = Sheet::new(form, in_folder(folder, "fields.toml")).with_context(name)?;
    sheet.with_sample(sample).with_reasons(in_folder(folder, "reasons.toml")).with_context(name)
}

fn in_folder(folder: &'static Dir<'static>, name: &str) -> Option<&'static str> {
    folder.get_file(folder.path().join(name))?.contents_utf8()
}

/// The TOML files below a folder, in the order of their paths.
fn toml_files(folder: &'static Dir<'static>) -> Vec<&'static File<'static>> {
    let mut files = Vec::new();
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(folder) => files.extend(toml_files(folder)),
            DirEntry::File(file) if file.path().extension().is_some_and(|end| end == "toml") => {
                files.push(file);
            }
            DirEntry::File(_) => {}
        }
    }
    files.sort_by_key(|file| file.path());
    files
}

fn read<T: DeserializeOwned>(file: &File<'_>) -> Result<T> {
    let name = || format!("tệp `{}`", file.path().display());
    let text = file.contents_utf8().with_context(name)?;
    toml::from_str(text).with_context(name)
}

#[cfg(test)]
mod tests {
    use super::{calendar, exercises, forms, procedures, queues, samples, unit_calendars, units};
    use rules::event::trail::Group;
    use std::collections::BTreeSet;

    #[test]
    fn everything_shipped_can_be_read() {
        assert!(calendar().expect("the calendars fit").years().count() >= 5);
        assert!(procedures().expect("the procedures are whole").len() >= 20);
        assert!(!queues().expect("the queues run").is_empty());
        let n_forms = forms().expect("the forms are whole").codes().count();
        assert!(n_forms >= 7);
        assert_eq!(samples().expect("the samples are whole").len(), n_forms);
    }

    #[test]
    fn a_calendar_of_a_unit_is_for_a_unit_that_is_there() {
        let national = calendar().expect("the calendars fit");
        let units = units().expect("the trees are whole");
        for own in unit_calendars().expect("the files can be read") {
            assert!(units.iter().any(|unit| unit.key == own.unit), "{}", own.unit);
            national.clone().with_unit(&own).expect("it fits over the national one");
        }
    }

    #[test]
    fn every_step_of_an_exercise_is_seen_by_events_there_are() {
        let mut ids = BTreeSet::new();
        for exercise in exercises().expect("the exercises can be read") {
            assert!(!exercise.steps.is_empty(), "{}", exercise.id);
            for kind in exercise.steps.iter().flat_map(|step| &step.seen_by) {
                assert!(Group::of(kind).is_some(), "{}: `{kind}`", exercise.id);
            }
            assert!(ids.insert(exercise.id));
        }
        assert!(ids.len() >= 5);
    }

    #[test]
    fn a_unit_comes_after_its_parent() {
        let mut seen = BTreeSet::new();
        for unit in units().expect("the trees are whole") {
            assert!(unit.parent.as_ref().is_none_or(|parent| seen.contains(parent)), "{}", unit.key);
            seen.insert(unit.key);
        }
        assert!(seen.len() > 50);
    }

    #[test]
    fn every_form_a_procedure_names_is_there() {
        let forms = forms().expect("the forms are whole");
        let codes: BTreeSet<&str> = forms.codes().collect();
        for procedure in procedures().expect("the procedures are whole") {
            for result in &procedure.results {
                assert!(codes.contains(result.form.as_str()), "{}: {}", procedure.code, result.form);
            }
        }
    }
}
