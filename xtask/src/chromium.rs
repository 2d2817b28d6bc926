//! Chromium and its driver, for everything that runs in a browser without a person.

use std::env;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::apt;
use crate::failure::Failure;
use crate::process::say;
use crate::toolbox::Toolbox;

const BROWSER_NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const DRIVER_NAMES: &[&str] = &["chromedriver", "chromium.chromedriver"];
/// Applications of macOS are not on the search path.
const BROWSER_PLACES: &[&str] = &[
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const PACKAGES: &[&str] = &["chromium", "chromium-driver"];
const REMEDY: &str = "install Chromium or Chrome and the chromedriver of the same version, or name them in the variables \
                      CHROMIUM and CHROMEDRIVER";

/// A browser and the driver that steers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chromium {
    /// The browser itself.
    pub browser: PathBuf,
    /// Speaks WebDriver on its behalf.
    pub driver: PathBuf,
}

/// What to do about the browser.
#[derive(Debug, PartialEq, Eq)]
enum Plan {
    Use(Chromium),
    InstallPackages,
    TellThePerson(String),
}

impl Chromium {
    /// Finds both programs, or installs them where that is ours to do.
    pub fn ensure(tools: &Toolbox) -> Result<Self, Failure> {
        match Self::plan(tools)? {
            Plan::Use(chromium) => Ok(chromium),
            Plan::TellThePerson(what) => Err(missing(what)),
            Plan::InstallPackages => {
                say("Chromium or its driver is missing: installing both from Debian's packages, about 20 seconds");
                apt::install(tools, PACKAGES)?;
                match Self::plan(tools)? {
                    Plan::Use(chromium) => Ok(chromium),
                    _ => Err(missing("Chromium, even after installing its packages,".into())),
                }
            }
        }
    }

    fn plan(tools: &Toolbox) -> Result<Plan, Failure> {
        let browser = named("CHROMIUM")?
            .or_else(|| tools.find(BROWSER_NAMES))
            .or_else(|| BROWSER_PLACES.iter().map(PathBuf::from).find(|path| path.is_file()));
        let driver = named("CHROMEDRIVER")?.or_else(|| tools.find(DRIVER_NAMES));
        Ok(plan(browser, driver, || apt::is_ours(tools)))
    }

    /// Writes the capabilities that tests ask of the browser, with this very browser in them, and returns the file.
    ///
    /// Otherwise the driver would look for a browser by itself, and might take another one.
    pub fn write_capabilities(&self, tools: &Toolbox) -> Result<PathBuf, Failure> {
        let source = tools.workspace().webdriver_settings();
        let text = fs::read_to_string(&source).map_err(Failure::file(&source))?;
        let text = with_browser(&text, &self.browser.to_string_lossy())
            .map_err(|problem| Failure::Malformed { path: source, problem })?;
        let folder = tools.workspace().generated();
        fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
        let path = folder.join("webdriver.json");
        fs::write(&path, text).map_err(Failure::file(&path))?;
        Ok(path)
    }
}

/// The program that a variable names; naming one that is not there is a mistake worth hearing about.
fn named(variable: &str) -> Result<Option<PathBuf>, Failure> {
    let Some(path) = env::var_os(variable).map(PathBuf::from) else {
        return Ok(None);
    };
    if path.is_file() {
        return Ok(Some(path));
    }
    Err(Failure::Missing {
        what: format!("{}, which {variable} names,", path.display()),
        remedy: format!("unset {variable} or let it name a program"),
    })
}

fn missing(what: String) -> Failure {
    Failure::Missing { what, remedy: REMEDY.into() }
}

fn plan(browser: Option<PathBuf>, driver: Option<PathBuf>, may_install: impl FnOnce() -> bool) -> Plan {
    match (browser, driver) {
        (Some(browser), Some(driver)) => Plan::Use(Chromium { browser, driver }),
        // Both are installed even if one is there: a driver steers only the browser of its own version.
        _ if may_install() => Plan::InstallPackages,
        (None, Some(_)) => Plan::TellThePerson("Chromium".into()),
        (Some(_), None) => Plan::TellThePerson("chromedriver".into()),
        (None, None) => Plan::TellThePerson("Chromium with its chromedriver".into()),
    }
}

/// The capabilities in `settings` with the path of the browser added.
fn with_browser(settings: &str, browser: &str) -> Result<String, String> {
    let mut settings: Value = serde_json::from_str(settings).map_err(|error| error.to_string())?;
    let options = settings
        .get_mut("goog:chromeOptions")
        .and_then(Value::as_object_mut)
        .ok_or("goog:chromeOptions must be an object")?;
    options.insert("binary".into(), json!(browser));
    Ok(settings.to_string())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{Chromium, Plan, plan, with_browser};

    #[test]
    fn packages_are_installed_only_where_something_is_missing_and_we_may() {
        let check = |browser: Option<&str>, driver: Option<&str>, may_install, expect| {
            let path = |text: Option<&str>| text.map(PathBuf::from);
            assert_eq!(plan(path(browser), path(driver), || may_install), expect);
        };
        let both = Plan::Use(Chromium { browser: "b".into(), driver: "d".into() });
        check(Some("b"), Some("d"), true, both);
        check(None, Some("d"), true, Plan::InstallPackages);
        check(Some("b"), None, true, Plan::InstallPackages);
        check(Some("b"), None, false, Plan::TellThePerson("chromedriver".into()));
        check(None, Some("d"), false, Plan::TellThePerson("Chromium".into()));
    }

    #[test]
    fn the_browser_is_added_to_the_capabilities() {
        assert_eq!(
            with_browser(r#"{"goog:chromeOptions":{"args":["--headless"]}}"#, "/bin/c"),
            Ok(r#"{"goog:chromeOptions":{"args":["--headless"],"binary":"/bin/c"}}"#.into())
        );
        assert_eq!(with_browser("{}", "/bin/c"), Err("goog:chromeOptions must be an object".into()));
    }
}
