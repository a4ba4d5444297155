using CsCheck;
using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Derived;
using DisruptorStream.Emission;
using DisruptorStream.Expressions;

namespace DisruptorStream.Tests.Aggregation.Derived;

/// <summary>Metrics that are expressions over others.</summary>
public sealed class DerivedMetricsTests
{
    private static readonly MeasureDefinition[] Measures =
    [
        new("x", 0, MeasureType.Double), new("whole", 1, MeasureType.Int64), new("model", 2, MeasureType.Symbol),
    ];

    public static TheoryData<string, ExecutionMode> KindsAndModes
    {
        get
        {
            var data = new TheoryData<string, ExecutionMode>();
            foreach (var kind in new[] { "tumbling", "sliding", "session" })
            {
                foreach (var mode in Enum.GetValues<ExecutionMode>())
                    data.Add(kind, mode);
            }

            return data;
        }
    }

    /// <summary>In every kind of window and mode, also in early and late panes, a value is made of its row.</summary>
    [Theory]
    [MemberData(nameof(KindsAndModes))]
    public async Task Expression_AnyWindowAndMode_IsMadeOfTheOthersInTheRow(string kind, ExecutionMode mode)
    {
        var rows = new Rows();
        var events = StreamProcessorBuilder.ForKeys<string>().Measure("x");
        var windows = kind switch
        {
            "tumbling" => events.TumblingWindows(TimeSpan.FromTicks(10)),
            "sliding" => events.SlidingWindows(TimeSpan.FromTicks(20), TimeSpan.FromTicks(5)),
            _ => events.SessionWindows(TimeSpan.FromTicks(4)),
        };
        await using var processor = windows
            .AllowedLateness(TimeSpan.FromTicks(15)).Early(3)
            .Aggregate(a => a
                .Sum("sum", "x").Count("count").Max("most", "x")
                .Expression("mean", "sum / count").Rate("rate").Expression("next", "count + 1")
                .Expression("big", "case when count > 2 then mean * 2 end"))
            .WithOptions(Processors.Options(mode)).To(rows).Build();
        processor.Start();
        var publisher = processor.CreatePublisher("source");
        var random = new Random(7);
        for (var at = 0; at < 500; at++)
            publisher.Publish($"{random.Next(5)}", (at / 3) + random.Next(12), random.Next(-9, 10));
        await processor.StopAsync(StopMode.Complete);

        Assert.NotEmpty(rows.Values);
        Assert.Contains(rows.Values, row => double.IsNaN(row[6]));
        Assert.All(rows.Values, row =>
        {
            Assert.Equal(row[0] / row[1], row[3]);
            Assert.Equal(row[1] + 1, row[5]);
            Assert.Equal(row[1] > 2 ? row[3] * 2 : double.NaN, row[6]);
        });
    }

    [Theory]
    [InlineData("count", MeasureType.Int64)]
    [InlineData("count + 1", MeasureType.Double)]
    [InlineData("coalesce(count + 1, 0)", MeasureType.Int64)]
    [InlineData("count / 2", MeasureType.Double)]
    [InlineData("case when sum > 1 then 1 else 0 end", MeasureType.Int64)]
    [InlineData("case when sum > 1 then 1 end", MeasureType.Double)]
    [InlineData("coalesce(cast(sum as bigint), count)", MeasureType.Int64)]
    [InlineData("\"most of\" - count", MeasureType.Double)]
    [InlineData("nullif(sum, 0)", MeasureType.Double)]
    public void Expression_Types_AreIntegersWhereNeverNull(string expression, MeasureType expected)
    {
        var builder = Builder().Expression("made", expression);
        Assert.Equal(expected, builder.Metrics[^1].ResultType);
    }

    [Theory]
    [InlineData("sum / cuont", "did you mean 'count'?", 6, 5)]
    [InlineData("sum > 1", "needs a number", 0, 7)]
    [InlineData("model || 'x'", "holds symbols", 0, 5)]
    [InlineData("made + 1", "There is no metric 'made' before this one", 0, 4)]
    [InlineData("1 + 1", "names no metric", 0, 5)]
    [InlineData("(sum", "A ')' is missing", 0, 1)]
    public void Expression_WhatCannotBe_IsToldWithItsPlace(string expression, string message, int start, int length)
    {
        var exception = Assert.Throws<ArgumentException>(() => Builder().Expression("made", expression));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Contains(expression, exception.Message, StringComparison.Ordinal);
        Assert.Contains('^', exception.Message);
        var inner = Assert.IsType<ExpressionException>(exception.InnerException);
        Assert.Equal((start, length), (inner.Start, inner.Length));
    }

    /// <summary>Nothing is kept for an expression, so a saved state fits another one.</summary>
    [Fact]
    public async Task Expression_Plan_ShowsItAndKeepsNothing()
    {
        await using var without = Processors.Tumbling(10).Aggregate(a => a.Count("n").Sum("s")).To(new Rows()).Build();
        await using var with = Processors.Tumbling(10)
            .Aggregate(a => a.Count("n").Sum("s").Expression("error rate", "s/n")).To(new Rows()).Build();
        var (plain, made) = (without.ExplainPlan(), with.ExplainPlan());
        Assert.Equal(plain.BytesPerKeyAndWindow, made.BytesPerKeyAndWindow);
        Assert.Equal(plain.Accumulators, made.Accumulators);
        Assert.Equal(["error rate = s / n, a double"], made.Expressions);
        Assert.Contains("expression    error rate = s / n, a double", made.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Fill_AnyRows_EqualsRowByRow() => Gen.Select(Gen.Double, Gen.Long[0, 3]).List[1, 200].Sample(rows =>
    {
        var metrics = Builder().Expression("mean", "sum / count").Expression("twice", "mean * 2").Metrics;
        var derived = new DerivedMetrics(metrics);
        var width = metrics.Count;
        var values = new long[rows.Count * width];
        for (var row = 0; row < rows.Count; row++)
        {
            values[row * width] = BitConverter.DoubleToInt64Bits(rows[row].Item1);
            values[(row * width) + 1] = rows[row].Item2;
        }

        derived.Fill(values, width);
        for (var row = 0; row < rows.Count; row++)
        {
            var mean = Finite(Finite(rows[row].Item1) / rows[row].Item2);
            Assert.Equal(mean, BitConverter.Int64BitsToDouble(values[(row * width) + width - 2]));
            Assert.Equal(Finite(mean * 2), BitConverter.Int64BitsToDouble(values[(row * width) + width - 1]));
        }
    });

    [Fact]
    public void Fill_SteadyState_AllocatesNothing()
    {
        var metrics = Builder().Expression("mean", "round(sum / count, 2)").Metrics;
        var derived = new DerivedMetrics(metrics);
        var values = new long[metrics.Count * 100];
        derived.Fill(values, metrics.Count);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var turn = 0; turn < 100; turn++)
            derived.Fill(values, metrics.Count);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static double Finite(double value) => double.IsFinite(value) ? value : double.NaN;

    private static AggregateBuilder Builder() => new AggregateBuilder(Measures)
        .Sum("sum", "x").Count("count").Max("most of", "whole").Last("model", "model");

    private sealed class Rows : IResultSink<string>
    {
        public List<double[]> Values { get; } = [];

        public void OnResults(ResultBatch<string> batch)
        {
            foreach (var result in batch)
            {
                var row = new double[result.ValueCount];
                for (var index = 0; index < row.Length; index++)
                    row[index] = result.GetDouble(index);
                Values.Add(row);
            }
        }
    }
}
