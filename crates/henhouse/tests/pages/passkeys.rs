//! A passkey in a real browser, on the device that the test lends it: made, used in place of the password, ended, and
//! refused. The address is a name, as passkeys want it.

use std::net::TcpListener;

use super::browser::{Browser, Setup};
use super::served::Served;
use super::{PHONE, is_easy_on_the_eye, wait_for};

/// A server that people reach by a name, and its address; with these settings beside.
pub fn server(data: &std::path::Path, settings: &str) -> (Served, String) {
    std::fs::create_dir_all(data).unwrap();
    for _ in 0..5 {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let base = format!("http://localhost:{port}");
        std::fs::write(
            data.join("henhouse.toml"),
            format!("base_url = '{base}'\n{settings}"),
        )
        .unwrap();
        let listen = format!("127.0.0.1:{port}");
        let served = Served::try_start(data, &["--drill", "--listen", &listen], &[]);
        if !served.url.is_empty() {
            return (served, base);
        }
    }
    panic!("no port stays free");
}

#[test]
fn a_passkey_is_made_signs_in_alone_and_is_ended() {
    henhouse::tls::install_provider();
    let folder = tempfile::tempdir().unwrap();
    let (served, base) = server(&folder.path().join("data"), "");
    let at = |path: &str| format!("{base}{path}");
    let scripts = true;
    let phone = Setup {
        size: PHONE,
        scripts,
    };
    let browser = Browser::open(phone);
    browser.take_passkeys();
    browser.go(&at(&served.set_up_link()));
    for (field, text) in [
        ("#name", "Ann"),
        ("#login", "ann"),
        ("#password", "four words make it"),
    ] {
        browser.fill(field, text);
    }
    browser.tap("button[class=big]");
    wait_for(&browser, "/now", Browser::url);

    browser.go(&at("/me/sign-in"));
    browser.fill("#passkey-name", "blue key");
    browser.tap("form[data-passkey] button");
    wait_for(&browser, "The passkey is kept", Browser::source);
    let page = wait_for(&browser, "Not used yet", Browser::source);
    assert!(page.contains("<strong>blue key</strong>"), "{page}");
    is_easy_on_the_eye(&browser, "/me/sign-in");
    browser.keep_picture("me-sign-in-passkeys");
    browser.fill("#passkey-name", "the same device");
    browser.tap("form[data-passkey] button");
    wait_for(&browser, "has a passkey of yours already", Browser::source);

    let sign_in = || {
        browser.go(&at("/me"));
        browser.tap("form[action='/sign-out'] button");
        wait_for(&browser, "href=\"/sign-in\"", Browser::source);
        browser.go(&at("/sign-in?next=/me/sign-in"));
        browser.tap("form[data-passkey] button");
    };
    sign_in();
    wait_for(&browser, "Last used", Browser::source);
    let ours = browser.url();
    assert_eq!(ours, at("/me/sign-in"), "no password was typed");
    browser.tap("button[name=id]");
    wait_for(&browser, "signs nobody in any more", Browser::source);
    sign_in();
    wait_for(&browser, "does not sign you in here", Browser::source);
    assert!(browser.url().contains("/sign-in?"), "{}", browser.url());
    is_easy_on_the_eye(&browser, "/sign-in");
    browser.keep_picture("sign-in-passkey-refused");
    drop(browser);

    let scripts = false;
    let plain = Browser::open(Setup { scripts, ..phone });
    plain.go(&at("/sign-in"));
    let told = plain.text("noscript p");
    assert!(told.contains("needs a script"), "{told}");
    assert_eq!(plain.text("form[data-passkey]"), "", "it is not shown");
    plain.keep_picture("sign-in-without-script");
}
