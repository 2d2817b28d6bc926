//! The refresh of the sales dashboard: readers see figures that are renewed at most every so often (MISSION D1), as where a
//! page keeps what it has shown for a time to live.

use super::consumer::instances::Consumer;
use super::context::Context;
use super::place::Model;
use super::query_side::read_model::ReadModel;
use super::task::Task;
use super::trace::What;

/// Plans a refresh if the figures have changed since the last one and none is planned yet.
pub fn plan(dashboard: &mut Consumer<ReadModel>, ctx: &mut Context<'_>) {
    let (Some(ttl), ReadModel::SalesDashboard(dashboard)) =
        (ctx.options.projections.sales_dashboard.ttl, dashboard.follower.target_mut())
    else {
        return;
    };
    if let Some(due) = dashboard.plan_refresh(ttl, ctx.now) {
        ctx.at(due, Task::RefreshDue);
    }
}

/// Shows readers the figures as they are now.
pub fn refresh(dashboard: &mut Consumer<ReadModel>, ctx: &mut Context<'_>) {
    if let ReadModel::SalesDashboard(dashboard) = dashboard.follower.target_mut() {
        dashboard.refresh(ctx.now);
        ctx.record(What::Refreshed { model: Model::SalesDashboard });
    }
}
