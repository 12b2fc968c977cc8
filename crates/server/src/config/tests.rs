//! The printed default, what the environment gives, and what is refused.

use super::{Config, SECTIONS, annotated_default, parse};
use rules::people::Role;
use std::path::PathBuf;

#[test]
fn the_printed_default_is_the_default() {
    let text = annotated_default().expect("the default can be printed");
    assert_eq!(parse(&text).expect("it parses"), Config::default());
    assert_eq!(parse("").expect("an empty file is a configuration"), Config::default());
    Config::default().check().expect("the default works");
}

#[test]
fn every_setting_is_explained() {
    let default = toml::Table::try_from(Config::default()).expect("it is a table");
    let named: Vec<&str> = SECTIONS.iter().map(|(section, ..)| *section).collect();
    let mut there: Vec<&str> = default.keys().map(String::as_str).collect();
    let mut sorted = named.clone();
    sorted.sort_unstable();
    there.sort_unstable();
    assert_eq!(sorted, there);
    for (section, _, help) in SECTIONS {
        let values = default[section].as_table().expect("a section is a table");
        assert_eq!(values.len(), help.len(), "{section}");
    }
}

#[test]
fn a_misspelt_setting_is_an_error() {
    for text in ["[server]\nlissten = \"127.0.0.1:1\"", "[serverr]\n", "[scan]\nworkers = -1"] {
        parse(text).expect_err(text);
    }
}

#[test]
fn a_port_open_to_the_network_needs_a_proxy() {
    let open = parse("[server]\nlisten = \"0.0.0.0:8686\"").expect("it parses");
    let message = open.check().expect_err("there is no TLS").to_string();
    assert!(message.contains("behind_proxy"), "{message}");
    let proxied = parse("[server]\nlisten = \"0.0.0.0:8686\"\nbehind_proxy = true").expect("it parses");
    proxied.check().expect("the proxy has the TLS");
}

#[test]
fn a_form_nobody_could_sign_is_named() {
    let misspelt =
        parse("[legal]\nsigned_forms = [\"01-giay-tiep-nhan\", \"03-tuchoi\"]").expect("it parses");
    let message = misspelt.check().expect_err("there is no such form").to_string();
    assert!(message.contains("\"03-tuchoi\"") && message.contains("03-tu-choi,"), "{message}");
}

#[test]
fn the_environment_gives_places_of_secrets_only() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let url_file = folder.path().join("url");
    std::fs::write(&url_file, "postgres://motcua:secret@db/motcua\n").expect("it can be written");
    let mut config = Config::default();
    let place = |name: &str| match name {
        "MOTCUA_STORE_URL_FILE" => Some(url_file.clone()),
        "MOTCUA_MASTER_KEY_FILE" => Some(PathBuf::from("/etc/motcua/key")),
        _ => None,
    };
    config.take_secrets_places(place).expect("the file is readable");
    assert_eq!(config.store.url, "postgres://motcua:secret@db/motcua");
    assert_eq!(config.master_key_file(), PathBuf::from("/etc/motcua/key"));
    assert_eq!(config.p12_password_file(), PathBuf::from("motcua-data/keys/p12-password"));
    assert!(!format!("{:?}", config.database()).contains("secret"));
}

#[test]
fn a_second_factor_is_asked_of_roles_named_as_on_the_command_line() {
    let config = parse("[people]\nsecond_factor = [\"quan-tri\", \"lanh-dao-ky\"]").expect("it parses");
    assert_eq!(config.second_factor().expect("roles"), [Role::Admin, Role::Leader]);
    assert_eq!(Config::default().second_factor().expect("roles"), [], "of nobody");
}

#[test]
fn wrong_values_are_named() {
    for (text, name) in [
        ("[store]\nurl = \"mysql://x\"", "store.url"),
        ("[scan]\nfile_mb = 500", "scan.file_mb"),
        ("[scan]\nmemory_mb = 10", "scan.memory_mb"),
        ("[audit]\nseal_every_minutes = 0", "audit.seal_every_minutes"),
        ("[audit]\ntimestamp_url = \"tsa.vn\"", "audit.timestamp_url"),
        ("[mail]\nserver = \"thu.vn\"", "mail.sender"),
        ("[mail]\nserver = \"thu.vn\"\nsender = \"a@b.vn\"\nuser = \"a\"", "mail.password_file"),
        (
            "[mail]\nserver = \"thu.vn\"\nsender = \"a@b.vn\"\nuser = \"a\"\npassword_file = \"x\"\ntls = \"none\"",
            "mail.tls",
        ),
        ("[mail]\ndigest_at = \"7 giờ\"", "mail.digest_at"),
        ("[people]\nsecond_factor = [\"giam-doc\"]", "people.second_factor"),
        ("[sign_in]\npasswords = false", "sign_in.passwords"),
        ("[sign_in]\nissuer = \"https://a.vn\"", "sign_in.client_id"),
        ("[sign_in]\nissuer = \"https://a.vn\"\nclient_id = \"x\"", "sign_in.secret_file"),
        (
            "[sign_in]\nissuer = \"https://a.vn\"\nclient_id = \"x\"\nsecret_file = \"s\"\nclaim = \"email\"",
            "sign_in.claim",
        ),
        ("[log]\nlevel = \"very=loud=\"", "log.level"),
    ] {
        let message = parse(text).expect(text).check().expect_err(text).to_string();
        assert!(message.contains(name), "{message}");
    }
}
