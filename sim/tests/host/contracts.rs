//! Consistency contracts, session guarantees, the fallback to the write side, and paging: each measured on the same traffic, and
//! each held to what its preset claims.

use crate::common::queried::measured;
use crate::common::{outcome, played, preset, status};
use sim::kernel::distribution::Distribution;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::oracle::commands::commands;
use sim::oracle::queries::Queries;
use sim::scenario::recording::Scenario;
use sim::system::options::{Contract, Mix, SessionLevel, TooOld};
use sim::system::queries::page::Paging;
use sim::system::queries::reading::Reading;
use sim::system::trace::What;

/// The traffic of the presets, over several seeds, under another contract.
fn under(contract: Contract, session: SessionLevel, seed: u64) -> Scenario {
    let mut scenario = preset("eventual-reads");
    scenario.seed = seed;
    scenario.options.queries.consistency.contract = contract;
    scenario.options.queries.consistency.session = session;
    scenario
}

fn bounded(millis: u64, otherwise: TooOld) -> Contract {
    Contract::BoundedStaleness { bound: Micros::from_millis(millis), otherwise }
}

#[test]
fn the_contracts_measured_on_the_same_traffic() {
    let row = |contract| measured(&under(contract, SessionLevel::Eventual, 21));
    let eventual = row(Contract::Eventual);
    let waiting = row(Contract::ReadAfterWrite);
    let refusing = row(bounded(400, TooOld::Refuse));
    let pending = row(Contract::Pending);
    let token = row(Contract::CatchUpToken { wait: Micros::ZERO });
    let write_side = row(Contract::CommandSideRead);
    let table = [eventual, waiting, refusing, pending, token, write_side];
    println!("contract, p50 us, p99 us, stale, refused, own writes missed");
    for (name, found) in
        ["eventual", "read-after-write", "bounded", "pending", "token", "command side"].iter().zip(table)
    {
        println!(
            "{name}: {} {} {} {} {}",
            found.latency.p50_us, found.latency.p99_us, found.stale, found.refused, found.own_writes_missed
        );
        assert_eq!(found.asked, found.answered + found.refused + found.timed_out, "{name}");
        assert_eq!(found.wrong, 0, "{name}");
    }
    // Eventual: as quick as can be, and the session does not find what it has written.
    assert!(eventual.stale > 50 && eventual.own_writes_missed > 50 && eventual.refused == 0, "{eventual:?}");
    // Strong read-after-write: nobody misses a write, and that is paid for with waiting, and with some refusals.
    assert!(waiting.own_writes_missed == 0 && waiting.waited > 50, "{waiting:?}");
    assert!(waiting.latency.p99_us > 2 * eventual.latency.p99_us, "{waiting:?}");
    // Bounded staleness: refused rather than old.
    assert!(refusing.refused > 20 && refusing.stale < eventual.stale, "{refusing:?}");
    // Pending: as quick as eventual, and nobody is misled about his own write.
    assert_eq!(pending.latency, eventual.latency);
    assert!(pending.own_writes_missed == 0 && pending.pending > 50 && pending.refused == 0, "{pending:?}");
    assert_eq!(pending.pending + pending.stale, eventual.stale, "the same answers, with a flag on them");
    // Token: like waiting, but the client does it, in steps of 200 ms.
    assert!(token.own_writes_missed == 0 && token.not_yet > 50 && token.asked_again > 50, "{token:?}");
    assert!(token.latency.p99_us > waiting.latency.p99_us, "{token:?}");
    // Command side: nothing stale at all, and every query costs the write side a command's time.
    assert!(write_side.stale == 0 && write_side.own_writes_missed == 0, "{write_side:?}");
    assert_eq!(write_side.write_side_reads, write_side.asked);
}

#[test]
fn a_contract_is_kept_for_any_seed() {
    for seed in 0..12 {
        for contract in [
            Contract::ReadAfterWrite,
            Contract::Pending,
            Contract::CatchUpToken { wait: Micros::ZERO },
            Contract::CatchUpToken { wait: Micros::from_millis(100) },
            Contract::CommandSideRead,
        ] {
            let found = measured(&under(contract, SessionLevel::Eventual, seed));
            assert_eq!(found.own_writes_missed, 0, "{contract:?}, seed {seed}");
            assert_eq!(found.asked, found.answered + found.refused + found.timed_out, "{contract:?}, seed {seed}");
        }
        let eventual = measured(&under(Contract::Eventual, SessionLevel::Eventual, seed));
        assert!(eventual.own_writes_missed > 10, "seed {seed}: without a contract it is missed");
    }
}

#[test]
fn presets_name_what_is_broken() {
    let verdict = |slug: &str, name: &str| status(&outcome(&preset(slug)), name).to_owned();
    assert_eq!(verdict("eventual-reads", "read_your_writes"), "broken");
    for slug in ["read-after-write", "pending-state", "catch-up-token", "command-side-read", "session-guarantees"] {
        assert_eq!(verdict(slug, "read_your_writes"), "holds", "{slug}");
    }
    assert_eq!(verdict("eventual-reads", "staleness_within_bound"), "missing");
}

#[test]
fn the_write_side_pays_for_reads_of_it() {
    // A busy Order Service: what is read there makes commands wait.
    let busy = |contract| {
        let mut scenario = under(contract, SessionLevel::Eventual, 5);
        scenario.options.order_service.service = Distribution::constant_millis(25);
        scenario.options.queries.stream.count = 600;
        scenario.options.queries.stream.gap = Distribution::Exponential { mean: Micros::from_millis(30) };
        commands(played(&scenario).trace()).latency
    };
    let (models, write_side) = (busy(Contract::Eventual), busy(Contract::CommandSideRead));
    assert!(write_side.p99_us > models.p99_us + 25_000, "{models:?} and {write_side:?}");
}

#[test]
fn a_bound_by_the_log_does_not_see_what_has_not_come_there() {
    // The hole: the API counts from the log, so an event that waits in the outbox makes an answer older than it says.
    let mut hole = preset("bounded-staleness");
    hole.options.order_service.relay_delay = Distribution::constant_millis(400);
    assert_eq!(status(&outcome(&hole), "staleness_within_bound"), "broken");
    // A relay that takes no time, and a bound that covers the way to the log, close it.
    let mut closed = hole.clone();
    closed.options.order_service.relay_delay = Distribution::constant_millis(0);
    closed.options.broker.publish.delay = Distribution::constant_millis(0);
    assert_eq!(status(&outcome(&closed), "staleness_within_bound"), "holds");
    // The contract is what holds it: without it answers are older than that.
    closed.options.queries.consistency.contract = bounded(3_600_000, TooOld::Refuse);
    let loose = measured(&closed);
    closed.options.queries.consistency.contract = bounded(400, TooOld::Refuse);
    let tight = measured(&closed);
    assert!(tight.stale < loose.stale && tight.refused > 0 && loose.refused == 0, "{tight:?} and {loose:?}");
}

#[test]
fn what_is_too_old_waits_or_is_redirected_instead() {
    let waits = measured(&under(bounded(400, TooOld::Wait), SessionLevel::Eventual, 21));
    assert!(waits.waited > 20, "{waits:?}");
    let refused = measured(&under(bounded(400, TooOld::Refuse), SessionLevel::Eventual, 21));
    assert!(waits.refused < refused.refused, "{waits:?}");
    let redirected = measured(&under(bounded(400, TooOld::Redirect), SessionLevel::Eventual, 21));
    assert!(redirected.refused == 0 && redirected.write_side_reads > 20, "{redirected:?}");
    assert_eq!(redirected.fallbacks, 0);
}

/// A level on traffic that reads what others have written too: the work of a whole team.
fn level(session: SessionLevel) -> Queries {
    let mut scenario = under(Contract::Eventual, session, 21);
    scenario.options.projections.order_work_queue = scenario.options.projections.order_view.clone();
    scenario.options.queries.stream.mix = Mix { order: 0, work: 1, ..Mix::default() };
    scenario.options.queries.consistency.wait = Micros::from_millis(900);
    measured(&scenario)
}

#[test]
fn a_session_sees_its_writes_and_strong_sees_everybodys() {
    let (eventual, session, strong) =
        (level(SessionLevel::Eventual), level(SessionLevel::Session), level(SessionLevel::Strong));
    let stale_in_a_thousand = |found: &Queries| found.stale * 1_000 / found.served;
    assert!(eventual.own_writes_missed > 20, "{eventual:?}");
    assert_eq!((session.own_writes_missed, session.reads_gone_back), (0, 0));
    assert_eq!((strong.own_writes_missed, strong.reads_gone_back), (0, 0));
    // A session that knows little asks for little: others' writes may be missing. Strong can lack only what is committed while
    // the position is on its way and the model catches up.
    let [eventual_stale, session_stale, strong_stale] = [&eventual, &session, &strong].map(stale_in_a_thousand);
    assert!(
        eventual_stale > session_stale && session_stale > strong_stale,
        "{eventual_stale} {session_stale} {strong_stale}"
    );
    assert!(strong.latency.p50_us > session.latency.p50_us, "{strong:?}");
}

#[test]
fn an_event_out_of_order_takes_reads_back_and_no_token_notices() {
    // The hole: a row bears the newest version that was applied, also where an older event has overwritten it since.
    let mut scenario = preset("scenario-c");
    let line = |at: &str| {
        let text = format!(r#"{{ "at": "{at}", "by": "C-123", "ask": {{ "order": {{ "order": "O-900" }} }} }}"#);
        serde_json::from_str(&text).expect("a scripted query")
    };
    scenario.options.queries.script = vec![line("20s")];
    scenario.options.queries.consistency.session = SessionLevel::Session;
    let found = measured(&scenario);
    assert_eq!((found.answered, found.wrong, found.own_writes_missed), (1, 1, 0));
}

#[test]
fn the_fallback_finds_what_the_model_has_not_got_yet() {
    let with = preset("fallback");
    let found = measured(&with);
    assert!(found.fallbacks > 20 && found.write_side_reads == found.fallbacks, "{found:?}");
    let not_found = |scenario: &Scenario| {
        let rows = |what| matches!(what, What::Reading(Reading::Served { rows: 0, .. }));
        played(scenario).trace().iter().filter(|entry| rows(entry.what)).count()
    };
    assert_eq!(not_found(&with), 1, "the one order that there is nowhere");
    let mut without = with.clone();
    without.options.queries.consistency.fallback = false;
    assert!(not_found(&without) > 20);
    assert!(measured(&without).own_writes_missed > found.own_writes_missed);
}

#[test]
fn a_lost_question_to_a_crashed_write_side_is_asked_again() {
    let mut scenario = under(Contract::CommandSideRead, SessionLevel::Eventual, 3);
    scenario.options.queries.api.loss = Probability::from_percent(20);
    let found = measured(&scenario);
    assert!(found.asked_again > 50 && found.answered > 300, "{found:?}");
}

#[test]
fn offsets_repeat_rows_and_page_tokens_do_not() {
    let with = |paging| {
        let mut scenario = preset("paging");
        scenario.options.queries.walks.retain(|walk| walk.paging == paging);
        measured(&scenario)
    };
    let (offset, keyset) = (with(Paging::Offset), with(Paging::Keyset));
    assert!(offset.walks == 1 && offset.rows_repeated > 0, "{offset:?}");
    assert_eq!((keyset.walks, keyset.rows_repeated, keyset.rows_skipped), (1, 0, 0));
}

#[test]
fn a_page_token_never_repeats_or_skips_an_unmoved_row() {
    let (mut repeated, mut skipped) = (0, 0);
    for seed in 0..40 {
        for (ask, size) in [
            (r#"{ "orders": { "sort": "total" } }"#, 3),
            (r#"{ "orders": { "sort": "status" } }"#, 4),
            (r#"{ "orders": { "status": "pending" } }"#, 2),
            (r#"{ "orders": {} }"#, 7),
            (r#"{ "work": {} }"#, 2),
            (r#"{ "history": { "customer": "C-1" } }"#, 2),
            (r#"{ "products": { "sort": "price" } }"#, 1),
        ] {
            let mut scenario = preset("read-models");
            scenario.seed = seed;
            let walk = |paging: &str, by: u32| {
                let text = format!(
                    r#"{{ "at": "4s", "by": "C-{by}", "ask": {ask}, "paging": "{paging}", "size": {size},
                         "think": {{ "kind": "exponential", "mean": "300ms" }} }}"#
                );
                serde_json::from_str(&text).expect("a walk")
            };
            scenario.options.queries.walks = vec![walk("keyset", 1)];
            let keyset = measured(&scenario);
            assert_eq!((keyset.walks, keyset.rows_repeated, keyset.rows_skipped), (1, 0, 0), "{ask}, seed {seed}");
            scenario.options.queries.walks = vec![walk("offset", 1)];
            let offset = measured(&scenario);
            repeated += offset.rows_repeated;
            skipped += offset.rows_skipped;
        }
    }
    assert!(repeated > 0 && skipped > 0, "offsets do both: {repeated} and {skipped}");
}
