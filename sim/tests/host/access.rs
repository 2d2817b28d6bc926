//! Who may see what: every check of the query API is needed, rights are as old as their copy, and asking their source mends
//! that for the price of a question.

use crate::common::{outcome, played, preset, status};
use sim::kernel::distribution::Distribution;
use sim::kernel::time::Micros;
use sim::oracle::sight::{Sights, sights};
use sim::scenario::machine::Change;
use sim::scenario::recording::Scenario;
use sim::scenario::report::Report;
use sim::shop::customer::rights::{Forbidden, Rights};
use sim::shop::fulfilment::{team_of, tenant_of};
use sim::shop::ids::{CustomerId, OrderId};
use sim::system::options::{Access, Act, Cache, ReadReplicas, RightsFrom, Sequencing};
use sim::system::queries::question::Query;
use sim::system::queries::reading::Reading;
use sim::system::queries::sight::Sight;
use sim::system::trace::What;
use sim::view::log;

const STAFF: Rights = Rights { tenant: 2, team: None, sensitive: false, export: false };

fn work() -> Query {
    Query::Work { team: None, tenant: None, sensitive: None }
}

/// The preset's shop, where somebody with these rights asks this once, long after everything has settled.
fn asked_with(rights: Rights, ask: Query, edit: impl Fn(&mut Access)) -> Scenario {
    let mut scenario = preset("revoked-right");
    let options = &mut scenario.options;
    options.workload.script.pop();
    options.workload.script[0].act = Act::GrantRights { rights };
    options.queries.script.truncate(1);
    options.queries.script[0].ask = ask;
    options.queries.access.iter_mut().for_each(edit);
    scenario
}

fn seen(report: &Report) -> Sights {
    report.sights.expect("there are rules")
}

/// How many rows each answer had.
fn rows(scenario: &Scenario) -> Vec<u16> {
    let served = |what| if let What::Reading(Reading::Served { rows, .. }) = what { Some(rows) } else { None };
    played(scenario).trace().iter().filter_map(|entry| served(entry.what)).collect()
}

/// With every check on nothing forbidden is shown; without this one, this kind is, and nothing else.
#[track_caller]
fn is_load_bearing(kind: Forbidden, rights: Rights, ask: &Query, take_away: impl Fn(&mut Access)) {
    let guarded = outcome(&asked_with(rights, ask.clone(), |_| {}));
    assert_eq!(seen(&guarded).shown(), 0, "{kind:?}");
    assert_eq!(status(&guarded, "nothing_forbidden_shown"), "holds");
    let open = outcome(&asked_with(rights, ask.clone(), take_away));
    assert_eq!(status(&open, "nothing_forbidden_shown"), "broken", "{kind:?}");
    let found = seen(&open);
    let counts = [found.tenant, found.row, found.field, found.search, found.export];
    let expected = Forbidden::KINDS.map(|one| u64::from(one == kind));
    assert_eq!((counts, found.by_old_rights), (expected, 0), "{kind:?}");
}

#[test]
fn the_orders_are_of_two_tenants_and_of_more_than_one_team() {
    assert_eq!([1, 2].map(|customer| tenant_of(CustomerId(customer))), [2, 3]);
    assert_ne!(team_of(OrderId(1)), team_of(OrderId(2)));
}

#[test]
fn rows_of_other_tenants_are_left_out() {
    assert_eq!(rows(&asked_with(STAFF, work(), |_| {})), [2], "of three orders");
    is_load_bearing(Forbidden::Tenant, STAFF, &work(), |access| access.tenant = false);
}

#[test]
fn rows_of_other_teams_are_left_out() {
    let packer = Rights { team: Some(team_of(OrderId(1))), ..STAFF };
    assert_eq!(rows(&asked_with(packer, work(), |_| {})), [1]);
    is_load_bearing(Forbidden::Row, packer, &work(), |access| access.row = false);
}

#[test]
fn a_field_that_is_not_for_the_asker_is_left_out() {
    is_load_bearing(Forbidden::Field, STAFF, &work(), |access| access.field = false);
    let trusted = Rights { sensitive: true, ..STAFF };
    let report = outcome(&asked_with(trusted, work(), |access| access.field = false));
    assert_eq!(seen(&report).shown(), 0, "whoever may see it sees it");
}

/// Even an answer without the field says what is in it, if rows were chosen by it.
#[test]
fn a_search_by_such_a_field_is_refused() {
    let sensitive = Query::Work { team: None, tenant: None, sensitive: Some(true) };
    is_load_bearing(Forbidden::Search, STAFF, &sensitive, |access| access.search = false);
    let masked = asked_with(STAFF, sensitive.clone(), |access| access.search = false);
    assert_eq!(rows(&masked), [1], "it is O-2 that needs care, and the field is masked");
    let trusted = Rights { sensitive: true, ..STAFF };
    let report = outcome(&asked_with(trusted, sensitive, |_| {}));
    assert_eq!((seen(&report).refused, seen(&report).shown()), (0, 0));
}

#[test]
fn an_export_is_a_right_of_its_own() {
    let everything = Query::Export { tenant: None };
    is_load_bearing(Forbidden::Export, STAFF, &everything, |access| access.export = false);
    let exporter = Rights { export: true, ..STAFF };
    assert_eq!(rows(&asked_with(exporter, everything, |_| {})), [2], "and it does not open other tenants");
}

#[test]
fn somebody_without_rights_sees_nothing() {
    let mut nobody = asked_with(STAFF, work(), |_| {});
    nobody.options.workload.script.remove(0);
    assert_eq!(rows(&nobody), [0]);
    assert_eq!(seen(&outcome(&nobody)).shown(), 0);
}

#[test]
fn a_revoked_right_is_stale_itself() {
    let revoked = preset("revoked-right");
    assert_eq!(rows(&revoked), [2, 2, 0], "in force, revoked, known to be revoked");
    let found = seen(&outcome(&revoked));
    assert_eq!((found.tenant, found.by_old_rights, found.shown()), (1, 1, 1));
    assert_eq!(status(&outcome(&revoked), "nothing_forbidden_shown"), "broken");
}

/// A grant is stale in the same way, only that it harms nobody but the asker.
#[test]
fn a_granted_right_is_stale_too() {
    let mut early = preset("revoked-right");
    early.options.workload.script.pop();
    early.options.workload.script[0].at = Micros::from_secs(10);
    let found = seen(&outcome(&early));
    assert_eq!((found.denied, found.shown()), (1, 0));
    early.options.queries.access.iter_mut().for_each(|access| access.rights = RightsFrom::Source);
    assert_eq!(seen(&outcome(&early)).denied, 0);
}

fn from_the_source() -> Scenario {
    let mut asked = preset("revoked-right");
    asked.options.queries.access.iter_mut().for_each(|access| {
        access.rights = RightsFrom::Source;
        access.ask_delay = Distribution::constant_millis(15);
    });
    asked
}

#[test]
fn asking_the_source_mends_it_and_costs_a_question() {
    let (projected, asked) = (outcome(&preset("revoked-right")), outcome(&from_the_source()));
    assert_eq!(status(&asked, "nothing_forbidden_shown"), "holds");
    assert_eq!(rows(&from_the_source()), [2, 0, 0]);
    assert_eq!((seen(&projected).asked, seen(&asked).asked), (0, 3));
    let mean = |report: &Report| report.queries.expect("somebody asks").latency;
    let waited = mean(&asked).p50_us - mean(&projected).p50_us;
    assert_eq!(waited, 30_000, "there and back");
}

/// A query that can not be decided is refused, not answered.
#[test]
fn a_source_that_is_down_fails_closed() {
    let mut down = from_the_source();
    down.options.customer_service.down_from = Micros::from_secs(7);
    down.options.customer_service.down_for = Micros::from_secs(2);
    let history = played(&down);
    let found = sights(history.trace());
    assert_eq!((found.refused, found.denied, found.shown()), (1, 1, 0));
    let unproven = Sight::Refused { query: sim::system::queries::message::QueryId(1), why: Forbidden::Unproven };
    assert!(history.trace().iter().any(|entry| entry.what == What::Reading(Reading::Sight(unproven))));
}

/// The hole of asking: what is revoked between the reply and the answer, here while a slow API works on it.
#[test]
fn a_right_revoked_after_the_reply_is_missed() {
    let mut slow = from_the_source();
    slow.options.queries.api.service = Distribution::constant_millis(3_000);
    slow.options.queries.api.timeout = Micros::from_secs(10);
    slow.options.queries.script[0].at = Micros::from_millis(9_000);
    slow.options.queries.script.truncate(1);
    let found = seen(&outcome(&slow));
    assert_eq!((found.tenant, found.by_old_rights), (1, 1));
}

#[test]
fn rights_out_of_order_are_mended_like_everything_else() {
    for sequencing in [Sequencing::VersionGuard, Sequencing::GapBuffer, Sequencing::FoldHistory] {
        let mut scenario = preset("revoked-right");
        scenario.options.projections.order_work_queue.sequencing = sequencing;
        assert_eq!(rows(&scenario)[2], 0, "{sequencing:?}");
    }
}

#[test]
fn it_is_told_in_words() {
    let told = |scenario: &Scenario| {
        let history = played(scenario);
        let lines = log::lines(history.frontier(), history.trace(), 0..history.trace().len());
        lines.into_iter().map(|line| line.text).collect::<Vec<_>>()
    };
    let expect = |lines: &[String], wanted: &str| assert!(lines.iter().any(|line| line == wanted), "{wanted}");
    let projected = told(&preset("revoked-right"));
    expect(&projected, "1 row left out of the answer to q1, and a field of 2 rows");
    expect(&projected, "the answer to q2 shows a row of another tenant, O-1: by rights that are old");
    let asked = told(&from_the_source());
    expect(&asked, "query API asks the customer service who may see the answer to q2");
    expect(&asked, "customer service says that the asker of q2 has no rights");
    let export = told(&asked_with(STAFF, Query::Export { tenant: None }, |_| {}));
    expect(&export, "q1 is refused: it would be an export");
}

#[test]
fn rules_that_can_not_be_are_refused_with_their_place() {
    let check = |edit: &dyn Fn(&mut Scenario), expected: &str| {
        let mut scenario = preset("revoked-right");
        edit(&mut scenario);
        let text = serde_json::to_string(&scenario).expect("a scenario is JSON");
        assert_eq!(Scenario::from_json(&text).map_err(|error| error.to_string()), Err(expected.to_owned()));
    };
    check(
        &|one| one.options.workload.script[0].act = Act::GrantRights { rights: Rights { tenant: 9, ..STAFF } },
        "options.workload.script[0].do.grant_rights.rights.tenant: expected a whole number from 1 to 3, found 9",
    );
    check(
        &|one| one.options.queries.access.iter_mut().for_each(|access| access.ask_timeout = Micros::ZERO),
        "options.queries.access.ask_timeout: expected at least 1 ms, found 0 ms",
    );
    check(
        &|one| {
            one.options.projections.order_work_queue.enabled = false;
            one.options.queries.script.clear();
        },
        "options.queries.access: expected a read model that takes part: name options.projections.order_work_queue, \
         found order work queue",
    );
}

/// Whoever joins a run later would not know which rights were granted before.
#[test]
fn rules_can_not_come_or_go_on_the_way_but_their_checks_can() {
    let scenario = preset("revoked-right");
    let change = |access: Option<Access>| {
        let mut history = played(&scenario);
        let mut options = scenario.options.clone();
        options.queries.access = access;
        history.seek_time(Micros::from_secs(9));
        history.change_here(Change::Options(Box::new(options)));
        assert!(history.run_to_end(1_000_000), "the run comes to rest");
        history.seek_step(u64::MAX);
        (history.machine().world().options().queries.access.is_some(), sights(history.trace()))
    };
    let (is_there, found) = change(None);
    assert!(is_there && found.shown() == 1, "they stay: {found:?}");
    let (_, found) = change(Some(Access { tenant: false, row: false, ..Access::default() }));
    assert_eq!(found.tenant, 2, "one answer by an old right, and one that nobody checks: {found:?}");
}

/// What was cut for one asker must not be another's, and the cache goes by what is asked, not by who asks.
#[test]
fn a_cache_keeps_nothing_that_depends_on_who_asks() {
    let mut cached = preset("revoked-right");
    cached.options.queries.cache = Some(Cache { ttl: Micros::from_secs(60), ..Cache::default() });
    let stranger = CustomerId(1);
    cached.options.queries.script[1].by = stranger;
    assert_eq!(rows(&cached)[..2], [2, 0], "C-1 asks the same as C-50 did, and has no rights");
    assert_eq!(status(&outcome(&cached), "nothing_forbidden_shown"), "holds");
    let mut open = cached.clone();
    open.options.queries.access = None;
    let from_cache = |what| matches!(what, What::Reading(Reading::FromCache { .. }));
    assert_eq!(played(&open).trace().iter().filter(|entry| from_cache(entry.what)).count(), 2, "where all see all");
}

/// A read replica has the rights of its own copy, which is older still.
#[test]
fn rights_on_a_replica_are_older_than_on_its_primary() {
    let mut replicated = preset("revoked-right");
    replicated.options.queries.replicas =
        ReadReplicas { count: 1, delay: Distribution::constant_millis(4_000), ..ReadReplicas::default() };
    let found = seen(&outcome(&replicated));
    assert_eq!((found.shown(), found.by_old_rights), (2, 2), "five seconds after it was revoked, too: {found:?}");
}
