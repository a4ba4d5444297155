using DisruptorStream.Cli.Aggregates;

namespace DisruptorStream.Cli.Tests.Aggregates;

public sealed class AggregateListTests
{
    [Fact]
    public void Parse_SeveralForms_GivesFunctionMeasureAndName()
    {
        var list = AggregateList.Parse(
            "count, AVG(latency) as avg_latency,max( latency ), stddev_pop(a,b) As s, count(*) as n");

        Assert.Equal(
            [
                new AggregateColumn(AggregateFunction.Count, null, "count"),
                new AggregateColumn(AggregateFunction.Average, "latency", "avg_latency"),
                new AggregateColumn(AggregateFunction.Max, "latency", "max_latency"),
                new AggregateColumn(AggregateFunction.PopulationStandardDeviation, "a,b", "s"),
                new AggregateColumn(AggregateFunction.Count, null, "n"),
            ],
            list.Columns);
        Assert.Equal(["latency", "a,b"], list.Measures);
    }

    [Theory]
    [InlineData("median(x)", "no aggregate 'median'")]
    [InlineData("", "no aggregate ''")]
    [InlineData("sum", "does not say of which column")]
    [InlineData("sum()", "does not say of which column")]
    [InlineData("sum(x", "lacks its closing parenthesis")]
    [InlineData("count(x)", "counts a column")]
    [InlineData("max(x), max(x)", "Two aggregates are named 'max_x'")]
    [InlineData("sum(x) as ", "no name after 'as'")]
    [InlineData("sum(a),sum(b),sum(c),sum(d),sum(e),sum(f),sum(g),sum(h),sum(i)", "8 is the most")]
    public void Parse_WhatCannotBeUnderstood_SaysWhy(string text, string expected) =>
        Assert.Contains(
            expected,
            Assert.Throws<FormatException>(() => AggregateList.Parse(text)).Message,
            StringComparison.Ordinal);
}
