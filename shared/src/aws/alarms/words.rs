//! A metric alarm out of the SDK's words, and into them again, with nothing left out.

use aws_sdk_cloudwatch::operation::put_metric_alarm::builders::PutMetricAlarmFluentBuilder;
use aws_sdk_cloudwatch::types as sdk;

use crate::model::*;

/// An alarm in the model's words; none of one that could not be put again as it is.
pub(super) fn read(one: &sdk::MetricAlarm) -> Option<MetricAlarm> {
    if one.evaluation_criteria().is_some() {
        return None;
    }
    Some(MetricAlarm {
        name: one.alarm_name()?.to_owned(),
        description: text(one.alarm_description()),
        actions_enabled: one.actions_enabled().unwrap_or_default(),
        ok_actions: one.ok_actions().to_vec(),
        alarm_actions: one.alarm_actions().to_vec(),
        insufficient_data_actions: one.insufficient_data_actions().to_vec(),
        measure: measure(one)?,
        comparison_operator: one.comparison_operator()?.as_str().to_owned(),
        threshold: one.threshold().map(TargetValue),
        evaluation_periods: number(one.evaluation_periods())?,
        datapoints_to_alarm: number(one.datapoints_to_alarm()),
        treat_missing_data: text(one.treat_missing_data()),
        evaluate_low_sample_count_percentile: text(one.evaluate_low_sample_count_percentile()),
        evaluation_window: match one.evaluation_window() {
            None => None,
            Some(window) => Some(read_window(window)?),
        },
        evaluation_interval: number(one.evaluation_interval()),
        warm_up: one.warm_up_configuration().map(|warm_up| WarmUp {
            minutes: number(warm_up.warm_up_period_duration_in_minutes()),
            only_after: warm_up.only_start_evaluating_after_warm_up_period_ends(),
        }),
        tags_propagation: one
            .action_configuration()
            .and_then(|configuration| configuration.alarm_tags_propagation())
            .map(read_propagation),
    })
}

fn measure(one: &sdk::MetricAlarm) -> Option<Measure> {
    if !one.metrics().is_empty() {
        let queries = one.metrics().iter().map(read_query).collect::<Option<Vec<_>>>()?;
        return Some(Measure::Queries { queries, threshold_metric: text(one.threshold_metric_id()) });
    }
    let statistic = one.statistic().map(sdk::Statistic::as_str).or(one.extended_statistic())?;
    Some(Measure::Metric(MetricStatistic {
        namespace: text(one.namespace()),
        name: text(one.metric_name()),
        dimensions: read_dimensions(one.dimensions()),
        statistic: statistic.to_owned(),
        period: number(one.period()),
        unit: one.unit().map(|unit| unit.as_str().to_owned()),
    }))
}

fn read_query(one: &sdk::MetricDataQuery) -> Option<MetricQuery> {
    let of_metric = |stat: &sdk::MetricStat| {
        let metric = stat.metric()?;
        Some(MetricStatistic {
            namespace: text(metric.namespace()),
            name: text(metric.metric_name()),
            dimensions: read_dimensions(metric.dimensions()),
            statistic: stat.stat()?.to_owned(),
            period: number(stat.period()),
            unit: stat.unit().map(|unit| unit.as_str().to_owned()),
        })
    };
    Some(MetricQuery {
        id: one.id()?.to_owned(),
        metric: match one.metric_stat() {
            None => None,
            Some(stat) => Some(of_metric(stat)?),
        },
        expression: text(one.expression()),
        label: text(one.label()),
        return_data: one.return_data(),
        period: number(one.period()),
        account: text(one.account_id()),
    })
}

fn read_dimensions(dimensions: &[sdk::Dimension]) -> Vec<(String, String)> {
    let both = |one: &sdk::Dimension| Some((one.name()?.to_owned(), one.value()?.to_owned()));
    dimensions.iter().filter_map(both).collect()
}

fn read_propagation(propagation: &sdk::AlarmTagsPropagation) -> TagsPropagation {
    TagsPropagation {
        enabled: propagation.enabled(),
        included: propagation.included_tag_keys().to_vec(),
        excluded: propagation.excluded_tag_keys().to_vec(),
    }
}

/// None of a kind that this version does not know.
fn read_window(window: &sdk::EvaluationWindow) -> Option<EvaluationWindow> {
    if let Ok(window) = window.as_wall_clock_window() {
        return Some(EvaluationWindow::WallClock { timezone: text(window.timezone()) });
    }
    window.as_sliding_window().is_ok().then_some(EvaluationWindow::Sliding)
}

/// A call with all of an alarm.
pub(super) fn write(call: PutMetricAlarmFluentBuilder, alarm: &MetricAlarm) -> PutMetricAlarmFluentBuilder {
    let call = call
        .alarm_name(&alarm.name)
        .set_alarm_description(alarm.description.clone())
        .actions_enabled(alarm.actions_enabled)
        .set_ok_actions(Some(alarm.ok_actions.clone()))
        .set_alarm_actions(Some(alarm.alarm_actions.clone()))
        .set_insufficient_data_actions(Some(alarm.insufficient_data_actions.clone()))
        .comparison_operator(alarm.comparison_operator.as_str().into())
        .set_threshold(alarm.threshold.map(|threshold| threshold.0))
        .evaluation_periods(signed(alarm.evaluation_periods))
        .set_datapoints_to_alarm(alarm.datapoints_to_alarm.map(signed))
        .set_treat_missing_data(alarm.treat_missing_data.clone())
        .set_evaluate_low_sample_count_percentile(alarm.evaluate_low_sample_count_percentile.clone())
        .set_evaluation_window(alarm.evaluation_window.as_ref().map(write_window))
        .set_evaluation_interval(alarm.evaluation_interval.map(signed))
        .set_warm_up_configuration(alarm.warm_up.map(write_warm_up))
        .set_action_configuration(alarm.tags_propagation.as_ref().map(write_propagation));
    match &alarm.measure {
        Measure::Metric(metric) => write_metric(call, metric),
        Measure::Queries { queries, threshold_metric } => call
            .set_metrics(Some(queries.iter().map(write_query).collect()))
            .set_threshold_metric_id(threshold_metric.clone()),
    }
}

fn write_metric(call: PutMetricAlarmFluentBuilder, metric: &MetricStatistic) -> PutMetricAlarmFluentBuilder {
    let call = call
        .set_namespace(metric.namespace.clone())
        .set_metric_name(metric.name.clone())
        .set_dimensions(Some(write_dimensions(&metric.dimensions)))
        .set_period(metric.period.map(signed))
        .set_unit(metric.unit.as_deref().map(Into::into));
    // Percentiles and the like have a parameter of their own.
    if sdk::Statistic::values().contains(&metric.statistic.as_str()) {
        call.statistic(metric.statistic.as_str().into())
    } else {
        call.extended_statistic(&metric.statistic)
    }
}

fn write_query(query: &MetricQuery) -> sdk::MetricDataQuery {
    let stat = query.metric.as_ref().map(|metric| {
        let of = sdk::Metric::builder()
            .set_namespace(metric.namespace.clone())
            .set_metric_name(metric.name.clone())
            .set_dimensions(Some(write_dimensions(&metric.dimensions)))
            .build();
        sdk::MetricStat::builder()
            .metric(of)
            .set_period(metric.period.map(signed))
            .stat(&metric.statistic)
            .set_unit(metric.unit.as_deref().map(Into::into))
            .build()
    });
    sdk::MetricDataQuery::builder()
        .id(&query.id)
        .set_metric_stat(stat)
        .set_expression(query.expression.clone())
        .set_label(query.label.clone())
        .set_return_data(query.return_data)
        .set_period(query.period.map(signed))
        .set_account_id(query.account.clone())
        .build()
}

fn write_dimensions(dimensions: &[(String, String)]) -> Vec<sdk::Dimension> {
    let one = |(name, value): &(String, String)| sdk::Dimension::builder().name(name).value(value).build();
    dimensions.iter().map(one).collect()
}

fn write_window(window: &EvaluationWindow) -> sdk::EvaluationWindow {
    match window {
        EvaluationWindow::Sliding => sdk::EvaluationWindow::SlidingWindow(sdk::SlidingWindow::builder().build()),
        EvaluationWindow::WallClock { timezone } => {
            let window = sdk::WallClockWindow::builder().set_timezone(timezone.clone()).build();
            sdk::EvaluationWindow::WallClockWindow(window)
        }
    }
}

fn write_warm_up(warm_up: WarmUp) -> sdk::WarmUpConfiguration {
    sdk::WarmUpConfiguration::builder()
        .set_warm_up_period_duration_in_minutes(warm_up.minutes.map(signed))
        .set_only_start_evaluating_after_warm_up_period_ends(warm_up.only_after)
        .build()
}

fn write_propagation(propagation: &TagsPropagation) -> sdk::ActionConfiguration {
    let some = |keys: &[String]| (!keys.is_empty()).then(|| keys.to_vec());
    let propagation = sdk::AlarmTagsPropagation::builder()
        .set_enabled(propagation.enabled)
        .set_included_tag_keys(some(&propagation.included))
        .set_excluded_tag_keys(some(&propagation.excluded))
        .build();
    sdk::ActionConfiguration::builder().alarm_tags_propagation(propagation).build()
}

fn text(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

/// AWS counts in signed numbers.
fn number(number: Option<i32>) -> Option<u32> {
    number.and_then(|number| u32::try_from(number).ok())
}

fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
