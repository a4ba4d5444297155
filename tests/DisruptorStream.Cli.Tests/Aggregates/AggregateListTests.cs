using DisruptorStream.Aggregation;
using DisruptorStream.Cli.Aggregates;

namespace DisruptorStream.Cli.Tests.Aggregates;

public sealed class AggregateListTests
{
    [Fact]
    public void Parse_SeveralForms_GivesFunctionMeasureAndName()
    {
        var list = AggregateList.Parse(
            "count, AVG(latency) as avg_latency,max( latency ), stddev_pop(\"a,b\") As s, count(*) as n, "
            + "p99.9(latency), distinct(user), top(2, model) as t, rate, ema(x, span=10), zscore(x), "
            + "sum(x, mode=exact), median(x)");

        Assert.Equal(
            [
                "count", "avg_latency", "max_latency", "s", "n", "p99.9_latency", "distinct_user", "t_1", "t_1_count",
                "t_1_error", "t_2", "t_2_count", "t_2_error", "rate", "ema_x", "zscore_x", "sum_x", "median_x",
            ],
            list.Names);
        Assert.Equal(
            ["latency", "latency as an integer", "a,b", "user as text", "model as text", "x"],
            list.Measures.Select(measure => measure.EngineName));
        Assert.Equal(
            ["latency", "user", "model"],
            list.Measures.Where(measure => measure.Type == MeasureType.Symbol).Select(measure => measure.Name));
        Assert.Equal(
            ["model"],
            AggregateList.MeasuresOf([(list, false)], hasTypes: null)
                .Where(measure => measure.KeepsText).Select(m => m.Name));
        Assert.Equal(
            [MeasureKind.Text, MeasureKind.Number],
            AggregateList.Parse("distinct(x), avg(x)").Measures.Select(measure => measure.Kind));
    }

    [Theory]
    [InlineData("sum(x) as \"NAME\"", "NAME")]
    [InlineData("sum(x) as \"a, b (as c)\", count", "a, b (as c)|count")]
    [InlineData("count as \"n\"", "n")]
    [InlineData("sum(\"as (x)\") as y", "y")]
    public void Parse_ANameInQuotes_IsTakenWithoutThem(string text, string names) =>
        Assert.Equal(names.Split('|'), AggregateList.Parse(text).Names);

    [Theory]
    [InlineData("count, agv(x)", "no aggregate 'agv' (at character 8, in 'agv(x)'); did you mean 'avg'?")]
    [InlineData("", "An aggregate is missing")]
    [InlineData("frobnicate(x)", "choose among count")]
    [InlineData("sum", "lacks its column")]
    [InlineData("sum()", "lacks its column")]
    [InlineData("sum(x", "lacks its closing parenthesis")]
    [InlineData("sum(x, y)", "an argument too many, 'y' (at character 8)")]
    [InlineData("sum(x, mode=exat)", "did you mean 'exact'?")]
    [InlineData("p50(x, eror=1)", "takes no 'eror='; did you mean 'error'?")]
    [InlineData("p101(x)", "p0 to p100")]
    [InlineData("p50(x, error=2)", "not 0.0001 to 0.5")]
    [InlineData("p50(x, exact=0)", "1 to 32768")]
    [InlineData("p50(x, exact=9, error=0.1)", "both exact")]
    [InlineData("ema(x)", "either a span or an alpha")]
    [InlineData("ema(x, span=0.1)", "1 is the least")]
    [InlineData("ema(x, alpha=2)", "at most 1")]
    [InlineData("top(model, 5)", "'model' as its number of values, which is not a number")]
    [InlineData("top(0, model)", "1 to 100 values")]
    [InlineData("top(9, model, capacity=3)", "9 to 4096")]
    [InlineData("distinct(x, precision=99)", "7 to 16")]
    [InlineData("distinct(x, weight=)", "lacks the column of its weight")]
    [InlineData("top(3, model, weigth=cost)", "did you mean 'weight'?")]
    [InlineData("histogram(x)", "lacks its bounds")]
    [InlineData("histogram(x, 2, 1)", "bounds ascend")]
    [InlineData("wavg(x)", "lacks its weight")]
    [InlineData("rate(x)", "an argument too many")]
    [InlineData("count(x)", "events are counted whole")]
    [InlineData("max(x), max(x)", "Two aggregates are named 'max_x'")]
    [InlineData("sum(x) as ", "no name after 'as'")]
    [InlineData("max(a),max(b),max(c),max(d),max(e),max(f),max(g),max(h),sum(i)", "need 17 measures")]
    public void Parse_WhatCannotBeUnderstood_SaysWhy(string text, string expected) =>
        Assert.Contains(
            expected,
            Assert.ThrowsAny<FormatException>(() => AggregateList.Parse(text)).Message,
            StringComparison.Ordinal);
}
